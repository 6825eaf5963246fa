package dev.connectorsdk.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.fixtures.PlainHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The declared signatures next to the makers' own libraries: each accepts what the other signs, and
 * refuses it with a change. Where a library does not sign, Node.js signs as its documentation says.
 */
@ExtendWith(NodeServer.Installed.class)
@TestInstance(Lifecycle.PER_CLASS)
@Tag("G1")
class MakersLibrariesTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant T = Instant.ofEpochSecond(1767225600);
  private static final URI URL = URI.create("https://hooks.example/in");
  private static final String BODY =
      "{\"id\":\"e-1\",\"event\":\"ping\",\"name\":\"Zoë\",\"webhookTimestamp\":1767225600000}";
  private static final String FORM = "To=%2B2&From=%2B1&Body=hi+there";
  private static final String BRAINTREE =
      "<notification><timestamp type=\"datetime\">2026-01-01T00:00:00Z</timestamp><kind>check</kind>"
          + "<subject><check type=\"boolean\">true</check></subject></notification>";
  private static final String SNS =
      """
      {"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:eu:1:t","Subject":"Zoë",\
      "Message":"one\\ntwo","Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"2",\
      "SigningCertURL":"https://sns.eu-central-1.amazonaws.com/c.pem"}\
      """;

  /**
   * One maker.
   *
   * @param secret what the declaration checks with
   * @param signing what samples are signed with
   * @param key what the library needs besides
   */
  record Maker(
      String name,
      Signature signature,
      String secret,
      String signing,
      String key,
      Delivery sample) {

    static Maker of(String name, Signature signature, String secret) {
      return new Maker(name, signature, secret, secret, "", json(BODY));
    }

    Maker with(Delivery other) {
      return new Maker(name, signature, secret, signing, key, other);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private NodeServer libraries;

  @BeforeAll
  void start() throws Exception {
    libraries = NodeServer.start("webhook-makers.mjs");
  }

  @AfterAll
  void stop() {
    if (libraries != null) {
      libraries.close();
    }
  }

  static Stream<Maker> makers() throws Exception {
    KeyPair p256 = pair("EC");
    KeyPair ed25519 = pair("Ed25519");
    KeyPair rsa = pair("RSA");
    return Stream.of(
        Maker.of("github", Signatures.gitHub(), "It's a Secret to Everybody"),
        Maker.of("stripe", Signatures.stripe(), "whsec_dGVzdA=="),
        Maker.of("slack", Signatures.slack(), "slack-s3cret"),
        Maker.of(
            "standard", Signatures.standardWebhooks(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        Maker.of("svix", Signatures.svix(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        Maker.of("twilio", Signatures.twilio(), "twilio-token").with(form(FORM)),
        new Maker(
            "sendgrid",
            Signatures.sendGrid(),
            base64(p256.getPublic().getEncoded()),
            base64(p256.getPrivate().getEncoded()),
            base64(p256.getPublic().getEncoded()),
            json(BODY)),
        new Maker(
            "discord",
            Signatures.discordInteractions(),
            raw(ed25519),
            base64(ed25519.getPrivate().getEncoded()),
            raw(ed25519),
            json(BODY)),
        Maker.of("paddle", Signatures.paddle(), "pdl_s3cret"),
        Maker.of("contentful", Signatures.contentful(), "c".repeat(64)),
        new Maker(
            "braintree",
            Signatures.braintree("pub1"),
            "priv1",
            "priv1",
            "pub1",
            form("bt_payload=" + encoded(base64(BRAINTREE.getBytes(UTF_8))))),
        Maker.of("notion", Signatures.notion(), "secret_notion"),
        Maker.of("linear", Signatures.linear(), "linear-s3cret"),
        Maker.of("workos", Signatures.workOs(), "workos-s3cret"),
        new Maker(
            "sns",
            Signatures.amazonSns("arn:aws:sns:eu:1:t"),
            certificate(rsa),
            base64(rsa.getPrivate().getEncoded()),
            pem(rsa),
            json(SNS)));
  }

  @ParameterizedTest
  @MethodSource("makers")
  void theLibraryAcceptsOurSample(Maker maker) {
    Delivery signed =
        WebhookSignatures.sign(
            maker.signature(), Secret.of(maker.signing()), maker.sample(), URL, T);

    assertThat(accepts(maker, signed)).as("the sample").isTrue();
    assertThat(accepts(maker, changed(signed))).as("the changed sample").isFalse();
  }

  @ParameterizedTest
  @MethodSource("makers")
  void weAcceptWhatTheLibrarySigns(Maker maker) {
    Delivery signed = signedByTheLibrary(maker);

    check(maker, signed);

    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(() -> check(maker, changed(signed)));
  }

  /** Libraries that look only at the past, or at no time at all. */
  @ParameterizedTest
  @MethodSource("makers")
  @Tag("G3")
  void aTimestampAheadIsRefusedEvenWhereTheLibraryAcceptsIt(Maker maker) {
    Set<String> laxer =
        Set.of("stripe", "slack", "sendgrid", "discord", "paddle", "workos", "contentful");
    Set<String> alike = Set.of("standard", "svix", "linear");
    Delivery ahead =
        WebhookSignatures.sign(
            maker.signature(), Secret.of(maker.signing()), maker.sample(), URL, T.plusSeconds(301));

    boolean hasTime = laxer.contains(maker.name()) || alike.contains(maker.name());

    assertThat(maker.signature().freshness() != null).isEqualTo(hasTime);
    if (hasTime) {
      assertThat(accepts(maker, ahead)).isEqualTo(laxer.contains(maker.name()));
      assertThatExceptionOfType(DeliveryRefusedException.class)
          .isThrownBy(() -> check(maker, ahead))
          .returns(DeliveryRefusedException.Reason.EARLY, DeliveryRefusedException::reason);
    }
  }

  @Test
  void twilioAcceptsOurSampleOfEveryKind() {
    Maker twilio = Maker.of("twilio", Signatures.twilio(), "twilio-token");
    Signature sharedKey =
        Signature.of(Signature.Algorithm.HMAC_SHA256, Signatures.twilio().text())
            .in(Signature.Encoding.BASE64, Signatures.twilio().places().get(0))
            .algorithmNamedBy(
                Signatures.twilio().algorithmPlace(), Signatures.twilio().algorithmNames())
            .build();
    Secret secret = Secret.of("twilio-token");

    assertThat(
            Stream.of(
                WebhookSignatures.sign(twilio.signature(), secret, json(BODY), URL, T),
                WebhookSignatures.sign(twilio.signature(), secret, form("a=2&a=1&a=2&b="), URL, T),
                WebhookSignatures.sign(sharedKey, secret, form(FORM), URL, T)))
        .allMatch(sample -> accepts(twilio, sample))
        .allSatisfy(sample -> check(twilio, sample));
  }

  @Test
  @Tag("G7")
  void braintreeAnswersTheSameChallenge() {
    String challenge = "20f9f8ed05f77439fe955c977e4c8a53";
    Maker braintree =
        new Maker(
            "braintree", Signatures.braintree("pub1"), "priv1", "priv1", "pub1", json(challenge));
    Delivery get = new Delivery("GET", Map.of(), "bt_challenge=" + challenge, new byte[0]);
    Arrival arrival = Arrival.of(get, URL, List.of(Secret.of("priv1")), T);

    var answer = (Answer) WebhookSignatures.receive(braintree.signature(), arrival, true, null);

    assertThat(new String(answer.body(), UTF_8))
        .isEqualTo("pub1|7e4b40510fe3a0cac8895afafda3d605b27706d2")
        .isEqualTo(ask(braintree, "challenge", braintree.sample()).asString());
  }

  private static void check(Maker maker, Delivery delivery) {
    Secret secret = Secret.of(maker.secret());
    Arrival arrival =
        new Arrival(delivery, URL, List.of(secret), T, (location, keyId) -> maker.secret());
    WebhookSignatures.check(maker.signature(), arrival);
  }

  private boolean accepts(Maker maker, Delivery delivery) {
    JsonNode result = ask(maker, "verify", delivery);
    return result.isBoolean() ? result.booleanValue() : !result.isMissingNode();
  }

  private Delivery signedByTheLibrary(Maker maker) {
    JsonNode signed = ask(maker, "sign", maker.sample());
    assertThat(signed.isObject()).as("signature of %s: %s", maker, signed).isTrue();
    if (signed.has("bt_payload")) {
      return form(
          "bt_signature="
              + encoded(signed.get("bt_signature").asString())
              + "&bt_payload="
              + encoded(signed.get("bt_payload").asString()));
    }
    if (signed.has("body")) {
      return json(signed.get("body").toString());
    }
    Map<String, List<String>> headers = new HashMap<>(maker.sample().headers());
    signed.properties().forEach(h -> headers.put(h.getKey(), List.of(h.getValue().asString())));
    return new Delivery("POST", headers, null, maker.sample().body());
  }

  private JsonNode ask(Maker maker, String what, Delivery delivery) {
    Map<String, String> headers = new HashMap<>();
    delivery.headers().forEach((name, values) -> headers.put(name, values.get(0)));
    Map<String, Object> question = new HashMap<>();
    question.put("secret", what.equals("sign") ? maker.signing() : maker.secret());
    question.put("key", maker.key());
    question.put("url", URL.toString());
    question.put("method", delivery.method());
    question.put("headers", headers);
    question.put("query", delivery.query());
    question.put("body", base64(delivery.body()));
    question.put("now", T.toEpochMilli());
    return new PlainHttp(libraries.url())
        .callEncoded("POST", "/" + maker.name() + "/" + what)
        .bytes(JSON.writeValueAsBytes(question), "application/json")
        .send()
        .as(JsonNode.class)
        .path("result");
  }

  /** One letter of the payload in the other case. */
  private static Delivery changed(Delivery delivery) {
    String body = new String(delivery.body(), UTF_8);
    String other =
        body.contains("bt_payload=")
            ? body.replace("bt_payload=P", "bt_payload=Q")
            : body.replaceFirst("(Zo|hi)", "xy");
    assertThat(other).isNotEqualTo(body);
    return new Delivery(
        delivery.method(), delivery.headers(), delivery.query(), other.getBytes(UTF_8));
  }

  private static Delivery json(String body) {
    return delivery("application/json", body);
  }

  private static Delivery form(String body) {
    return delivery("application/x-www-form-urlencoded", body);
  }

  private static Delivery delivery(String type, String body) {
    return new Delivery("POST", Map.of("content-type", List.of(type)), null, body.getBytes(UTF_8));
  }

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    return generator.generateKeyPair();
  }

  /** The 32 bytes of RFC 8032, which are the end of the encoded key. */
  private static String raw(KeyPair ed25519) {
    byte[] encoded = ((EdECPublicKey) ed25519.getPublic()).getEncoded();
    return HexFormat.of().formatHex(encoded, encoded.length - 32, encoded.length);
  }

  /** What Amazon publishes. */
  private static String certificate(KeyPair keys) {
    return new HeldCertificate.Builder()
        .commonName("sns.amazonaws.com")
        .validityInterval(T.toEpochMilli(), T.plusSeconds(60).toEpochMilli())
        .keyPair(keys)
        .rsa2048()
        .build()
        .certificatePem();
  }

  private static String pem(KeyPair keys) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
