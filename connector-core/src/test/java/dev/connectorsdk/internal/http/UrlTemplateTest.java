package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.internal.http.UrlTemplate.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {

  private final Map<String, Value> values = new HashMap<>();

  UrlTemplateTest() {
    value("site", "acme");
    value("region", "eu");
    value("missing", null);
    value("url", "https://acme.example.com/api/");
  }

  private void value(String name, @Nullable String text) {
    values.put(name, new Value(ConnectionParameter.text(name), text));
  }

  @ParameterizedTest
  @CsvSource({
    "https://{site}.example.com/v1, https://acme.example.com/v1",
    "https://{ site }.example.com/v1, https://acme.example.com/v1",
    "https://{missing|site}.example.com/, https://acme.example.com/",
    "https://{ missing | site }.example.com/, https://acme.example.com/",
    "https://api{missing=}.example.com/, https://api.example.com/",
    "https://api{region?eu=-eu}.example.com/, https://api-eu.example.com/",
    "https://api{ region ?us=-us}.example.com/, https://api.example.com/",
    "{url}/{site}, https://acme.example.com/api/acme",
  })
  void takesTheValuesThatThereAre(String template, String url) {
    assertThat(UrlTemplate.expand(template, values::get)).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2e", "%2E%2e", ".%2E"})
  void noValueLeadsToAnotherPath(String value) {
    value("site", value);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> UrlTemplate.expand("https://example.com/{site}/x", values::get));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, true",
    "http://LOCALHOST, true",
    "http://[0:0:0:0:0:0:0:1], true",
    "http://127.0.0.1, true",
    "http://127.0.0.2, false",
    "http://localhost.example.com, false",
    "HTTPS://example.com, true",
  })
  void aWholeUrlIsSecureOrOfThisMachine(String url, boolean taken) {
    value("url", url);

    if (taken) {
      assertThat(UrlTemplate.expand("{url}/x", values::get).encodedPath()).isEqualTo("/x");
    } else {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> UrlTemplate.expand("{url}/x", values::get))
          .withMessageContaining("https");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://{site.example.com", "https://example.com/site}", "https://{{site}.test"})
  void bracesHavePartners(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UrlTemplate.expand(template, values::get))
        .withMessageContaining("without partner");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "https://{a}.{ b | c }.test/{d}?e={f}; a,b,c",
        "https://{a=/x}.test/{d}; a",
        "{ a | b }/{c}; a,b",
        "{a}{b}.{c}/{d}; a,b,c",
        "{a}?x={b}; a",
        "https://example.com/{a}; ''",
        "https://example.com:{port}/{a}; port",
        "https://example.com{a}; a",
      })
  void knowsWhoHasASayInTheHost(String template, String names) {
    assertThat(String.join(",", UrlTemplate.namesInHost(template))).isEqualTo(names);
  }

  @Test
  void aLabelBelowADomainLeavesTheHostFixed() {
    assertThat(UrlTemplate.hasFixedHost("https://{ missing | site }.example.com/", values::get))
        .isTrue();
    assertThat(UrlTemplate.hasFixedHost("https://api.{ missing | site }/", values::get)).isFalse();
    assertThat(UrlTemplate.hasFixedHost("https://api.{missing=example.com}/", values::get))
        .isTrue();
  }

  @Test
  void originsAreTheSameHoweverTheyAreWritten() {
    assertThat(
            UrlTemplate.isOn(
                "HTTPS://API.example.com:443",
                UrlTemplate.expand("https://api.example.com/x", values::get)))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, true",
    "https://api.example.com/{site}, true",
    "https://{site}.example.com/x, true",
    "https://{site}.example.com, true",
    "https://{site}.com/x, false",
    "https://{site}..com/x, false",
    "https://api.{site}/x, false",
    "https://{site}, false",
    "{url}/x, false",
    "https://{place}/x, true",
    "https://{place}-{site}/x, false",
    "https://{place}/{site}, true",
    "https://{place}?at={site}, true",
    "{stage}/token?at={site}, true",
    "{stage}?at=https://{site}/, true",
    "{stage}#{site}, true",
    "{stage}{site}/token, false",
    "{stage}.{site}/token, false",
    "{url}/token?at={place}, false",
  })
  void aHostIsFixedThatTheAuthorHasChosen(String template, boolean fixed) {
    values.put("place", new Value(ConnectionParameter.text("place").oneOf("eu", "us"), "eu"));
    ConnectionParameter stage = ConnectionParameter.text("stage").oneOf("https://a.example.com");
    values.put("stage", new Value(stage, "https://a.example.com"));

    assertThat(UrlTemplate.hasFixedHost(template, values::get)).isEqualTo(fixed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://{missing=}.example.com/x",
        "https://{missing=}.example.com",
        "https://{missing=}/x",
        "https://api.{missing=}/x",
        "https://api.{missing=}.example.com/x",
      })
  void aHostOfWhichAPartIsMissingSaysWhichParameterDecides(String template) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> UrlTemplate.expand(template, values::get))
        .withMessageContaining("/missing: has none of the values that the service has an address");
  }

  @Test
  void namesItsParametersInTheirOrder() {
    assertThat(UrlTemplate.names("https://{site}.example.com/{region}"))
        .containsExactly("site", "region");
  }
}
