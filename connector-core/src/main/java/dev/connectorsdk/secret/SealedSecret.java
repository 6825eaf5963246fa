package dev.connectorsdk.secret;

import dev.connectorsdk.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * An encrypted secret: a compact JWE (RFC 7516) whose content key is made for it alone and wrapped
 * with a key of the ring.
 *
 * <p>The JDK encrypts, and wrapping is the same encryption (RFC 7518, sections 4.7 and 5.3). The
 * five parts are put together here: there is an encryption at each poll and each delivery, and what
 * Nimbus does besides took most of the time. Nimbus reads what was put together here.
 *
 * <p>It is read in exactly the form in which it is written. Another algorithm, a further header
 * parameter, or the same bytes in another spelling make it something else, which is not looked into
 * any further.
 */
final class SealedSecret {

  /**
   * As long a text as a store keeps. Whatever tokens come in an answer of 256 KiB have to fit,
   * escaped and in Base64: the refresh token that they replace is spent.
   */
  static final int LONGEST = 1_000_000;

  private static final String WRAPPING = "A256GCMKW";
  private static final String ENCRYPTION = "A256GCM";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String PLACE = "place";

  /** Those we set, and the two in which A256GCMKW keeps how the content key was wrapped. */
  private static final Set<String> HEADER = Set.of("alg", "enc", "kid", PLACE, "iv", "tag");

  /** Record, field and version, and a context where there is one. */
  private static final Set<Integer> PLACE_PARTS = Set.of(3, 4);

  private static final int LONGEST_HEADER = 4096;
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final byte[] NO_BYTES = {};

  private static final JsonFactory JSON = new JsonFactory();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** Looked for once, which takes about as long as to encrypt. */
  private static final @Nullable Provider PROVIDER = provider();

  private final String[] parts;
  private final Wrapping wrapping;
  private final String keyId;
  private final String place;

  /** How the content key was wrapped, in Base64. */
  private record Wrapping(String iv, String tag) {}

  private SealedSecret(String[] parts, Wrapping wrapping, String keyId, String place) {
    this.parts = parts;
    this.wrapping = wrapping;
    this.keyId = keyId;
    this.place = place;
  }

