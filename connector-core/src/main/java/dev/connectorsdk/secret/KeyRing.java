package dev.connectorsdk.secret;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.SecretCipher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that encrypt secrets at rest: one current key, and older ones that still decrypt.
 *
 * <p>Each secret is a compact JWE with a content key of its own, encrypted with A256GCM and wrapped
 * with A256GCMKW. The place it belongs to is authenticated with it. Change the current key before
 * it has encrypted 2<sup>32</sup> secrets.
 *
 * <p>To change it while several processes run: give all of them the new key with {@link
 * #withRetired} first, then make it current in all of them, then call {@link
 * KeyMaintenance#reencrypt}. Remove the old key when {@link KeyMaintenance#isRetirable} says so.
 *
 * <p>Keys are copied in and never handed out. Immutable and safe for use by several threads.
 */
public final class KeyRing implements SecretCipher {

  private final EncryptionKey current;
  private final Map<String, EncryptionKey> keys;
  private final SecureRandom random = new SecureRandom();

  private KeyRing(List<EncryptionKey> currentFirst) {
    current = currentFirst.get(0);
    keys = new LinkedHashMap<>();
    for (EncryptionKey key : currentFirst) {
      for (EncryptionKey other : keys.values()) {
        if (other.id().equals(key.id())) {
          throw new IllegalArgumentException("The key ring has two keys '" + key + "'");
        }
        if (other.hasSameBytesAs(key)) {
          throw new IllegalArgumentException(
              "The keys '" + other + "' and '" + key + "' are the same key");
        }
      }
      keys.put(key.id(), key);
    }
  }

  /**
   * Returns a ring with one key.
   *
   * @param keyId 1 to 100 letters, digits, {@code .}, {@code _} and {@code -}, starting with a
   *     letter or digit; stored with every secret, so never use one again for another key
   * @param key 32 random bytes
   * @throws IllegalArgumentException if the id is not like that, or the key has another length or
   *     only equal bytes
   */
  public static KeyRing of(String keyId, byte[] key) {
    return new KeyRing(List.of(EncryptionKey.of(keyId, key)));
  }

  /**
   * Returns a ring with a random key that is kept nowhere else: what it encrypts is lost with the
   * object. For an {@link dev.connectorsdk.store.InMemoryStore}.
   */
  public static KeyRing random() {
    return new KeyRing(List.of(EncryptionKey.random("random")));
  }

  /**
   * Returns the ring in a file that {@link #createFile} made: a line {@code id = key in Base64} for
   * each key, the current one first. Where files have POSIX modes, only the owner may have any
   * right to it; a host that has to allow more reads the keys itself and uses {@link #of}.
   *
   * @throws IllegalArgumentException if the mode allows more, or a line has no usable key, or there
   *     is no key; messages have line numbers and no content
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static KeyRing load(Path file) {
    return ring(file, new KeyFile(file).read());
  }

  /**
   * Returns the ring in a file, and makes the file with a new random key if there is none, also
   * where several processes start at once. A wrong path leads to a new key, which reads nothing of
   * what was stored before: a runtime does not start on such a store.
   *
   * @throws IllegalArgumentException as {@link #load} does, or if the id cannot be one, see {@link
   *     #of}
   * @throws java.io.UncheckedIOException if the file cannot be read or written
   */
  public static KeyRing loadOrCreate(Path file, String keyId) {
    if (Files.notExists(file)) {
      try {
        new KeyFile(file).create(keyId);
      } catch (IllegalArgumentException e) {
        if (Files.notExists(file)) {
          throw e;
        }
        // Another process was faster.
      }
    }
    return load(file);
  }

  /**
   * Makes a file with a new random key, readable for its owner only, and its folder where there is
   * none, and returns the ring in it. Keep a copy of it, in another place than the database:
   * without the file nobody can read the secrets, and whoever has both can.
   *
   * @throws IllegalArgumentException if the file exists, or the id cannot be one, see {@link #of}
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static KeyRing createFile(Path file, String keyId) {
    new KeyFile(file).create(keyId);
    return load(file);
  }

  /**
   * Adds a new random key to a file, as the current one, and returns the ring in it. Processes that
   * loaded the file before do not know the key: with several, write the line yourself below the
   * first, let all load it, and then move it up.
   *
   * @throws IllegalArgumentException if the file cannot be loaded, the id is taken or cannot be
   *     one, or somebody else changes the file
   * @throws java.io.UncheckedIOException if the file cannot be read or written
   */
  public static KeyRing rotateFile(Path file, String keyId) {
    new KeyFile(file).addCurrent(keyId);
    return load(file);
  }

  private static KeyRing ring(Path file, List<EncryptionKey> keys) {
    try {
      return new KeyRing(keys);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Key file " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns this ring with one more key, which decrypts and does not encrypt.
   *
   * @throws IllegalArgumentException as {@link #of} does, or if the id or the key is in the ring
   */
  public KeyRing withRetired(String keyId, byte[] key) {
    List<EncryptionKey> all = new ArrayList<>(keys.values());
    all.add(EncryptionKey.of(keyId, key));
    return new KeyRing(all);
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInputException if the secret is too long: about 740,000 bytes fit
   * @throws IllegalArgumentException if the place has a line break in it, or the secret is no
   *     well-formed Unicode
   */
  @Override
  public String encrypt(Secret plaintext, Place place) {
    requireOneLineEach(place);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(plaintext.reveal())) {
      throw new IllegalArgumentException("The " + describe(place) + " is no well-formed Unicode");
    }
    Optional<String> sealed = SealedSecret.seal(plaintext, current, place.toString(), random);
    if (sealed.isEmpty()) {
      throw new InvalidInputException(describe(place), "", "is too long to encrypt");
    }
    return sealed.get();
  }

  @Override
  public Secret decrypt(String ciphertext, Place place) {
    requireOneLineEach(place);
    Optional<SealedSecret> sealed = SealedSecret.parse(ciphertext);
    if (sealed.isEmpty()) {
      throw unreadable(place, "it is not in the format that this version reads");
    }
    Secret secret = open(sealed.get(), place);
    requireFor(place, sealed.get());
    return secret;
  }

  private static void requireFor(Place place, SealedSecret sealed) {
    if (!sealed.place().equals(place.toString())) {
      throw unreadable(
          place,
          withKey(sealed)
              + " opens it, but it belongs to the "
              + describe(sealed.place())
              + ": it was moved, or an older one was put back");
    }
  }

  private Secret open(SealedSecret sealed, Place place) {
    EncryptionKey key = keys.get(sealed.keyId());
    if (key == null) {
      throw unreadable(
          place, withKey(sealed) + " is not in the key ring, which has " + keys.keySet());
    }
    Optional<Secret> secret = sealed.open(key);
    if (secret.isEmpty()) {
      throw unreadable(
          place,
          withKey(sealed)
              + " does not open it: it was changed, or encrypted with another key of this id");
    }
    return secret.get();
  }

  private static String withKey(SealedSecret sealed) {
    return "key '" + sealed.keyId() + "'";
  }

  @Override
  public String currentKeyId() {
    return current.id();
  }

  /** Returns the ids of the keys, the current one first. */
  @Override
  public String toString() {
    return "KeyRing" + keys.keySet();
  }

  private static void requireOneLineEach(Place place) {
    String whole = place.record() + place.field() + place.context();
    if (whole.indexOf('\n') >= 0 || whole.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("No part of a place may have a line break");
    }
  }

  private static SecretUnreadableException unreadable(Place place, String problem) {
    return new SecretUnreadableException(
        "The " + describe(place) + " cannot be decrypted: " + problem + ".");
  }

  private static String describe(Place place) {
    return describe(place.toString());
  }

  private static String describe(String place) {
    String[] parts = place.split("\n", -1);
    return "secret '" + parts[1] + "' of '" + parts[0] + "', version " + parts[2];
  }
}
