package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.NotFoundException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the current token of one connection: decides when a {@link TokenStep} runs, and has its
 * result in the vault before anyone uses it.
 *
 * <p>A fresh token is read from {@code ready} without a lock. Everything that reads the vault, asks
 * for a token or writes the vault happens inside {@code flight}, by one thread at a time; {@code
 * unsaved} and {@code ended} are touched nowhere else.
 */
final class TokenAuthenticator implements Authenticator {

  private static final Logger log = LoggerFactory.getLogger(TokenAuthenticator.class);

  /** Versions of a vault with something in it start at 1. */
  private static final long NOTHING_REFUSED = 0;

  /** How often others may store something between our reading and writing. */
  private static final int MOST_PASSES = 5;

  private final AuthContext context;
  private final Clock clock;
  private final TokenStep step;
  private final Injector injector;

  private final AtomicReference<@Nullable ReadyToken> ready = new AtomicReference<>();
  private final SingleFlight<ReadyToken> flight = new SingleFlight<>();

  /** An answer of the token endpoint that the vault did not take. */
  private @Nullable Unsaved unsaved;

  /** The version of the vault whose grant the service has declared ended. */
  private @Nullable Long ended;

  /**
   * @param basedOn what the vault held when they were asked for; its version may grow without that,
   *     when the same values are encrypted anew
   */
  private record Unsaved(Map<String, Secret> basedOn, TokenSet tokens) {}

  TokenAuthenticator(AuthContext context, TokenStep step, Injector injector) {
    this.context = context;
    this.clock = context.clock();
    this.step = step;
    this.injector = injector;
  }

  @Override
  public long authenticate(AuthRequest request) {
    ReadyToken token = ready.get();
    if (token == null || token.isDue(clock.millis())) {
      token = replaced(token);
    }
    token.injection().into(request);
    return token.version();
  }

  /**
   * {@inheritDoc}
   *
   * @throws AuthenticationException also with reason {@code TEMPORARY}, if it cannot be known yet
   *     whether there is a newer credential
   */
  @Override
  public boolean renew(long refused) {
    while (true) {
      ReadyToken token = ready.get();
      if (token == null || token.version() == refused) {
        token = join(refused);
      }
      if (token.version() != refused) {
        return true;
      }
      if (!token.renewable()) {
        return false;
      }
      // Another thread had only just read the vault for the first time; now it is our turn.
    }
  }

  /** Returns a token instead of one that is due, or that one if it still works. */
  private ReadyToken replaced(@Nullable ReadyToken due) {
    if (due != null && !due.hasExpired(clock.millis()) && flight.isBusy()) {
      return due;
    }
    try {
      return join(NOTHING_REFUSED);
    } catch (CallCancelledException e) {
      throw e;
    } catch (ConnectorException e) {
      ReadyToken present = ready.get();
      long now = clock.millis();
      if (present == null || present.hasExpired(now) || endsGrant(e)) {
        throw e;
      }
      ReadyToken postponed = present.afterFailure(now);
      ready.compareAndSet(present, postponed);
      log.debug(
          "Connection {}: could not replace its token early ({}); the present one is still valid",
          context.connection(),
          e.getClass().getSimpleName());
      return postponed;
    }
  }

  private static boolean endsGrant(ConnectorException failure) {
    return failure instanceof AuthenticationException authentication
        && authentication.reason() == Reason.GRANT_ENDED;
  }

  private ReadyToken join(long refused) {
    return flight.join(
        "Waiting for a token of connection '" + context.connection() + "'", () -> acquire(refused));
  }

  /**
   * Reads the vault until it holds a token that is neither due nor refused, and lets the step make
   * one where it does not. Whatever others stored in the meantime counts.
   */
  private ReadyToken acquire(long refused) {
    boolean stepped = false;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      Credentials stored = context.vault().read();
      TokenSet current = TokenSet.fromValues(stored.values(), clock.instant());
      if (current != null) {
        ReadyToken token = publish(current, stored.version());
        boolean wasRefused = stored.version() == refused;
        boolean good = stepped || !token.isDue(clock.millis());
        if (wasRefused ? !token.renewable() : good) {
          return token;
        }
      }
      if (ended != null && ended == stored.version()) {
        throw new AuthenticationException(
            context.connection(),
            Reason.GRANT_ENDED,
            "the service has ended the grant, so there will be no token until somebody signs in");
      }
      stepped |= step(stored, current);
    }
    throw new AuthenticationException(
        context.connection(), Reason.TEMPORARY, "others keep changing its stored credentials");
  }

  /**
   * Makes the next tokens and stores them.
   *
   * @return whether the token endpoint has given tokens just now, so that whatever the vault holds
   *     is as good as it gets
   */
  private boolean step(Credentials read, @Nullable TokenSet current) {
    Unsaved next = unsaved;
    boolean asks = false;
    if (next == null || !next.basedOn().equals(read.values())) {
      asks = true;
      try {
        next = new Unsaved(read.values(), step.next(current));
      } catch (StepFailure e) {
        if (e.kind() != StepFailure.Kind.GRANT_ENDED) {
          throw e.forCaller(context.connection());
        }
        // Final only if nobody has stored another grant meanwhile, which the next pass finds out.
        ended = read.version();
        return false;
      }
      unsaved = next;
    }
    boolean stored = store(next.tokens(), read);
    unsaved = null;
    log.debug(
        "Connection {}: {}",
        context.connection(),
        stored ? "stored a new token" : "somebody else stored a token first");
    if (stored) {
      capture(next.tokens().told());
    }
    return asks;
  }

  /** What a service tells of a connection must not cost a token that has just been stored. */
  private void capture(Map<String, String> told) {
    try {
      if (!told.isEmpty()) {
        context.capture(told);
      }
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
   * Stores tokens unless somebody else has stored others since {@code read}. A write that only
   * encrypted the same values anew must not cost the grant.
   *
   * @throws NotFoundException if the connection is gone, and its vault with it
   */
  private boolean store(TokenSet tokens, Credentials read) {
    Credentials base = read;
    while (!context.vault().replace(base.version(), tokens.toValues())) {
      Credentials present = context.vault().read();
      if (present.version() <= base.version()) {
        // Nobody has stored anything, and yet nothing can be stored.
        throw new NotFoundException(
            "connection", context.connection().value(), "It was deleted in the meantime.");
      }
      if (!present.values().equals(read.values())) {
        return false;
      }
      base = present;
    }
    return true;
  }

  private ReadyToken publish(TokenSet tokens, long version) {
    ReadyToken present = ready.get();
    if (present != null && present.version() == version) {
      return present;
    }
    ReadyToken token =
        ReadyToken.of(
            tokens, version, injector.prepare(tokens), step.leadsOnFrom(tokens), context.random());
    ready.set(token);
    return token;
  }
}