  /** Returns what encrypts in this JVM, or {@code null} if nothing does. */
  private static @Nullable Provider provider() {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[KEY_BYTES], "AES"));
      return cipher.getProvider();
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  /** Returns the text to store, or nothing if it would be longer than what is read. */
  static Optional<String> seal(
      Secret secret, EncryptionKey key, String place, SecureRandom random) {
    try {
      byte[] fresh = new byte[KEY_BYTES + 2 * IV_BYTES];
      random.nextBytes(fresh); // All at once: each call waits for others.
      SecretKey contentKey = new SecretKeySpec(fresh, 0, KEY_BYTES, "AES");
      byte[] wrappingIv = Arrays.copyOfRange(fresh, KEY_BYTES, KEY_BYTES + IV_BYTES);
      byte[] wrapped = encrypted(key.secret(), wrappingIv, contentKey.getEncoded(), NO_BYTES);
      var wrapping = new Wrapping(base64(wrappingIv), base64(tag(wrapped)));
      String header = header(key, place, wrapping);
      byte[] iv = Arrays.copyOfRange(fresh, KEY_BYTES + IV_BYTES, fresh.length);
      byte[] text =
          encrypted(
              contentKey,
              iv,
              secret.reveal().getBytes(StandardCharsets.UTF_8),
              header.getBytes(StandardCharsets.US_ASCII));
      String sealed =
          String.join(
              ".",
              header,
              base64(withoutTag(wrapped)),
              base64(iv),
              base64(withoutTag(text)),
              base64(tag(text)));
      boolean isRead = header.length() <= LONGEST_HEADER && sealed.length() <= LONGEST;
      return isRead ? Optional.of(sealed) : Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM cannot encrypt with AES-256-GCM", e);
    }
  }

  /** Returns the bytes encrypted, and then the tag. */
  private static byte[] encrypted(SecretKey key, byte[] iv, byte[] text, byte[] beside)
      throws GeneralSecurityException {
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv);
    cipher.updateAAD(beside);
    return cipher.doFinal(text);
  }

  private static byte[] decrypted(
      SecretKey key, byte[] iv, byte[] encrypted, byte[] tag, byte[] beside)
      throws GeneralSecurityException {
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, iv);
    cipher.updateAAD(beside);
    byte[] both = Arrays.copyOf(encrypted, encrypted.length + tag.length);
    System.arraycopy(tag, 0, both, encrypted.length, tag.length);
    return cipher.doFinal(both);
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] iv) throws GeneralSecurityException {
    Cipher cipher =
        PROVIDER == null ? Cipher.getInstance(CIPHER) : Cipher.getInstance(CIPHER, PROVIDER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
    return cipher;
  }

  private static byte[] withoutTag(byte[] encrypted) {
    return Arrays.copyOf(encrypted, encrypted.length - TAG_BYTES);
  }

  private static byte[] tag(byte[] encrypted) {
    return Arrays.copyOfRange(encrypted, encrypted.length - TAG_BYTES, encrypted.length);
  }

  /** By hand, without a map of its members first: there is one at each poll. */
  private static String header(EncryptionKey key, String place, Wrapping wrapping) {
    StringBuilder header = new StringBuilder(512);
    member(header, '{', "alg", WRAPPING);
    member(header, ',', "enc", ENCRYPTION);
    member(header, ',', "kid", key.id());
    member(header, ',', PLACE, place);
    member(header, ',', "iv", wrapping.iv());
    member(header, ',', "tag", wrapping.tag());
    return base64(header.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void member(StringBuilder json, char before, String name, String value) {
    json.append(before).append('"').append(name).append("\":\"");
    JsonStringEncoder.getInstance().quoteAsString(value, json);
    json.append('"');
  }

  private static String base64(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  private static byte[] bytes(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  /** Returns what {@link #seal} wrote, not yet authenticated, or nothing if it is anything else. */
  static Optional<SealedSecret> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", 6);
    if (parts.length != 5
        || !isOurHeader(parts[0])
        || !isBytes(parts[1], KEY_BYTES)
        || !isBytes(parts[2], IV_BYTES)
        || !isCanonical(parts[3])
        || !isBytes(parts[4], TAG_BYTES)) {
      return Optional.empty();
    }
    return read(parts);
  }

  private static boolean isOurHeader(String part) {
    return part.length() <= LONGEST_HEADER && isCanonical(part);
  }

  private static Optional<SealedSecret> read(String[] parts) {
    Map<String, String> header = members(new String(bytes(parts[0]), StandardCharsets.UTF_8));
    if (!header.keySet().equals(HEADER)) {
      return Optional.empty();
    }
    String keyId = header.getOrDefault("kid", "");
    String place = header.getOrDefault(PLACE, "");
    Wrapping wrapping = new Wrapping(header.getOrDefault("iv", ""), header.getOrDefault("tag", ""));
    boolean isOurs =
        WRAPPING.equals(header.get("alg"))
            && ENCRYPTION.equals(header.get("enc"))
            && EncryptionKey.isId(keyId)
            && PLACE_PARTS.contains(place.split("\n", -1).length)
            && isBytes(wrapping.iv(), IV_BYTES)
            && isBytes(wrapping.tag(), TAG_BYTES);
    return isOurs ? Optional.of(new SealedSecret(parts, wrapping, keyId, place)) : Optional.empty();
  }

  /** Returns the members of a JSON object of texts, of which none comes twice, or else none. */
  private static Map<String, String> members(String json) {
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Map.of();
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        if (parser.nextToken() != JsonToken.VALUE_STRING
            || members.put(name, parser.getString()) != null) {
          return Map.of();
        }
      }
      return parser.nextToken() == null ? members : Map.of();
    } catch (JacksonException e) {
      return Map.of();
    }
  }

  /** Returns the id of the key that it says it was sealed with. */
  String keyId() {
    return keyId;
  }

  /** Returns the place that it says it was sealed for; to be believed once it has been opened. */
  String place() {
    return place;
  }

  /** Returns the secret, or nothing if this is not the key or anything was changed. */
  Optional<Secret> open(EncryptionKey key) {
    try {
      byte[] contentKey =
          decrypted(
              key.secret(), bytes(wrapping.iv()), bytes(parts[1]), bytes(wrapping.tag()), NO_BYTES);
      byte[] text =
          decrypted(
              new SecretKeySpec(contentKey, "AES"),
              bytes(parts[2]),
              bytes(parts[3]),
              bytes(parts[4]),
              parts[0].getBytes(StandardCharsets.US_ASCII));
      return Optional.of(Secret.of(new String(text, StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static boolean isBytes(String part, int bytes) {
    return part.length() == (bytes * 4 + 2) / 3 && isCanonical(part);
  }

  // Base64 has several spellings of the same bytes.
  private static boolean isCanonical(String part) {
    try {
      return base64(bytes(part)).equals(part);
    } catch (IllegalArgumentException e) {
      return false; // What Base64 does not know.
    }
  }
}
