package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the parameters of a request to a token endpoint are written. */
class TokenMessageTest {

  private static final OAuth2Scheme SCHEME =
      OAuth2Scheme.clientCredentials("https://id.example.com/token");

  private final TestConnection connection = new TestConnection();

  private String body(RequestTemplate template, String value) {
    StepValues values = new StepValues(SCHEME, connection, null, Map.of("value", Secret.of(value)));
    return new String(TokenMessage.of(template, values, null, SCHEME, connection).body(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "a+b c, p=a%2Bb+c",
    "😀é, p=%F0%9F%98%80%C3%A9",
    "a&b=c, p=a%26b%3Dc",
  })
  void aValueIsEncodedAsAForm(String value, String body) {
    RequestTemplate template =
        RequestTemplate.post("https://id.example.com/token").parameter("p", "{value}");

    assertThat(body(template, value)).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "a+b=c/%41, p=a+b=c/%41",
    "a b&c, p=a%20b%26c",
    "😀é, p=%F0%9F%98%80%C3%A9",
  })
  void aRawValueStaysAsItIsButForWhatWouldEndIt(String value, String body) {
    RequestTemplate template =
        RequestTemplate.post("https://id.example.com/token").rawParameter("p", "{value}");

    assertThat(body(template, value)).isEqualTo(body);
  }
}
