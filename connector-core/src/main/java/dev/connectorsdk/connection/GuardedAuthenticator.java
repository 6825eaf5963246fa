package dev.connectorsdk.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;

/**
 * Moves a connection's status when its credential is gone for good, and keeps what a strategy
 * throws by mistake from carrying a secret out.
 */
final class GuardedAuthenticator implements Authenticator {

  private final ConnectionId connection;
  private final Authenticator authenticator;
  private final StatusKeeper statusKeeper;

  GuardedAuthenticator(
      ConnectionId connection, Authenticator authenticator, StatusKeeper statusKeeper) {
    this.connection = connection;
    this.authenticator = authenticator;
    this.statusKeeper = statusKeeper;
  }

  @Override
  public long authenticate(AuthRequest request) {
    try {
      return authenticator.authenticate(request);
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  @Override
  public boolean renew(long refused) {
    try {
      return authenticator.renew(refused);
    } catch (RuntimeException e) {
      throw guarded(e);
    }
  }

  private ConnectorException guarded(RuntimeException e) {
    if (e instanceof AuthenticationException failure) {
      statusKeeper.follow(failure);
    }
    if (e instanceof ConnectorException known) {
      return known;
    }
    Throwable origin = new IllegalStateException(e.getClass().getName());
    origin.setStackTrace(e.getStackTrace());
    return new AuthenticationException(
        connection,
        AuthenticationException.Reason.CONFIGURATION,
        "the auth strategy failed with " + e.getClass().getName(),
        origin);
  }
}
