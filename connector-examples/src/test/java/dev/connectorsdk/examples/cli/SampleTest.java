package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@WireMockTest
class SampleTest {

  private static final String SHOP = "src/test/resources/cli/shop";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final HttpUrl CALLBACK = HttpUrl.get("https://app.example/hooks/abc?team=7");
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private final Shell shell = new Shell();

  private Shell.Run sample(String trigger, String... more) {
    return shell.run(Shell.arguments(List.of("sample", SHOP, trigger), more));
  }

  @Test
  void sendsWhatTheSchemaSays(WireMockRuntimeInfo host) {
    stubFor(post(anyUrl()).willReturn(ok()));

    Shell.Run run = sample("WhenCancelled", "--to", host.getHttpBaseUrl() + "/hooks/abc?team=7");

    assertThat(run.out()).isEqualTo("200\n");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    verify(
        postRequestedFor(urlEqualTo("/hooks/abc?team=7"))
            .withHeader("Content-Type", equalTo("application/json"))
            .withRequestBody(
                equalToJson(
                    """
                    {"number": 1, "at": "${json-unit.any-string}", "paid": true,
                     "items": [{"name": "sample"}]}
                    """)));
  }

  @Test
  void sendsAnotherBodyWithFurtherHeaders(WireMockRuntimeInfo host) {
    stubFor(post(anyUrl()).willReturn(aResponse().withStatus(401).withBody("not\nyou")));
    shell.reading("number=9");

    Shell.Run run =
        sample(
            "WhenCancelled",
            "--to",
            host.getHttpBaseUrl() + "/hooks/abc",
            "--body",
            "-",
            "--header",
            "Content-Type=application/x-www-form-urlencoded");

    assertThat(run.out()).isEqualTo("401 not you\n");
    assertThat(run.code()).isEqualTo(1);
    verify(
        postRequestedFor(urlEqualTo("/hooks/abc"))
            .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
            .withRequestBody(equalTo("number=9")));
  }

  @Test
  void showsWhatItWouldSend() {
    Shell.Run run =
        sample("WhenCancelled", "--to", "https://app.example/hooks/abc", "--dry-run", "--json");

    assertThat(run.json().path("method").asString()).isEqualTo("POST");
    assertThat(run.json().path("body").asString()).contains("\"number\":1");
  }

  @Test
  void refusesWhatDoesNotFit() {
    String url = "https://app.example/hooks/abc";
    Shell.Run polling = sample("WhenOrdered", "--to", url);
    Shell.Run noUrl = sample("WhenCancelled", "--to", "hooks");
    Shell.Run unsigned = sample("WhenCancelled", "--to", url, "--secret", "text:c4nary");
    Shell.Run header = sample("WhenCancelled", "--to", url, "--dry-run", "--header", "a b=c");
    Shell.Run nobody = sample("WhenCancelled", "--to", "http://127.0.0.1:1/");

    assertThat(polling.err()).contains("'WhenOrdered' is no trigger that a service calls back");
    assertThat(header.err()).contains("HTTP does not allow the header 'a b'");
    assertThat(noUrl.err()).contains("--to must be an http or https URL");
    assertThat(unsigned.err()).contains("the trigger declares no signature");
    assertThat(nobody.err()).contains("nobody answers at 127.0.0.1");
    assertThat(List.of(polling.code(), noUrl.code(), unsigned.code(), nobody.code()))
        .containsExactly(1, 2, 2, 1);
    assertThat(unsigned.all()).doesNotContain("c4nary");
  }

  private static Delivery received(Request request) throws Exception {
    Buffer body = new Buffer();
    request.body().writeTo(body);
    return new Delivery(
        request.method(),
        request.headers().toMultimap(),
        request.url().encodedQuery(),
        body.readByteArray());
  }

  private static void accepts(Signature signature, Secret secret, Request request)
      throws Exception {
    var arrival = Arrival.of(received(request), CALLBACK.uri(), List.of(secret), NOON);
    WebhookSignatures.check(signature, arrival);
  }

  @Test
  void signsAsTheTriggerDeclares() throws Exception {
    for (Signature signature :
        List.of(Signatures.standardWebhooks(), Signatures.gitHub(), Signatures.stripe())) {
      Secret secret = Secret.of("whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0");
      SampleRequest sample = new SampleRequest(signature, CALLBACK, NOON);

      accepts(signature, secret, sample.with(JSON, "{\"id\": 1}".getBytes(UTF_8), secret));
      assertThatThrownBy(() -> sample.with(JSON, new byte[0], null))
          .isInstanceOf(UsageException.class)
          .hasMessage("the trigger declares a signature: give its --secret");
    }
  }

  @Test
  void makesUpAValueForEverySchema() {
    JsonNode schema =
        Json.MAPPER.readTree(
            """
            {"type": "object",
             "properties": {
               "kind": {"type": "string", "enum": ["a", "b"]},
               "day": {"type": "string", "format": "date"},
               "size": {"type": ["integer", "null"], "minimum": 5},
               "any": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
               "both": {"allOf": [{"$ref": "#/$defs/Node"}, {"properties": {"x": {"const": 3}}}]},
               "list": {"type": "array", "items": {"type": "string", "default": "d"}}},
             "$defs": {"Node": {"properties": {"name": {"type": "string"},
                                               "next": {"$ref": "#/$defs/Node"}}}}}
            """);

    JsonNode made = SampleEvent.of(schema, NOON);

    assertThat(made.path("kind").asString()).isEqualTo("a");
    assertThat(made.path("day").asString()).isEqualTo("2026-01-01");
    assertThat(made.path("size").asInt()).isEqualTo(5);
    assertThat(made.path("any").asString()).isEqualTo("sample");
    assertThat(made.at("/both/name").asString()).isEqualTo("sample");
    assertThat(made.at("/both/x").asInt()).isEqualTo(3);
    assertThat(made.at("/both/next/name").asString()).isEqualTo("sample");
    assertThat(made.at("/list/0").asString()).isEqualTo("d");
    assertThat(SampleEvent.of(null, NOON)).isEqualTo(Json.object());
  }

  @Test
  void whatRefersToItselfInManyPlacesStaysSmall() {
    ObjectNode node = Json.object();
    for (int i = 0; i < 20; i++) {
      node.withObject("/properties/p" + i).put("$ref", "#");
    }

    JsonNode made = SampleEvent.of(node, NOON);

    assertThat(made.findParents("p0")).hasSizeBetween(1, 1_000);
  }
}
