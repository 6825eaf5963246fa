package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.resetAllRequests;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.TransportException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Inputs of calls that were made to lead a request elsewhere or to add to it. Each is refused with
 * a typed error before anything is sent, or arrives as the one value that it is.
 */
@WireMockTest
@Timeout(60)
class HostileInputTest {

  private static final String KEY = "s3cret-key";

  /** Is never refused, which shows that the others are for what they are. */
  private static final String HARMLESS = "harmless";

  private static final String SPACE_IN_QUERY =
      "'parameters': [{'name': 'space', 'in': 'query', 'type': 'string', 'required': true}]";

  @TempDir Path temp;
  private Service service;
  private String host;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    host = "localhost:" + wireMock.getHttpPort();
    service = new Service(temp, wireMock.getHttpPort()).key("X-Key", KEY);
    stubFor(any(anyUrl()).willReturn(okJson("{\"items\": []}")));
  }

  @AfterEach
  void close() {
    service.close();
  }

  /** Half a character. */
  private static final Set<String> NO_TEXT = Set.of("\uD83D");

  /** The server of this test refuses an encoded NUL before it looks at a request. */
  private static final Set<String> NO_SEGMENT = Set.of("\uD83D", ".", "..", "\0", "a\0b");

  private static final Set<String> NO_SEGMENTS =
      Set.of(
          "\uD83D",
          ".",
          "..",
          "\0",
          "a\0b",
          "../admin",
          "%2e%2e/admin",
          "a/../../admin",
          "//evil.test/x",
          "https://evil.test/x",
          ":80@evil.test/",
          "${jndi:ldap://evil.test/a}");

  private static final Set<String> NO_HEADER =
      Set.of(
          "\uD83D",
          "a\r\nX-Evil: 1",
          "a\nX-Evil: 1",
          "a\rX-Evil: 1",
          "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: evil.test\r\n\r\n",
          "a\u010d\u010aX-Evil: 1",
          "a\0b",
          "\u202Eevil");

  static Stream<String> values() {
    return Stream.of(
        HARMLESS,
        "../admin",
        "..%2fadmin",
        "..%252fadmin",
        "%2e%2e/admin",
        "..",
        ".",
        "..;/admin",
        "..\\admin",
        "a/../../admin",
        "//evil.test/x",
        "\\\\evil.test\\x",
        "https://evil.test/x",
        "@evil.test",
        ":80@evil.test/",
        "a\r\nX-Evil: 1",
        "a\nX-Evil: 1",
        "a\rX-Evil: 1",
        "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: evil.test\r\n\r\n",
        "a%0d%0aX-Evil: 1",
        "a\u010d\u010aX-Evil: 1", // Its low bytes are a line break.
        "\0",
        "a\0b",
        "?admin=1",
        "&admin=1",
        "#",
        "a;admin=1",
        "${jndi:ldap://evil.test/a}",
        "T(java.lang.Runtime).getRuntime().exec('x')",
        "#{7*7}",
        "{{7*7}}",
        "@{triggerBody()}",
        "@connectionParameters('api_key')",
        "{@headers('X-Key')}",
        "\uD83D",
        "\u202Eevil");
  }

  private static JsonNode json(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  /** Returns the request that arrived, or {@code null} for a value that is to be refused. */
  private LoggedRequest call(String name, String value, Set<String> refused) {
    LoggedRequest request = arrived(() -> service.call("op", json(name, value)));
    assertThat(request == null).as("refused").isEqualTo(refused.contains(value));
    return request;
  }

  /** Returns the request that arrived, or {@code null} if the value was refused and nothing did. */
  private LoggedRequest arrived(Runnable call) {
    resetAllRequests();
    try {
      call.run();
    } catch (ConnectorException refused) {
      assertThat(refused).isNotInstanceOf(TransportException.class).hasMessageNotContaining(KEY);
      assertThat(findAll(anyRequestedFor(anyUrl()))).isEmpty();
      return null;
    }
    List<LoggedRequest> arrived = findAll(anyRequestedFor(anyUrl()));
    assertThat(arrived).hasSize(1);
    LoggedRequest request = arrived.get(0);
    assertThat(request.getHeader("Host")).isEqualTo(host);
    assertThat(request.getHeader("X-Key")).isEqualTo(KEY);
    assertThat(request.containsHeader("X-Evil")).isFalse();
    return request;
  }

  private void fieldIn(String contentType) {
    service.operation(
        "op",
        "post",
        "/x",
        "'consumes': ['"
            + contentType
            + "'], 'parameters': [{'name': 'f', 'in': 'formData', 'type': 'string'}]");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E6")
  void inAPathAValueStaysOneSegment(String value) {
    service.operation(
        "op",
        "get",
        "/x/{id}/y",
        "'parameters': [{'name': 'id', 'in': 'path', 'required': true, 'type': 'string'}]");

    LoggedRequest request = call("id", value, NO_SEGMENT);

    if (request != null) {
      String[] segments = request.getUrl().split("/", -1);
      assertThat(segments).hasSize(5).startsWith("", "v1", "x").endsWith("y");
      assertThat(decoded(segments[3])).isEqualTo(value).isNotIn(".", "..");
      assertThat(request.getUrl()).doesNotContain("?", "#", ";", "\\");
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E6")
  void inAPathThatTakesSeveralSegmentsItStaysBelow(String value) {
    service.operation(
        "op",
        "get",
        "/x/{id}",
        "'parameters': [{'name': 'id', 'in': 'path', 'required': true, 'type': 'string',"
            + " 'x-ms-skip-url-encoding': true}]");

    LoggedRequest request = call("id", value, NO_SEGMENTS);

    if (request != null) {
      assertThat(request.getUrl()).startsWith("/v1/x/").doesNotContain("?", "#", "\\");
      for (String segment : request.getUrl().split("/", -1)) {
        assertThat(decoded(decoded(segment))).isNotIn(".", "..");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E7")
  void inAQueryAValueStaysOneValue(String value) {
    service.operation(
        "op",
        "get",
        "/x",
        "'parameters': [{'name': 'q', 'in': 'query', 'type': 'string'},"
            + " {'name': 'admin', 'in': 'query', 'type': 'string'}]");

    LoggedRequest request = call("q", value, NO_TEXT);

    if (request != null) {
      assertThat(request.getUrl()).startsWith("/v1/x?q=").doesNotContain("&", "#");
      assertThat(decoded(request.getUrl().substring("/v1/x?q=".length()))).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E8")
  void inAHeaderAValueAddsNoHeader(String value) {
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': 'X-Trace', 'in': 'header', 'type': 'string'}]");

    LoggedRequest request = call("X-Trace", value, NO_HEADER);

    if (request != null) {
      assertThat(request.getUrl()).isEqualTo("/v1/x");
      assertThat(value.trim().chars()).allMatch(c -> c >= ' ' && c != 0x7F);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E7")
  void inAFormAValueStaysOneField(String value) {
    fieldIn("application/x-www-form-urlencoded");

    LoggedRequest request = call("f", value, NO_TEXT);

    if (request != null) {
      assertThat(request.getBodyAsString()).startsWith("f=").doesNotContain("&", "\r", "\n");
      assertThat(URLDecoder.decode(request.getBodyAsString().substring(2), StandardCharsets.UTF_8))
          .isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E7")
  void inAPartAValueAddsNoPart(String value) {
    fieldIn("multipart/form-data");

    LoggedRequest request = call("f", value, NO_TEXT);

    if (request != null) {
      assertThat(request.getParts())
          .singleElement()
          .satisfies(p -> assertThat(p.getName()).isEqualTo("f"))
          .satisfies(p -> assertThat(p.getBody().asString()).isEqualTo(value));
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E4")
  void inAHostTemplateAValueLeadsToNoOtherHost(String value) {
    service.operation(
        "op",
        "get",
        "/x",
        "'parameters': [{'name': 'region', 'in': 'query', 'type': 'string', 'required': true}]");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'http://@queryParameters(\\u0027region\\u0027)" + host + "'");

    LoggedRequest request = arrived(() -> service.call("op", json("region", value)));

    assertThat(request == null).as("refused").isEqualTo(!value.equals("\0"));
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E4")
  void inTheRouteOfAPolicyAValueStaysBelow(String value) {
    service.operation("op", "get", "/x", SPACE_IN_QUERY);
    service.policy(
        "routerequesttoendpoint",
        "'newPath': '/spaces/@queryParameters(\\u0027space\\u0027)/pages'");

    LoggedRequest request = call("space", value, NO_SEGMENT);

    if (request != null) {
      String path = request.getUrl().split("\\?", 2)[0];
      assertThat(path).startsWith("/v1/spaces/").endsWith("/pages");
      assertThat(path.split("/", -1)).hasSize(5);
      assertThat(decoded(decoded(path.split("/", -1)[3]))).isNotIn(".", "..");
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E8")
  void inTheHeaderOfAPolicyAValueAddsNoHeader(String value) {
    service.operation("op", "get", "/x", SPACE_IN_QUERY);
    service.policy(
        "setheader", "'name': 'X-Space', 'value': 'space @queryParameters(\\u0027space\\u0027)'");

    LoggedRequest request = call("space", value, NO_HEADER);

    if (request != null) {
      assertThat(request.getHeader("X-Space")).isNotNull().doesNotContain("\r", "\n", KEY);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  @Tag("E6")
  void inAQuestionForChoicesAValueStaysOneSegment(String value) {
    service
        .operation(
            "queues",
            "get",
            "/teams/{team}/queues",
            "'parameters': [{'name': 'team', 'in': 'path', 'required': true, 'type': 'string'}]")
        .operation(
            "op",
            "get",
            "/x",
            """
            'parameters': [{'name': 'team', 'in': 'query', 'type': 'string'},
              {'name': 'queue', 'in': 'query', 'type': 'string', 'x-ms-dynamic-values': {
                'operationId': 'queues', 'value-path': 'id', 'value-collection': 'items',
                'parameters': {'team': {'parameter': 'team'}}}}]
            """);

    LoggedRequest request = arrived(() -> service.choices("op", "queue", json("team", value)));

    assertThat(request == null).as("refused").isEqualTo(NO_SEGMENT.contains(value));
    if (request != null) {
      String[] segments = request.getUrl().split("/", -1);
      assertThat(segments).hasSize(5).startsWith("", "v1", "teams").endsWith("queues");
      assertThat(decoded(segments[3])).isEqualTo(value).isNotIn(".", "..");
    }
  }

  @Test
  @Tag("H2")
  void aPatternThatBacktracksForEverIsGivenUpBeforeAnythingIsSent() {
    service
        .options(LoadOptions.standard().strict())
        .operation(
            "op",
            "get",
            "/x",
            "'parameters': [{'name': 'q', 'in': 'query', 'type': 'string', 'pattern': '^(a+)+$'}]");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", json("q", "a".repeat(50) + "!")));
    assertThat(findAll(anyRequestedFor(anyUrl()))).isEmpty();
    service.call("op", json("q", "a".repeat(50)));
    assertThat(findAll(anyRequestedFor(anyUrl()))).hasSize(1);
  }

  @Test
  @Tag("H2")
  void withoutStrictAPatternIsToldAndNotRun() {
    service.operation(
        "op",
        "get",
        "/x",
        "'parameters': [{'name': 'q', 'in': 'query', 'type': 'string', 'pattern': '^(a+)+$'}]");

    service.call("op", json("q", "a".repeat(50) + "!"));

    JsonNode schema =
        service.definition().connector().action("op").orElseThrow().input().givenSchema();
    assertThat(schema.at("/properties/q/pattern").asString()).isEqualTo("^(a+)+$");
  }
}
