package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthRequest.Reaction;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The latest nonce of each origin, for DPoP proofs; RFC 9449 section 8. */
final class Nonces {

  private static final int MOST_CHARACTERS = 1000;
  private static final int MOST_ORIGINS = 100;

  private final Map<Origin, String> byOrigin = new ConcurrentHashMap<>();

  @Nullable String of(URI uri) {
    return byOrigin.get(Origin.of(uri));
  }

  /** Keeps a nonce, if there is one. */
  void learn(URI uri, @Nullable String nonce) {
    if (nonce == null || nonce.isEmpty() || nonce.length() > MOST_CHARACTERS) {
      return;
    }
    Origin origin = Origin.of(uri);
    if (byOrigin.size() < MOST_ORIGINS || byOrigin.containsKey(origin)) {
      byOrigin.put(origin, nonce);
    }
  }

  /**
   * Keeps the nonce of a service's answer. Whether the demand for one is news depends on what the
   * request had: another thread may have learnt it by now.
   *
   * @param sent the nonce that the request had
   */
  Reaction reaction(URI uri, @Nullable String sent, HttpResponse answer) {
    String nonce = answer.header("DPoP-Nonce");
    learn(uri, nonce);
    if (nonce == null || answer.status() != 401 || !areDemanded(answer.headers())) {
      return Reaction.USUAL;
    }
    return nonce.equals(sent) ? Reaction.STANDS : Reaction.REPEAT;
  }

  /**
   * Returns whether a challenge asks for a nonce; RFC 9449 section 9. A service that takes other
   * credentials too has a challenge for each of them.
   */
  static boolean areDemanded(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("WWW-Authenticate"))
        .flatMap(header -> header.getValue().stream())
        .anyMatch(challenge -> challenge.toLowerCase(Locale.ROOT).contains("use_dpop_nonce"));
  }
}
