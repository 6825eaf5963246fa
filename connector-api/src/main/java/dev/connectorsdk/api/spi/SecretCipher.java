package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Secret;

/**
 * Encrypts secrets before they reach a store. Safe for use by several threads.
 *
 * <p>The runtime brings one with a key ring; implement this to use a key management service.
 */
public interface SecretCipher {

  /**
   * Where a ciphertext belongs. It is authenticated with the ciphertext, so that one which was
   * moved to another record, or put back after a change, does not decrypt.
   *
   * @param record the record's key, such as a connection id
   * @param field the field in the record
   * @param version the record's version
   * @param context what else it is bound to, such as a digest of whose it is; empty for nothing
   */
  record Place(String record, String field, long version, String context) {

    /** Makes a place that is bound to nothing else. */
    public Place(String record, String field, long version) {
      this(record, field, version, "");
    }

    /** Returns the parts in an unambiguous form: no part may contain a line break. */
    @Override
    public String toString() {
      String place = record + "\n" + field + "\n" + version;
      return context.isEmpty() ? place : place + "\n" + context;
    }
  }

  /**
   * Encrypts with the current key. Encrypting the same twice gives different results.
   *
   * @throws dev.connectorsdk.api.error.StoreException if the key cannot be used now but may be
   *     later, as when a key management service does not answer
   */
  String encrypt(Secret plaintext, Place place);

  /**
   * Decrypts what {@link #encrypt} returned for the same place, with the key it was made with.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if the key is missing or another
   *     one, or the ciphertext was changed or belongs to another place; marks the connection
   * @throws dev.connectorsdk.api.error.StoreException as for {@link #encrypt}; changes nothing
   */
  Secret decrypt(String ciphertext, Place place);

  /** Returns the id of the key that {@link #encrypt} uses now: at most 100 characters. */
  String currentKeyId();
}
