package dev.connectorsdk.internal.gateway.seal;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.connectorsdk.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key on the curve P-256 that secrets are encrypted for, whole or its public half alone. Its id
 * is its thumbprint, RFC 7638, so that nobody can give another key the same one. Prints as the id.
 */
public final class SealingKey {

  private final ECKey key;

  private SealingKey(ECKey key) {
    this.key = key;
  }

  /** Returns a new key. */
  public static SealingKey random() {
    try {
      return new SealingKey(
          new ECKeyGenerator(Curve.P_256)
              .keyUse(KeyUse.ENCRYPTION)
              .keyIDFromThumbprint(true)
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("This JVM makes no keys on P-256", e);
    }
  }

  /**
   * Parses a JWK.
   *
   * @throws IllegalArgumentException if it is no key on P-256, or its id is not its thumbprint;
   *     without a word of what it is
   */
  public static SealingKey parse(Secret jwk) {
    try {
      ECKey key = ECKey.parse(jwk.reveal());
      if (Curve.P_256.equals(key.getCurve())
          && key.computeThumbprint().toString().equals(key.getKeyID())) {
        return new SealingKey(key);
      }
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      // The key may be quoted in it.
    }
    throw new IllegalArgumentException(
        "Not a JSON Web Key on the curve P-256 whose kid is its thumbprint");
  }

  /** Returns the id, which is what people compare to be sure of the key. */
  public String fingerprint() {
    return key.getKeyID();
  }

  /** Returns whether it opens what is sealed with it. */
  public boolean isWhole() {
    return key.isPrivate();
  }

  /** Returns the public half. */
  public SealingKey publicHalf() {
    return new SealingKey(key.toPublicJWK());
  }

  /** Returns the public half as a JWK, RFC 7517. */
  public String publicJwk() {
    return key.toPublicJWK().toJSONString();
  }

  /** Returns all of it as a JWK, RFC 7517. */
  Secret wholeJwk() {
    return Secret.of(key.toJSONString());
  }

  /**
   * Returns what proves that somebody who has all of this key has chosen the next one.
   *
   * @throws IllegalArgumentException if this is only the public half
   */
  String link(SealingKey next) {
    if (!isWhole()) {
      throw new IllegalArgumentException("Half a key vouches for nothing");
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getD().decode(), "HmacSHA256"));
      byte[] text = ("next\n" + next.fingerprint()).getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no HMAC with SHA-256", e);
    }
  }

  ECKey jwk() {
    return key;
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
