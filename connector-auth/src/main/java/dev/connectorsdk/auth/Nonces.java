package dev.connectorsdk.auth;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The latest nonce of each origin, for DPoP proofs; RFC 9449 section 8. */
final class Nonces {

  private static final int MOST_CHARACTERS = 1000;
  private static final int MOST_ORIGINS = 100;

  private final Map<String, String> byOrigin = new ConcurrentHashMap<>();

  @Nullable String of(URI uri) {
    return byOrigin.get(origin(uri));
  }

  /**
   * Keeps a nonce.
   *
   * @return whether it is another one than before
   */
  boolean learn(URI uri, @Nullable String nonce) {
    if (nonce == null
        || nonce.isEmpty()
        || nonce.length() > MOST_CHARACTERS
        || byOrigin.size() > MOST_ORIGINS) {
      return false;
    }
    return !nonce.equals(byOrigin.put(origin(uri), nonce));
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
