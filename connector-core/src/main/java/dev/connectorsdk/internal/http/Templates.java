package dev.connectorsdk.internal.http;

import dev.connectorsdk.internal.http.ServiceClients.Use;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The clients that those of connections are made from. Those with TLS are made for the first
 * request over it, because they read all certificates that the JDK trusts. {@link WireRules} keep
 * those without from sending such a request. Safe for several threads.
 */
final class Templates {

  private final Map<Use, OkHttpClient> withoutTls;
  private final Supplier<Map<Use, OkHttpClient>> makeForTls;
  private @Nullable Map<Use, OkHttpClient> forTls; // guarded by this

  /**
   * @param withoutTls one for each use
   * @param makeForTls returns one for each use
   */
  Templates(Map<Use, OkHttpClient> withoutTls, Supplier<Map<Use, OkHttpClient>> makeForTls) {
    this.withoutTls = withoutTls;
    this.makeForTls = makeForTls;
  }

  /** Returns some that serve with TLS and without. */
  static Templates of(Map<Use, OkHttpClient> clients) {
    return new Templates(clients, () -> clients);
  }

  OkHttpClient of(Use use, boolean tls) {
    return Objects.requireNonNull((tls ? forTls() : withoutTls).get(use));
  }

  private synchronized Map<Use, OkHttpClient> forTls() {
    Map<Use, OkHttpClient> known = forTls;
    if (known == null) {
      known = makeForTls.get();
      forTls = known;
    }
    return known;
  }

  /** Returns such clients that are each changed in the same way. */
  Templates each(UnaryOperator<OkHttpClient> change) {
    return new Templates(changed(withoutTls, change), () -> changed(forTls(), change));
  }

  private static Map<Use, OkHttpClient> changed(
      Map<Use, OkHttpClient> clients, UnaryOperator<OkHttpClient> change) {
    Map<Use, OkHttpClient> all = new EnumMap<>(clients);
    all.replaceAll((use, client) -> change.apply(client));
    return all;
  }
}
