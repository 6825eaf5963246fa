package dev.connectorsdk.secret;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

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
   * @param reencrypted how many secrets were encrypted with the current key by this call
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
   * Encrypts all secrets with the current key that are encrypted with another one: credentials,
   * cursors and registrations of triggers, stored events, and the check value.
   *
   * <p>Each secret is replaced by compare-and-set, and the version of a credential or a
   * subscription grows: whoever else is about to replace it has to read it again, and a poll that
   * has begun begins anew. If the thread is interrupted, this method stops between two secrets and
   * leaves the interrupt flag set. To resume, call it again.
   *
   * @param batch how many secrets to read at a time, such as 500
   */
  public static Reencryption reencrypt(ConnectorStore store, SecretCipher cipher, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("A batch must be at least 1, but was " + batch);
    }
    Secrets<StoredCredential> credentials =
        new Secrets<>(
            limit -> store.listCredentialsNotUnder(cipher.currentKeyId(), limit),
            StoredCredential::place,
            credential -> isReencrypted(credential, store, cipher));
    TriggerStore triggers = store.triggers();
    Secrets<SealedField> fields =
        new Secrets<>(
            limit -> triggers.listNotUnder(cipher.currentKeyId(), limit),
            SealedField::place,
            field -> isReencrypted(field, triggers, cipher));
    boolean finished = credentials.reencrypt(batch) && fields.reencrypt(batch);
    if (finished) {
      replaceCheck(store, cipher);
    }
    return new Reencryption(
        credentials.reencrypted + fields.reencrypted,
        credentials.unreadable.size() + fields.unreadable.size(),
        finished);
  }

  /** Secrets of one kind, on the way to the current key. */
  private static final class Secrets<T> {

    private final IntFunction<List<T>> listOthers;
    private final Function<T, Place> placeOf;
    private final Predicate<T> reencrypt;
    private final Set<Place> unreadable = new HashSet<>();
    private long reencrypted;

    Secrets(IntFunction<List<T>> listOthers, Function<T, Place> placeOf, Predicate<T> reencrypt) {
      this.listOthers = listOthers;
      this.placeOf = placeOf;
      this.reencrypt = reencrypt;
    }

    /** Returns whether all were looked at. */
    boolean reencrypt(int batch) {
      for (List<T> left = next(batch); !left.isEmpty(); left = next(batch)) {
        for (T secret : left) {
          if (Thread.currentThread().isInterrupted()) {
            return false;
          }
          try {
            reencrypted += reencrypt.test(secret) ? 1 : 0;
          } catch (SecretUnreadableException e) {
            unreadable.add(placeOf.apply(secret));
          }
        }
      }
      return true;
    }

    private List<T> next(int batch) {
      // The unreadable ones are listed again each time.
      return listOthers.apply(batch + unreadable.size()).stream()
          .filter(secret -> !unreadable.contains(placeOf.apply(secret)))
          .toList();
    }
  }

  private static boolean isReencrypted(SealedField field, TriggerStore store, SecretCipher cipher) {
    Secret secret = field.value().open(cipher, field.place());
    return store.reseal(field, Sealed.of(cipher, secret, field.place()));
  }

  private static boolean isReencrypted(
      StoredCredential credential, ConnectorStore store, SecretCipher cipher) {
    Secret secret = credential.decrypt(cipher);
    return store.writeCredential(next(credential, secret, cipher), credential.version());
  }

  /**
   * Returns how many secrets are encrypted with a key: credentials, cursors and registrations of
   * triggers, stored events, and the check value. Pending sign-ins are not among them; they last
   * minutes, and fail when their key is gone.
   */
  public static long countRecordsUnder(ConnectorStore store, String keyId) {
    long credentials = store.countCredentialsByKey().getOrDefault(keyId, 0L);
    long triggers = store.triggers().countByKey().getOrDefault(keyId, 0L);
    boolean check =
        store.findKeyCheck().filter(text -> KeyCheck.parse(text).keyId().equals(keyId)).isPresent();
    return credentials + triggers + (check ? 1 : 0);
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
            secret)
        .with(credential.renewal());
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
