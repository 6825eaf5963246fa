package dev.connectorsdk.consent;

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
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A sign-in that has begun on another device; RFC 8628. Show the user {@link #userCode} and {@link
 * #verificationUri}, and {@linkplain #await wait}. One thread waits, once.
 *
 * <pre>{@code
 * PendingDeviceConsent pending = runtime.consents().beginDevice(ada, spec);
 * say("Open " + pending.verificationUri() + " and enter " + pending.userCode());
 * Connection connection = pending.await().connection();
 * }</pre>
 */
public final class PendingDeviceConsent {

  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final Connection connection;
  private final DeviceStart start;
  private final Supplier<DeviceAnswer> question;
  private final Function<ConsentResult, CompletedConsent> finish;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Instant expiresAt;

  PendingDeviceConsent(
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

  /** Returns the connection that the sign-in is for. */
  public ConnectionId connection() {
    return connection.id();
  }

  /** Returns what the user enters: for this user only, and not for logs. */
  public String userCode() {
    return start.userCode();
  }

  /** Returns where the user enters it. */
  public URI verificationUri() {
    return start.verificationUri();
  }

  /** Returns the same address with the code in it, for a QR code, if the service has one. */
  public Optional<URI> verificationUriComplete() {
    return Optional.ofNullable(start.verificationUriComplete());
  }

  /** Returns until when the user can sign in. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /**
   * Waits until the user has signed in. Asks the service as often as it allows: every 5 s if it
   * does not say, 5 s less often each time it complains, and with growing pauses of at most a
   * minute while it cannot be reached.
   *
   * @throws ConsentException if the user refused, did not sign in in time, or is another account
   *     than the connection's
   * @throws AuthenticationException if asking again would not help
   * @throws InterruptedException at once if the thread is interrupted; the sign-in is then over
   */
  public CompletedConsent await() throws InterruptedException {
    Duration pause = start.interval();
    while (clock.instant().plus(pause).isBefore(expiresAt)) {
      sleeper.sleep(pause);
      try {
        DeviceAnswer answer = question.get();
        ConsentResult result = answer.result();
        if (result != null) {
          return finish.apply(result);
        }
        pause = answer.slowDown() ? pause.plus(SLOWER) : pause;
      } catch (CallCancelledException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted while waiting for a sign-in");
        }
        throw e;
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

  /** Returns a text without the codes. */
  @Override
  public String toString() {
    return "PendingDeviceConsent[" + connection.id() + ", until " + expiresAt + "]";
  }
}
