package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a gateway's key can be restored with when all its members are lost: 160 random bits that
 * people write down, as eight groups of four letters and digits (RFC 4648 section 6). The host
 * never has it. Prints as {@code ***}.
 */
public final class RecoveryKey {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final Pattern WRITTEN = Pattern.compile("[A-Z2-7]{32}");

  private final Secret characters;

  private RecoveryKey(String characters) {
    this.characters = Secret.of(characters);
  }

  /** Returns a new one. */
  public static RecoveryKey random() {
    SecureRandom random = new SecureRandom();
    StringBuilder characters = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      characters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new RecoveryKey(characters.toString());
  }

  /**
   * Reads one as somebody types it: case, blanks and hyphens do not count.
   *
   * @throws IllegalArgumentException if it is none; without a word of what it is
   */
  public static RecoveryKey parse(Secret typed) {
    String characters = typed.reveal().replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    if (!WRITTEN.matcher(characters).matches()) {
      throw new IllegalArgumentException(
          "A recovery key has 32 letters A to Z and digits 2 to 7, in groups of four");
    }
    return new RecoveryKey(characters);
  }

  /** Returns it as people write it down, to be shown once. */
  public Secret text() {
    return Secret.of(characters.reveal().replaceAll("(?<=.)(?=(.{4})+$)", "-"));
  }

  Secret characters() {
    return characters;
  }

  /**
   * Returns what proves that somebody has the key, to a host that knows the hash of this alone.
   *
   * @param gateway for which it proves that
   */
  Secret proof(String gateway) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(characters.reveal()), "HmacSHA256"));
      return Secret.of(HexFormat.of().formatHex(mac.doFinal(bytes("proof\n" + gateway))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no HMAC with SHA-256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }
}
