package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import java.util.List;
import okhttp3.HttpUrl;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a host that is not to be trusted can have a member send. */
class HeadOfRequestTest {

  private final JsonMapper mapper = JsonMapper.shared();
  private final ObjectNode head =
      mapper.createObjectNode().put("method", "GET").put("url", "http://erp.inside.test/orders");

  private void assertRefused(Class<? extends ConnectorException> as) {
    assertThatExceptionOfType(as)
        .isThrownBy(
            () -> {
              var request = new HeadOfRequest(head).request(Buffer::new);
              AllowedOrigins.of(List.of("http://erp.inside.test"), news -> {})
                  .require(request.url());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "trace", "CONNECT", "GET / HTTP/1.1\r\nX: y\r\n", ""})
  void methodsThatShowCredentialsOrAreNoneAreRefused(String method) {
    head.put("method", method);

    assertRefused(InvalidInputException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:password@erp.inside.test/",
        "file:///etc/passwd",
        "//erp.inside.test/",
        "",
      })
  void urlsThatAreNoneOfAServiceAreRefused(String url) {
    head.put("url", url);

    assertRefused(InvalidInputException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://erp.inside.test/",
        "http://erp.inside.test:8080/",
        "http://erp.inside.test.evil.example/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
      })
  void originsOutsideOfTheListAreRefused(String url) {
    head.put("url", url);

    assertRefused(HostNotAllowedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "host",
        "Transfer-Encoding",
        "Content-Length",
        "Connection",
        "Upgrade",
        "Proxy-Authorization"
      })
  void headersThatMakeItAnotherRequestAreRefused(String name) {
    head.putArray("headers").add(name).add("x");

    assertRefused(InvalidInputException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\nAuthorization: Basic eA==", "x\nHost: y", "x\u0000"})
  void aHeaderCannotBringAnotherWithIt(String value) {
    head.putArray("headers").add("X-Order").add(value);

    assertRefused(InvalidInputException.class);
  }

  @Test
  void anOrdinaryRequestIsWhatTheHostSaid() {
    head.putArray("headers").add("X-Order").add("1").add("X-Order").add("2");

    var request = new HeadOfRequest(head).request(Buffer::new);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.url()).isEqualTo(HttpUrl.get("http://erp.inside.test/orders"));
    assertThat(request.headers("X-Order")).containsExactly("1", "2");
    assertThat(request.body()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"erp.inside.test", "ftp://erp", "http://erp/path", "http://a@erp"})
  void anOriginThatIsNoneIsRefusedWhenTheMemberStarts(String origin) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> AllowedOrigins.of(List.of(origin), news -> {}));
  }
}
