package dev.connectorsdk.internal.http;

import java.util.EnumMap;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one connection. What a service sends beyond the answer that was asked for waits on
 * the socket for whoever uses that next, so nobody else's requests use it. Safe for several
 * threads.
 */
public final class ServiceClients {

  /** What a client is for. */
  enum Use {
    CALLS,
    CALLS_TO_CHOSEN_HOSTS,
    TOKENS,
    TOKENS_FROM_CHOSEN_HOSTS;

    static Use of(boolean forTokens, boolean chosenByUser) {
      if (forTokens) {
        return chosenByUser ? TOKENS_FROM_CHOSEN_HOSTS : TOKENS;
      }
      return chosenByUser ? CALLS_TO_CHOSEN_HOSTS : CALLS;
    }

    boolean isForTokens() {
      return this == TOKENS || this == TOKENS_FROM_CHOSEN_HOSTS;
    }

    boolean isForChosenHosts() {
      return this == CALLS_TO_CHOSEN_HOSTS || this == TOKENS_FROM_CHOSEN_HOSTS;
    }
  }

  private final Templates templates;
  private final KeptSockets.Pool pool;
  private final ServiceClients anonymous;
  private volatile Map<Use, OkHttpClient> withoutTls = Map.of(); // never changed
  private volatile Map<Use, OkHttpClient> forTls = Map.of(); // never changed

  /**
   * @param templates what they are made from
   * @param anonymous for where no client certificate may go, or {@code null} if there is none
   */
  ServiceClients(Templates templates, KeptSockets.Pool pool, @Nullable ServiceClients anonymous) {
    this.templates = templates;
    this.pool = pool;
    this.anonymous = anonymous == null ? this : anonymous;
  }

  /**
   * Returns the client for a request.
   *
   * @param tls whether it is sent over TLS
   */
  OkHttpClient client(Use use, boolean tls) {
    pool.use();
    OkHttpClient known = (tls ? forTls : withoutTls).get(use);
    return known == null ? make(use, tls) : known;
  }

  private synchronized OkHttpClient make(Use use, boolean tls) {
    Map<Use, OkHttpClient> more = new EnumMap<>(Use.class);
    more.putAll(tls ? forTls : withoutTls);
    OkHttpClient client = more.computeIfAbsent(use, missing -> withPool(missing, tls));
    if (tls) {
      forTls = more;
    } else {
      withoutTls = more;
    }
    return client;
  }

  private OkHttpClient withPool(Use use, boolean tls) {
    return templates.of(use, tls).newBuilder().connectionPool(pool.pool()).build();
  }

  /** Returns the clients for where no credential may go. */
  ServiceClients anonymous() {
    return anonymous;
  }
}
