package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks the service until the user has signed in on the other device. */
final class DeviceConsent implements PendingDeviceConsent {

  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final Connection connection;
  private final DeviceStart start;
  private final Supplier<DeviceAnswer> question;
  private final Function<ConsentResult, CompletedConsent> finish;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Instant expiresAt;

  DeviceConsent(
      Connection connection,
      DeviceStart start,
      Supplier<DeviceAnswer> question,
      Function<ConsentResult, CompletedConsent> finish,
      Clock clock,
      Sleeper sleeper) {
    this.connection = connection;
    this.start = start;
    this.question = question;
    this.finish = finish;
    this.clock = clock;
    this.sleeper = sleeper;
    this.expiresAt = clock.instant().plus(start.expiresIn());
  }

  @Override
  public ConnectionId connection() {
    return connection.id();
  }

  @Override
  public String userCode() {
    return start.userCode();
  }

  @Override
  public URI verificationUri() {
    return start.verificationUri();
  }

  @Override
  public Optional<URI> verificationUriComplete() {
    return Optional.ofNullable(start.verificationUriComplete());
  }

  @Override
  public Instant expiresAt() {
    return expiresAt;
  }

  @Override
  public CompletedConsent await() throws InterruptedException {
    Duration pause = start.interval();
    while (clock.instant().plus(pause).isBefore(expiresAt)) {
      sleeper.sleep(pause);
      try {
        DeviceAnswer answer = interruptibly(question);
        ConsentResult result = answer.result();
        if (result != null) {
          return interruptibly(() -> finish.apply(result));
        }
        pause = answer.slowDown() ? pause.plus(SLOWER) : pause;
      } catch (AuthenticationException e) {
        if (!e.isRetryable()) {
          throw e;
        }
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    }
    throw new ConsentException(Reason.NOT_IN_TIME, "Nobody signed in on the other device in time");
  }

  private static <T> T interruptibly(Supplier<T> work) throws InterruptedException {
    try {
      return work.get();
    } catch (CallCancelledException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("Interrupted while waiting for a sign-in");
      }
      throw e;
    }
  }

  /** Returns a text without the codes. */
  @Override
  public String toString() {
    return "PendingDeviceConsent[" + connection.id() + ", until " + expiresAt + "]";
  }
}
