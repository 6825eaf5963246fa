package dev.connectorsdk.auth.webhook;

import static dev.connectorsdk.auth.webhook.Received.sentBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures that the makers' own libraries accept, or that they have published. */
@Tag("G1")
class MakersTest {

  private static final String T = "1767225600";
  private static final String T_MILLIS = "1767225600000";
  private static final String ADYEN =
      """
      {"live":"false","notificationItems":[{"NotificationRequestItem":{
        "additionalData":{"hmacSignature":"xTxBEl8l44DMG408GFxF3DwytCCy3Z2pg5fw/LLpLVg="},
        "amount":{"currency":"EUR","value":100},"eventCode":"AUTHORISATION",
        "merchantAccountCode":"Shop","merchantReference":"%s",
        "pspReference":"PSP1","success":"true"}}]}
      """;

  static Stream<Arguments> vectors() {
    return Stream.of(
        vector(
            "GitHub",
            sentBy(Signatures.gitHub(), "invented-github-secret")
                .header(
                    "X-Hub-Signature-256",
                    "sha256=631cd02f4d7f56b2469e0487aa199ec2bb79c4927f57907b899b2af85c17e658")),
        vector(
            "Stripe",
            sentBy(Signatures.stripe(), "whsec_dGVzdA==")
                .header(
                    "Stripe-Signature",
                    "t="
                        + T
                        + ",v1=b1d1dd61eb2f9a021e1bf8650f78704c13923526ed3915d63ad8f4e5c406c2ed")),
        vector("Standard Webhooks", standard(Signatures.standardWebhooks(), "webhook")),
        vector("Svix", standard(Signatures.svix(), "svix")),
        vector(
            "Slack",
            sentBy(Signatures.slack(), "invented-slack-secret")
                .header("X-Slack-Request-Timestamp", T)
                .header(
                    "X-Slack-Signature",
                    "v0=dc644623390aabf109f16d41da7a2d887fa03c17f5538d8df72ed9f8e777a47e")),
        vector(
            "Shopify",
            sentBy(Signatures.shopify(), "invented-shopify-secret")
                .header("X-Shopify-Topic", "orders/create")
                .header("X-Shopify-Shop-Domain", "shop.example")
                .header("X-Shopify-API-Version", "2026-01")
                .header("X-Shopify-Webhook-Id", "w-1")
                .header("X-Shopify-Hmac-Sha256", "6pcrIfXNW6q3LThaCr6f1KEEn1G3oJQNDFpGZQ6Q2CE=")),
        vector(
            "Twilio",
            sentBy(Signatures.twilio(), "invented-twilio-token")
                .form("To=%2B2&From=%2B1&Body=hi")
                .header("X-Twilio-Signature", "dco4kbL6THYcu7L+jUcs66JcW40=")),
        vector(
            "Twilio with HMAC-SHA256",
            sentBy(Signatures.twilio(), "invented-twilio-token")
                .form("To=%2B2&From=%2B1&Body=hi")
                .header("X-Twilio-Webhooks-Signature-Settings", "key=k1,algorithm=HMAC_SHA256")
                .header("X-Twilio-Signature", "Xk3y05wjZ3HDC75jj8Sp/mOciukS0L5quLauv2liesI=")),
        vector(
            "Square",
            sentBy(Signatures.square(), "invented-square-key")
                .header(
                    "x-square-hmacsha256-signature",
                    "vjs8YYUW4nFcb3t2FdQA/F/54QaJbmTPpk86iLRvdDw=")),
        vector(
            "HubSpot",
            sentBy(Signatures.hubSpot(), "invented-hubspot-secret")
                .header("X-HubSpot-Request-Timestamp", T_MILLIS)
                .header("X-HubSpot-Signature-v3", "MX6GN/5EjQ79l/JysKDctX1GJtbbxpL0iAyFlDNCEHo=")),
        vector(
            "SendGrid",
            sentBy(
                    Signatures.sendGrid(),
                    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEU/zyBqvrdbsKT5PU0pbyz9elBAxwoD/PcPQcI02xEmZ1"
                        + "R+XGwF6gdee8muIdeUslDg3rsJNtJt6cS+sm4z32JQ==")
                .header("X-Twilio-Email-Event-Webhook-Timestamp", T)
                .header(
                    "X-Twilio-Email-Event-Webhook-Signature",
                    "MEUCIQDY0ohOsGqZ8nurfPwnFaKP/hG1WTdSzEI9tcjj6LPMnQIgBqK81EhwNdcTPKx8v+izLhjn4pbH"
                        + "ODpmbFXtiSShKKY=")),
        vector(
            "Discord",
            sentBy(
                    Signatures.discordInteractions(),
                    "169714148aecba697dcd0881a83d7988f18efb31b1bcf856cf7acc08dd5efeb4")
                .header("X-Signature-Timestamp", T)
                .header(
                    "X-Signature-Ed25519",
                    "afe6d836120f796ccb253b6b62d553d256caca1bc7b44fb2f67c0a428d226b74"
                        + "4520af41aae2651d762f33c0e999ddb15c1ee0a5d549c3db15c02d28a85ed706")),
        vector(
            "Adyen",
            sentBy(Signatures.adyen(), "00112233445566778899AABBCCDDEEFF".repeat(2))
                .body(ADYEN.formatted("a:b"))),
        vector(
            "Linear",
            sentBy(Signatures.linear(), "invented-linear-secret")
                .body("{\"type\":\"Issue\",\"webhookTimestamp\":1767225600000}")
                .header(
                    "linear-signature",
                    "7390c59bf1b8ad289ac0fb21c6b8e0597151785f4b3a4883c2ee6eef5438053b")),
        vector(
            "Contentful",
            sentBy(Signatures.contentful(), "invented-contentful-secret" + "0".repeat(38))
                .callback("https://hooks.example/in")
                .query(null)
                .header("x-contentful-topic", "Ping")
                .header("x-contentful-timestamp", T_MILLIS)
                .header(
                    "x-contentful-signed-headers",
                    "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic")
                .header(
                    "x-contentful-signature",
                    "f27899d6031ef03f8324c643bcb68294d1c498fc6cd547d1b01fc309e83b553b")),
        vector(
            "Zoom",
            sentBy(Signatures.zoom(), "invented-zoom-secret")
                .header("x-zm-request-timestamp", T)
                .header(
                    "x-zm-signature",
                    "v0=fec1a7106b77c569b68d84229479f966ae9d1ab964709073dd99b9cf5cadc463")),
        vector(
            "Paddle",
            sentBy(Signatures.paddle(), "pdl_invented")
                .header(
                    "Paddle-Signature",
                    "ts="
                        + T
                        + ";h1=f913e4b4ec0b8a59239ec1d99b769ab3276295828be1519948638707d7a9fc61")),
        vector(
            "Box",
            sentBy(Signatures.box(), "invented-box-primary")
                .header("box-delivery-timestamp", "2026-01-01T00:00:00Z")
                .header("box-signature-primary", "I6pK7GmhZvOLi1ZO7r0OJfLwMWQk2XHEFzgXwPNDJ2s=")),
        vector(
            "GitHub's documentation",
            sentBy(Signatures.gitHub(), "It's a Secret to Everybody")
                .body("Hello, World!")
                .header(
                    "X-Hub-Signature-256",
                    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")),
        vector(
            "Standard Webhooks' specification",
            sentBy(Signatures.standardWebhooks(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .arriving(Duration.ofSeconds(1614265330L - 1767225600L))
                .body("{\"test\": 2432232314}")
                .header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .header("webhook-timestamp", "1614265330")
                .header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")),
        vector(
            "Stripe, checklist",
            sentBy(Signatures.stripe(), "whsec_test")
                .arriving(Duration.ofSeconds(1614265330L - 1767225600L))
                .body("{\"id\":\"evt_1\"}")
                .header(
                    "Stripe-Signature",
                    "t=1614265330,"
                        + "v1=347e9afe3d74ec4c5cbefd270edc9246513ae3da7b375223e302560fbd4146eb")),
        vector(
            "Slack, checklist",
            sentBy(Signatures.slack(), "slack-secret")
                .arriving(Duration.ofSeconds(1614265330L - 1767225600L))
                .body("token=abc&text=hi")
                .header("X-Slack-Request-Timestamp", "1614265330")
                .header(
                    "X-Slack-Signature",
                    "v0=03a22deefcac4b9aa72ad68416c2f919d407dca0961c59402c2dcb95de10e789")));
  }

  private static Received standard(Signature signature, String name) {
    return sentBy(signature, "whsec_dGVzdA==")
        .header(name + "-id", "msg_1")
        .header(name + "-timestamp", T)
        .header(name + "-signature", "v1,FVuedZZb8iB/dKTYEb3I+4gZf0xJK13drwznpNnJTE0=");
  }

  private static Arguments vector(String maker, Received received) {
    return Arguments.of(maker, received);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void acceptsWhatTheMakerSends(String maker, Received received) {
    received.check();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void refusesItWithAByteOfTheBodyChanged(String maker, Received received) {
    byte[] changed = received.body().clone();
    int at = maker.equals("Adyen") ? ADYEN.indexOf("PSP1") : changed.length - 2;
    changed[at] ^= 1;

    assertRefused(received.body(changed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void refusesItWithAnotherSecret(String maker, Received received) {
    String secret = received.secrets().get(0).reveal();
    String other =
        maker.equals("SendGrid") || maker.equals("Discord")
            ? secret.replaceFirst("[69]d?", "7")
            : secret.startsWith("whsec_") ? "whsec_b3RoZXI=" : secret.replace('1', '2') + "00";

    assertRefused(received.withSecrets(other));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  @Tag("G2")
  void refusesItWithoutSecret(String maker, Received received) {
    assertRefused(received.withSecrets());
    assertRefused(received.withSecrets(""));
    assertRefused(received.withSecrets(" "));
    assertThat(WebhookSignatures.problem(received.signature(), Secret.of(""))).isPresent();
    assertThat(WebhookSignatures.problem(received.signature(), Secret.of(" "))).isPresent();
    assertThat(WebhookSignatures.problem(received.signature(), received.secrets().get(0)))
        .isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  @Tag("G3")
  void refusesItTooLateAndTooEarly(String maker, Received received) {
    if (received.signature().freshness() != null) {
      assertRefused(received.arriving(Duration.ofSeconds(301)));
      assertRefused(received.arriving(Duration.ofSeconds(-301)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void signsASampleThatItAccepts(String maker, Received received) {
    if (!received.signature().algorithm().hasPublicKey()) {
      String secret = received.secrets().get(0).reveal();

      Received sample =
          sentBy(received.signature(), secret).body(received.body()).signedWith(secret);

      sample.check();
    }
  }

  private static void assertRefused(Received received) {
    assertThatExceptionOfType(DeliveryRefusedException.class).isThrownBy(received::check);
  }
}
