package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Authentic;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Outcome;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a callback URL proves itself to the makers. */
@Tag("G7")
class HandshakeTest {

  private static final Secret TOKEN = Secret.of("verify-me");

  @Test
  void slackGetsItsChallengeBackOnceItsSignatureIsChecked() {
    Received challenge =
        Received.sentBy(Signatures.slack(), "s")
            .body("{\"type\":\"url_verification\",\"challenge\":\"a\\\"<b>\"}")
            .signedWith("s");

    Answer answer = answer(challenge, false);

    assertThat(text(answer)).isEqualTo("{\"challenge\":\"a\\\"<b>\"}");
    assertThat(answer.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Content-Type-Options", "nosniff");
    assertRefused(challenge.withSecrets("other"), true, Reason.WRONG);
    assertRefused(challenge.without("x-slack-signature"), true, Reason.MISSING);
  }

  @Test
  void anOrdinaryDeliveryIsNoHandshake() {
    Received event =
        Received.sentBy(Signatures.slack(), "s")
            .body("{\"type\":\"event_callback\",\"event_id\":\"Ev1\"}")
            .signedWith("s");

    assertThat(receive(event, true)).isEqualTo(new Authentic(Optional.of("Ev1"), null));
  }

  @Test
  void smartsheetAsksOnceMoreInOrdinaryDeliveries() {
    Received event =
        Received.sentBy(Signatures.smartsheet(), "s")
            .header("Smartsheet-Hook-Challenge", "again")
            .body("{\"events\":[]}")
            .signedWith("s");

    Authentic delivery = (Authentic) receive(event, false);

    assertThat(delivery.answer()).isNotNull();
    assertThat(delivery.answer().headers()).containsEntry("smartsheet-hook-response", "again");
    assertRefused(event.withSecrets("other"), false, Reason.UNEXPECTED);
    assertRefused(event.without("Smartsheet-Hmac-SHA256"), false, Reason.UNEXPECTED);
  }

  @Test
  void whatNobodySignsAnswersNoHandshakeThatNobodyExpects() {
    Signature unsigned =
        Signature.unsigned()
            .handshake(
                Handshake.unprotected("POST")
                    .when(Place.header("x-challenge"))
                    .text("{header:x-challenge}")
                    .build())
            .build();

    assertRefused(
        Received.sentBy(unsigned, "s").header("x-challenge", "c").body("{}"),
        false,
        Reason.UNEXPECTED);
  }

  @Test
  void zoomGetsTheSignatureOfItsToken() {
    Received challenge =
        Received.sentBy(Signatures.zoom(), "invented-zoom-secret")
            .body("{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"abc123\"}}")
            .signedWith("invented-zoom-secret");

    assertThat(text(answer(challenge, false)))
        .isEqualTo(
            "{\"plainToken\":\"abc123\",\"encryptedToken\":"
                + "\"7f1c64d6869c8cd67bfcfa6f5ea7a609b953c6af4a44cda94161823432b38459\"}");
  }

  @Test
  void braintreeGetsTheSignatureOfItsChallengeAndOfNothingElse() {
    Received challenge =
        get(Signatures.braintree("pub1"), "bt_challenge=20f9f8ed05f77439fe955c977e4c8a53")
            .withSecrets("priv1");

    assertThat(text(answer(challenge, true)))
        .isEqualTo("pub1|7e4b40510fe3a0cac8895afafda3d605b27706d2");
    assertRefused(challenge.query("bt_challenge=PHhtbC8%2B"), true, Reason.MISSING);
  }

  @Test
  void graphGetsItsTokenAsPlainTextWhileTheSubscriptionAwaitsIt() {
    Received challenge =
        Received.sentBy(Signatures.microsoftGraph(), "state")
            .query("validationToken=%3Cscript%3Ealert(1)%3C/script%3E+x")
            .body("");

    Answer answer = answer(challenge, true);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo("<script>alert(1)</script> x");
    assertThat(answer.headers())
        .containsEntry("Content-Type", "text/plain; charset=utf-8")
        .containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(refusal(challenge, false))
        .returns(Reason.UNEXPECTED, DeliveryRefusedException::reason)
        .returns(404, DeliveryRefusedException::status);
  }

  @Test
  void metaGetsItsChallengeIfItSendsTheRightToken() {
    Received challenge =
        get(
            Signatures.meta(),
            "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444");

    assertThat(text(answer(challenge, false))).isEqualTo("1158201444");
    assertRefused(
        challenge.query("hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1"),
        true,
        Reason.WRONG);
    assertRefused(challenge.query("hub.mode=subscribe&hub.challenge=1"), true, Reason.MISSING);
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(
            () ->
                WebhookSignatures.receive(
                    challenge.signature(), challenge.arrival(), true, Secret.of("")))
        .returns(Reason.NO_SECRET, DeliveryRefusedException::reason);
  }

  @Test
  void dropboxAndTrelloAreAnsweredWhileTheSubscriptionAwaitsIt() {
    assertThat(text(answer(get(Signatures.dropbox(), "challenge=a+b"), true))).isEqualTo("a b");
    Answer head = answer(get(Signatures.trello(), "").method("HEAD"), true);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertRefused(get(Signatures.dropbox(), "challenge=x"), false, Reason.UNEXPECTED);
  }

  @Test
  void asanaAndNotionBringTheSecretOfLaterDeliveries() {
    Received asana =
        Received.sentBy(Signatures.asana()).header("X-Hook-Secret", "s3cret").body("{}");
    Received notion =
        Received.sentBy(Signatures.notion()).body("{\"verification_token\":\"secret_n\"}");

    Answer fromAsana = answer(asana, true);
    assertThat(fromAsana.headers()).containsEntry("x-hook-secret", "s3cret");
    assertThat(fromAsana.learned()).isEqualTo(Secret.of("s3cret"));
    assertThat(answer(notion, true).learned()).isEqualTo(Secret.of("secret_n"));
    assertRefused(asana, false, Reason.UNEXPECTED);
    assertRefused(notion, false, Reason.NO_SECRET);
    assertThat(fromAsana.toString()).doesNotContain("s3cret");
  }

  @Test
  void smartsheetGetsItsChallengeInAHeaderAndInJson() {
    Received challenge =
        Received.sentBy(Signatures.smartsheet(), "s").header("Smartsheet-Hook-Challenge", "c-1");

    Answer answer = answer(challenge, true);

    assertThat(answer.headers()).containsEntry("smartsheet-hook-response", "c-1");
    assertThat(text(answer)).isEqualTo("{\"smartsheetHookResponse\":\"c-1\"}");
  }

  @Test
  void discordsPingsAreAnsweredAsEachOfItsTwoKindsWants() {
    String key = "169714148aecba697dcd0881a83d7988f18efb31b1bcf856cf7acc08dd5efeb4";
    Received forged =
        Received.sentBy(Signatures.discordInteractions(), key)
            .body("{\"type\":1}")
            .header("X-Signature-Timestamp", "1767225600")
            .header("X-Signature-Ed25519", "00".repeat(64));

    assertRefused(forged, true, Reason.WRONG);
    assertThat(Signatures.discordInteractions().handshakes().get(0).json())
        .isEqualTo(Map.of("type", 1));
    assertThat(Signatures.discordEvents().handshakes().get(0).status()).isEqualTo(204);
  }

  @Test
  void anAnswerIsNotLargerThanOneKibibyte() {
    String most = "x".repeat(1024);

    assertThat(answer(get(Signatures.dropbox(), "challenge=" + most), true).body()).hasSize(1024);
    assertRefused(get(Signatures.dropbox(), "challenge=x" + most), true, Reason.MALFORMED);
  }

  @Test
  void aHeaderOfTheAnswerHoldsNothingButAscii() {
    Received asana = Received.sentBy(Signatures.asana()).body("{}");

    assertRefused(asana.header("X-Hook-Secret", "a\r\nSet-Cookie: b"), true, Reason.MALFORMED);
    assertRefused(asana.header("X-Hook-Secret", "\u00e9"), true, Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "POST"})
  void theMethodTellsAHandshake(String method) {
    Signature signature =
        Signature.unsigned()
            .handshake(
                Handshake.unprotected(method)
                    .when(Place.header("Origin"), "eventemitter.example.com")
                    .status(202)
                    .header("Allowed", "{header:Origin}")
                    .build())
            .build();
    Received challenge =
        Received.sentBy(signature).header("origin", "eventemitter.example.com").method(method);

    assertThat(answer(challenge, true).status()).isEqualTo(202);
    assertThat(receive(challenge.without("origin"), true)).isInstanceOf(Authentic.class);
    assertThat(receive(challenge.method("PUT"), true)).isInstanceOf(Authentic.class);
  }

  @Test
  void whatWouldSignAnythingForAnybodyIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            Handshake.unprotected("GET").when(Place.query("c")).text("{query:c|mac}")::build)
        .withMessage(
            "An unprotected handshake would sign anything: limit the value with whenMatching(...)");
  }

  private static Received get(Signature signature, String query) {
    return Received.sentBy(signature, "s").method("GET").query(query).body("");
  }

  private static Outcome receive(Received received, boolean awaited) {
    return WebhookSignatures.receive(received.signature(), received.arrival(), awaited, TOKEN);
  }

  private static Answer answer(Received received, boolean awaited) {
    return (Answer) receive(received, awaited);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), UTF_8);
  }

  private static DeliveryRefusedException refusal(Received received, boolean awaited) {
    try {
      Outcome outcome = receive(received, awaited);
      throw new AssertionError("Not refused: " + outcome);
    } catch (DeliveryRefusedException e) {
      return e;
    }
  }

  private static void assertRefused(Received received, boolean awaited, Reason reason) {
    assertThat(refusal(received, awaited).reason()).isEqualTo(reason);
  }
}
