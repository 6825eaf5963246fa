package dev.connectorsdk.examples.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("G1")
class AtlassianConnectTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Signature SIGNATURE =
      AtlassianConnect.below(URI.create("https://app.example/base/"));

  /** Of {@code POST&/in&a=1&b=2%203,4}, as the library atlassian-jwt 2.0.3 makes it. */
  private static final String QSH =
      "04f42f391a22d0a59221c6f9d0feb29b0291b4c799284f1d7d3ffcca5a3ac1f6";

  private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private static String token(String header, String secret, String qsh, long issued) {
    String claims =
        "{\"iss\":\"jira\",\"iat\":%d,\"exp\":%d,\"qsh\":\"%s\"}"
            .formatted(issued, issued + 180, qsh);
    String signed = encoded(header.getBytes(UTF_8)) + "." + encoded(claims.getBytes(UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return signed + "." + encoded(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void verify(String token, String method, String query, String... secrets)
      throws Exception {
    Delivery delivery =
        new Delivery(
            method, Map.of("authorization", List.of("JWT " + token)), query, new byte[] {1});
    SIGNATURE
        .verifier()
        .verify(
            Arrival.of(
                delivery,
                URI.create("https://app.example/base/in/"),
                List.of(secrets).stream().map(Secret::of).toList(),
                NOW));
  }

  private static void assertRefused(Reason reason, String token, String method, String query) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(() -> verify(token, method, query, "s3cret"))
        .returns(reason, DeliveryRefusedException::reason);
  }

  private static String genuine() {
    return token(HS256, "s3cret", QSH, NOW.getEpochSecond());
  }

  @ParameterizedTest
  @CsvSource({"b=4&a=1&b=2%203", "a=1&b=2+3&b=4", "jwt=x&a=1&b=2%203&b=4"})
  void theTokenIsForOneRequest(String query) throws Exception {
    verify(genuine(), "POST", query, "s3cret");
    verify(genuine(), "POST", query, "old", "s3cret");
  }

  @Test
  void anotherRequestIsRefused() {
    assertRefused(Reason.WRONG, genuine(), "PUT", "a=1&b=2%203&b=4");
    assertRefused(Reason.WRONG, genuine(), "POST", "a=1&b=2%203");
    assertRefused(Reason.WRONG, genuine(), "POST", null);
  }

  @Test
  @Tag("G2")
  void aTokenOfOthersIsRefused() {
    long now = NOW.getEpochSecond();
    String query = "a=1&b=2%203&b=4";

    assertRefused(Reason.WRONG, token(HS256, "others", QSH, now), "POST", query);
    assertRefused(Reason.UNKNOWN, token("{\"alg\":\"none\"}", "s3cret", QSH, now), "POST", query);
    assertRefused(Reason.MALFORMED, "a.b", "POST", query);
  }

  @Test
  @Tag("G3")
  void aTokenHasATimeItIsGoodFor() throws Exception {
    long now = NOW.getEpochSecond();
    String query = "a=1&b=2%203&b=4";

    verify(token(HS256, "s3cret", QSH, now + 300), "POST", query, "s3cret");
    verify(token(HS256, "s3cret", QSH, now - 480), "POST", query, "s3cret");
    assertRefused(Reason.EARLY, token(HS256, "s3cret", QSH, now + 301), "POST", query);
    assertRefused(Reason.LATE, token(HS256, "s3cret", QSH, now - 481), "POST", query);
  }

  @Test
  @Tag("G4")
  void nothingOfTheBodyIsCovered() {
    assertThat(SIGNATURE.stopsReplays()).isFalse();
  }
}
