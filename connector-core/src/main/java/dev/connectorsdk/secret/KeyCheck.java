package dev.connectorsdk.secret;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;

/**
 * A known text, encrypted. Whoever can decrypt it has the keys of the store.
 *
 * @param keyId the key that it is encrypted with
 */
record KeyCheck(String keyId, String ciphertext) {

  private static final Place PLACE = new Place("key-check", "key-check", 1);
  private static final Secret KNOWN = Secret.of("the keys fit");

  static KeyCheck make(SecretCipher cipher) {
    return new KeyCheck(cipher.currentKeyId(), cipher.encrypt(KNOWN, PLACE));
  }

  /** Parses the form that {@link #toString} writes. */
  static KeyCheck parse(String text) {
    int lineBreak = text.indexOf('\n');
    if (lineBreak < 0) {
      throw new SecretUnreadableException(
          "The store's check value is not in the format that this version reads.");
    }
    return new KeyCheck(text.substring(0, lineBreak), text.substring(lineBreak + 1));
  }

  void requireReadableFor(SecretCipher cipher) {
    Secret decrypted;
    try {
      decrypted = cipher.decrypt(ciphertext, PLACE);
    } catch (SecretUnreadableException e) {
      throw new SecretUnreadableException(
          "These are not the keys that the store was written with. Its check value was encrypted"
              + " with key '"
              + keyId
              + "', and nothing was changed. "
              + e.getMessage());
    }
    if (!decrypted.equals(KNOWN)) {
      throw new SecretUnreadableException(
          "The store's check value decrypts to something else than it was made from; nothing was"
              + " changed.");
    }
  }

  /** Returns the key's id and the ciphertext, with a line break in between. */
  @Override
  public String toString() {
    return keyId + "\n" + ciphertext;
  }
}
