package dev.connectorsdk.secret;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.crypto.impl.AESGCM;
import com.nimbusds.jose.crypto.impl.AESGCMKW;
import com.nimbusds.jose.crypto.impl.AuthenticatedCipherText;
import com.nimbusds.jose.util.Container;
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
 * with a key of the ring. The only class that knows Nimbus.
 *
 * <p>Nimbus encrypts, by classes that it keeps for itself and may change in another version. Its
 * public ones put the five parts together, too, with a Base64 that took most of the time, and there
 * is an encryption at each poll and each delivery: that is why it is done here. They do read what
 * was put together here.
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

  private static final JWEAlgorithm WRAPPING = JWEAlgorithm.A256GCMKW;
  private static final EncryptionMethod ENCRYPTION = EncryptionMethod.A256GCM;
  private static final String PLACE = "place";

  /** Those we set, and the two in which A256GCMKW keeps how the content key was wrapped. */
  private static final Set<String> HEADER = Set.of("alg", "enc", "kid", PLACE, "iv", "tag");

  /** Record, field and version, and a context where there is one. */
  private static final Set<Integer> PLACE_PARTS = Set.of(3, 4);

  private static final int LONGEST_HEADER = 4096;
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

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

  /** Returns what encrypts in this JVM; {@code null} leaves it to Nimbus to say what is missing. */
  private static @Nullable Provider provider() {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
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
      AuthenticatedCipherText wrapped =
          AESGCMKW.encryptCEK(contentKey, new Container<>(wrappingIv), key.secret(), PROVIDER);
      var wrapping = new Wrapping(base64(wrappingIv), base64(wrapped.getAuthenticationTag()));
      String header = header(key, place, wrapping);
      byte[] iv = Arrays.copyOfRange(fresh, KEY_BYTES + IV_BYTES, fresh.length);
      AuthenticatedCipherText text =
          AESGCM.encrypt(
              contentKey,
              new Container<>(iv),
              secret.reveal().getBytes(StandardCharsets.UTF_8),
              header.getBytes(StandardCharsets.US_ASCII),
              PROVIDER);
      String sealed =
          String.join(
              ".",
              header,
              base64(wrapped.getCipherText()),
              base64(iv),
              base64(text.getCipherText()),
              base64(text.getAuthenticationTag()));
      boolean isRead = header.length() <= LONGEST_HEADER && sealed.length() <= LONGEST;
      return isRead ? Optional.of(sealed) : Optional.empty();
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot encrypt with AES-256-GCM", e);
    }
  }

  /** By hand, without a map of its members first: there is one at each poll. */
  private static String header(EncryptionKey key, String place, Wrapping wrapping) {
    StringBuilder header = new StringBuilder(512);
    member(header, '{', "alg", WRAPPING.getName());
    member(header, ',', "enc", ENCRYPTION.getName());
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
        WRAPPING.getName().equals(header.get("alg"))
            && ENCRYPTION.getName().equals(header.get("enc"))
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
      var wrapped = new AuthenticatedCipherText(bytes(parts[1]), bytes(wrapping.tag()));
      SecretKey contentKey =
          AESGCMKW.decryptCEK(key.secret(), bytes(wrapping.iv()), wrapped, 8 * KEY_BYTES, PROVIDER);
      byte[] bytes =
          AESGCM.decrypt(
              contentKey,
              bytes(parts[2]),
              bytes(parts[3]),
              parts[0].getBytes(StandardCharsets.US_ASCII),
              bytes(parts[4]),
              PROVIDER);
      return Optional.of(Secret.of(new String(bytes, StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
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
