package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The JDK's hashes, all of which every JDK has. */
final class Hashes {

  private Hashes() {}

  /**
   * Returns a keyed hash, RFC 2104.
   *
   * @param algorithm such as {@code HmacSHA256}
   * @param key not empty
   */
  static byte[] hmac(String algorithm, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no " + algorithm, e);
    }
  }

  static byte[] hmac(String algorithm, byte[] key, String text) {
    return hmac(algorithm, key, text.getBytes(UTF_8));
  }

  /** Returns a hash; {@code algorithm} is such as {@code SHA-256}. */
  static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no " + algorithm, e);
    }
  }

  /** Returns Base64 of RFC 4648 section 5, without padding. */
  static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
