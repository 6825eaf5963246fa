package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.http.HttpResponse;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are bound to a key: learns the nonces of the service, and has a request that lacked
 * the right one sent again with the same token; RFC 9449 section 9.
 */
final class ProvingAuthenticator implements Authenticator {

  private final Authenticator tokens;
  private final Nonces nonces;

  /** A request, its answer and what follows from it are one thread's. */
  private final ThreadLocal<Turn> turn = ThreadLocal.withInitial(Turn::new);

  private static final class Turn {
    @Nullable String sent;
    @Nullable String demanded;
  }

  ProvingAuthenticator(Authenticator tokens, Nonces nonces) {
    this.tokens = tokens;
    this.nonces = nonces;
  }

  @Override
  public long authenticate(AuthRequest request) {
    Turn now = turn.get();
    now.demanded = null;
    now.sent = nonces.of(request.uri());
    return tokens.authenticate(request);
  }

  @Override
  public BiConsumer<URI, HttpResponse> observer() {
    return (uri, answer) -> {
      String nonce = answer.header("DPoP-Nonce");
      nonces.learn(uri, nonce);
      turn.get().demanded =
          answer.status() == 401 && Nonces.areDemanded(answer.headers()) ? nonce : null;
    };
  }

  @Override
  public boolean renew(long refused) {
    Turn now = turn.get();
    return now.demanded == null ? tokens.renew(refused) : isNews(now);
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    Turn now = turn.get();
    return now.demanded == null ? tokens.renew(refused, deadline) : isNews(now);
  }

  /**
   * The token is not to blame. Another thread may have learnt the nonce by now; what counts is
   * whether the request had it.
   */
  private static boolean isNews(Turn now) {
    boolean news = !Objects.equals(now.sent, now.demanded);
    now.demanded = null;
    return news;
  }

  @Override
  public boolean keepAlive(Instant lastUsedBefore) {
    return tokens.keepAlive(lastUsedBefore);
  }

  @Override
  public boolean isRefusal(HttpResponse answer) {
    return tokens.isRefusal(answer);
  }

  @Override
  public String toString() {
    return tokens.toString();
  }
}
