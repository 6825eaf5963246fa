package dev.connectorsdk.internal.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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

  private final Map<Use, OkHttpClient> templates;
  private final KeptSockets.Pool pool;
  private final ServiceClients anonymous;
  private volatile Map<Use, OkHttpClient> made = new EnumMap<>(Use.class); // never changed

  /**
   * @param templates one for each use
   * @param anonymous for where no client certificate may go, or {@code null} if there is none
   */
  ServiceClients(
      Map<Use, OkHttpClient> templates, KeptSockets.Pool pool, @Nullable ServiceClients anonymous) {
    this.templates = templates;
    this.pool = pool;
    this.anonymous = anonymous == null ? this : anonymous;
  }

  OkHttpClient client(Use use) {
    pool.use();
    OkHttpClient known = made.get(use);
    return known == null ? make(use) : known;
  }

  private synchronized OkHttpClient make(Use use) {
    Map<Use, OkHttpClient> more = new EnumMap<>(made);
    OkHttpClient client = more.computeIfAbsent(use, this::withPool);
    made = more;
    return client;
  }

  private OkHttpClient withPool(Use use) {
    OkHttpClient template = Objects.requireNonNull(templates.get(use));
    return template.newBuilder().connectionPool(pool.pool()).build();
  }

  /** Returns the clients for where no credential may go. */
  ServiceClients anonymous() {
    return anonymous;
  }
}
