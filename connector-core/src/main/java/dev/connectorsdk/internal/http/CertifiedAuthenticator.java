package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;

/** Keeps requests from being sent whose client certificate does not hold now. */
public final class CertifiedAuthenticator implements Authenticator {

  private final ConnectionId connection;
  private final Instant validFrom;
  private final Instant expiresAt;
  private final Clock clock;
  private final Authenticator authenticator;

  public CertifiedAuthenticator(
      ConnectionId connection,
      ClientCertificate certificate,
      Clock clock,
      Authenticator authenticator) {
    this.connection = connection;
    this.validFrom = certificate.validFrom();
    this.expiresAt = certificate.expiresAt();
    this.clock = clock;
    this.authenticator = authenticator;
  }

  @Override
  public long authenticate(AuthRequest request) {
    requireValid();
    return authenticator.authenticate(request);
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    requireValid();
    return authenticator.renew(refused, deadline);
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    return authenticator.isRefusal(answer);
  }

  @Override
  public boolean seesSuccess() {
    return authenticator.seesSuccess();
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    requireValid();
    return authenticator.keepAlive(lastUsedBefore);
  }

  private void requireValid() {
    Instant now = clock.instant();
    if (now.isAfter(expiresAt)) {
      throw new AuthenticationException(
          connection, Reason.EXPIRED, "its client certificate expired at " + expiresAt);
    }
    if (now.isBefore(validFrom)) {
      throw new AuthenticationException(
          connection, Reason.TEMPORARY, "its client certificate holds from " + validFrom + " on");
    }
  }
}
