package dev.connectorsdk.secret;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key with its id. Prints as the id. */
final class EncryptionKey {

  private static final int BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final String id;
  private final SecretKey secret;

  private EncryptionKey(String id, SecretKey secret) {
    this.id = id;
    this.secret = secret;
  }

  /** Copies {@code key}. */
  static EncryptionKey of(String id, byte[] key) {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "A key id must be 1 to 100 letters, digits, '.', '_' or '-' and start with a letter or"
              + " digit");
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "Key '" + id + "' must have 32 bytes (256 bits), but has " + key.length);
    }
    if (isPlaceholder(key)) {
      throw new IllegalArgumentException(
          "Key '" + id + "' is no key: all its bytes are the same. Take 32 random bytes.");
    }
    return new EncryptionKey(id, new SecretKeySpec(key, "AES"));
  }

  static EncryptionKey random(String id) {
    byte[] key = randomBytes();
    try {
      return of(id, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static byte[] randomBytes() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  private static boolean isPlaceholder(byte[] key) {
    for (byte each : key) {
      if (each != key[0]) {
        return false;
      }
    }
    return true;
  }

  String id() {
    return id;
  }

  SecretKey secret() {
    return secret;
  }

  boolean hasSameBytesAs(EncryptionKey other) {
    return MessageDigest.isEqual(secret.getEncoded(), other.secret.getEncoded());
  }

  @Override
  public String toString() {
    return id;
  }
}
