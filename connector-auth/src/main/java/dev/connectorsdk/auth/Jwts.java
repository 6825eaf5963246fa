package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Signs JWTs. Messages of the JOSE library can quote a key and are dropped. */
final class Jwts {

  /** RFC 7523 section 3, and no longer than it takes to arrive. */
  static final Duration ASSERTION_LIFE = Duration.ofSeconds(60);

  private static final int ID_BYTES = 16;

  private Jwts() {}

  /** Signs the JWT of a scheme. */
  static String sign(JwtTemplate template, StepValues values, AuthContext context) {
    Instant now = context.clock().instant();
    JWTClaimsSet.Builder claims = claims(template, values);
    claims
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(template.life())))
        .jwtID(id(context.random()));
    String keyId = values.expand(template.keyId());
    String key = values.expand(template.key());
    if (key.isEmpty()) {
      throw new StepFailure(Kind.MISCONFIGURED, "the key that signs its JWT has no value");
    }
    JWSAlgorithm algorithm = JWSAlgorithm.parse(template.algorithm());
    return sign(claims.build(), algorithm, Secret.of(key), keyId.isEmpty() ? null : keyId);
  }

  private static JWTClaimsSet.Builder claims(JwtTemplate template, StepValues values) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    template
        .claims()
        .forEach(
            (name, claim) -> {
              String text = values.expand(claim);
              if (!text.isEmpty()) {
                claims.claim(name, text);
              }
            });
    return claims;
  }

  /** Signs the assertion by which a client proves itself; RFC 7523 section 3. */
  static String clientAssertion(
      OAuthClient client, Secret key, @Nullable String algorithm, String audience, AuthContext c) {
    Instant now = c.clock().instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(client.id())
            .subject(client.id())
            .audience(audience)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(ASSERTION_LIFE)))
            .jwtID(id(c.random()))
            .build();
    return sign(claims, algorithm(client, key, algorithm), key, client.keyId());
  }

  private static JWSAlgorithm algorithm(OAuthClient client, Secret key, @Nullable String named) {
    if (client.signsBySecret()) {
      return JWSAlgorithm.HS256;
    }
    if (named != null && !named.startsWith("HS")) {
      return JWSAlgorithm.parse(named);
    }
    return SigningKey.of(key).isElliptic() ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
  }

  private static String sign(
      JWTClaimsSet claims, JWSAlgorithm algorithm, Secret key, @Nullable String keyId) {
    try {
      String kid = keyId;
      JWSSigner signer;
      if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
        signer = mac(key, algorithm);
      } else {
        SigningKey signing = signingKey(key, algorithm);
        kid = keyId == null ? signing.id() : keyId;
        signer = signing.signer();
      }
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(kid).build(), claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException | IllegalArgumentException e) {
      throw SigningKey.unusable(algorithm.getName());
    }
  }

  private static SigningKey signingKey(Secret key, JWSAlgorithm algorithm) {
    if (!JWSAlgorithm.Family.RSA.contains(algorithm) && !algorithm.equals(JWSAlgorithm.ES256)) {
      throw new StepFailure(Kind.MISCONFIGURED, "JWTs cannot be signed by " + algorithm.getName());
    }
    return SigningKey.of(key);
  }

  /** A short secret can be found out from the signature; RFC 7518 section 3.2. */
  private static JWSSigner mac(Secret key, JWSAlgorithm algorithm) throws JOSEException {
    byte[] bytes = key.reveal().getBytes(UTF_8);
    int shortest = MACSigner.getMinRequiredSecretLength(algorithm) / Byte.SIZE;
    if (bytes.length < shortest) {
      throw new StepFailure(
          Kind.MISCONFIGURED,
          "the secret that signs its JWT is shorter than the "
              + shortest
              + " bytes that "
              + algorithm.getName()
              + " needs");
    }
    return new MACSigner(bytes);
  }

  /** Returns when a JWT says that it expires, or {@code null}; its signature is not checked. */
  static @Nullable Instant expiry(String token) {
    try {
      Date end = JWTParser.parse(token).getJWTClaimsSet().getExpirationTime();
      return end == null ? null : end.toInstant();
    } catch (ParseException | RuntimeException e) {
      return null;
    }
  }

  /** Returns an id that no other JWT has. */
  static String id(RandomGenerator random) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Hashes.base64Url(bytes);
  }
}
