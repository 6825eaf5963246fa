package dev.connectorsdk.auth.webhook;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JWT as the signature of a delivery; RFC 7519. */
final class SignedToken {

  private static final Duration SKEW = Duration.ofMinutes(5);

  private final Signature signature;
  private final SignedJWT jwt;

  private SignedToken(Signature signature, SignedJWT jwt) {
    this.signature = signature;
    this.jwt = jwt;
  }

  /** Returns a token that names the declared algorithm, not yet checked. */
  static SignedToken parse(Signature signature, String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      if (!jwt.getHeader().getAlgorithm().getName().equals(jwsName(signature.algorithm()))) {
        throw Refusals.unknown(signature.places().get(0));
      }
      return new SignedToken(signature, jwt);
    } catch (ParseException e) {
      throw Refusals.malformed(signature.places().get(0), "is no JWT");
    }
  }

  /** Returns the claims as text, by name, if signature and times are right. */
  Map<String, List<String>> verified(Arrival arrival) {
    URI keySet = signature.keySet();
    boolean fits =
        keySet == null
            ? arrival.secrets().stream().anyMatch(this::fits)
            : fits(publishedKey(keySet, arrival));
    if (!fits) {
      throw Refusals.wrong("the signature of the JWT");
    }
    JWTClaimsSet claims = claims();
    checkTimes(claims, arrival.at());
    return texts(claims);
  }

  private boolean fits(Secret secret) {
    try {
      return jwt.verify(new MACVerifier(SecretText.key(signature, secret)));
    } catch (JOSEException e) {
      throw Refusals.refused(Reason.NO_SECRET, "the secret is too short for a JWT");
    }
  }

  private boolean fits(JWK key) {
    try {
      JWSVerifier verifier =
          signature.algorithm() == Algorithm.JWT_RS256
              ? new RSASSAVerifier(key.toRSAKey())
              : new ECDSAVerifier(key.toECKey());
      return jwt.verify(verifier);
    } catch (JOSEException | ClassCastException e) {
      throw Refusals.refused(Reason.UNKNOWN, "the JWT's key is of another kind");
    }
  }

  private JWK publishedKey(URI location, Arrival arrival) {
    String keyId = jwt.getHeader().getKeyID();
    if (keyId == null) {
      throw Refusals.missing("the JWT's key id");
    }
    JWK key = keys(location, keyId, arrival).getKeyByKeyId(keyId);
    if (key == null) {
      throw Refusals.refused(Reason.UNKNOWN, "the JWT names a key that the service does not have");
    }
    return key;
  }

  private static JWKSet keys(URI location, String keyId, Arrival arrival) {
    try {
      return JWKSet.parse(PublishedText.fetch(arrival, location, keyId));
    } catch (ParseException e) {
      throw PublishedText.unavailable();
    }
  }

  private JWTClaimsSet claims() {
    try {
      return jwt.getJWTClaimsSet();
    } catch (ParseException e) {
      throw Refusals.malformed("the JWT", "has claims that cannot be read");
    }
  }

  private void checkTimes(JWTClaimsSet claims, Instant at) {
    Date expires = claims.getExpirationTime();
    if (expires == null && signature.freshness() == null) {
      throw Refusals.missing("the JWT's expiry");
    }
    if (expires != null && at.isAfter(expires.toInstant().plus(SKEW))) {
      throw Refusals.refused(Reason.LATE, "the JWT has expired");
    }
    if (isLater(claims.getNotBeforeTime(), at) || isLater(claims.getIssueTime(), at)) {
      throw Refusals.refused(Reason.EARLY, "the JWT is from the future");
    }
  }

  private static boolean isLater(@Nullable Date date, Instant at) {
    return date != null && date.toInstant().isAfter(at.plus(SKEW));
  }

  private static Map<String, List<String>> texts(JWTClaimsSet claims) {
    Map<String, List<String>> texts = new HashMap<>();
    claims.getClaims().forEach((name, value) -> texts.put(name, texts(value)));
    return texts;
  }

  private static List<String> texts(@Nullable Object value) {
    if (value instanceof Date date) {
      return List.of(Long.toString(date.toInstant().getEpochSecond()));
    }
    if (value instanceof List<?> list) {
      return list.stream().filter(Objects::nonNull).map(Object::toString).toList();
    }
    return value == null ? List.of() : List.of(value.toString());
  }

  /**
   * Returns a token for a sample.
   *
   * @param secret the shared secret, or a private JWK with an id
   */
  static String sign(Signature signature, Secret secret, Map<String, Object> claims) {
    try {
      JWSHeader.Builder header =
          new JWSHeader.Builder(JWSAlgorithm.parse(jwsName(signature.algorithm())));
      JWTClaimsSet.Builder set = new JWTClaimsSet.Builder();
      claims.forEach(set::claim);
      JWSSigner signer;
      if (signature.keySet() == null) {
        signer = new MACSigner(SecretText.key(signature, secret));
      } else {
        JWK key = JWK.parse(secret.reveal());
        header.keyID(key.getKeyID());
        signer =
            signature.algorithm() == Algorithm.JWT_RS256
                ? new RSASSASigner(key.toRSAKey())
                : new ECDSASigner(key.toECKey());
      }
      SignedJWT token = new SignedJWT(header.build(), set.build());
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException | ParseException | ClassCastException e) {
      throw new IllegalArgumentException(
          "Samples with " + signature.algorithm() + " need a secret that can sign them");
    }
  }

  private static String jwsName(Algorithm algorithm) {
    return algorithm.name().substring("JWT_".length());
  }
}
