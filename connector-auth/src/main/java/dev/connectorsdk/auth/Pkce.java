package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.connectorsdk.api.Secret;
import java.util.random.RandomGenerator;

/** Proof that who exchanges a code is who asked for it; RFC 7636 with S256. */
final class Pkce {

  private static final int RANDOM_BYTES = 32;

  private Pkce() {}

  /** Returns a fresh verifier of 43 characters. */
  static Secret verifier(RandomGenerator random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Hashes.base64Url(bytes));
  }

  /** Returns the challenge that goes with a verifier; it may be seen. */
  static String challenge(Secret verifier) {
    return Hashes.base64Url(Hashes.hash("SHA-256", verifier.reveal().getBytes(US_ASCII)));
  }
}
