package dev.connectorsdk.auth.webhook;

import static dev.connectorsdk.auth.webhook.Received.B;
import static dev.connectorsdk.auth.webhook.Received.sentBy;
import static dev.connectorsdk.auth.webhook.Received.signed;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An authentic delivery, changed in one way each. */
class SpoiltDeliveriesTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_b3RoZXI=";

  private static final Received STANDARD = signed(Signatures.standardWebhooks(), SECRET);
  private static final Received HEX = signed(Signatures.gitHub(), "s");

  static Stream<Arguments> spoilt() {
    String good = STANDARD.header("webhook-signature");
    String id = STANDARD.header("webhook-id");
    return Stream.of(
        Arguments.of("another id", STANDARD.header("webhook-id", id + "x"), Reason.WRONG),
        Arguments.of("no id", STANDARD.without("webhook-id"), Reason.MISSING),
        Arguments.of("two ids", STANDARD.header("webhook-id", id, id), Reason.MALFORMED),
        Arguments.of(
            "another timestamp", STANDARD.header("webhook-timestamp", "1767225601"), Reason.WRONG),
        Arguments.of("no timestamp", STANDARD.without("webhook-timestamp"), Reason.MISSING),
        Arguments.of("no signature", STANDARD.without("webhook-signature"), Reason.MISSING),
        Arguments.of("an empty one", STANDARD.header("webhook-signature", ""), Reason.UNKNOWN),
        Arguments.of("no comma", STANDARD.header("webhook-signature", "v1"), Reason.UNKNOWN),
        Arguments.of("no value", STANDARD.header("webhook-signature", "v1,"), Reason.UNKNOWN),
        Arguments.of(
            "only a scheme that is not accepted",
            STANDARD.header("webhook-signature", good.replace("v1,", "v2,")),
            Reason.UNKNOWN),
        Arguments.of(
            "the scheme in another case",
            STANDARD.header("webhook-signature", good.replace("v1,", "V1,")),
            Reason.UNKNOWN),
        Arguments.of("no Base64", STANDARD.header("webhook-signature", "v1,%%%"), Reason.MALFORMED),
        Arguments.of(
            "no padding",
            STANDARD.header("webhook-signature", good.replace("=", "")),
            Reason.MALFORMED),
        Arguments.of(
            "cut off",
            STANDARD.header("webhook-signature", good.substring(0, good.length() - 4)),
            Reason.WRONG),
        Arguments.of("no body", STANDARD.body(""), Reason.WRONG),
        Arguments.of("JSON written anew", STANDARD.body(B.replace(",", ", ")), Reason.WRONG),
        Arguments.of("a line break at the end", STANDARD.body(B + "\n"), Reason.WRONG),
        Arguments.of("a byte order mark", STANDARD.body("\uFEFF" + B), Reason.WRONG),
        Arguments.of("another charset", STANDARD.body(B.getBytes(UTF_16)), Reason.WRONG),
        Arguments.of("compressed", STANDARD.body(gzip(B)), Reason.WRONG));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoilt")
  @Tag("G1")
  void isRefused(String what, Received received, Reason reason) {
    assertThat(STANDARD.check()).hasValue(STANDARD.header("webhook-id"));
    assertRefused(received, reason);
  }

  @Test
  @Tag("G1")
  void everyCharacterOfASignatureCounts() {
    String good = STANDARD.header("webhook-signature");
    for (int i = 0; i < good.length(); i++) {
      StringBuilder changed = new StringBuilder(good);
      changed.setCharAt(i, (char) (good.charAt(i) ^ 1));

      assertThatExceptionOfType(DeliveryRefusedException.class)
          .as("character %d", i)
          .isThrownBy(STANDARD.header("webhook-signature", changed.toString())::check);
    }
  }

  @Test
  @Tag("G1")
  void everyByteOfABodyCounts() {
    for (int i = 0; i < STANDARD.body().length; i++) {
      byte[] changed = STANDARD.body().clone();
      changed[i] ^= 1;

      assertRefused(STANDARD.body(changed), Reason.WRONG);
    }
  }

  @Test
  void hexadecimalDigitsAreComparedAsBytes() {
    String digits = HEX.header("x-hub-signature-256").substring("sha256=".length());

    HEX.header("x-hub-signature-256", "sha256=" + digits.toUpperCase(Locale.ROOT)).check();
    assertRefused(HEX.header("x-hub-signature-256", "SHA256=" + digits), Reason.UNKNOWN);
    assertRefused(HEX.header("x-hub-signature-256", "sha256=" + digits + "0"), Reason.MALFORMED);
  }

  @ParameterizedTest
  @Tag("G3")
  @ValueSource(ints = {-300, -299, 0, 299, 300})
  void aTimestampWithinTheToleranceIsAccepted(int seconds) {
    STANDARD.arriving(Duration.ofSeconds(seconds)).check();
  }

  @Test
  @Tag("G3")
  void aTimestampBeyondTheToleranceIsRefusedInBothDirections() {
    assertRefused(STANDARD.arriving(Duration.ofSeconds(301)), Reason.LATE);
    assertRefused(STANDARD.arriving(Duration.ofSeconds(-301)), Reason.EARLY);
  }

  @ParameterizedTest
  @Tag("G3")
  @ValueSource(
      strings = {
        "",
        " ",
        "+1767225600",
        "-1",
        "1767225600.0",
        "0x69",
        "１７６７２２５６００",
        "9999999999999999"
      })
  void aTimestampIsDigitsAndNothingElse(String timestamp) {
    Signature signature =
        Signature.hmacSha256("{timestamp}{body}")
            .in(Signature.Encoding.HEX, Place.header("sig"))
            .timestamp(Place.json("/t"), Signature.TimeForm.SECONDS)
            .build();
    Received received = sentBy(signature, "s").body("{\"t\":\"" + timestamp + "\"}");
    byte[] text = (timestamp + new String(received.body(), UTF_8)).getBytes(UTF_8);
    byte[] mac = Crypto.mac(Signature.Algorithm.HMAC_SHA256, "s".getBytes(UTF_8), text);

    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(received.header("sig", Crypto.hex(mac))::check)
        .extracting(DeliveryRefusedException::reason)
        .isIn(Reason.MALFORMED, Reason.MISSING);
  }

  @Test
  @Tag("G3")
  void oneSignatureOfTheAcceptedSchemeIsEnough() {
    String good = STANDARD.header("webhook-signature");
    String bad = "v1," + "A".repeat(43) + "=";

    STANDARD.header("webhook-signature", bad + " " + good + " v2,Z29vZDI=").check();
    STANDARD.header("webhook-signature", bad, good).check();
    assertRefused(STANDARD.header("webhook-signature", bad + " v2,Z29vZDI="), Reason.WRONG);
  }

  @Test
  void aHeaderFullOfSignaturesIsNotTried() {
    String many = "v1,AAAA ".repeat(101).strip();

    assertRefused(STANDARD.header("webhook-signature", many), Reason.MALFORMED);
  }

  @Test
  @Tag("G3")
  void oldAndNewSecretAreAcceptedUntilOneIsRemoved() {
    STANDARD.withSecrets(OTHER, SECRET).check();
    STANDARD.withSecrets(SECRET, OTHER).check();
    assertRefused(STANDARD.withSecrets(OTHER), Reason.WRONG);
  }

  @Test
  @Tag("G2")
  void anEmptySecretAmongOthersRefusesAll() {
    assertRefused(STANDARD.withSecrets(SECRET, ""), Reason.NO_SECRET);
    assertRefused(STANDARD.withSecrets("whsec_"), Reason.NO_SECRET);
    assertRefused(STANDARD.withSecrets("whsec_%"), Reason.NO_SECRET);
  }

  @Test
  @Tag("G2")
  void theEmptyKeySignsNothing() {
    Received received = sentBy(Signatures.gitHub(), "").header("X-Hub-Signature-256", "sha256=ab");

    assertRefused(received, Reason.NO_SECRET);
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("NUL", new byte[] {'{', 0, '}'}),
        Arguments.of("bytes that are not UTF-8", new byte[] {(byte) 0xff, (byte) 0xfe, 'a'}),
        Arguments.of("half a surrogate pair", "{\"a\":\"\\ud800\"}".getBytes(UTF_8)),
        Arguments.of("a byte order mark", "\uFEFF{}".getBytes(UTF_8)),
        Arguments.of("gzip", gzip(B)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  @Tag("G1")
  void anyBodyIsCheckedAsItWasReceived(String what, byte[] body) {
    Received received = sentBy(Signatures.standardWebhooks(), SECRET).body(body).signedWith(SECRET);

    received.check();

    assertRefused(received.body(concat(body, (byte) 1)), Reason.WRONG);
  }

  @Test
  @Tag("G1")
  void bytesThatAreNotTextDoNotStandForEachOther() {
    Received received =
        sentBy(Signatures.gitHub(), "s").body(new byte[] {(byte) 0xff}).signedWith("s");

    received.check();
    assertRefused(received.body(new byte[] {(byte) 0xfe}), Reason.WRONG);
    assertRefused(received.body("\uFFFD"), Reason.WRONG);
  }

  @Test
  @Tag("G1")
  void signedMembersThatHaveNoBytesAreRefused() {
    Signature members =
        Signature.hmacSha256("{json:/a}").in(Signature.Encoding.HEX, Place.header("sig")).build();
    Received received = sentBy(members, "s").body("{\"a\":\"x?\"}").signedWith("s");

    received.check();
    assertRefused(received.body("{\"a\":\"x\\ud800\"}"), Reason.MALFORMED);
    assertRefused(received.body("{\"a\":\"x?\",\"a\":\"x?\"}"), Reason.MALFORMED);
    assertRefused(received.body("{\"a\":[\"x?\"]}"), Reason.MALFORMED);
    assertRefused(received.body("{\"a\":null}"), Reason.MISSING);
    assertRefused(received.body("{\"a\":\"x?\"} {}"), Reason.MALFORMED);
    assertRefused(
        received.body(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}),
        Reason.MALFORMED);
  }

  @Test
  @Tag("G1")
  void signedFieldsThatHaveNoBytesAreRefused() {
    Received received = sentBy(Signatures.twilio(), "s").form("Body=x%EF%BF%BD").signedWith("s");

    received.check();
    assertRefused(received.body("Body=x%FF"), Reason.MALFORMED);
    assertRefused(received.body("Body=x%"), Reason.MALFORMED);
    assertRefused(received.body("Body=x%GG"), Reason.MALFORMED);
  }

  @Test
  @Tag("D1")
  void aRefusalSaysWhatIsWrongAndNothingElse() {
    String signature = HEX.header("x-hub-signature-256");

    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(HEX.withSecrets("s3cret")::check)
        .withMessage("Delivery refused: the signature does not fit")
        .withNoCause();
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(HEX.header("x-hub-signature-256", signature.substring(7))::check)
        .withMessage("Delivery refused: header x-hub-signature-256 has no value that is accepted");
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(HEX.without("x-hub-signature-256")::check)
        .withMessage("Delivery refused: header x-hub-signature-256 is missing");
    assertThat(HEX.arrival().toString()).doesNotContain("sha256=");
  }

  private static void assertRefused(Received received, Reason reason) {
    assertThatExceptionOfType(DeliveryRefusedException.class)
        .isThrownBy(received::check)
        .returns(reason, DeliveryRefusedException::reason);
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] bytes, byte more) {
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = more;
    return longer;
  }
}
