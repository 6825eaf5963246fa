package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.ServiceException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What each policy template does to requests and answers, in a runtime, as services see it. */
@WireMockTest
class PolicyTest {

  private static final String BODY = "'parameters': [{'name': 'body', 'in': 'body', 'schema': {}}]";

  @TempDir Path temp;
  private Service service;
  private int port;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    port = wireMock.getHttpPort();
    service = new Service(temp, port);
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static LoggedRequest arrived() {
    return WireMock.findAll(anyRequestedFor(anyUrl())).get(0);
  }

  // ---- Headers and query.

  @Test
  void aPolicySeesTheCredentialThatAuthenticationHasPutIn() {
    service.key("Authorization", "s3cret").operation("op", "get", "/x", "");
    service.policy(
        "SetHeader",
        "'name': 'Authorization', 'value': 'Key @headers(\\u0027authorization\\u0027)'");

    service.call("op", "{}");

    assertThat(arrived().getHeader("Authorization")).isEqualTo("Key s3cret");
  }

  @Test
  void policiesFollowEachOther() {
    service.operation("op", "get", "/x", "");
    service.policy("setheader", "'name': 'test', 'value': 'a'");
    service.policy("setheader", "'name': 'Test', 'value': '@headers(\\u0027test\\u0027)moo'");
    service.policy("setheader", "'name': 'test', 'value': 'c', 'existsAction': 'append'");
    service.policy("setheader", "'name': 'test', 'value': 'd', 'existsAction': 'skip'");

    service.call("op", "{}");

    assertThat(arrived().getHeader("test")).isEqualTo("amoo,c");
  }

  @Test
  void connectionParametersAreFoundInAnyCaseAndTheSecondArgumentStandsForNone() {
    service.secret("Key Two", "k2").with("site", "acme").operation("op", "get", "/x", "");
    service.policy(
        "setheader",
        "'name': 'X', 'value': '@ConnectionParameters(\\u0027key two\\u0027);@connectionParameters(\\u0027SITE\\u0027)"
            + ";@connectionParameters(\\u0027none\\u0027, \\u0027other\\u0027);@connectionParameters(\\u0027none\\u0027)@odata.x'");

    service.call("op", "{}");

    assertThat(arrived().getHeader("X")).isEqualTo("k2;acme;other;@odata.x");
  }

  @Test
  void aQueryParameterIsReplacedKeptOrRepeated() {
    service.operation(
        "op",
        "get",
        "/x",
        "'parameters': [{'name': '$top', 'in': 'query', 'type': 'string'},"
            + " {'name': 'f', 'in': 'query', 'type': 'string'}]");
    service.policy("setqueryparameter", "'name': '%24top', 'value': '[\\u00225 6\\u0022]'");
    service.policy("setqueryparameter", "'name': 'f', 'value': 'b', 'existsAction': 'append'");
    service.policy("setqueryparameter", "'name': 'f', 'value': 'c', 'existsAction': 'skip'");
    service.policy(
        "setqueryparameter", "'name': 'g', 'value': '@queryParameters(\\u0027f\\u0027)'");

    service.call("op", "{'$top': '1', 'f': 'a&b'}");

    assertThat(arrived().getUrl()).isEqualTo("/v1/x?f=a%26b&$top=%5B%225%206%22%5D&f=b&g=a%26b");
  }

  @Test
  void aPolicyIsOverTheOperationsThatItNames() {
    service.operation("op", "get", "/x", "").operation("other", "get", "/y", "");
    service.policy("setheader", "'name': 'A', 'value': '1', 'operations': ['OTHER', 'none']");
    service.policy("setheader", "'name': 'B', 'value': '1', 'operations': []");

    service.call("op", "{}");

    assertThat(arrived().containsHeader("A")).isFalse();
    assertThat(arrived().getHeader("B")).isEqualTo("1");
  }

