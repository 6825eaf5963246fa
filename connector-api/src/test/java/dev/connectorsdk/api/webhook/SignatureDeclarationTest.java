package dev.connectorsdk.api.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.KeyForm;
import dev.connectorsdk.api.webhook.Signature.TimeForm;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a declaration may say, and what can be asked about it. */
class SignatureDeclarationTest {

  private static Signature.Builder signing(String text) {
    return Signature.hmacSha256(text).in(Encoding.HEX, Place.header("sig"));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "A signature with HMAC_SHA256 needs a place: in(...)", Signature.hmacSha256("{body}")),
        Arguments.of("A signature with HMAC_SHA256 needs the template of its text", signing("")),
        Arguments.of("Template '{bod}' names {bod}, which is not known here", signing("{bod}")),
        Arguments.of(
            "Template '{body|md5}' names {body|md5}, which is not known here",
            signing("{body|md5}")),
        Arguments.of("Template '[{json:/a}' has a bracket without partner", signing("[{json:/a}")),
        Arguments.of("Template '{body' has a brace or bracket without partner", signing("{body")),
        Arguments.of(
            "A signature with HMAC_SHA256 signs {timestamp}, and nothing says where that is:"
                + " timestamp(...)",
            signing("{timestamp}.{body}")),
        Arguments.of(
            "A signature with HMAC_SHA256 does not cover its timestamp",
            signing("{body}").timestamp(Place.header("t"), TimeForm.SECONDS)),
        Arguments.of(
            "A signature with HMAC_SHA256 has no {secret} in its text", signing("{secret}{body}")),
        Arguments.of(
            "A signature with SHA256 needs {secret} in its text",
            Signature.of(Algorithm.SHA256, "{body}").in(Encoding.HEX, Place.header("sig"))),
        Arguments.of(
            "A signature with RSA_SHA256 takes no key in the form TEXT",
            Signature.of(Algorithm.RSA_SHA256, "{body}")
                .key(KeyForm.TEXT)
                .in(Encoding.HEX, Place.header("sig"))),
        Arguments.of(
            "A signature with HMAC_SHA256 takes no key in the form PUBLIC_KEY",
            signing("{body}").key(KeyForm.PUBLIC_KEY)),
        Arguments.of(
            "A signature with JWT_RS256 needs keySet(...)",
            Signature.jwt(Algorithm.JWT_RS256).in(Place.bearer())),
        Arguments.of(
            "A signature with JWT_RS256 needs a key set at an https URL",
            Signature.jwt(Algorithm.JWT_RS256)
                .in(Place.bearer())
                .keySet(URI.create("http://keys.example"))),
        Arguments.of(
            "A signature with HMAC_SHA256 is not among the algorithms that deliveries name",
            signing("{body}")
                .algorithmNamedBy(Place.header("alg"), Map.of("1", Algorithm.HMAC_SHA1))),
        Arguments.of(
            "A signature with HMAC_SHA256 takes other keys than one of the algorithms that"
                + " deliveries name",
            signing("{body}")
                .algorithmNamedBy(
                    Place.header("alg"),
                    Map.of("1", Algorithm.HMAC_SHA256, "2", Algorithm.RSA_SHA256))),
        Arguments.of(
            "A signature with TOKEN cannot sign the value that a handshake is answered with",
            Signature.token()
                .in(Place.header("t"))
                .handshake(
                    Handshake.signed("POST").when(Place.json("/c")).text("{json:/c|mac}").build())),
        Arguments.of(
            "Template '{body}' names {body}, which is not known here",
            signing("{body}").id("{body}")),
        Arguments.of(
            "A signature with HMAC_SHA256 does not cover the digest: bodyDigest(...)",
            signing("{url}").bodyDigest(Place.query("sha256"))),
        Arguments.of(
            "A signature with HMAC_SHA256 does not cover the digest: bodyDigest(...)",
            signing("{headers-in:signed}").bodyDigest(Place.header("digest"))),
        Arguments.of(
            "A signature with TOKEN does not cover the digest: bodyDigest(...)",
            Signature.token().in(Place.header("t")).bodyDigest(Place.header("digest"))),
        Arguments.of(
            "A signature with JWT_HS256 does not cover the digest: bodyDigest(...)",
            Signature.jwt(Algorithm.JWT_HS256)
                .in(Place.bearer())
                .bodyDigest(Place.header("digest"))),
        Arguments.of(
            "A signature with NONE does not cover the digest: bodyDigest(...)",
            Signature.unsigned().bodyDigest(Place.header("digest"))),
        Arguments.of(
            "A tolerance is negative",
            signing("{timestamp}{body}")
                .timestamp(Place.header("t"), TimeForm.SECONDS)
                .tolerance(Duration.ofSeconds(-1), Duration.ZERO)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsNamed(String message, Signature.Builder builder) {
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
  }

  @Test
  void aPlaceIsChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Place.header("a b"))
        .withMessage("Not the name of a header: 'a b'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Place.json("id"))
        .withMessage("Not a JSON pointer below the whole body: 'id'");
    assertThat(Place.header("X-Sig").part(",", "v1=")).hasToString("header x-sig, part v1=");
  }

