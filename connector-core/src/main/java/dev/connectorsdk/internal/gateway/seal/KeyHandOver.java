package dev.connectorsdk.internal.gateway.seal;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedDecrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's key on its way to one of its members, or kept for whoever has the recovery key: a
 * compact JWE, which the host passes on and cannot open.
 */
final class KeyHandOver {

  /** The header parameter that holds the gateway's id; critical, RFC 7516 section 4.1.13. */
  private static final String GATEWAY = "dev.connectorsdk.gateway";

  /** The header parameter by which whoever had the key before vouches for the next one. */
  private static final String LINK = "dev.connectorsdk.link";

  private static final int LONGEST = 10_000;
  private static final int SALT_BYTES = 16;

  /** The recovery key cannot be guessed, so that these need not slow anybody down. */
  private static final int ITERATIONS = 10_000;

  private KeyHandOver() {}

  /**
   * Encrypts a gateway's key for a member.
   *
   * @param member the key that secrets are handed over to the member by, confirmed by somebody
   * @param before the key that it takes the place of, which the member has, or {@code null}
   */
  static String toMember(
      SealingKey whole, SealingKey member, String gateway, @Nullable SealingKey before) {
    var header = header(JWEAlgorithm.ECDH_ES_A256KW, gateway);
    if (before != null) {
      header.customParam(LINK, before.link(whole));
    }
    try {
      return encrypted(whole, header.build(), new ECDHEncrypter(member.jwk()));
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot encrypt by ECDH-ES+A256KW", e);
    }
  }

  /**
   * Returns the gateway's key that a member was handed. Whoever passed it on could have made it up:
   * only a fingerprint that came by another way tells, or that whoever made it had the key before.
   *
   * @param expected the fingerprint of the gateway's key, as another member shows it; empty for one
   *     that takes the place of a key that the member has
   * @throws SecretUnreadableException if it was for another member or gateway, or is another key
   */
  static SealingKey atMember(String handed, MemberKeys keys, String gateway, String expected) {
    JWEObject jwe = parsed(handed);
    SealingKey whole;
    try {
      var decrypter = new ECDHDecrypter(keys.handOver().jwk().toECPrivateKey(), Set.of(GATEWAY));
      whole = decrypted(jwe, decrypter, gateway);
    } catch (JOSEException e) {
      throw unreadable("this member's key does not open it");
    }
    if (!whole.fingerprint().equals(expected)
        && !keys.isLinked(whole, String.valueOf(jwe.getHeader().getCustomParam(LINK)))) {
      throw new SecretUnreadableException(
          "The host has passed on a key with the fingerprint "
              + whole
              + (expected.isEmpty()
                  ? ", which no member has made"
                  : ", where " + expected + " was expected")
              + "; it is not taken.");
    }
    return whole;
  }

  /** Encrypts a gateway's key for whoever has the recovery key. */
  static String forRecovery(SealingKey whole, RecoveryKey recovery, String gateway) {
    return encrypted(
        whole,
        header(JWEAlgorithm.PBES2_HS512_A256KW, gateway).build(),
        new PasswordBasedEncrypter(recovery.characters().reveal(), SALT_BYTES, ITERATIONS));
  }

  /**
   * Returns the gateway's key by means of the recovery key, which also proves that nobody else has
   * made it up.
   *
   * @throws SecretUnreadableException if this is another recovery key or gateway
   */
  static SealingKey byRecovery(String kept, RecoveryKey recovery, String gateway) {
    byte[] password = recovery.characters().reveal().getBytes(StandardCharsets.US_ASCII);
    return decrypted(parsed(kept), new PasswordBasedDecrypter(password, Set.of(GATEWAY)), gateway);
  }

  private static JWEHeader.Builder header(JWEAlgorithm algorithm, String gateway) {
    return new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
        .criticalParams(Set.of(GATEWAY))
        .customParam(GATEWAY, gateway);
  }

  private static String encrypted(SealingKey whole, JWEHeader header, JWEEncrypter encrypter) {
    JWEObject jwe = new JWEObject(header, new Payload(whole.wholeJwk().reveal()));
    try {
      jwe.encrypt(encrypter);
      return jwe.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM cannot encrypt by " + header.getAlgorithm(), e);
    }
  }

  private static JWEObject parsed(String text) {
    if (text.length() > LONGEST) {
      throw unreadable("it is too long");
    }
    try {
      return JWEObject.parse(text);
    } catch (ParseException | IllegalArgumentException e) {
      throw unreadable("it is not in the form that this version reads");
    }
  }

  private static SealingKey decrypted(JWEObject jwe, JWEDecrypter decrypter, String gateway) {
    if (!gateway.equals(jwe.getHeader().getCustomParam(GATEWAY))) {
      throw unreadable("it is for another gateway");
    }
    try {
      jwe.decrypt(decrypter);
      return SealingKey.parse(Secret.of(jwe.getPayload().toString()));
    } catch (JOSEException | IllegalArgumentException e) {
      throw unreadable("the key does not open it, or it was changed");
    }
  }

  private static SecretUnreadableException unreadable(String problem) {
    return new SecretUnreadableException(
        "The gateway's key that was handed over cannot be read: " + problem + ".");
  }
}