  @Test
  @DisplayName("D3: a value that cannot stand in a header is not quoted")
  void aSecretWithALineBreakIsNotQuoted() {
    service.secret("k", "s3cret\nx").operation("op", "get", "/x", "");
    service.policy("setheader", "'name': 'A', 'value': '@connectionParameters(\\u0027k\\u0027)'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret").contains("'A'"));
    verify(0, anyRequestedFor(anyUrl()));
  }

  // ---- Where it goes.

  @ParameterizedTest
  @CsvSource({
    "http://@connectionParameters(\\u0027h\\u0027)/rest/v2/, localhost:%d, /rest/v2/x",
    "@connectionParameters(\\u0027h\\u0027), http://localhost:%d/base/, /base/x",
    "http://@connectionParameters(\\u0027h\\u0027)/rest, http://localhost:%d/, /rest/x",
    "http://@connectionParameters(\\u0027h\\u0027), http://localhost:%d, /x",
    "'http://@connectionParameters(\\u0027h\\u0027)/@connectionParameters(\\u0027h2\\u0027,\\u0027t\\u0027)', ' localhost:%d ', /t/x"
  })
  void aHostUrlReplacesHostAndBasePath(String template, String value, String url) {
    service.with("h", value.formatted(port)).operation("op", "get", "/x", "");
    service.policy("DynamicHostUrl", "'urlTemplate': '" + template + "'");

    service.call("op", "{}");

    assertThat(arrived().getUrl()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({"/@, acme, /@acme/v1.0/x", "/a/, b%20c, /a/b%20c/v1.0/x", "/a, ~@b, /a~@b/v1.0/x"})
  @DisplayName("H5: a connection parameter that ends the host may go on with another one")
  void aHostMayGoOnWithAPath(String path, String team, String url) {
    service.with("region", "http://localhost:" + port + path).with("team", team);
    service.operation("op", "get", "/x", "").policy("dynamichosturl", TWO);

    service.call("op", "{}");

    assertThat(arrived().getUrl()).isEqualTo(url);
  }

  private static final String TWO =
      "'urlTemplate': '@connectionParameters(\\u0027region\\u0027)@connectionParameters(\\u0027team\\u0027)/v1.0'";

  @ParameterizedTest
  @CsvSource({
    "https://north.example.com, .evil.example",
    "https://north.example.com, @evil.example",
    "https://north.example.com, evil",
    "https://a@evil.example/, x",
    "https://https://, evil.example",
    "https:/, /evil.example",
    "https:///, evil.example",
    "/, /evil.example",
    "https://north.example.com/@, ../../x",
    "https://north.example.com/@, x?y",
    "https://north.example.com/@, x#y",
    "north.example.com, @evil.example"
  })
  @DisplayName("E10: a second connection parameter does not change the host")
  void aSecondParameterDoesNotChangeTheHost(String region, String team) {
    service.with("region", region).with("team", team);
    service.operation("op", "get", "/x", "").policy("dynamichosturl", TWO);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"));
  }

  @Test
  @DisplayName("E10: a caller does not give the host that a connection parameter leaves out")
  void aCallerDoesNotGiveTheHost() {
    service.with("scheme", "http://http://");
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string'}]");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': '@connectionParameters(\\u0027scheme\\u0027)@headers(\\u0027h\\u0027)/v1'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{'h': 'localhost'}"));
  }

  @Test
  @DisplayName("E10: a caller does not end the host with a path")
  void aCallerDoesNotEndTheHost() {
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string'}]");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': '@headers(\\u0027h\\u0027)@headers(\\u0027none\\u0027)/v1'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{'h': 'https://evil.example/'}"));
  }

  private static final String SITE_AND_QUERY =
      "'parameters': [{'name': 'site', 'in': 'query', 'type': 'string'},"
          + " {'name': 'query', 'in': 'header', 'type': 'string'}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/|/render.ashx?@headers(`query`)|doc=7&as=p f|/render.ashx?doc=7&as=p%20f&site=a",
        "/x|/render.ashx?@headers(`query`)|doc=7#y|/render.ashx/x?doc=7%23y&site=a",
        "/|/r?id=@headers(`query`)&v=1|7&w=2|/r?id=7%26w%3D2&v=1&site=a",
        "/|/r?v=1&@headers(`query`)|w=2|/r?v=1&w=2&site=a",
        "/|/r?k=@connectionParameters(`k`)|x|/r?k=s%203&site=a"
      })
  @DisplayName("H5: a service URL may have a query, to which that of the operation is added")
  void aServiceUrlMayHaveAQuery(String path, String template, String query, String url) {
    service.with("k", "s 3").operation("op", "get", path, SITE_AND_QUERY);
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'http://localhost:%d%s'".formatted(port, template.replace("`", "\\u0027")));

    service.call("op", input("a", query));

    assertThat(arrived().getUrl()).isEqualTo(url);
  }

  private static JsonNode input(String site, String query) {
    return JsonNodeFactory.instance.objectNode().put("site", site).put("query", query);
  }

  @Test
  @DisplayName("H5: a host of a connection parameter that does not exist is an obstacle")
  void aHostOfAParameterThatDoesNotExistIsAnObstacle() {
    service.with("h", "x.example").operation("op", "get", "/x", "").operation("b", "get", "/y", "");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': '@connectionParameters(\\u0027other\\u0027)/api', 'operations': ['op']");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'https://@connectionParameters(\\u0027H\\u0027)/@connectionParameters(\\u0027none\\u0027)', 'operations': ['b']");

    DefinitionReport report = service.definition().report();

    assertThat(report.operation("op").orElseThrow().obstacles())
        .containsExactly(
            "its host is the connection parameter 'other', which the definition does not declare");
    assertThat(report.operation("b").orElseThrow().isSupported()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://@headers(`h`)/x|'type': 'string'|true",
        "@queryParameters(`q`)|'type': 'string'|true",
        "https://@headers(`H`).example|'type': 'string', 'default': 'a'|true",
        "https://@headers(`h`).desk.example.com|'type': 'string'|false",
        "https://@headers(`h`)/x|'type': 'string', 'enum': ['a.example', 'b.example']|false",
        "https://@headers(`h`)/x|'type': 'string', 'default': 'a.example', 'required': true, 'x-ms-visibility': 'internal'|false",
        "https://@connectionParameters(`k`)/@headers(`h`)|'type': 'string'|false",
        "https://@headers(`other`)/x|'type': 'string'|false",
        "https://desk.example/x?@headers(`h`)|'type': 'string'|false"
      })
  @DisplayName("H5: the report says whose host the caller chooses")
  void theReportSaysWhoseHostTheCallerChooses(String template, String members, boolean chosen) {
    service
        .with("k", "x.example")
        .operation(
            "op",
            "get",
            "/x",
            "'parameters': [{'name': 'h', 'in': 'header', %s}, {'name': 'q', 'in': 'query', 'type': 'string'}]"
                .formatted(members));
    service.policy("dynamichosturl", "'urlTemplate': '" + template.replace("`", "\\u0027") + "'");

    DefinitionReport.Operation operation =
        service.definition().report().operation("op").orElseThrow();

    assertThat(operation.isSupported()).isTrue();
    assertThat(operation.hostOfCaller()).isEqualTo(chosen ? template.replace('`', '\'') : null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setheader|'name': 'X-Site', 'value': '@queryParameters(`q`)'|true",
        "setheader|'name': 'x-site', 'value': 'a@{body().site}'|true",
        "setheader|'name': 'X-Site', 'value': '{id}'|true",
        "setheader|'name': 'X-Site', 'value': 'a.example', 'existsAction': 'skip'|true",
        "setheader|'name': 'X-Site', 'value': 'a.example'|false",
        "setheader|'name': 'X-Site', 'value': '@connectionParameters(`k`)'|false",
        "setheader|'name': 'X-Other', 'value': '@queryParameters(`q`)'|true"
      })
  @DisplayName("H5: the report says so too if another policy makes the host of the input")
  void theReportFollowsTheInputThroughPolicies(String policy, String members, boolean chosen) {
    service
        .with("k", "x.example")
        .operation(
            "op",
            "get",
            "/x/{id}",
            "'parameters': [{'name': 'id', 'in': 'path', 'required': true, 'type': 'string'},"
                + " {'name': 'X-Site', 'in': 'header', 'type': 'string'},"
                + " {'name': 'q', 'in': 'query', 'type': 'string'}]");
    String host = "https://@headers(`X-Site`)/x";
    service.policy(policy, members.replace("`", "\\u0027"));
    service.policy("dynamichosturl", "'urlTemplate': '" + host.replace("`", "\\u0027") + "'");

    DefinitionReport.Operation operation =
        service.definition().report().operation("op").orElseThrow();

    assertThat(operation.hostOfCaller()).isEqualTo(chosen ? host.replace('`', '\'') : null);
  }

  @Test
  @DisplayName("H5: the report says so too if the host is in the path of the operation")
  void theReportSaysThatTheHostIsInThePath() {
    service.operation(
        "op",
        "get",
        "/x/{site}",
        "'parameters': [{'name': 'site', 'in': 'path', 'required': true, 'type': 'string'}]");
    service.policy("dynamichosturl", "'urlTemplate': 'https://{site}/api'");

    assertThat(service.definition().report().operation("op").orElseThrow().hostOfCaller())
        .isEqualTo("https://{site}/api");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "setheader"})
  @DisplayName("B17: a host says by which answers the service of a definition refuses a credential")
  void aHostSaysByWhichAnswersTheServiceRefuses(String policy) {
    service.key("X-Key", "k").operation("op", "get", "/x", "");
    service.options(
        LoadOptions.standard()
            .overlay(Overlay.none().refusedBy(419).refusedBy(200, "/ok", "false")));
    if (!policy.isEmpty()) {
      service.policy(policy, "'name': 'X-A', 'value': 'a'");
    }
    stubFor(any(anyUrl()).willReturn(status(419)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> service.call("op", "{}"));

    stubFor(any(anyUrl()).willReturn(okJson("{\"ok\":false}")));
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> service.call("op", "{}"));

    stubFor(any(anyUrl()).willReturn(okJson("{\"ok\":true}")));
    assertThat(service.call("op", "{}").at("/body/ok").booleanValue()).isTrue();
  }

  @Test
  void anErrorNamesTheHostThatWasAsked() {
    service.with("h", "127.0.0.1:" + port).operation("op", "get", "/x", "");
    service.policy(
        "dynamichosturl", "'urlTemplate': 'http://@connectionParameters(\\u0027h\\u0027)'");
    stubFor(any(anyUrl()).willReturn(status(404)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageStartingWith("GET 127.0.0.1:");
  }

  @ParameterizedTest
  @DisplayName("E10: a connection parameter in a host name does not end the host")
  @ValueSource(strings = {"evil.test/", "evil.test#", "a@evil.test", "evil.test:443", "evil.test?"})
  void aValueBesideTextOfTheHostIsPartOfIt(String value) {
    service.with("h", value).operation("op", "get", "/x", "");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'https://@connectionParameters(\\u0027h\\u0027).example.com/v2'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("h: must be a part of a host name");
  }

  @ParameterizedTest
  @DisplayName("E9: a service URL is a plain URL")
  @ValueSource(
      strings = {
        "https://u:p@evil.test",
        "https://x/../y",
        "https://x?a=b",
        "https://x#y",
        "",
        "ftp://x",
        "https://a b"
      })
  void whatIsNoServiceUrlIsRefused(String value) {
    service.with("h", value).operation("op", "get", "/x", "");
    service.policy("dynamichosturl", "'urlTemplate': '@connectionParameters(\\u0027h\\u0027)'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("is not the URL of a service");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @DisplayName("E9: the path of a template never becomes the host")
  @ValueSource(strings = {"", " ", "/", "https://", "///"})
  void aTemplateWithoutItsHostLeadsNowhere(String value) {
    service.with("h", value).operation("op", "get", "/x", "");
    service.policy("dynamichosturl", "'urlTemplate': '@connectionParameters(\\u0027h\\u0027)/api'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("is not the URL of a service");
  }

  @Test
  @DisplayName("E4: a caller leads no request, and no credential, to a host of his own")
  void aHostOfTheCallersChoiceIsRefused() {
    service
        .key("X-Key", "s3cret")
        .operation(
            "op",
            "get",
            "/x",
            "'parameters': [{'name': 'hostUrl', 'in': 'query', 'type': 'string'}]");
    service.policy("dynamichosturl", "'urlTemplate': '@queryParameters(\\u0027hostUrl\\u0027)'");

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> service.call("op", "{'hostUrl': 'http://127.0.0.1:" + port + "/'}"))
        .withMessageContaining("127.0.0.1")
        .withMessageContaining("allowingHost");
    verify(0, anyRequestedFor(anyUrl()));
    service.call("op", "{'hostUrl': 'http://localhost:" + port + "/b'}");
    assertThat(arrived().getUrl()).startsWith("/b/x?hostUrl=http%3A%2F%2Flocalhost");
    assertThat(arrived().getHeader("X-Key")).isEqualTo("s3cret");
  }

  private static final String FROM_INPUT =
      "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string'},"
          + " {'name': 'q', 'in': 'query', 'type': 'string'},"
          + " {'name': 'body', 'in': 'body', 'schema': {}}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "setheader|@headers('t')|'name': 't', 'value': '@headers(~h~)'",
        "setheader|@headers('t')|'name': 'T', 'value': '@queryParameters(~q~)'",
        "setheader|@headers('t')|'name': 't', 'value': '@body().b'",
        "setheader|@headers('h')|'name': 'h', 'value': 'x', 'existsAction': 'append'",
        "setheader|@headers('Accept')|'name': 'Accept', 'value': '@headers(~h~)'",
        "setqueryparameter|@queryParameters('t')|'name': 't', 'value': '@headers(~h~)'",
        "setqueryparameter|@queryParameters('q')|'name': 'q', 'value': 'a', 'existsAction': 'append'",
        "routerequesttoendpoint|@queryParameters('t')|'newPath': '/x?t=@headers(~h~)'",
        "setvaluefromurl|@headers('t')|'parameterTemplate': '@headers(~t~)', 'parameterValueUrl': '/t', 'parameterValuePathTemplate': 'body().t'",
        "setvaluefromurl|@queryParameters('t')|'parameterTemplate': '@queryParameters(~t~)', 'parameterValueUrl': '/t', 'parameterValuePathTemplate': 'body().t'"
      })
  @DisplayName(
      "E1: what a policy makes of the input leads no request to a host of the caller's own")
  void whatAPolicyMakesOfTheInputCountsAsInput(String template, String host, String parameters) {
    String theirs = "http://127.0.0.1:" + port + "/";
    stubFor(any(urlPathEqualTo("/v1/t")).willReturn(okJson("{\"t\":\"" + theirs + "\"}")));
    service.key("X-Key", "s3cret").operation("op", "post", "/x", FROM_INPUT);
    // What the author says before does not vouch for what replaces it.
    service.policy("setheader", "'name': 't', 'value': 'https://parcels.invalid'");
    service.policy("setqueryparameter", "'name': 't', 'value': 'https://parcels.invalid'");
    service.policy(template, parameters.replace("~", "\\u0027"));
    service.policy("dynamichosturl", "'urlTemplate': '" + quoted(host) + "'");
    service.policy(
        "setvaluefromurl",
        "'parameterTemplate': '@headers(\\u0027z\\u0027)', 'parameterValueUrl': '/stolen',"
            + " 'parameterValuePathTemplate': 'body().t'");

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(
            () ->
                service.call(
                    "op", "{'h': '%1$s', 'q': '%1$s', 'body': {'b': '%1$s'}}".formatted(theirs)))
        .withMessageContaining("127.0.0.1");
    verify(0, anyRequestedFor(anyUrl()).withHeader("Host", equalTo("127.0.0.1:" + port)));
  }

  private static String quoted(String text) {
    return text.replace("'", "\\u0027");
  }

  @Test
  void aHostOfTheAuthorMayStandInAHeader() {
    service.with("site", "127.0.0.1:" + port).operation("op", "post", "/x", FROM_INPUT);
    service.policy(
        "setheader", "'name': 'h', 'value': 'http://@connectionParameters(\\u0027site\\u0027)/b'");
    service.policy("dynamichosturl", "'urlTemplate': '@headers(\\u0027h\\u0027)'");

    service.call("op", "{'h': 'http://elsewhere.invalid', 'body': {}}");

    assertThat(arrived().getUrl()).isEqualTo("/b/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "X-Forwarded-Host",
        "X-Real-IP",
        "X-Original-URL",
        "X_Rewrite_URL",
        "X-HTTP-Method",
        "X-HTTP-Method-Override",
        "X-Method-Override"
      })
  @DisplayName("E8: a definition may steer by a header, its callers may not")
  void aHeaderThatSteersIsTheAuthorsAlone(String name) {
    String parameter = "'parameters': [{'name': '%s', 'in': 'header', 'type': 'string'}]";
    service
        .operation("ofAuthor", "post", "/a", "")
        .operation("ofInput", "post", "/i", FROM_INPUT)
        .operation("declared", "post", "/d", parameter.formatted(name));
    service.policy(
        "setheader", "'operations': ['ofAuthor'], 'name': '" + name + "', 'value': 'given'");
    service.policy(
        "setheader",
        "'operations': ['ofInput'], 'name': '%s', 'value': 'x@headers(\\u0027h\\u0027)'"
            .formatted(name));

    service.call("ofAuthor", "{}");
    assertThat(arrived().getHeader(name)).isEqualTo("given");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("ofInput", "{'h': 'DELETE', 'body': {}}"))
        .withMessageContaining(name)
        .withMessageContaining("could change what the request does or where it goes");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("declared", "{'" + name + "': 'DELETE'}"))
        .withMessageContaining(name + ": could change what the request does or where it goes");
    service.call("declared", "{}");
    verify(0, anyRequestedFor(urlEqualTo("/v1/i")));
    verify(1, anyRequestedFor(urlEqualTo("/v1/d")).withoutHeader(name));
    assertThat(service.definition().report().warnings())
        .anyMatch(w -> w.message().contains("'" + name + "' could change"));
  }

  @Test
  void theHostApplicationMayAllowIt() {
    service
        .options(LoadOptions.standard().allowingHost("127.0.0.1"))
        .operation(
            "op", "get", "/x", "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string'}]");
    service.policy("dynamichosturl", "'urlTemplate': '@headers(\\u0027h\\u0027)'");

    service.call("op", "{'h': 'http://127.0.0.1:" + port + "'}");

    assertThat(arrived().getUrl()).isEqualTo("/x");
  }

  @Test
  void theDefinitionAllowsWhatItOffers() {
    String offered = "http://127.0.0.1:" + port;
    service
        .operation(
            "choice",
            "get",
            "/x",
            "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string', 'enum': ['%s']}]"
                .formatted(offered))
        .operation(
            "usual",
            "get",
            "/y",
            "'parameters': [{'name': 'h', 'in': 'header', 'type': 'string', 'default': '%s'}]"
                .formatted(offered));
    service.policy("dynamichosturl", "'urlTemplate': '@headers(\\u0027h\\u0027)'");

    service.call("choice", "{'h': '" + offered + "'}");
    service.call("usual", "{'h': '" + offered + "'}");

    verify(1, anyRequestedFor(urlEqualTo("/x")));
    verify(1, anyRequestedFor(urlEqualTo("/y")));
    for (String operation : new String[] {"choice", "usual"}) {
      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(() -> service.call(operation, "{'h': 'http://[::1]:" + port + "'}"));
    }
    verify(2, anyRequestedFor(anyUrl()));
  }

  @Test
  void aCallerChoosesBelowADomainOfTheDefinition() {
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': 'r', 'in': 'header', 'type': 'string'}]");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'https://r@headers(\\u0027r\\u0027)-api.parcels.invalid'");

    assertThatExceptionOfType(dev.connectorsdk.api.error.TransportException.class)
        .isThrownBy(() -> service.call("op", "{'r': '1'}"))
        .withMessageContaining("r1-api.parcels.invalid");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{'r': '1.evil.test/'}"));
  }

  @ParameterizedTest
  @CsvSource({
    "/hooks, /v1/hooks?q=a%20b",
    "hooks/{ID}, /v1/hooks/7%2F8?q=a%20b",
    "/@connectionParameters(\\u0027space\\u0027)/pages/{id}?q=new&x=@queryParameters(\\u0027q\\u0027), /v1/w%201/pages/7%2F8?q=new&x=a%20b",
    "/@queryParameters(\\u0027q\\u0027)/y, /v1/a%20b/y?q=a%20b",
    "/{unknown}/y, /v1/%7Bunknown%7D/y?q=a%20b",
    "/y?ids[]=1&a[b]=c, /v1/y?q=a%20b&ids%5B%5D=1&a%5Bb%5D=c"
  })
  void aRouteReplacesThePath(String newPath, String url) {
    service
        .with("space", "w 1")
        .operation(
            "op",
            "get",
            "/x/{id}",
            "'parameters': [{'name': 'id', 'in': 'path', 'type': 'string', 'required': true}, {'name': 'q', 'in': 'query', 'type': 'string'}]");
    service.policy(
        "routerequesttoendpoint",
        "'newPath': '" + newPath + "', 'httpMethod': '@Request.OriginalHTTPMethod'");

    service.call("op", "{'id': '7/8', 'q': 'a b'}");

    assertThat(arrived().getUrl()).isEqualTo(url);
    assertThat(arrived().getMethod().toString()).isEqualTo("GET");
  }

  @Test
  void aRouteMayChangeTheMethodAndWithItTheEffect() {
    service.operation("op", "head", "/x", "");
    service.policy("routerequesttoendpoint", "'newPath': '/y', 'httpMethod': 'delete'");

    service.call("op", "{}");

    assertThat(arrived().getMethod().toString()).isEqualTo("DELETE");
    assertThat(service.definition().connector().action("op").orElseThrow().effect())
        .isEqualTo(dev.connectorsdk.api.Effect.DESTRUCTIVE);
  }

  @Test
  void aMethodThatTakesABodyGetsIt() {
    service.operation("op", "get", "/x", BODY);
    service.policy("routerequesttoendpoint", "'newPath': '/y', 'httpMethod': 'POST'");

    service.call("op", "{'body': {'a': 1}}");

    assertThat(arrived().getMethod().toString()).isEqualTo("POST");
    assertThat(arrived().getBodyAsString()).isEqualTo("{\"a\":1}");
  }

  @Test
  void aRouteReplacesAQueryParameterHoweverItIsEncoded() {
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': '$top', 'in': 'query', 'type': 'string'}]");
    service.policy("routerequesttoendpoint", "'newPath': '/y?%24top=2'");

    service.call("op", "{'$top': '1'}");

    assertThat(arrived().getUrl()).isEqualTo("/v1/y?%24top=2");
  }

  @Test
  @DisplayName("E6: a policy makes no path that leads up")
  void aValueDoesNotLeadUp() {
    service.operation(
        "op", "get", "/x", "'parameters': [{'name': 'q', 'in': 'query', 'type': 'string'}]");
    service.policy("routerequesttoendpoint", "'newPath': '/a/@queryParameters(\\u0027q\\u0027)/b'");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{'q': '..'}"));
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void hostAndPathReplaceTogether() {
    service.with("h", "localhost:" + port).operation("op", "get", "/x", "");
    service.policy("routerequesttoendpoint", "'newPath': '/2/issue'");
    service.policy(
        "dynamicsubdomain",
        "'urlTemplate': 'http://@connectionParameters(\\u0027h\\u0027)/rest/api/'");

    service.call("op", "{}");

    assertThat(arrived().getUrl()).isEqualTo("/rest/api/2/issue");
  }

  @Test
  void aTokenIsFetchedOnTheWay() {
    // As in a published definition: the token's host first, then the API's.
    stubFor(
        post(urlPathEqualTo("/auth/token"))
            .willReturn(okJson("{'access_token': 't0k'}".replace('\'', '"'))));
    service.secret("id", "u").operation("op", "post", "/x", BODY);
    service.policy("dynamichosturl", "'urlTemplate': 'http://localhost:" + port + "/auth'");
    service.policy(
        "setheader",
        "'name': 'Authorization', 'value': 'Basic @connectionParameters(\\u0027id\\u0027)'");
    service.policy(
        "setvaluefromurl",
        "'parameterTemplate': '@headers(\\u0027Authorization\\u0027)', 'httpMethod': 'POST', 'parameterValueUrl': '/token?grant_type=client_credentials', 'parameterValuePathTemplate': '@body().access_token'");
    service.policy(
        "setheader",
        "'name': 'Authorization', 'value': 'Bearer @headers(\\u0027Authorization\\u0027)'");
    service.policy("dynamichosturl", "'urlTemplate': 'http://localhost:" + port + "/v2'");

    service.call("op", "{'body': {'a': 1}}");

    verify(
        1,
        postRequestedFor(urlEqualTo("/auth/token?grant_type=client_credentials"))
            .withHeader("Authorization", equalTo("Basic u"))
            .withRequestBody(absent()));
    verify(
        1,
        postRequestedFor(urlEqualTo("/v2/x"))
            .withHeader("Authorization", equalTo("Bearer t0k"))
            .withRequestBody(equalToJson("{\"a\":1}")));
  }

  @Test
  void aFailureOnTheWayIsTheFailureOfTheCall() {
    stubFor(any(urlPathEqualTo("/v1/etag")).willReturn(status(404)));
    service.operation("op", "patch", "/x", BODY);
    service.policy(
        "setvaluefromurl",
        "'parameterTemplate': '@headers(\\u0027If-Match\\u0027)', 'parameterValueUrl': '/etag', 'parameterValuePathTemplate': '@body()[\\u0027@odata.etag\\u0027]'");

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> service.call("op", "{'body': {}}"))
        .satisfies(e -> assertThat(e.status()).isEqualTo(404));
    verify(0, anyRequestedFor(urlPathEqualTo("/v1/x")));
  }

  @Test
  void anAnswerCannotAsk() {
    service.operation("op", "get", "/x", "");
    service.policy(
        "setvaluefromurl",
        "'section': 'Response', 'parameterTemplate': '@headers(\\u0027If-Match\\u0027)', 'parameterValueUrl': '/etag', 'parameterValuePathTemplate': '@body().etag'");

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining(
            "policy template 'setvaluefromurl' works on requests, and its section is the answer");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "dynamichosturl, ~'urlTemplate': 'https://elsewhere.test'~",
        "routerequesttoendpoint, ~'newPath': '/y'~",
        "setqueryparameter, ~'name': 'a', 'value': 'b'~"
      })
  void whatChangesRequestsIsRefusedAmongThePoliciesOfTheAnswer(String template, String given) {
    service.operation("op", "get", "/x", "");
    service.policy(template, "'section': 'Failure', " + given);

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("'" + template + "' works on requests");
    verify(0, anyRequestedFor(anyUrl()));
  }

  // ---- Bodies.

  private void body(String template, String parameters, String given, String sent) {
    service.operation("op", "post", "/x", BODY);
    service.policy(template, parameters.replace("`", "\\u0027"));

    service.call("op", "{'body': " + given + "}");

    assertThat(JsonMapper.shared().readTree(arrived().getBodyAsString())).isEqualTo(json(sent));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "@body()|fullName|{@body().first} {@body().last}|{'first': 'Ada', 'last': 'B'}|{'first': 'Ada', 'last': 'B', 'fullName': 'Ada B'}",
        "@body().people|age|30|{'people': [{'n': 1}, {'age': 2}]}|{'people': [{'n': 1, 'age': '30'}, {'age': '30'}]}",
        "body()|lines|[{@body().lines}]|{'lines': {'a': 1.10}}|{'lines': [{'a': 1.10}]}",
        "@body()|lines|[{@body().lines}]|{'x': 1}|{'x': 1}",
        "@body()|topics|[\\u0022a\\u0022, \\u0022b\\u0022]|{}|{'topics': ['a', 'b']}",
        "@body()|r|[{\\u0022rules\\u0022:{@body().f}}]|{'f': [1]}|{'f': [1], 'r': [{'rules': [1]}]}",
        "@body()|r|{\\u0022q\\u0022:\\u0022{@body().f}\\u0022}|{'f': 'a\\\\u0022b'}|{'f': 'a\\\\u0022b', 'r': {'q': 'a\\\\u0022b'}}",
        "@body()|next|{@body().n}|{'n': 5}|{'n': 5, 'next': 5}",
        "@body()|[`@odata.id`]|https://x/{@body()[`@odata.id`]}|{'@odata.id': '7'}|{'@odata.id': 'https://x/7'}",
        "@body().a.b|c|v|{'a': {'b': {}}}|{'a': {'b': {'c': 'v'}}}",
        "@body().l[``]|c|v|{'l': [1]}|{'l': [1]}",
        "@body()|first name|v|{'first': 1}|{'first': 1, 'first name': 'v'}",
        "@body()|odata:type|v|{}|{'odata:type': 'v'}",
        "@body()|@odata.type|v|{}|{'@odata.type': 'v'}",
        "@body()|owner@odata.bind|v|{}|{'owner@odata.bind': 'v'}",
        "@body()|t|{@body().a.@odata.id}|{'a': {'@odata.id': 7}}|{'a': {'@odata.id': 7}, 't': 7}",
        "@body()?.a|b|{@body()?.a?[`n`]}|{'a': {'n': 5}}|{'a': {'n': 5, 'b': 5}}",
        "@body()|mail|{@body().n}@b.test|{'n': 'a'}|{'n': 'a', 'mail': 'a@b.test'}",
        "@body().i|t|`{@item()[`id`]}-{@item()[`r`]}`|{'i': [{'id': 1, 'r': 'x'}]}|{'i': [{'id': 1, 'r': 'x', 't': '\\u00271-x\\u0027'}]}"
      })
  void aPropertyIsSet(String parent, String sub, String value, String given, String sent) {
    body(
        "SetProperty",
        "'newPropertyParentPathTemplate': '%s', 'newPropertySubPathTemplate': '%s', 'propertyValuePathTemplate': '%s'"
            .formatted(parent, sub, value),
        given,
        sent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@body().helpers|rank|{\"title\":\"x\"}",
        "@body().helpers|rank|{\"helpers\":null}",
        "@body().helpers|rank|{\"helpers\":\"a1;b2\"}",
        "@body().helpers|rank|{\"helpers\":[]}",
        "@body().a.b|rank|{\"a\":{}}",
        "@body().a[0]|rank|{\"a\":[]}",
        "@body()|a.rank|{}",
        "@body()|a.rank|{\"a\":null}",
        "@body().a|null|{\"b\":1}",
      })
  @DisplayName("H5: a property below what the caller did not give is not set")
  void aPropertyBelowWhatWasNotGivenIsNotSet(String parent, String sub, String body) {
    service.operation("op", "post", "/x", BODY);
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '%s', 'newPropertySubPathTemplate': '%s', 'propertyValuePathTemplate': 'top'"
            .formatted(parent, sub));

    service.call("op", "{'body': " + body + "}");

    assertThat(arrived().getBodyAsString()).isEqualTo(body);
  }

  @Test
  @DisplayName("H5: a property below the body that nobody gave begins none")
  void aPropertyBelowABodyThatNobodyGaveBeginsNone() {
    service.operation("op", "post", "/x", BODY);
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body().a', 'newPropertySubPathTemplate': 'b', 'propertyValuePathTemplate': 'top'");

    service.call("op", "{}");

    assertThat(arrived().getBody()).isEmpty();
    assertThat(arrived().containsHeader("Content-Type")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@connectionParameters(`api_key`)",
        "key @connectionParameters(`api_key`,`none`)",
        "{@connectionParameters(`api_key`)}",
        "[\\u0022@connectionParameters(`api_key`)\\u0022]",
        "[{@headers(`X`)}]",
        "@queryParameters(`q`)"
      })
  @DisplayName("H5: a property is made of the body and of nothing else")
  void aPropertyIsMadeOfTheBodyAndOfNothingElse(String value) {
    service.secret("api_key", "s3cret").operation("op", "post", "/x", BODY);
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': '%s'"
            .formatted(value.replace("`", "\\u0027")));

    isRefusedInTheReport("has a 'propertyValuePathTemplate' with @");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setproperty|'newPropertyParentPathTemplate': '@headers(`X`)', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': 'v'",
        "stringtoarray|'propertyParentPath': '@connectionParameters(`k`)', 'propertySubPath': 's', 'delimiterList': ';', 'childPropertyName': 'v', 'newPropertyPath': '@body().s'",
        "encodepropertyvalue|'propertyParentPath': '@body()', 'propertySubPath': 's', 'newPropertyPath': '@headers(`X`)'",
        "stringreplace|'propertyParentPath': '@body()', 'propertySubPath': 's', 'newPropertyPath': '@body().s', 'sourceString': 'a', 'replacementString': '@connectionParameters(`k`)'",
        "moveproperties|'srcParentPath': '@queryParameters(`q`)', 'srcSubPath': 's', 'dstParentPath': '@body()', 'dstSubPath': 't'",
        "setvaluefromurl|'parameterTemplate': '@body().x', 'parameterValueUrl': '/t', 'parameterValuePathTemplate': '@body().t'",
        "setvaluefromurl|'parameterTemplate': '@headers(`X`)', 'parameterValueUrl': '/t', 'parameterValuePathTemplate': '@headers(`t`)'",
        "pollingtrigger|'operations': ['op'], 'triggerConfig': {'site': '@connectionParameters(`site`)'}, 'triggerDataPath': '@triggerBody().value'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': '{@body().x}', 'propertyValuePathTemplate': 'v'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': '@body().x', 'propertyValuePathTemplate': 'v'",
        "convertarraytoobject|'propertyParentPath': '@body()', 'propertySubPath': 's', 'keyWithinCollectionPath': '@item().id', 'newPropertyPath': '@body().s'",
        "convertobjecttoarray|'propertyParentPath': '@body()', 'propertySubPath': 's', 'newPropertyPath': '@body().s', 'keyName': '@connectionParameters(`k`)'",
        "stringtoarray|'propertyParentPath': '@body()', 'propertySubPath': 's', 'delimiterList': ';', 'childPropertyName': '@headers(`k`)', 'newPropertyPath': '@body().s'",
        "setheader|'section': 'Request', 'name': '@connectionParameters(`k`)', 'value': 'v'",
        "setheader|'section': 'Request', 'name': 'X-A', 'value': '@item().s'",
        "setqueryparameter|'name': '@queryParameters(`k`)', 'value': 'v'",
      })
  @DisplayName("H5: what a template cannot do there is never taken for something else")
  void whatATemplateCannotDoThereIsNeverTakenForSomethingElse(String template, String parameters) {
    service.operation("op", "post", "/x", BODY);
    service.policy(template, parameters.replace("`", "\\u0027"));

    isRefusedInTheReport(", which is not supported there");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': '@pathParameters(`x`)'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': '@connectionParameters(api_key)'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': '{@body().first name}'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'k', 'propertyValuePathTemplate': '{concat(@body().a)}'",
        "setproperty|'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'a b.c', 'propertyValuePathTemplate': 'v'",
        "setproperty|'newPropertyParentPathTemplate': '@body().a b', 'newPropertySubPathTemplate': 'c', 'propertyValuePathTemplate': 'v'",
        "stringreplace|'propertyParentPath': '@body()', 'propertySubPath': 's', 'newPropertyPath': '@body().s', 'sourceString': 'a', 'replacementString': '@{guid()}'",
        "setheader|'section': 'Request', 'name': 'X-A', 'value': 'a @concat(`a`)'",
        "setqueryparameter|'name': 'q', 'value': '@Foo(`x`)'",
        "dynamichosturl|'urlTemplate': 'https://@Foo(`site`)/x'",
        "routerequesttoendpoint|'newPath': '/x/@foo(`site`)'",
        "setvaluefromurl|'parameterTemplate': '@headers(`X`)', 'parameterValueUrl': '/t/@foo(`x`)', 'parameterValuePathTemplate': '@body().t'",
        "pollingtrigger|'operations': ['op'], 'triggerConfig': {'since': '@{utcNow()}'}, 'triggerDataPath': '@triggerBody().value'",
      })
  @DisplayName("H5: what cannot be understood is never sent as it is written")
  void whatCannotBeUnderstoodIsNeverSentAsItIsWritten(String template, String parameters) {
    service.operation("op", "post", "/x", BODY);
    service.policy(template, parameters.replace("`", "\\u0027"));

    isRefusedInTheReport("cannot be understood");
  }

  private void isRefusedInTheReport(String why) {
    assertThat(service.definition().report().operation("op").orElseThrow().obstacles())
        .singleElement()
        .asString()
        .startsWith("policy template '")
        .contains(why);
    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> service.call("op", "{'body': {'s': 'x'}}"));
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aPropertyMayBeMadeOfAnEnvironmentVariable() {
    service.options(LoadOptions.standard().environmentVariable("site", "a\"b"));
    service.operation("op", "post", "/x", BODY);
    String variable = "@environmentVariables(\\u0027site\\u0027)";
    String property =
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': '%s', 'propertyValuePathTemplate': '%s'";
    service.policy("setproperty", property.formatted("a", variable));
    service.policy("setproperty", property.formatted("b", "[\\u0022" + variable + "\\u0022]"));

    service.call("op", "{'body': {}}");

    assertThat(arrived().getBodyAsString()).isEqualTo("{\"a\":\"a\\\"b\",\"b\":[\"a\\\"b\"]}");
  }

  @Test
  void aNumberStaysAsItIsWritten() {
    service.operation("op", "post", "/x", BODY);
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'l', 'propertyValuePathTemplate': '[{@body().n}]'");

    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.putObject("body").put("n", new BigDecimal("12345678901234567.890"));
    service.call("op", input);

    assertThat(arrived().getBodyAsString())
        .isEqualTo("{\"n\":12345678901234567.890,\"l\":[12345678901234567.890]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a1;b2|{\"helpers\":{\"a1\":{\"rank\":\"top\"},\"b2\":{\"rank\":\"top\"}}}",
        "|{\"title\":\"x\"}"
      })
  @DisplayName(
      "H5: policies that build on each other do nothing where there is nothing to begin with")
  void policiesThatBuildOnEachOtherDoNothingWithoutABeginning(String helpers, String sent) {
    service.operation("op", "post", "/x", BODY);
    helpersBecomeAList();
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body().helpers', 'newPropertySubPathTemplate': 'rank', 'propertyValuePathTemplate': 'top'");
    theListOfHelpersBecomesAMap();

    service.call(
        "op", helpers == null ? "{'body/title': 'x'}" : "{'body/helpers': '" + helpers + "'}");

    assertThat(arrived().getBodyAsString()).isEqualTo(sent);
  }

  private void helpersBecomeAList() {
    service.policy(
        "stringtoarray",
        "'propertyParentPath': '@body()', 'propertySubPath': 'helpers', 'delimiterList': ';', 'childPropertyName': 'id', 'newPropertyPath': '@body().helpers'");
  }

  private void theListOfHelpersBecomesAMap() {
    service.policy(
        "convertarraytoobject",
        "'propertyParentPath': '@body()', 'propertySubPath': 'helpers', 'keyWithinCollectionPath': 'id', 'newPropertyPath': '@body().helpers', 'retainKey': 'false'");
  }

  @Test
  @DisplayName("H5: an element that holds nothing but its key becomes null")
  void anElementThatHoldsNothingButItsKeyBecomesNull() {
    service.operation("op", "patch", "/x", BODY);
    helpersBecomeAList();
    theListOfHelpersBecomesAMap();

    service.call("op", "{'body': {'helpers': 'a1;b2'}}");

    assertThat(arrived().getBodyAsString()).isEqualTo("{\"helpers\":{\"a1\":null,\"b2\":null}}");
  }

  @Test
  void numbersKeepAllTheirDigits() {
    String exact = "12345678901234567.890";
    service.operation(
        "op",
        "post",
        "/x",
        "'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'object', 'properties': {"
            + "'rate': {'type': 'number', 'default': "
            + exact
            + ", 'x-ms-visibility': 'internal'}}, 'required': ['rate']}}]");
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'o', 'propertyValuePathTemplate': '{\\\"a\\\": "
            + exact
            + "}'");

    service.call("op", "{'body': {}}");

    assertThat(arrived().getBodyAsString())
        .contains("\"rate\":" + exact)
        .contains("\"a\":" + exact);
  }

  @Test
  void anArrayBecomesAnObject() {
    body(
        "convertarraytoobject",
        "'propertyParentPath': '@body()', 'propertySubPath': 'l', 'keyWithinCollectionPath': 'id', 'newPropertyPath': '@body().o', 'retainKey': 'false'",
        "{'l': [{'id': 'a', 'n': 1}, {'n': 9}, {'id': 'b', 'n': 2}]}",
        "{'l': [{'id': 'a', 'n': 1}, {'n': 9}, {'id': 'b', 'n': 2}], 'o': {'a': {'n': 1}, 'b': {'n': 2}}}");
  }

  @Test
  void anObjectBecomesAnArray() {
    body(
        "convertobjecttoarray",
        "'propertyParentPath': '@body()', 'propertySubPath': 'o', 'newPropertyPath': '@body().o', 'keyName': 'id', 'valueName': 'data'",
        "{'o': {'a': {'n': 1}, 'b': 2}}",
        "{'o': [{'id': 'a', 'data': {'n': 1}}, {'id': 'b', 'data': 2}]}");
  }

  @Test
  void aWholeBodyBecomesAnArrayBesideItself() {
    body(
        "convertobjecttoarray",
        "'propertyParentPath': '@body()', 'propertySubPath': 'null', 'newPropertyPath': '@body().X'",
        "{'a': 1}",
        "{'a': 1, 'X': [{'key': 'a', 'value': 1}]}");
  }

  @Test
  void aTextBecomesAnArray() {
    body(
        "stringtoarray",
        "'propertyParentPath': '@body()', 'propertySubPath': 's', 'delimiterList': ';,', 'childPropertyName': 'v', 'newPropertyPath': '@body().s'",
        "{'s': '3; 0,,x'}",
        "{'s': [{'v': '3'}, {'v': '0'}, {'v': 'x'}]}");
  }

  @Test
  void textIsReplacedInEachElement() {
    body(
        "stringreplace",
        "'propertyParentPath': '@body().i', 'propertySubPath': 'url', 'sourceString': 'https://a/', 'replacementString': '', 'newPropertyPath': '@item().id'",
        "{'i': [{'url': 'https://a/7'}, {'x': 1}]}",
        "{'i': [{'url': 'https://a/7', 'id': '7'}, {'x': 1}]}");
  }

  @Test
  void aTextIsEncoded() {
    body(
        "encodepropertyvalue",
        "'propertyParentPath': '@body()', 'propertySubPath': 's', 'newPropertyPath': '@body().s'",
        "{'s': 'a b/ü'}",
        "{'s': 'a%20b%2F%C3%BC'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "extra|null|true|{'a': 1, 'extra': {'b': 2}}|{'a': 1, 'b': 2}",
        "extra|in|true|{'a': 1, 'extra': {'b': 2}}|{'a': 1, 'in': {'b': 2}}",
        "extra|in.x|false|{'a': 1, 'extra': {'b': 2}}|{'a': 1, 'in': {'x': {'b': 2}}}",
        "none|in|false|{'a': 1}|{'a': 1}"
      })
  void propertiesMove(String source, String target, String members, String given, String sent) {
    body(
        "moveproperties",
        "'srcParentPath': '@body()', 'srcSubPath': '%s', 'dstParentPath': '@body()', 'dstSubPath': '%s', 'copyOnlySubProperties': '%s'"
            .formatted(source, target, members),
        given,
        sent);
  }

  @Test
  @DisplayName("H5: properties do not move to where nothing is")
  void propertiesDoNotMoveToWhereNothingIs() {
    body(
        "moveproperties",
        "'srcParentPath': '@body()', 'srcSubPath': 'extra', 'dstParentPath': '@body().in', 'dstSubPath': 'x'",
        "{'extra': {'b': 2}}",
        "{'extra': {'b': 2}}");
  }

  @Test
  void aContentTypeOfFormsMakesAFormOfAnObject() {
    service.operation("op", "post", "/x", BODY);
    service.policy(
        "setheader", "'name': 'content-type', 'value': 'application/x-www-form-urlencoded'");

    service.call("op", "{'body': {'a': 'x y', 'b': 2}}");

    assertThat(arrived().getBodyAsString()).isEqualTo("a=x+y&b=2");
    assertThat(arrived().getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
  }

  // ---- Answers.

  @Test
  void policiesWorkOnTheAnswerToo() {
    stubFor(any(anyUrl()).willReturn(okJson("{\"next\":\"n\",\"m\":{\"a\":1}}")));
    service.operation("op", "get", "/x", "");
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'nextLink', 'propertyValuePathTemplate': '{@body().next}', 'section': 'Response'");
    service.policy(
        "convertobjecttoarray",
        "'propertyParentPath': '@body()', 'propertySubPath': 'm', 'newPropertyPath': '@body().m', 'section': 'Response'");
    service.policy("setheader", "'name': 'X-Seen', 'value': 'yes', 'section': 'response'");
    service.policy("updatenextlink", "'nextLinkPropertyName': 'nextLink'");

    assertThat(service.call("op", "{}").path("body"))
        .isEqualTo(json("{'next': 'n', 'm': [{'key': 'a', 'value': 1}], 'nextLink': 'n'}"));
    assertThat(service.call("op", "{}").at("/headers/x-seen").asString()).isEqualTo("yes");
  }

  @Test
  void anAnswerThatDoesNotSayWhatItIsMayBeJsonWhateverTheRequestWas() {
    stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"a\":1}")));
    service.operation(
        "op",
        "post",
        "/x",
        "'consumes': ['application/x-www-form-urlencoded'],"
            + " 'parameters': [{'name': 'f', 'in': 'formData', 'type': 'string'}]");
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'x', 'propertyValuePathTemplate': 'v', 'section': 'Response'");

    assertThat(service.call("op", "{'f': '1'}").path("body")).isEqualTo(json("{'a': 1, 'x': 'v'}"));
  }

  @ParameterizedTest
  @CsvSource({
    "ISO-8859-1, ISO-8859-1",
    "windows-1252, windows-1252",
    "ISO-8859-1, UTF-8",
    "UTF-16, UTF-16"
  })
  void jsonIsInTheCharsetOfItsTypeUnlessItIsUtf8(String declared, String sent) {
    stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withHeader("Content-Type", "application/json;charset=" + declared)
                    .withBody("{\"a\":\"Größe\"}".getBytes(Charset.forName(sent)))));
    service.operation("plain", "get", "/x", "").operation("op", "get", "/y", "");
    service.policy(
        "setproperty",
        "'operations': ['op'], 'newPropertyParentPathTemplate': '@body()', 'newPropertySubPathTemplate': 'x', 'propertyValuePathTemplate': '{@body().a}', 'section': 'Response'");

    assertThat(service.call("plain", "{}").path("body")).isEqualTo(json("{'a': 'Größe'}"));
    assertThat(service.call("op", "{}").path("body"))
        .isEqualTo(json("{'a': 'Größe', 'x': 'Größe'}"));
  }

  @Test
  void nothingIsBuiltIntoAnAnswerThatLacksIt() {
    stubFor(any(anyUrl()).willReturn(okJson("{\"a\":1}")));
    service.operation("op", "get", "/x", "");
    service.policy(
        "setproperty",
        "'newPropertyParentPathTemplate': '@body().data', 'newPropertySubPathTemplate': 'x', 'propertyValuePathTemplate': 'v', 'section': 'Response'");

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'a': 1}"));
  }

  @Test
  void aFailureMayGetAHeader() {
    stubFor(any(anyUrl()).willReturn(status(400)));
    service.operation("op", "get", "/x", "");
    service.policy("setheader", "'name': 'X-Why', 'value': 'because', 'section': 'Failure'");

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .satisfies(e -> assertThat(e.headers().get("x-why")).containsExactly("because"));
  }

  @Test
  void aRefusalMayMeanThatTheConnectionIsNotAuthenticatedAnyMore() {
    service.key("X-Key", "s3cret").operation("op", "get", "/x", "");
    service.policy("setconnectionstatustounauthenticated", "'statusCode': 401");
    service.call("op", "{}");
    assertThat(service.connection().status().isConnected()).isTrue();
    stubFor(any(anyUrl()).willReturn(status(401)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .matches(e -> e.reason() == AuthenticationException.Reason.REJECTED);

    assertThat(service.connection().status().state())
        .isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
  }

  // ---- Attempts.

  @Test
  void aRepeatedRequestPassesThePoliciesAnewFromTheBeginning() {
    stubFor(
        any(anyUrl())
            .inScenario("s")
            .whenScenarioStateIs("Started")
            .willReturn(status(503))
            .willSetStateTo("up"));
    service.key("X-Key", "k").operation("op", "get", "/x", "");
    service.policy("setheader", "'name': 'X-Key', 'value': 'Key @headers(\\u0027X-Key\\u0027)'");

    service.call("op", "{}");

    assertThat(WireMock.findAll(anyRequestedFor(anyUrl())))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.getHeader("X-Key")).isEqualTo("Key k"));
  }

  @Test
  void anUnknownTemplateKeepsItsOperationsFromBeingCalled() {
    service.operation("op", "get", "/x", "").operation("other", "get", "/y", "");
    service.policy("rotate", "'operations': ['op']");

    assertThat(service.definition().report().operation("op").orElseThrow().obstacles())
        .containsExactly("policy template 'rotate' is not known");
    assertThat(service.definition().report().operation("other").orElseThrow().isSupported())
        .isTrue();
  }

  @Test
  @Tag("E1")
  void aBaseUrlOfTheHostCountsMoreThanPoliciesThatSetOne() {
    service.key("X-Key", "s3cret").with("site", "real").operation("op", "get", "/x", "");
    service.policy(
        "dynamichosturl",
        "'urlTemplate': 'https://@connectionParameters(\\u0027site\\u0027).invalid/v2'");
    service.options(
        LoadOptions.standard().overlay(Overlay.none().baseUrl("http://localhost:" + port + "/v9")));

    service.call("op", "{}");

    assertThat(arrived().getUrl()).isEqualTo("/v9/x");
    assertThat(arrived().getHeader("X-Key")).isEqualTo("s3cret");
  }
}