  @Test
  void aHandshakeIsChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Handshake.signed("PUT"))
        .withMessage("A handshake has no method 'PUT'");
    assertThatIllegalArgumentException()
        .isThrownBy(Handshake.unprotected("POST")::build)
        .withMessage("Nothing tells this handshake from a delivery: when(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(Handshake.unprotected("GET").status(302)::build)
        .withMessage("A handshake is not answered with 302");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Handshake.unprotected("GET").whenMatching(Place.query("c"), "[a-z"))
        .withMessageStartingWith("Unclosed character class");
  }

  @Test
  @Tag("G4")
  void aSignatureKnowsWhetherItCoversTheIdAndTheBody() {
    assertThat(Signatures.standardWebhooks().coversId()).isTrue();
    assertThat(Signatures.stripe().coversId()).isTrue();
    assertThat(Signatures.mailgun().coversId()).isTrue();
    assertThat(Signatures.gitHub().coversId()).isFalse();
    assertThat(Signatures.gitLab().coversId()).isFalse();
    assertThat(Signatures.googlePush("a", "b").coversId()).isFalse();
    assertThat(Signatures.linear().coversId()).isFalse();

    assertThat(signing("{query}").id("{query:id}").build().coversId()).isTrue();
    assertThat(signing("{called-url}").id("{query:id}").build().coversId()).isTrue();
    assertThat(signing("{url}").id("{query:id}").build().coversId()).isFalse();

    assertThat(Signatures.stripe().coversBody()).isTrue();
    assertThat(Signatures.twilio().coversBody()).isTrue();
    assertThat(Signatures.mailgun().coversBody()).isFalse();
    assertThat(Signatures.adyen().coversBody()).isFalse();
    assertThat(Signatures.microsoftGraph().coversBody()).isFalse();
    assertThat(Signature.unsigned().build().isUnsigned()).isTrue();
  }

  @ParameterizedTest
  @Tag("G4")
  @ValueSource(
      strings = {
        "X-Request-Id",
        "Date",
        "traceparent",
        "X-Amzn-Trace-Id",
        "X-B3-SpanId",
        "X-Correlation-ID",
        "X-Slack-Request-Timestamp",
        "X-Slack-Retry-Num",
        "CF-Ray",
        "X-Zm-TrackingId"
      })
  void aHeaderThatChangesWithARepeatIsNoId(String header) {
    assertThat(signing("{body}").id("{header:" + header + "}").build().doubtfulIdHeaders())
        .containsExactly(header.toLowerCase(Locale.ROOT));
  }

  @Test
  @Tag("G4")
  void noMakersIdIsDoubtful() throws Exception {
    assertThat(makers()).hasSizeGreaterThan(35).allMatch(s -> s.doubtfulIdHeaders().isEmpty());
  }

  @Test
  @Tag("G4")
  void everyMakersSignatureSaysWhatARepeatIs() throws Exception {
    assertThat(makers()).allMatch(Signature::saysWhatRepeatsAre);
    assertThat(Signatures.dropbox().bodyIsId()).isFalse();
  }

  @Test
  @Tag("G3")
  void noMakersToleranceIsLongerThanFiveMinutes() throws Exception {
    assertThat(makers())
        .filteredOn(signature -> signature.freshness() != null)
        .hasSizeGreaterThan(15)
        .allMatch(s -> s.freshness().past().compareTo(Duration.ofMinutes(5)) <= 0)
        .allMatch(s -> s.freshness().future().compareTo(Duration.ofMinutes(5)) <= 0);
  }

  @Test
  void aCopyIsTheSame() throws Exception {
    for (Signature maker : makers()) {
      assertThat(maker.toBuilder().build()).usingRecursiveComparison().isEqualTo(maker);
    }
  }

  private static List<Signature> makers() throws Exception {
    List<Signature> all = new ArrayList<>();
    for (var method : Signatures.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        Object[] arguments = new Object[method.getParameterCount()];
        Arrays.fill(arguments, "x");
        all.add((Signature) method.invoke(null, arguments));
      }
    }
    return all;
  }
}
