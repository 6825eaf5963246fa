package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the current token of one connection: decides when a {@link TokenStep} runs, and has its
 * result in the vault before anyone uses it.
 *
 * <p>A fresh token is read from {@code ready} without a lock. Everything that reads the vault, asks
 * for a token or writes the vault happens inside {@code flight}, by one thread at a time; {@code
 * unsaved}, {@code ended} and {@code coolDown} are touched nowhere else.
 */
final class TokenAuthenticator implements Authenticator {

  private static final Logger log = LoggerFactory.getLogger(TokenAuthenticator.class);

  /** Versions of a vault with something in it start at 1. */
  private static final long NOTHING_REFUSED = 0;

  /** How often others may store something between our reading and writing. */
  private static final int MOST_PASSES = 5;

  /** Milliseconds after which a token is asked for again that could not be had. */
  private static final long SHORTEST_PAUSE = 1_000;

  private final AuthContext context;
  private final Clock clock;
  private final TokenStep step;
  private final PatientStep patientStep;
  private final PatientVault patientVault;
  private final Injector injector;
  private final @Nullable Duration margin;

  private final AtomicReference<@Nullable ReadyToken> ready = new AtomicReference<>();
  private final SingleFlight<ReadyToken> flight;
  private final CoolDown coolDown;

  /** An answer of the token endpoint that the vault did not take. */
  private @Nullable Unsaved unsaved;

  /** That the service has declared a grant ended. */
  private @Nullable Ended ended;

  /** Whether {@code ended} is still to be reported. */
  private boolean endIsNews;

  /**
   * @param basedOn what the vault held when they were asked for; its version may grow without that,
   *     when the same values are encrypted anew
   */
  private record Unsaved(Map<String, Secret> basedOn, TokenSet tokens) {}

  /**
   * @param version of the vault, when it held that grant
   */
  private record Ended(long version, StepFailure refusal) {}

  /**
   * @param margin how long before its expiry a token is replaced, instead of the usual; {@code
   *     null} for that
   */
  TokenAuthenticator(
      AuthContext context, TokenStep step, Injector injector, @Nullable Duration margin) {
    this.context = context;
    this.clock = context.clock();
    this.step = step;
    this.patientStep = new PatientStep(context, step);
    this.patientVault = new PatientVault(context);
    this.injector = injector;
    this.margin = margin;
    this.flight =
        new SingleFlight<>(
            "a token of connection '" + context.connection() + "'", context.executor());
    this.coolDown = new CoolDown(context.random());
  }

  @Override
  public long authenticate(AuthRequest request) {
    ReadyToken token = ready.get();
    if (token == null || token.isDue(clock.millis())) {
      token = replaced(token, request);
    }
    token.injection().into(request);
    return token.version();
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    while (true) {
      ReadyToken token = ready.get();
      if (token == null || token.version() == refused) {
        token = join(() -> acquire(refused), deadline);
      }
      if (token.version() != refused) {
        return true;
      }
      if (!token.renewable()) {
        return false;
      }
      // What we joined was not begun for a refused token; now it is our turn.
    }
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    Credentials stored = context.vault().read();
    TokenSet current = TokenSet.fromValues(stored.values(), clock.instant());
    return current != null
        && current.refreshToken() != null
        && current.obtainedAt().isBefore(lastUsedBefore)
        && renew(versionOf(current, stored), Instant.MAX);
  }

  private long versionOf(TokenSet current, Credentials stored) {
    ReadyToken present = ready.get();
    return present != null && present.hasAccessTokenOf(current)
        ? present.version()
        : stored.version();
  }

  /** Returns a token instead of one that is due, or that one if it still works. */
  private ReadyToken replaced(@Nullable ReadyToken due, AuthRequest request) {
    ReadyToken token = due;
    if (token == null || token.hasExpired(clock.millis())) {
      token = acquired(token, request.deadline().orElse(Instant.MAX));
    }
    if (!token.isDue(clock.millis())) {
      return token;
    }
    flight.start(this::acquireEarly);
    ReadyToken present = ready.get();
    return present == null ? token : present;
  }

  /** Returns a token instead of one that has expired, if there was one. */
  private ReadyToken acquired(@Nullable ReadyToken expired, Instant deadline) {
    ReadyToken token = join(() -> acquire(NOTHING_REFUSED), deadline);
    boolean isStillThat = expired != null && token.version() == expired.version();
    // What we joined was begun while that was valid, and has failed; now it is our turn.
    return isStillThat ? join(() -> acquire(NOTHING_REFUSED), deadline) : token;
  }

  private ReadyToken join(Supplier<ReadyToken> work, Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    boolean isShort = left.compareTo(PatientVault.LONGEST_WAIT) < 0;
    try {
      return flight.join(work, isShort ? left : PatientVault.LONGEST_WAIT);
    } catch (TimeoutException e) {
      throw new AuthenticationException(
          context.connection(),
          Reason.TEMPORARY,
          "there was no token in the time that the call could wait");
    }
  }

