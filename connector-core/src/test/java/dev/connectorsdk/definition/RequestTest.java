package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.PlainHttp;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Paths, queries and headers. */
@WireMockTest
class RequestTest {

  private static final String OPERATION =
      """
      '/x': {'get': {'operationId': 'op', 'responses': {}, 'servers': [{'url': 'https://evil.test'}],
        'host': 'evil.test', 'parameters': [
          {'name': 'url', 'in': 'path', 'required': true, 'type': 'string'}]}}\
      """;

  @TempDir Path temp;
  private Folder folder;
  private PlainHttp http;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    folder = Folder.in(temp);
    http = new PlainHttp(wireMock.getHttpBaseUrl());
    stubFor(any(anyUrl()).willReturn(ok()));
  }

  @ParameterizedTest
  @CsvSource({
    "'''schemes'': [''https''], ''host'': ''a.example'', ''basePath'': ''/v1''', https://a.example/v1",
    "'''schemes'': [''http'', ''https''], ''host'': ''a.example:8080''', http://a.example:8080",
    "'''host'': ''a.example'', ''basePath'': ''/''', https://a.example",
    "'''schemes'': ['' HTTPS ''], ''host'': '' a.example ''', https://a.example",
    "'''schemes'': [], ''host'': ''a.example'', ''basePath'': ''/a/b/''', https://a.example/a/b",
    "'''host'': ''a.example'', ''basePath'': ''/{odd} base''', https://a.example/%7Bodd%7D%20base"
  })
  void theServiceUrlIsSchemeHostAndBasePath(String members, String url) {
    folder.swagger("{'swagger': '2.0', 'paths': {}, " + members + "}");

    assertThat(folder.load().connector().baseUrl()).isEqualTo(url);
    assertThat(folder.report().baseUrl()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'basePath': '@evil.test'",
        "'basePath': '//evil.test/x'",
        "'basePath': '/\\\\evil.test'",
        "'basePath': '.evil.test'",
        "'basePath': ':80@evil.test/'",
        "'basePath': 'https://evil.test/'",
        "'basePath': '/x?y=@evil.test#'",
        "'servers': [{'url': 'https://evil.test'}]",
        "'x-ms-parameterized-host': {'hostTemplate': 'evil.test'}",
        "'x-ms-connector-metadata': [{'propertyName': 'Website', 'propertyValue': 'https://evil.test'}]"
      })
  @DisplayName("E1: nothing in a definition but its host says where its requests go")
  void onlyTheHostSaysWhereRequestsGo(String members) {
    folder.document(members + ", " + "'paths': {" + OPERATION + "}");

    String base = folder.load().connector().baseUrl();

    assertThat(HttpUrl.get(base).host()).isIn("api.parcels.example", "host.invalid");
    assertThat(URI.create(base).getHost()).isEqualTo(HttpUrl.get(base).host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.test/x",
        "/\\\\evil.test/x",
        "@evil.test/x",
        ":80@evil.test/x",
        "https://evil.test/x",
        "/{url}"
      })
  @DisplayName("E1: no path of a definition leads to another host")
  void noPathLeadsToAnotherHost(String path) {
    folder.paths(OPERATION.replace("/x", path));
    RecordingNetwork network = new RecordingNetwork("{}");
    Connector connector = folder.load().connector();
    Caller ada = Principal.user("ada").in("dev");
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder().connector(connector).httpClient(network.client()).build()) {
      runtime.connections().create(ada, ConnectionSpec.of("parcels", "none"));
      runtime.invoke(
          ada,
          ConnectionReference.invoker("p", "parcels"),
          "op",
          json("{'url': 'https://evil.test/x'}"));
    } catch (ConnectorException refused) {
      assertThat(network.sent()).isEmpty();
    }

    assertThat(network.sent())
        .allMatch(request -> request.url().host().equals("api.parcels.example"));
  }

  @Test
  void aValueStandsInThePathAsOneSegment() {
    path("/folders/{folder path}/files", "'name': 'folder path'");

    assertThat(target("{'folder path': 'Team A/Q1 é'}"))
        .isEqualTo("/folders/Team%20A%2FQ1%20%C3%A9/files");
  }

  @Test
  void aPathMayBeWrittenWithBlanksAndInAnotherCase() {
    path("/a b/%20{ Id }(\\u0027{Id}\\u0027)", "'name': 'id'");

    assertThat(target("{'id': 7}")).isEqualTo("/a%20b/%207('7')");

    path("/{id}", "'name': 'Id '");

    assertThat(target("{'Id ': 7}")).isEqualTo("/7");
  }

  @Test
  void whatIsGivenUnderANameGoesToEveryPlaceOfThatName() {
    folder.operation(
        "get",
        "/{id}",
        """
        'parameters': [
          {'name': 'id', 'in': 'query', 'type': 'integer'},
          {'name': 'id', 'in': 'path', 'required': true, 'type': 'string'}]
        """);

    assertThat(target("{'id': 7}")).isEqualTo("/7?id=7");
    assertThat(folder.action("op").input().givenSchema().path("required"))
        .isEqualTo(json("['id']"));
    assertThat(folder.action("op").input().givenSchema().at("/properties/id/type"))
        .isEqualTo(json("['string', 'number', 'boolean']"));
  }

  @Test
  void doubleEncodingEncodesTwice() {
    path("/folders/{f}/files", "'name': 'f', 'x-ms-url-encoding': 'double'");

    assertThat(target("{'f': 'Team A/Q1'}")).isEqualTo("/folders/Team%2520A%252FQ1/files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-ms-skip-url-encoding", "x-multi-segment"})
  void aRawValueKeepsItsSlashes(String mark) {
    path("/files/{f}/content", "'name': 'f', '" + mark + "': true");

    assertThat(target("{'f': 'a:b/c%20d/e?f'}")).isEqualTo("/files/a:b/c%20d/e%3Ff/content");
    refused(
        "{'f': 'a/../b'}", "/f", "must not have a segment that is empty, '.' or '..' in a path");
    refused(
        "{'f': 'a/%2e%2E/b'}",
        "/f", "must not have a segment that is empty, '.' or '..' in a path");
  }

  @ParameterizedTest
  @Tag("E6")
  @ValueSource(strings = {"", ".", "..", "%2e", "%2E%2e", ".%2e"})
  void aValueThatLeadsElsewhereIsRefused(String value) {
    path("/x/{id}/y", "'name': 'id'");

    refused("{'id': '" + value + "'}", "/id", "must not be empty, '.' or '..' in a path");
  }

  @Test
  void anEmptyDefaultIsNoValueForAPath() {
    path("/x/{id}/y", "'name': 'id', 'default': ''");

    refused("{}", "/id", "is required");
    assertThat(folder.action("op").input().givenSchema().path("required"))
        .isEqualTo(json("['id']"));
  }

  @Test
  @Tag("E6")
  void aValueBesideOtherTextIsRefusedTheSameWay() {
    path("/x/.{id}/y", "'name': 'id'");
    assertThat(target("{'id': 'git'}")).isEqualTo("/x/.git/y");
    refused("{'id': '.'}", "/id", "must not be empty, '.' or '..' in a path");
  }

  @Test
  @Tag("E6")
  void anyOtherValueStaysOneSegmentAndCanBeReadBack() {
    path("/x/{id}/y", "'name': 'id'");
    DefinitionAction action = folder.action("op");
    Random random = new Random(1);
    String alphabet = "ab./\\%2eE25;?#&=+ \t\r\n\0é日\uD83D\uDCE6{}[]'\"<>|^`@:!$*(),~";
    for (int i = 0; i < 10_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String text = value.toString();
      JsonNode input = JsonNodeFactory.instance.objectNode().put("id", text);
      String target;
      try {
        target = action.client().request(input).target();
      } catch (InvalidInputException refused) {
        continue;
      }
      assertThat(target).matches("/x/[A-Za-z0-9%._~-]+/y");
      assertThat(PercentEncoding.decode(target.substring(3, target.length() - 2))).isEqualTo(text);
    }
    refused("{'id': '\\uD83D'}", "/id", "holds half a surrogate pair");
  }

  @Test
  @Tag("E7")
  void queryNamesAndValuesAreEncodedApart() {
    folder.operation(
        "get",
        "/x",
        """
        'parameters': [
          {'name': '$filter', 'in': 'query', 'type': 'string'},
          {'name': 'page[size]', 'in': 'query', 'type': 'integer'},
          {'name': 'a b&c', 'in': 'query', 'type': 'string'},
          {'name': 'on', 'in': 'query', 'type': 'boolean'},
          {'name': 'big', 'in': 'query', 'type': 'number'}]
        """);

    assertThat(
            target(
                "{'$filter': 'a eq 1&admin=true+%26#ü', 'page[size]': 50, 'a b&c': '1', 'on': true,"
                    + " 'big': 1e21}"))
        .isEqualTo(
            "/x?$filter=a%20eq%201%26admin%3Dtrue%2B%2526%23%C3%BC&page%5Bsize%5D=50&a%20b%26c=1"
                + "&on=true&big=1000000000000000000000");
    verify(
        anyRequestedFor(anyUrl())
            .withQueryParam("$filter", equalTo("a eq 1&admin=true+%26#ü"))
            .withQueryParam("admin", absent()));
  }

  @ParameterizedTest
  @Tag("E7")
  @CsvSource({
    "csv, '/x?a=1,b%20c%2Cd'",
    "'', '/x?a=1,b%20c%2Cd'",
    "ssv, /x?a=1%20b%20c%2Cd",
    "tsv, /x?a=1%09b%20c%2Cd",
    "pipes, /x?a=1%7Cb%20c%2Cd",
    "multi, /x?a=1&a=b%20c%2Cd"
  })
  void arraysFollowTheirCollectionFormat(String format, String target) {
    query(
        "'name': 'a', 'type': 'array'"
            + (format.isEmpty() ? "" : ", 'collectionFormat': '" + format + "'"));

    assertThat(target("{'a': [1, 'b c,d']}")).isEqualTo(target);
  }

  @Test
  void whatIsNotGivenIsNotSent() {
    query("'name': 'a', 'type': 'string', 'default': 'shown in forms'");

    assertThat(target("{}")).isEqualTo("/x");
    assertThat(target("{'a': null}")).isEqualTo("/x");
    assertThat(target("{'a': ''}")).isEqualTo("/x");
    query("'name': 'a', 'type': 'array'");
    assertThat(target("{'a': []}")).isEqualTo("/x");
    query("'name': 'a', 'type': 'string', 'allowEmptyValue': true");
    assertThat(target("{'a': ''}")).isEqualTo("/x?a=");
    query("'name': 'a', 'type': 'string', 'required': true");
    assertThat(target("{'a': ''}")).isEqualTo("/x?a=");
  }

  @Test
  void constantsAreAlwaysSentAndDefaultsWhereAValueIsNeeded() {
    folder.operation(
        "get",
        "/{version}/x",
        """
        'parameters': [
          {'name': 'version', 'in': 'path', 'type': 'string', 'required': true, 'default': 'v2', 'x-ms-visibility': 'internal'},
          {'name': 'api', 'in': 'query', 'type': 'string', 'required': true, 'default': '1', 'x-ms-visibility': 'Internal'},
          {'name': 'limit', 'in': 'query', 'type': 'integer', 'required': true, 'default': '20'},
          {'name': 'hint', 'in': 'query', 'type': 'string', 'default': 'x', 'x-ms-visibility': 'internal'},
          {'name': 'state', 'in': 'query', 'type': 'string', 'x-ms-visibility': 'internal'},
          {'name': 'given', 'in': 'query', 'type': 'string', 'required': true, 'x-ms-visibility': 'internal'},
          {'name': 'X-App', 'in': 'header', 'type': 'string', 'required': true, 'default': 'sdk', 'x-ms-visibility': 'internal'}]
        """);

    assertThat(target("{}")).isEqualTo("/v2/x?api=1&limit=20");
    assertThat(target("{'limit': 5, 'api': '2', 'state': 's'}"))
        .isEqualTo("/v2/x?api=2&limit=5&state=s");
    verify(getRequestedFor(urlEqualTo("/v2/x?api=1&limit=20")).withHeader("X-App", equalTo("sdk")));
  }

  @Test
  void whatIsNeededAndMissingIsNamedTogether() {
    folder.operation(
        "get",
        "/{id}/x",
        """
        'parameters': [
          {'name': 'id', 'in': 'path', 'type': 'string', 'x-ms-visibility': 'internal'},
          {'name': 'q', 'in': 'query', 'type': 'string', 'required': true},
          {'name': 'list', 'in': 'query', 'type': 'array'},
          {'name': 'one', 'in': 'query', 'type': 'string'}]
        """);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> target("{'q': null, 'list': [{}], 'one': {'a': 1}, 'typo/a': 1}"))
        .withMessageStartingWith("Invalid input for operation 'op': ")
        .extracting(InvalidInputException::faults)
        .isEqualTo(
            List.of(
                new Fault("/typo~1a", "is not a parameter of operation 'op'"),
                new Fault("/id", "is required"),
                new Fault("/q", "is required"),
                new Fault("/list", "must be a list of texts, numbers or booleans"),
                new Fault("/one", "must be a text, number or boolean")));
    assertThat(http.targets()).isEmpty();
  }

  @Test
  void anInputThatIsNoObjectIsRefused() {
    query("'name': 'a', 'type': 'string'");

    refused("[]", "", "must be an object with one member per parameter");
  }

  @Test
  void valuesAreWrittenAsTheDeclaredType() {
    query("'name': 'a', 'type': 'integer'");
    assertThat(target("{'a': ' 7 '}")).isEqualTo("/x?a=7");
    assertThat(target("{'a': 7.0}")).isEqualTo("/x?a=7");
    assertThat(target("{'a': 'seven'}")).isEqualTo("/x?a=seven");
    assertThat(target("{'a': '1e1000000000'}")).isEqualTo("/x?a=1e1000000000");
    query("'name': 'a', 'type': 'boolean'");
    assertThat(target("{'a': 'True'}")).isEqualTo("/x?a=true");
    query("'name': 'a', 'type': 'string'");
    assertThat(target("{'a': 007}".replace("007", "1.50"))).isEqualTo("/x?a=1.5");
    assertThat(target("{'a': '007'}")).isEqualTo("/x?a=007");
  }

  @Test
  void aDefaultThatOnlyAWorkflowCanEvaluateIsNotSent() {
    query("'name': 'a', 'type': 'string', 'required': true, 'default': '@{addDays(utcNow(),7)}'");
    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> target("{}"))
        .withMessage(
            "Operation 'op' cannot run: the default of /a is a workflow expression, which cannot be"
                + " evaluated here; give a value");
    assertThat(http.targets()).isEmpty();
    assertThat(target("{'a': 'x'}")).isEqualTo("/x?a=x");

    query("'name': 'a', 'type': 'string', 'required': true, 'default': '@utcNow()'");
    assertThatExceptionOfType(OperationUnsupportedException.class).isThrownBy(() -> target("{}"));
    query("'name': 'a', 'type': 'string', 'required': true, 'default': '@me'");
    assertThat(target("{}")).isEqualTo("/x?a=%40me");
  }

  @Test
  void theWorkflowThatThereIsNotIsAnEmptyObject() {
    header("'name': 'X-Flow', 'required': true, 'default': '@{workflow()}'");

    target("{}");

    verify(getRequestedFor(urlEqualTo("/x")).withHeader("X-Flow", equalTo("{}")));
  }

  @Test
  void headersAreSentAsTheyAre() {
    header("'name': 'Accept-Language'");

    target("{'Accept-Language': ' de, en;q=0.5 '}");

    verify(
        getRequestedFor(urlEqualTo("/x"))
            .withHeader("Accept-Language", equalTo("de, en;q=0.5"))
            .withHeader("Accept", equalTo("application/json")));
  }

  @ParameterizedTest
  @Tag("E8")
  @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a\\nb", "a\\u0000b", "a\\u007fb"})
  void aHeaderValueThatIsNoneIsRefused(String value) {
    header("'name': 'X-Note'");

    refused(
        "{'X-Note': '" + value + "'}",
        "/X-Note",
        "holds a character that is not allowed in a header");
    assertThat(http.targets()).isEmpty();
  }

  @Test
  void theDefinitionMaySayWhatIsAccepted() {
    header("'name': 'accept', 'default': 'text/csv'");
    target("{}");
    target("{'accept': 'text/plain'}");
    verify(1, getRequestedFor(urlEqualTo("/x")).withHeader("Accept", equalTo("text/csv")));
    verify(1, getRequestedFor(urlEqualTo("/x")).withHeader("Accept", equalTo("text/plain")));
  }

  @Test
  void theDocumentMaySayForAllOperationsWhatTheyProduce() {
    folder.document(
        "'produces': ['text/csv'], 'paths': {'/x': {'get': {'operationId': 'op'}},"
            + " '/y': {'get': {'operationId': 'other', 'produces': ['application/xml']}},"
            + " '/z': {'get': {'operationId': 'third',"
            + " 'produces': ['text/html; charset=utf-8', 'no, type']}}}");

    target("{}");
    folder.action("other").execute(json("{}"), http);
    folder.action("third").execute(json("{}"), http);

    verify(getRequestedFor(urlEqualTo("/x")).withHeader("Accept", equalTo("text/csv")));
    verify(getRequestedFor(urlEqualTo("/y")).withHeader("Accept", equalTo("application/xml")));
    verify(
        getRequestedFor(urlEqualTo("/z"))
            .withHeader("Accept", equalTo("text/html; charset=utf-8")));
  }

  @Test
  void aFileIsAcceptedInAnyForm() {
    folder.paths(
        "'/x': {'get': {'operationId': 'op', 'responses': {'200': {'schema': {'type': 'string', 'format': 'binary'}}}}}");

    target("{}");

    verify(getRequestedFor(urlEqualTo("/x")).withHeader("Accept", equalTo("*/*")));
  }

  private void path(String path, String parameter) {
    folder.operation(
        "get",
        path,
        "'parameters': [{'in': 'path', 'type': 'string', 'required': true, " + parameter + "}]");
  }

  private void query(String parameter) {
    folder.operation("get", "/x", "'parameters': [{'in': 'query', " + parameter + "}]");
  }

  private void header(String parameter) {
    folder.operation(
        "get", "/x", "'parameters': [{'in': 'header', 'type': 'string', " + parameter + "}]");
  }

  /** Calls the operation and returns where the request went. */
  private String target(String input) {
    folder.action("op").execute(json(input), http);
    return http.targets().get(http.targets().size() - 1);
  }

  private void refused(String input, String pointer, String problem) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> target(input))
        .extracting(InvalidInputException::faults)
        .isEqualTo(List.of(new Fault(pointer, problem)));
  }
}
