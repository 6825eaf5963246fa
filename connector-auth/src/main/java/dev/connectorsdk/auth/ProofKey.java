package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.text.ParseException;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The key that the tokens of a connection are bound to, and the proofs made by it; RFC 9449. */
final class ProofKey {

  private static final int RSA_BITS = 2048;

  private final JWK jwk;
  private final JWSAlgorithm algorithm;
  private final JWSSigner signer;

  private ProofKey(JWK jwk, JWSAlgorithm algorithm) {
    this.jwk = jwk;
    this.algorithm = algorithm;
    try {
      signer =
          jwk instanceof ECKey elliptic
              ? new ECDSASigner(elliptic)
              : new RSASSASigner(jwk.toRSAKey());
    } catch (JOSEException e) {
      throw unusable();
    }
  }

  /** Makes a new key. */
  static ProofKey generated(String algorithm) {
    try {
      JWK jwk =
          algorithm.startsWith("ES")
              ? new ECKeyGenerator(Curve.P_256).generate()
              : new RSAKeyGenerator(RSA_BITS).generate();
      return new ProofKey(jwk, JWSAlgorithm.parse(algorithm));
    } catch (JOSEException e) {
      throw unusable();
    }
  }

  /**
   * Reads what {@link #stored} returned.
   *
   * @param algorithm that the author has chosen; {@code null} if proofs are no longer wanted
   */
  static ProofKey of(Secret stored, @Nullable String algorithm) {
    try {
      JWK jwk = JWK.parse(stored.reveal());
      // An author may have chosen another algorithm since the key was made.
      boolean fits =
          algorithm != null
              && (jwk instanceof RSAKey ? !algorithm.startsWith("ES") : algorithm.equals("ES256"));
      return new ProofKey(
          jwk, JWSAlgorithm.parse(fits ? algorithm : jwk instanceof RSAKey ? "RS256" : "ES256"));
    } catch (ParseException e) {
      throw unusable();
    }
  }

  /** Returns the private key, to be kept encrypted. */
  Secret stored() {
    return Secret.of(jwk.toJSONString());
  }

  /**
   * Makes the proof for one request; RFC 9449 section 4.2.
   *
   * @param token the access token that goes along, or {@code null} for none
   * @param nonce what the server gave last, or {@code null}
   */
  String proof(
      String method, URI uri, @Nullable Secret token, @Nullable String nonce, AuthContext context) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .jwtID(Jwts.id(context.random()))
            .issueTime(Date.from(context.clock().instant()))
            .claim("htm", method)
            .claim("htu", withoutQuery(uri.toString()));
    if (token != null) {
      claims.claim("ath", hash(token));
    }
    if (nonce != null) {
      claims.claim("nonce", nonce);
    }
    return signed(claims.build());
  }

  private static String withoutQuery(String url) {
    int end = url.length();
    for (char c : new char[] {'?', '#'}) {
      int at = url.indexOf(c);
      end = at >= 0 && at < end ? at : end;
    }
    return url.substring(0, end);
  }

  private String signed(JWTClaimsSet claims) {
    JWSHeader header =
        new JWSHeader.Builder(algorithm)
            .type(new JOSEObjectType("dpop+jwt"))
            .jwk(jwk.toPublicJWK())
            .build();
    try {
      SignedJWT proof = new SignedJWT(header, claims);
      proof.sign(signer);
      return proof.serialize();
    } catch (JOSEException e) {
      throw unusable();
    }
  }

  private static String hash(Secret token) {
    return Hashes.base64Url(Hashes.hash("SHA-256", token.reveal().getBytes(US_ASCII)));
  }

  private static StepFailure unusable() {
    return new StepFailure(Kind.MISCONFIGURED, "the key that its tokens are bound to is unusable");
  }

  @Override
  public String toString() {
    return "***";
  }
}
