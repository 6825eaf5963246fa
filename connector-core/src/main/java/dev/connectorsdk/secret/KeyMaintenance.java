package dev.connectorsdk.secret;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be done about the keys of a store: notice wrong ones, bring secrets under a new one,
 * and find out which are still needed.
 *
 * <p>All methods are safe for use by several threads and processes at once, and may be repeated.
 */
public final class KeyMaintenance {

  private static final int SAMPLE = 100;

  private KeyMaintenance() {}

  /**
   * What {@link #reencrypt} did.
   *
   * @param reencrypted how many credentials were encrypted with the current key by this call
   * @param unreadable how many could not be decrypted and were left as they are
   * @param finished whether all were looked at; if not, call it again
   */
  public record Reencryption(long reencrypted, long unreadable, boolean finished) {}

  /**
   * Finds out whether {@code cipher} has the keys that this store was written with. Call it when
   * the program starts, before anything is read or written.
   *
   * <p>The store holds a check value for it. Where there is none it is added, unless there are
   * credentials that the cipher cannot decrypt. When this method throws it has changed nothing.
   *
   * @throws SecretUnreadableException if the cipher has other keys
   */
  public static void checkKeys(ConnectorStore store, SecretCipher cipher) {
    Optional<String> found = store.findKeyCheck();
    if (found.isEmpty()) {
      requireReadable(store, cipher);
      if (store.insertKeyCheck(KeyCheck.make(cipher).toString())) {
        return;
      }
      // Another process was quicker.
      found = store.findKeyCheck();
    }
    KeyCheck.parse(found.orElseThrow()).requireReadableFor(cipher);
  }

  /**
   * Encrypts all credentials with the current key that are encrypted with another one, and the
   * check value too.
   *
   * <p>Each credential is replaced by compare-and-set, and its version grows: whoever else is about
   * to replace it has to read it again. If the thread is interrupted, this method stops between two
   * credentials and leaves the interrupt flag set. To resume, call it again.
   *
   * @param batch how many credentials to read at a time, such as 500
   */
  public static Reencryption reencrypt(ConnectorStore store, SecretCipher cipher, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("A batch must be at least 1, but was " + batch);
    }
    long reencrypted = 0;
    Set<Place> unreadable = new HashSet<>();
    while (true) {
      List<StoredCredential> left = next(batch, store, cipher, unreadable);
      if (left.isEmpty()) {
        replaceCheck(store, cipher);
        return new Reencryption(reencrypted, unreadable.size(), true);
      }
      for (StoredCredential credential : left) {
        if (Thread.currentThread().isInterrupted()) {
          return new Reencryption(reencrypted, unreadable.size(), false);
        }
        try {
          reencrypted += isReencrypted(credential, store, cipher) ? 1 : 0;
        } catch (SecretUnreadableException e) {
          unreadable.add(credential.place());
        }
      }
    }
  }

  private static List<StoredCredential> next(
      int batch, ConnectorStore store, SecretCipher cipher, Set<Place> unreadable) {
    // The unreadable ones are listed again each time.
    return store.listCredentialsNotUnder(cipher.currentKeyId(), batch + unreadable.size()).stream()
        .filter(credential -> !unreadable.contains(credential.place()))
        .toList();
  }

  private static boolean isReencrypted(
      StoredCredential credential, ConnectorStore store, SecretCipher cipher) {
    Secret secret = credential.decrypt(cipher);
    return store.writeCredential(next(credential, secret, cipher), credential.version());
  }

  /**
   * Returns how many records are encrypted with a key: credentials, and the check value. Pending
   * sign-ins are not among them; they last minutes, and fail when their key is gone.
   */
  public static long countRecordsUnder(ConnectorStore store, String keyId) {
    long credentials = store.countCredentialsByKey().getOrDefault(keyId, 0L);
    boolean check =
        store.findKeyCheck().filter(text -> KeyCheck.parse(text).keyId().equals(keyId)).isPresent();
    return credentials + (check ? 1 : 0);
  }

  /**
   * Returns whether a key can be taken out of the ring: it is not the current one, and nothing is
   * encrypted with it. No process may still have it as its current key.
   */
  public static boolean isRetirable(ConnectorStore store, SecretCipher cipher, String keyId) {
    return !keyId.equals(cipher.currentKeyId()) && countRecordsUnder(store, keyId) == 0;
  }

  private static StoredCredential next(
      StoredCredential credential, Secret secret, SecretCipher cipher) {
    return StoredCredential.encrypt(
        cipher,
        credential.connection(),
        credential.slot(),
        credential.version() + 1,
        credential.context(),
        secret);
  }

  private static void replaceCheck(ConnectorStore store, SecretCipher cipher) {
    Optional<String> found = store.findKeyCheck();
    if (found.isEmpty()) {
      return;
    }
    KeyCheck check = KeyCheck.parse(found.get());
    if (!check.keyId().equals(cipher.currentKeyId())) {
      check.requireReadableFor(cipher);
      store.replaceKeyCheck(found.get(), KeyCheck.make(cipher).toString());
    }
  }

  /** One readable credential under each key is enough: a damaged one must not stop the start. */
  private static void requireReadable(ConnectorStore store, SecretCipher cipher) {
    Set<String> unreadable = new TreeSet<>();
    Set<String> readable = new HashSet<>();
    // No key has an empty id, so this is under any key.
    for (StoredCredential credential : store.listCredentialsNotUnder("", SAMPLE)) {
      try {
        credential.decrypt(cipher);
        readable.add(credential.keyId());
      } catch (SecretUnreadableException e) {
        unreadable.add(credential.keyId());
      }
    }
    unreadable.removeAll(readable);
    if (!unreadable.isEmpty()) {
      throw new SecretUnreadableException(
          "These are not the keys that the store was written with. It has no check value, but"
              + " credentials that cannot be decrypted, encrypted with "
              + unreadable
              + ". Nothing was changed.");
    }
  }
}
