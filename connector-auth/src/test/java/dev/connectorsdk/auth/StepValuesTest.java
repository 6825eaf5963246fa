package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in braces in the URLs and texts of an acquisition. */
class StepValuesTest {

  private final TestConnection connection = new TestConnection().parameter("tenant", "acme");
  private final StepValues values =
      new StepValues(
          OAuth2Scheme.clientCredentials("https://id.example.com/token"),
          connection,
          null,
          Map.of("site", Secret.of("7 b"), "empty", Secret.of("")));

  @ParameterizedTest
  @CsvSource({
    "https://id.example.com/{site}, https://id.example.com/7%20b",
    "https://id.example.com/{ site }, https://id.example.com/7%20b",
    "https://{tenant}.example.com/{empty|site}, https://acme.example.com/7%20b",
    "https://{ missing | tenant }.example.com/, https://acme.example.com/",
    "https://id.example.com/{missing=all}, https://id.example.com/all",
    "https://{tenant?acme=eu}.example.com/, https://eu.example.com/",
  })
  void urlsTakeWhatTextsTake(String template, String url) {
    assertThat(values.url(template)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource({
    "{missing|tenant}, acme",
    "{ missing | tenant }, acme",
    "{\"id\":\"{tenant}\"}, {\"id\":\"acme\"}",
    "{missing}x, ''",
  })
  void textsTakeWhatThereIs(String template, String text) {
    assertThat(values.expand(template)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2e", "%2E%2e", ".%2e"})
  void noValueLeadsToAnotherPath(String value) {
    values.put("site", Secret.of(value));

    assertThatExceptionOfType(StepFailure.class)
        .isThrownBy(() -> values.url("https://id.example.com/sites/{site}/token"));
  }

  @Test
  void theRouteOfAPageIsEncodedLikeAPath() {
    values.put("state", Secret.of("a b*~"));

    assertThat(values.browserUrl("https://id.example.com/#/sign-in/{state}"))
        .hasToString("https://id.example.com/#/sign-in/a%20b%2A~");
  }
}
