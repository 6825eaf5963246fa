package dev.connectorsdk.secret;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.connectorsdk.api.Secret;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An encrypted secret: a compact JWE (RFC 7516) whose content key is made for it alone and wrapped
 * with a key of the ring. The only class that knows Nimbus.
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

  private final JWEObject jwe;
  private final String keyId;
  private final String place;

  private SealedSecret(JWEObject jwe, String keyId, String place) {
    this.jwe = jwe;
    this.keyId = keyId;
    this.place = place;
  }

  /** Returns the text to store; it may be longer than what {@link #parse} takes. */
  static String seal(Secret secret, EncryptionKey key, String place) {
    JWEHeader header =
        new JWEHeader.Builder(WRAPPING, ENCRYPTION)
            .keyID(key.id())
            .customParam(PLACE, place)
            .build();
    JWEObject jwe =
        new JWEObject(header, new Payload(secret.reveal().getBytes(StandardCharsets.UTF_8)));
    try {
      jwe.encrypt(new AESEncrypter(key.secret()));
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot encrypt with AES-256-GCM", e);
    }
    return jwe.serialize();
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
    return read(Arrays.stream(parts).map(Base64URL::from).toArray(Base64URL[]::new));
  }

  private static boolean isOurHeader(String part) {
    return part.length() <= LONGEST_HEADER && isCanonical(part);
  }

  private static Optional<SealedSecret> read(Base64URL[] parts) {
    try {
      Map<String, Object> header = JSONObjectUtils.parse(parts[0].decodeToString());
      // The parser takes the JSON text "null" for an object.
      if (header != null
          && header.keySet().equals(HEADER)
          && isAsWeWrap(header)
          && header.get("kid") instanceof String keyId
          && EncryptionKey.isId(keyId)
          && header.get(PLACE) instanceof String place
          && PLACE_PARTS.contains(place.split("\n", -1).length)) {
        JWEObject jwe = new JWEObject(parts[0], parts[1], parts[2], parts[3], parts[4]);
        return Optional.of(new SealedSecret(jwe, keyId, place));
      }
    } catch (ParseException e) {
      // Not JSON, so not ours either.
    }
    return Optional.empty();
  }

  private static boolean isAsWeWrap(Map<String, Object> header) {
    return WRAPPING.getName().equals(header.get("alg"))
        && ENCRYPTION.getName().equals(header.get("enc"))
        && header.get("iv") instanceof String iv
        && isBytes(iv, IV_BYTES)
        && header.get("tag") instanceof String tag
        && isBytes(tag, TAG_BYTES);
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
      jwe.decrypt(new AESDecrypter(key.secret()));
      return Optional.of(Secret.of(new String(jwe.getPayload().toBytes(), StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      return Optional.empty();
    }
  }

  private static boolean isBytes(String part, int bytes) {
    return part.length() == (bytes * 4 + 2) / 3 && isCanonical(part);
  }

  // Base64 has several spellings of the same bytes, and decoders skip what they do not know.
  private static boolean isCanonical(String part) {
    return Base64URL.encode(Base64URL.from(part).decode()).toString().equals(part);
  }
}
