package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.internal.http.EndpointGate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the credential that members of a gateway add to requests. A member whose token is
 * refused gets another one before it passes the answer on, so that sending the request again can
 * help.
 */
final class MembersCredential implements Authenticator {

  private final boolean getsTokens;
  private final List<HttpUrl> tokenEndpoints;
  private final EndpointGate gate;
  private final AtomicLong version = new AtomicLong();

  /**
   * @param getsTokens whether members get tokens, and new ones when one was refused
   * @param tokenEndpoints where they get them
   * @param gate says whether anything may be sent there
   */
  MembersCredential(boolean getsTokens, List<HttpUrl> tokenEndpoints, EndpointGate gate) {
    this.getsTokens = getsTokens;
    this.tokenEndpoints = tokenEndpoints;
    this.gate = gate;
  }

  @Override
  public long authenticate(AuthRequest request) {
    @Nullable Caller nobody = null;
    tokenEndpoints.forEach(url -> gate.require(url, nobody));
    return version.get();
  }

  /** Options by which members would miss a refusal are none of a connection through a gateway. */
  @Override
  public boolean renew(long refused, Instant deadline) {
    if (getsTokens) {
      version.compareAndSet(refused, refused + 1);
    }
    return getsTokens;
  }
}
