package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.internal.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * A code by which somebody registers one member of a gateway, once, as the gateway keeps it.
 *
 * @param hash of the code, which nobody can guess, and which is nowhere else
 * @param expiresAt from when on it does not hold
 */
record RegistrationCode(String hash, Instant expiresAt) {

  /** As long as it takes to install the software of a member. */
  static final Duration LIFETIME = Duration.ofHours(1);

  private static final int BYTES = 20;

  /** Returns a code. */
  static Secret random(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Secret.of(HexFormat.of().formatHex(bytes));
  }

  /** Returns what a gateway keeps of a code that is issued now. */
  static RegistrationCode of(Secret code, Instant now) {
    return new RegistrationCode(hash(code.reveal()), now.plus(LIFETIME));
  }

  private static String hash(String code) {
    return Sha256.hex("gateway " + code);
  }

  boolean holds(Instant now) {
    return now.isBefore(expiresAt);
  }

  boolean is(String code) {
    return hash.equals(hash(code));
  }
}
