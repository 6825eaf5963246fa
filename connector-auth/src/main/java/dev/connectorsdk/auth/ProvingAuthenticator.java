package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.http.HttpResponse;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Tokens that are bound to a key: learns the nonces of the service, and has a request that lacked
 * the right one sent again with the same token; RFC 9449 section 9.
 */
final class ProvingAuthenticator implements Authenticator {

  private final Authenticator tokens;
  private final Nonces nonces;

  /** A request, its answer and what follows from it are one thread's. */
  private final ThreadLocal<Boolean> challenged = ThreadLocal.withInitial(() -> false);

  ProvingAuthenticator(Authenticator tokens, Nonces nonces) {
    this.tokens = tokens;
    this.nonces = nonces;
  }

  @Override
  public long authenticate(AuthRequest request) {
    return tokens.authenticate(request);
  }

  @Override
  public BiConsumer<URI, HttpResponse> observer() {
    return (uri, answer) -> {
      boolean news = nonces.learn(uri, answer.header("DPoP-Nonce"));
      String challenge = answer.status() == 401 ? answer.header("WWW-Authenticate") : null;
      if (news
          && challenge != null
          && challenge.toLowerCase(Locale.ROOT).contains("use_dpop_nonce")) {
        challenged.set(true);
      } else {
        challenged.remove();
      }
    };
  }

  @Override
  public boolean renew(long refused) {
    return takeChallenge() || tokens.renew(refused);
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    return takeChallenge() || tokens.renew(refused, deadline);
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    return tokens.keepAlive(lastUsedBefore);
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    return tokens.isRefusal(answer);
  }

  private boolean takeChallenge() {
    boolean present = challenged.get();
    challenged.remove();
    return present;
  }

  @Override
  public String toString() {
    return tokens.toString();
  }
}
