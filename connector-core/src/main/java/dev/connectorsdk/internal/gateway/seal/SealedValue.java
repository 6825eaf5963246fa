package dev.connectorsdk.internal.gateway.seal;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import java.text.ParseException;
import java.util.Set;

/**
 * One secret, encrypted for the members of a gateway: a compact JWE (RFC 7516) by ECDH-ES+A256KW
 * and A256GCM, whose header says what it may be used for. Whoever changes a letter of the header
 * has something that does not open.
 *
 * <p>Anybody can make one who has the public key: that one opens proves that its purpose is what
 * whoever knew the secret has agreed to, and nothing about who asks for its use.
 */
public final class SealedValue {

  /** The header parameter that holds the purpose; critical, RFC 7516 section 4.1.13. */
  public static final String PURPOSE = "dev.connectorsdk.purpose";

  /** The longest that is taken. */
  static final int LONGEST = 100_000;

  private static final Set<String> HEADER = Set.of("alg", "enc", "kid", "epk", "crit", PURPOSE);

  private final String text;
  private final String key;
  private final SealedUse purpose;

  private SealedValue(String text, String key, SealedUse purpose) {
    this.text = text;
    this.key = key;
    this.purpose = purpose;
  }

  /**
   * Encrypts a secret.
   *
   * @throws IllegalArgumentException if it would be longer than what is taken
   */
  public static SealedValue seal(Secret secret, SealingKey key, SealedUse purpose) {
    JWEObject jwe = new JWEObject(header(key, purpose), new Payload(secret.reveal()));
    try {
      jwe.encrypt(new ECDHEncrypter(key.jwk()));
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot encrypt by ECDH-ES+A256KW and A256GCM", e);
    }
    try {
      return parse(jwe.serialize());
    } catch (SecretUnreadableException e) {
      throw new IllegalArgumentException("The secret, or what it is for, is too long to be sealed");
    }
  }

  private static JWEHeader header(SealingKey key, SealedUse purpose) {
    return new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
        .keyID(key.fingerprint())
        .criticalParams(Set.of(PURPOSE))
        .customParam(PURPOSE, purpose.toString())
        .build();
  }

  /**
   * Returns what {@link #seal} made, not yet authenticated.
   *
   * @throws SecretUnreadableException if it is anything else
   */
  public static SealedValue parse(String text) {
    if (text.length() <= LONGEST) {
      try {
        JWEHeader header = JWEObject.parse(text).getHeader();
        if (isOurs(header) && header.getCustomParam(PURPOSE) instanceof String purpose) {
          return new SealedValue(text, header.getKeyID(), SealedUse.parse(purpose));
        }
      } catch (ParseException | IllegalArgumentException e) {
        // It may be a secret that somebody did not seal.
      }
    }
    throw new SecretUnreadableException(
        "A sealed value is not in the form that this version reads.");
  }

  private static boolean isOurs(JWEHeader header) {
    return header.getIncludedParams().equals(HEADER)
        && JWEAlgorithm.ECDH_ES_A256KW.equals(header.getAlgorithm())
        && EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        && header.getCriticalParams().equals(Set.of(PURPOSE));
  }

  /** Returns the id of the key that it says it was sealed with. */
  public String keyId() {
    return key;
  }

  /** Returns what it says it may be used for; to be believed once it has been opened. */
  public SealedUse purpose() {
    return purpose;
  }

  /**
   * Returns the secret.
   *
   * @throws SecretUnreadableException if this is not the key, or anything was changed
   */
  public Secret open(SealingKey whole) {
    try {
      JWEObject jwe = JWEObject.parse(text);
      jwe.decrypt(new ECDHDecrypter(whole.jwk().toECPrivateKey(), Set.of(PURPOSE)));
      return Secret.of(jwe.getPayload().toString());
    } catch (ParseException | JOSEException e) {
      throw new SecretUnreadableException(
          "The sealed value '"
              + purpose.slot()
              + "' of connection '"
              + purpose.of().connection()
              + "' does not open with key '"
              + whole
              + "': it was sealed with another one, or changed.");
    }
  }

  /** Returns the JWE. */
  @Override
  public String toString() {
    return text;
  }
}
