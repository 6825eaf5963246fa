package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.http.RefusedCredential;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Moves a connection's status when its credential is gone for good, and keeps what a strategy
 * throws by mistake from carrying a secret out.
 */
final class GuardedAuthenticator implements Authenticator {

  private final ConnectionAuth<?> auth;
  private final Authenticator authenticator;
  private final Fit fit;
  private final StatusKeeper statusKeeper;
  private final boolean countsAsRefused;
  private final AtomicLong lastVersion = new AtomicLong();

  /** All who waited for one renewal get the same failure. */
  private volatile @Nullable AuthenticationException followed;

  GuardedAuthenticator(ConnectionAuth<?> auth, Fit fit, StatusKeeper statusKeeper) {
    this.auth = auth;
    this.authenticator = auth.open();
    this.countsAsRefused = auth.isOfNobody();
    this.fit = fit;
    this.statusKeeper = statusKeeper;
  }

  @Override
  public long authenticate(AuthRequest request) {
    try {
      long version = authenticator.authenticate(request);
      if (version > lastVersion.get()) {
        announce(version);
      }
      return version;
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    try {
      return authenticator.renew(refused, deadline);
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    try {
      return (countsAsRefused && RefusedCredential.isSaidBy(answer))
          || authenticator.isRefusal(answer);
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  @Override
  public boolean seesSuccess() {
    return authenticator.seesSuccess();
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    try {
      return authenticator.keepAlive(lastUsedBefore);
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  private void announce(long version) {
    long before = lastVersion.getAndAccumulate(version, Math::max);
    if (version > before) {
      statusKeeper.credentialUsed(fit, !auth.wasFound(version));
    }
  }

  private ConnectorException guarded(RuntimeException e) {
    if (e instanceof AuthenticationException failure && failure != followed) {
      followed = failure;
      statusKeeper.follow(auth.connection(), fit, failure);
    }
    if (e instanceof ConnectorException known) {
      return known;
    }
    Throwable origin = new IllegalStateException(e.getClass().getName());
    origin.setStackTrace(e.getStackTrace());
    return new AuthenticationException(
        auth.connection(),
        AuthenticationException.Reason.CONFIGURATION,
        "the auth strategy failed with " + e.getClass().getName(),
        origin);
  }
}