  /**
   * Replaces a token that still works. That it fails harms nobody until the token has expired, and
   * is no answer to whoever joined it then: they get the present token, and ask themselves.
   */
  private ReadyToken acquireEarly() {
    try {
      return acquire(NOTHING_REFUSED, true);
    } catch (RuntimeException e) {
      ReadyToken present = ready.get();
      if (present == null) {
        throw e;
      }
      log.debug(
          "Connection {}: could not replace its token early ({})",
          context.connection(),
          e.getClass().getSimpleName());
      long now = clock.millis();
      if (present.hasExpired(now)) {
        return present;
      }
      ReadyToken postponed = present.afterFailure(now, now + coolDown.left(now));
      ready.set(postponed);
      return postponed;
    }
  }

  private ReadyToken acquire(long refused) {
    return acquire(refused, false);
  }

  /**
   * Reads the vault until it holds a token that has neither expired nor been refused, and lets the
   * step make one where it does not. Whatever others stored in the meantime counts.
   *
   * @param early whether a token that is due is not good enough either
   */
  private ReadyToken acquire(long refused, boolean early) {
    boolean stepped = false;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      // Whoever has waited for somebody else's renewal can wait for the store as well.
      Credentials stored = pass == 0 ? context.vault().read() : patientVault.read();
      TokenSet current = TokenSet.fromValues(stored.values(), clock.instant());
      if (current != null && (stepped || step.isFor(current))) {
        ReadyToken token = publish(current, stored.version(), stepped);
        boolean good = stepped || !isOver(token, early);
        if (token.version() == refused ? !token.renewable() : good) {
          return token;
        }
      }
      try {
        requireMayAsk(stored.version());
        stepped |= step(stored, current, early);
      } catch (AuthenticationException e) {
        return stillGood(current, stored.version(), refused, e);
      }
    }
    throw new AuthenticationException(
        context.connection(), Reason.TEMPORARY, "others keep changing its stored credentials");
  }

  private boolean isOver(ReadyToken token, boolean early) {
    long now = clock.millis();
    return early ? token.isDue(now) : token.hasExpired(now);
  }

  /**
   * Returns a token that was asked for other scopes than are wanted now, as long as it works and
   * another one cannot be had for a moment.
   *
   * @throws AuthenticationException the failure to get another one, if there is none
   */
  private ReadyToken stillGood(
      @Nullable TokenSet current, long version, long refused, AuthenticationException failure) {
    long now = clock.millis();
    if (current == null || !failure.isRetryable() || step.isFor(current)) {
      throw failure;
    }
    ReadyToken token = publish(current, version, false);
    if (token.version() == refused || token.hasExpired(now)) {
      throw failure;
    }
    ReadyToken postponed = token.dueAt(now + Math.max(SHORTEST_PAUSE, coolDown.left(now)));
    ready.set(postponed);
    return postponed;
  }

  private void requireMayAsk(long version) {
    AuthenticationException end = endOf(version);
    if (end != null) {
      throw end;
    }
    AuthenticationException cooling = coolDown.inForce(context.connection(), clock.millis());
    if (cooling != null && unsaved == null) {
      throw cooling;
    }
  }

  /** Returns that the grant of this version has ended, if it has. Reports it once. */
  private @Nullable AuthenticationException endOf(long version) {
    Ended end = ended;
    if (end == null || end.version() != version) {
      return null;
    }
    AuthenticationException failure = end.refusal().ended(context.connection(), version);
    if (endIsNews) {
      endIsNews = false;
      context.refreshFailed(failure);
    }
    return failure;
  }

  /**
   * Makes the next tokens and stores them, if nobody else does.
   *
   * @param early whether the present token may still work
   * @return whether the token endpoint has given tokens just now, so that whatever the vault holds
   *     is as good as it gets
   */
  private boolean step(Credentials read, @Nullable TokenSet current, boolean early) {
    try {
      Optional<Lease> lease = context.vault().lease(read.version(), PatientVault.LONGEST_WAIT);
      if (lease.isEmpty()) {
        return false;
      }
      try (Lease held = lease.get()) {
        return step(read, current, held);
      }
    } catch (StepFailure e) {
      if (e.isUnasked()) {
        coolDown.postponed(e, clock.millis());
      } else {
        coolDown.failed(e, clock.millis());
      }
      AuthenticationException failure = e.forCaller(context.connection());
      report(failure, early);
      throw failure;
    } catch (AuthenticationException e) {
      report(e, early);
      throw e;
    } catch (StoreException e) {
      context.refreshFailed(e);
      throw e;
    }
  }

  /** What is wrong may be mended by the time the present token has expired. */
  private void report(AuthenticationException failure, boolean early) {
    ReadyToken present = ready.get();
    long left = early && present != null ? present.expiresAt() - clock.millis() : 0;
    boolean passes = left > 0 && failure.reason() == Reason.CONFIGURATION;
    context.refreshFailed(
        passes && failure.retryAfter().isEmpty()
            ? new AuthenticationException(
                context.connection(),
                failure.reason(),
                failure.problem(),
                Duration.ofMillis(left),
                failure.getCause())
            : failure);
  }

  private boolean step(Credentials read, @Nullable TokenSet current, Lease lease) {
    Unsaved kept = unsaved;
    if (kept != null && kept.basedOn().equals(read.values())) {
      store(kept, read, lease);
      return false;
    }
    LeasedStep leased = new LeasedStep(read, lease);
    try {
      TokenSet tokens = patientStep.next(current, lease, leased);
      Unsaved next = new Unsaved(leased.base.values(), tokens);
      unsaved = next;
      coolDown.passed();
      store(next, leased.base, lease);
      return true;
    } catch (StepFailure e) {
      return failed(e, leased.base.version());
    } catch (AuthenticationException e) {
      if (e.endedVersion().isEmpty()) {
        throw e;
      }
      // Somebody else was refused with it, and has reported that.
      ended = new Ended(leased.base.version(), new StepFailure(Kind.GRANT_ENDED, e.problem()));
      endIsNews = false;
      return false;
    }
  }

  /**
   * Notes what the next pass has to know.
   *
   * @throws StepFailure if there is to be none
   */
  private boolean failed(StepFailure e, long version) {
    switch (e.kind()) {
      case SUPERSEDED ->
          log.debug("Connection {}: the lease was lost before it was used", context.connection());
      case GRANT_ENDED -> {
        ended = new Ended(version, e);
        endIsNews = true;
        // Final only if nobody has stored another grant meanwhile. Reported while the lease is
        // held,
        // so that whoever waits for that does not ask as well.
        endOf(patientVault.read().version());
      }
      case CLIENT_REFUSED, MISCONFIGURED, MOVED -> throw e;
      case RATE_LIMITED, UNAVAILABLE, OUTCOME_UNKNOWN -> {
        if (!isReplaced(version)) {
          throw e;
        }
      }
    }
    return false;
  }

  /** Returns whether somebody else has got further than this failure. */
  private boolean isReplaced(long version) {
    try {
      return context.vault().read().version() != version;
    } catch (StoreException e) {
      return false;
    }
  }

  /** A step under a lease. */
  private final class LeasedStep implements TokenStep.Progress {

    private final Lease lease;

    /** What the tokens to come are to replace. */
    private Credentials base;

    LeasedStep(Credentials read, Lease lease) {
      this.base = read;
      this.lease = lease;
    }

    @Override
    public void sending() {
      if (!patientVault.confirm(lease, base.version())) {
        throw new StepFailure(Kind.SUPERSEDED, "another process has taken over its renewal");
      }
    }

    /**
     * Stores a new refresh token before what else belongs to the step: a failure of that, or the
     * end of this process, must not cost the grant.
     */
    @Override
    public void rotated(TokenSet tokens) {
      Unsaved next = new Unsaved(base.values(), tokens);
      unsaved = next;
      store(next, base, lease);
      Credentials present = patientVault.read();
      // Whatever else somebody stored meanwhile is not ours to replace.
      base = present.values().equals(tokens.toValues()) ? present : base;
    }
  }

  private void store(Unsaved tokens, Credentials read, Lease lease) {
    boolean stored = patientVault.store(tokens.tokens(), read, lease);
    unsaved = null;
    log.debug(
        "Connection {}: {}",
        context.connection(),
        stored ? "stored a new token" : "somebody else stored a token first");
    if (stored) {
      tell(tokens.tokens());
    }
  }

  private void tell(TokenSet tokens) {
    if (!tokens.scopes().isEmpty()) {
      keep(() -> context.granted(tokens.scopes()));
    }
    Map<String, String> captured = tokens.beside().captured();
    if (!captured.isEmpty()) {
      keep(() -> context.capture(captured));
    }
  }

  /** What a service tells of a connection must not cost a token that has just been stored. */
  private void keep(Runnable what) {
    try {
      what.run();
    } catch (CallCancelledException e) {
      throw e;
    } catch (ConnectorException e) {
      log.warn(
          "Connection {}: did not keep what the service told of it: {}",
          context.connection(),
          e.getMessage());
    }
  }

  /**
   * Returns a token set as requests need it. It keeps its version if only its refresh token has
   * changed since: whether the access token was refused has not.
   *
   * @param isNew whether it was got just now, even if the service gave the same token again
   */
  private ReadyToken publish(TokenSet tokens, long version, boolean isNew) {
    ReadyToken present = ready.get();
    if (present != null
        && (present.version() == version || (!isNew && present.hasAccessTokenOf(tokens)))) {
      return present;
    }
    ReadyToken token =
        ReadyToken.of(
            tokens,
            version,
            injector.prepare(tokens),
            step.canRenew(tokens),
            margin,
            context.random());
    ready.set(token);
    return token;
  }
}
