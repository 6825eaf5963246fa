package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries of Amazon SNS, which name the certificate that they are signed with. */
@Tag("G2")
class NamedCertificateTest {

  private static final String URL = "https://sns.eu-central-1.amazonaws.com/Service-0a1b.pem";
  private static final String TOPIC = "arn:aws:sns:eu:1:t";
  private static final Signature SNS = Signatures.amazonSns(TOPIC);
  private static final HeldCertificate AMAZONS = named("sns.amazonaws.com").build();

  private static HeldCertificate.Builder named(String name) {
    return new HeldCertificate.Builder()
        .commonName(name)
        .validityInterval(
            Received.T.minusSeconds(60).toEpochMilli(), Received.T.plusSeconds(60).toEpochMilli())
        .rsa2048();
  }

  private static String message(String url) {
    return """
        {"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:eu:1:t","Message":"Zoë",\
        "Timestamp":"2026-01-01T00:00:00.000Z","SigningCertURL":"%s"}\
        """
        .formatted(url);
  }

  /** Returns a message that is signed with a certificate, which is at a URL. */
  private static Received signed(HeldCertificate certificate, String url) {
    String key =
        Base64.getEncoder().encodeToString(certificate.keyPair().getPrivate().getEncoded());
    return Received.sentBy(SNS)
        .body(message(url))
        .signedWith(key)
        .keys((location, keyId) -> published(location, url, certificate));
  }

  private static String published(URI asked, String url, HeldCertificate certificate) {
    assertThat(asked).hasToString(url);
    return certificate.certificatePem();
  }

  @Test
  @Tag("G1")
  void aMessageIsCheckedWithTheCertificateThatItNames() {
    assertThat(signed(AMAZONS, URL).check()).hasValue("m-1");

    Received changed = signed(AMAZONS, URL);
    assertRefused(
        changed.body(new String(changed.body(), UTF_8).replace("Zoë", "Zoe")), Reason.WRONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.eu-central-1.amazonaws.com/c.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/c.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com/c.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/c.pem",
        "https://bucket.s3.amazonaws.com/c.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/c.pem",
        "https://sns.eu-central-1.amazonaws.com/?c.pem",
        "file:///etc/c.pem"
      })
  void aCertificateIsFetchedFromTheServiceAlone(String url) {
    assertRefused(signed(AMAZONS, url), Reason.UNKNOWN);
  }

  @Test
  void aCertificateOfSomebodyElseIsRefused() {
    assertRefused(signed(named("evil.example").build(), URL), Reason.UNKNOWN);
    assertRefused(signed(named("sns.amazonaws.com.evil.example").build(), URL), Reason.UNKNOWN);
    signed(named("any").addSubjectAlternativeName("sns.amazonaws.com").build(), URL).check();
    signed(named("sns-signing.ap-east-1.amazonaws.com").build(), URL).check();
    signed(named("sns-cn-north-1.amazonaws.com.cn").build(), URL).check();
  }

  @Test
  @Tag("G3")
  void aCertificateHasATimeItIsGoodFor() {
    signed(AMAZONS, URL).arriving(Duration.ofMinutes(1)).check();
    signed(AMAZONS, URL).arriving(Duration.ofMinutes(-1)).check();
    assertRefused(signed(AMAZONS, URL).arriving(Duration.ofSeconds(61)), Reason.UNKNOWN);
    assertRefused(signed(AMAZONS, URL).arriving(Duration.ofSeconds(-61)), Reason.UNKNOWN);
  }

  @Test
  void aKeyOfAnotherKindIsNone() {
    HeldCertificate curve =
        new HeldCertificate.Builder()
            .commonName("sns.amazonaws.com")
            .validityInterval(0, Received.T.plusSeconds(60).toEpochMilli())
            .ecdsa256()
            .build();

    assertRefused(
        signed(AMAZONS, URL).keys((location, keyId) -> curve.certificatePem()), Reason.UNKNOWN);
  }

  @Test
  @Tag("G5")
  void aCertificateThatCannotBeHadIsNoRefusalForGood() {
    assertRefused(signed(AMAZONS, URL).keys((l, id) -> "<html>"), Reason.KEYS_UNAVAILABLE);
    assertRefused(
        signed(AMAZONS, URL)
            .keys(
                (location, keyId) -> {
                  throw new IOException("down");
                }),
        Reason.KEYS_UNAVAILABLE);
  }

  @Test
  @Tag("G7")
  void aSignedConfirmationSaysWhatIsToBeOpened() {
    String opened = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336";

    assertThat(confirmation(TOPIC, opened).opens()).isEqualTo(URI.create(opened));
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(() -> confirmation(TOPIC, "https://evil.example/?Action=ConfirmSubscription"))
        .returns(Reason.UNKNOWN, DeliveryRefusedException::reason);
  }

  @Test
  @Tag("G8")
  void aTopicOfAnotherAccountIsRefused() {
    String opened = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336";

    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(() -> confirmation("arn:aws:sns:eu:2:t", opened));
  }

  private static Answer confirmation(String topic, String opened) {
    String body =
        """
        {"Type":"SubscriptionConfirmation","MessageId":"m-1","Token":"2336","TopicArn":"%s",\
        "Message":"m","SubscribeURL":"%s","Timestamp":"2026-01-01T00:00:00.000Z",\
        "SigningCertURL":"%s"}\
        """
            .formatted(topic, opened, URL);
    String key = Base64.getEncoder().encodeToString(AMAZONS.keyPair().getPrivate().getEncoded());
    var sample = new Delivery("POST", Map.of(), null, body.getBytes(UTF_8));
    Delivery delivery = WebhookSignatures.sign(SNS, Secret.of(key), sample, Received.U, Received.T);
    Arrival arrival =
        new Arrival(
            delivery, Received.U, List.of(), Received.T, (l, id) -> AMAZONS.certificatePem());
    return (Answer) WebhookSignatures.receive(SNS, arrival, false, null);
  }

  @Test
  void aDeclarationFetchesNothingWithoutTls() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Signature.of(Algorithm.RSA_SHA256, "{body}")
                    .certificate(Place.json("/c"), "http://acme.example/.*", ".*"))
        .withMessageContaining("https");
  }

  private static void assertRefused(Received received, Reason reason) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(received::check)
        .returns(reason, DeliveryRefusedException::reason);
  }
}
