package dev.connectorsdk.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * A private key that signs JWTs. Messages of the JOSE library can quote a key and are dropped.
 *
 * @param id its {@code kid} if it was a JWK with one
 */
record SigningKey(PrivateKey key, @Nullable String id) {

  /** Reads a PEM private key or a private JWK. */
  static SigningKey of(Secret secret) {
    String text = secret.reveal().strip();
    if (text.startsWith("{")) {
      return ofJwk(text);
    }
    // Where a key goes through an environment variable or JSON, its lines get lost now and then.
    PrivateKey key = PrivateKeyText.read(text.replace("\\n", "\n"));
    if (key == null) {
      throw unusable("its algorithm");
    }
    return new SigningKey(key, null);
  }

  private static SigningKey ofJwk(String text) {
    try {
      JWK jwk = JWK.parse(text);
      if (jwk instanceof AsymmetricJWK pair && pair.toPrivateKey() != null) {
        return new SigningKey(pair.toPrivateKey(), jwk.getKeyID());
      }
    } catch (ParseException | JOSEException e) {
      // The text may be quoted in it.
    }
    throw unusable("its algorithm");
  }

  boolean isElliptic() {
    return key instanceof ECPrivateKey;
  }

  JWSSigner signer() throws JOSEException {
    return isElliptic() ? new ECDSASigner(key, Curve.P_256) : new RSASSASigner(key);
  }

  static StepFailure unusable(String algorithm) {
    return new StepFailure(
        Kind.MISCONFIGURED,
        "the key that signs its JWT is no private key for " + algorithm + ", in PEM or as a JWK");
  }

  @Override
  public String toString() {
    return "***";
  }
}
