package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.KeySource;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signatures;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries with a JWT, whose keys are published by the maker or shared with it. */
@Tag("G2")
class SignedTokenTest {

  private static final Instant T = Received.T;
  private static final RSAKey RSA = rsa("google-1");
  private static final ECKey P256 = ec("plaid-1");
  private static final Signature GOOGLE =
      Signatures.googlePush("https://hooks.example/in", "push@project.example");

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void googlesTokenIsCheckedWithItsPublishedKeys() {
    google(claims -> claims).check();
    google(claims -> claims.issuer("accounts.google.com")).check();

    assertRefused(google(claims -> claims.issuer("https://evil.example")), Reason.UNKNOWN);
    assertRefused(google(claims -> claims.audience("https://other.example")), Reason.UNKNOWN);
    assertRefused(google(claims -> claims.claim("email", "x@y.example")), Reason.UNKNOWN);
    assertRefused(google(claims -> claims.claim("email_verified", false)), Reason.UNKNOWN);
    assertRefused(google(claims -> claims).without("authorization"), Reason.MISSING);
    assertRefused(google(claims -> claims).header("Authorization", "Basic eA=="), Reason.UNKNOWN);
  }

  @Test
  @Tag("G3")
  void aTokenHasATimeItIsGoodFor() {
    google(claims -> claims).arriving(Duration.ofSeconds(3600 + 299)).check();
    assertRefused(google(claims -> claims).arriving(Duration.ofSeconds(3600 + 301)), Reason.LATE);
    assertRefused(google(claims -> claims).arriving(Duration.ofSeconds(-301)), Reason.EARLY);
    assertRefused(google(claims -> claims.expirationTime(null)), Reason.MISSING);
    assertRefused(
        google(claims -> claims.notBeforeTime(Date.from(T.plusSeconds(301)))), Reason.EARLY);
  }

  @Test
  void aKeyThatIsNotPublishedIsUnknown() {
    String token = token(rsa("other"), JWSAlgorithm.RS256, googleClaims().build());

    assertRefused(
        google(claims -> claims).header("Authorization", "Bearer " + token), Reason.UNKNOWN);
  }

  @Test
  void aKeyOfTheSameNameDoesNotFit() {
    String token = token(rsa("google-1"), JWSAlgorithm.RS256, googleClaims().build());

    assertRefused(
        google(claims -> claims).header("Authorization", "Bearer " + token), Reason.WRONG);
  }

  @Test
  void theDeclaredAlgorithmCountsAndNotTheOneInTheToken() throws Exception {
    String none = "eyJhbGciOiJub25lIn0.e30.";
    byte[] publicKey = RSA.toPublicJWK().toJSONString().getBytes(UTF_8);
    String confused =
        token(new MACSigner(publicKey), JWSAlgorithm.HS256, "google-1", googleClaims().build());
    String other = token(RSA, JWSAlgorithm.RS512, googleClaims().build());

    assertRefused(
        google(claims -> claims).header("Authorization", "Bearer " + none), Reason.MALFORMED);
    assertRefused(
        google(claims -> claims).header("Authorization", "Bearer " + confused), Reason.UNKNOWN);
    assertRefused(
        google(claims -> claims).header("Authorization", "Bearer " + other), Reason.UNKNOWN);
  }

  @Test
  void keysThatCannotBeFetchedAreNoRefusalForGood() {
    KeySource down =
        (location, keyId) -> {
          throw new IOException("secret-host is down");
        };

    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(google(claims -> claims).keys(down)::check)
        .withMessage("Delivery refused: the service's keys could not be fetched or read")
        .returns(503, DeliveryRefusedException::status)
        .returns(true, DeliveryRefusedException::isRetryable);
    assertRefused(
        google(claims -> claims).keys((location, keyId) -> "<html>"), Reason.KEYS_UNAVAILABLE);
  }

  @Test
  void keysThatCodeCannotFetchAreNoRefusalForGood() {
    Signature inCode = Signature.inCode(arrival -> arrival.keys().fetch(Received.U, null)).build();

    assertRefused(Received.sentBy(inCode), Reason.KEYS_UNAVAILABLE);
    Received.sentBy(inCode).keys((location, keyId) -> "a key").check();
  }

  @Test
  @Tag("G1")
  void plaidsTokenCoversTheBodyByItsDigest() {
    plaid(T).check();

    assertRefused(plaid(T).body("{}"), Reason.WRONG);
    assertRefused(plaid(T).arriving(Duration.ofSeconds(301)), Reason.LATE);
    assertRefused(plaid(T.plusSeconds(301)), Reason.EARLY);
    assertThat(Signatures.plaid().coversBody()).isTrue();
    assertThat(GOOGLE.coversBody()).isFalse();
  }

  @Test
  void aSharedSecretSignsToo() {
    Signature shared =
        Signature.jwt(Algorithm.JWT_HS256)
            .in(Place.query("jwt"))
            .requiring(Place.claim("iss"), "client-1")
            .build();
    String secret = "a-shared-secret-of-more-than-32-characters";
    Received sample = Received.sentBy(shared, secret).signedWith(secret);

    sample.check();
    assertRefused(sample.withSecrets("another-secret-of-more-than-32-characters"), Reason.WRONG);
    assertRefused(sample.withSecrets("short"), Reason.NO_SECRET);
    assertRefused(sample.query(sample.delivery().query() + "&jwt=x"), Reason.MALFORMED);
  }

  private static JWTClaimsSet.Builder googleClaims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://accounts.google.com")
        .audience("https://hooks.example/in")
        .claim("email", "push@project.example")
        .claim("email_verified", true)
        .issueTime(Date.from(T))
        .expirationTime(Date.from(T.plusSeconds(3600)));
  }

  private static Received google(UnaryOperator<JWTClaimsSet.Builder> change) {
    String token = token(RSA, JWSAlgorithm.RS256, change.apply(googleClaims()).build());
    return Received.sentBy(GOOGLE)
        .header("Authorization", "Bearer " + token)
        .keys((location, keyId) -> published(location.toString().contains("google"), RSA));
  }

  private static Received plaid(Instant issued) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issueTime(Date.from(issued))
            .claim(
                "request_body_sha256",
                "99a0f6df" + Crypto.hex(Crypto.hash("SHA-256", body())).substring(8))
            .build();
    return Received.sentBy(Signatures.plaid())
        .header("Plaid-Verification", token(P256, JWSAlgorithm.ES256, claims))
        .keys((location, keyId) -> published("plaid-1".equals(keyId), P256));
  }

  private static byte[] body() {
    return Received.B.getBytes(UTF_8);
  }

  private static String published(boolean asked, JWK key) {
    assertThat(asked).as("asked where the keys are").isTrue();
    return new JWKSet(key.toPublicJWK()).toString();
  }

  private static String token(RSAKey key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
    try {
      return token(new RSASSASigner(key), algorithm, key.getKeyID(), claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token(ECKey key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
    try {
      return token(new ECDSASigner(key), algorithm, key.getKeyID(), claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token(
      JWSSigner signer, JWSAlgorithm algorithm, String keyId, JWTClaimsSet claims) {
    try {
      SignedJWT token =
          new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(Received received, Reason reason) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(received::check)
        .returns(reason, DeliveryRefusedException::reason);
  }
}
