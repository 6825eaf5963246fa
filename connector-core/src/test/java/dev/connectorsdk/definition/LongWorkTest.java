package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.havingExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.invocation.CallOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Operations whose result takes several requests: long work, pages, scripts. */
@WireMockTest
class LongWorkTest {

  private static final CallOptions THREE = CallOptions.standard().collectingPages(3);
  private static final String PAGED = "'x-ms-pageable': {'nextLinkName': 'nextLink'}";

  @TempDir Path temp;
  private Service service;
  private int port;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    port = wireMock.getHttpPort();
    service = new Service(temp, port);
  }

  @AfterEach
  void close() {
    service.close();
  }

  private void accepted() {
    stubFor(
        post("/v1/x")
            .willReturn(
                status(202).withHeader("Location", "/v1/state/1").withHeader("Retry-After", "7")));
    stubFor(
        get("/v1/state/1")
            .inScenario("s")
            .whenScenarioStateIs("Started")
            .willReturn(status(202))
            .willSetStateTo("done"));
    stubFor(
        get("/v1/state/1")
            .inScenario("s")
            .whenScenarioStateIs("done")
            .willReturn(okJson("{\"n\":1}")));
    service.key("X-Key", "k").operation("op", "post", "/x", "");
  }

  @Test
  void acceptedWorkIsFollowedUntilItIsDone() {
    accepted();

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
    assertThat(service.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(20));
    verify(2, getRequestedFor(urlEqualTo("/v1/state/1")).withHeader("X-Key", equalTo("k")));
  }

  @Test
  @DisplayName("E5: where work goes on is read from where it was looked for last")
  void whereWorkGoesOnIsReadFromWhereItWasLookedForLast() {
    stubFor(post("/v1/x").willReturn(status(202).withHeader("Location", "jobs/1/state")));
    stubFor(get("/v1/jobs/1/state").willReturn(status(202).withHeader("Location", "result")));
    stubFor(get("/v1/jobs/1/result").willReturn(okJson("{\"n\":1}")));
    service.operation("op", "post", "/x", "");

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "setheader"})
  @DisplayName("E5: where work goes on is read from where its state was found, after redirects")
  void whereWorkGoesOnIsReadFromWhereItsStateWasFound(String policy) {
    stubFor(post("/v1/x").willReturn(status(202).withHeader("Location", "jobs/1")));
    stubFor(get("/v1/jobs/1").willReturn(status(307).withHeader("Location", "/v2/tasks/1")));
    stubFor(get("/v2/tasks/1").willReturn(status(202).withHeader("Location", "result")));
    stubFor(get("/v2/tasks/result").willReturn(okJson("{\"n\":1}")));
    service.operation("op", "post", "/x", "");
    if (!policy.isEmpty()) {
      service.policy(policy, "'name': 'X-A', 'value': 'a'");
    }

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
  }

  @Test
  void anEmptyLocationNamesNothingToWaitFor() {
    stubFor(post("/v1/x").willReturn(status(202).withHeader("Location", "")));
    service.operation("op", "post", "/x", "");

    assertThat(service.call("op", "{}").path("statusCode").asInt()).isEqualTo(202);
    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("E5: work that has not moved is looked for in the same place")
  void workThatHasNotMovedIsLookedForInTheSamePlace() {
    stubFor(post("/v1/x").willReturn(status(202).withHeader("Location", "jobs/1")));
    stubFor(
        get("/v1/jobs/1")
            .inScenario("s")
            .whenScenarioStateIs("Started")
            .willReturn(status(202))
            .willSetStateTo("done"));
    stubFor(
        get("/v1/jobs/1")
            .inScenario("s")
            .whenScenarioStateIs("done")
            .willReturn(okJson("{\"n\":1}")));
    service.operation("op", "post", "/x", "");

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "setheader"})
  @DisplayName("E5: a relative next link counts from where its page was found, after redirects")
  void aNextLinkCountsFromWhereItsPageWasFound(String policy) {
    stubFor(get("/v1/x").willReturn(status(302).withHeader("Location", "/v2/list")));
    stubFor(get("/v2/list").willReturn(okJson("{\"value\":[1],\"nextLink\":\"more?p=2\"}")));
    stubFor(get("/v2/more?p=2").willReturn(status(301).withHeader("Location", "/v3/more?p=2")));
    stubFor(get("/v3/more?p=2").willReturn(okJson("{\"value\":[2],\"nextLink\":\"?p=3\"}")));
    stubFor(get("/v3/more?p=3").willReturn(okJson("{\"value\":[3]}")));
    service.operation("op", "get", "/x", PAGED);
    if (!policy.isEmpty()) {
      service.policy(policy, "'name': 'X-A', 'value': 'a'");
    }

    assertThat(service.call("op", json("{}"), THREE).path("body"))
        .isEqualTo(json("{'value': [1, 2, 3]}"));
  }

  @Test
  void followedWorkPassesThePoliciesOfItsOperation() {
    accepted();
    service.policy("setheader", "'name': 'X-Key', 'value': 'Key @headers(\\u0027X-Key\\u0027)'");
    service.policy("routerequesttoendpoint", "'newPath': '/x'");

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
    verify(2, getRequestedFor(urlEqualTo("/v1/state/1")).withHeader("X-Key", equalTo("Key k")));
  }

  /** A key that is sent in the query, and a policy that has nothing to do with it. */
  private void aKeyInTheQuery() {
    service
        .document("'securityDefinitions': {'k': {'type': 'apiKey', 'in': 'query', 'name': 'key'}}")
        .secret("api_key", "s3 cret");
    service.policy("setheader", "'name': 'X-A', 'value': 'a'");
  }

  @Test
  void followedWorkUnderAPolicyHasTheKeyThatGoesInTheQuery() {
    aKeyInTheQuery();
    stubFor(
        post("/v1/x?key=s3%20cret")
            .willReturn(status(202).withHeader("Location", "/v1/state/1?a=b")));
    stubFor(get("/v1/state/1?a=b&key=s3%20cret").willReturn(okJson("{\"n\":1}")));
    service.operation("op", "post", "/x", "");

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
  }

  @Test
  void aFurtherPageUnderAPolicyHasTheKeyThatGoesInTheQueryOnce() {
    aKeyInTheQuery();
    stubFor(
        get("/v1/x?key=s3%20cret")
            .willReturn(
                okJson(
                    "{\"value\":[1],\"nextLink\":\"http://localhost:%d/v1/x?p=2\"}"
                        .formatted(port))));
    stubFor(
        get("/v1/x?p=2&key=s3%20cret")
            .willReturn(okJson("{\"value\":[2],\"nextLink\":\"/v1/x?key=s3%20cret&p=3\"}")));
    stubFor(
        get(urlPathEqualTo("/v1/x"))
            .withQueryParam("p", equalTo("3"))
            .willReturn(okJson("{\"value\":[3]}")));
    service.operation("op", "get", "/x", PAGED);

    assertThat(service.call("op", json("{}"), THREE).path("body"))
        .isEqualTo(json("{'value': [1, 2, 3]}"));
    verify(
        1,
        getRequestedFor(urlPathEqualTo("/v1/x"))
            .withQueryParam("p", equalTo("3"))
            .withQueryParam("key", havingExactly("s3 cret")));
  }

  @Test
  void whatIsAskedForOnTheWayToAFurtherPageHasTheKeyToo() {
    aKeyInTheQuery();
    service.policy(
        "setvaluefromurl",
        "'parameterTemplate': '@headers(\\u0027T\\u0027)', 'httpMethod': 'GET',"
            + " 'parameterValueUrl': '/t', 'parameterValuePathTemplate': 'body().t'");
    stubFor(get("/v1/t?key=s3%20cret").willReturn(okJson("{\"t\":\"T1\"}")));
    stubFor(
        get("/v1/x?key=s3%20cret")
            .willReturn(okJson("{\"value\":[1],\"nextLink\":\"/v1/x?p=2\"}")));
    stubFor(get("/v1/x?p=2&key=s3%20cret").willReturn(okJson("{\"value\":[2,3]}")));
    service.operation("op", "get", "/x", PAGED);

    service.call("op", json("{}"), THREE);

    verify(2, getRequestedFor(urlEqualTo("/v1/t?key=s3%20cret")));
  }

  @Test
  void aCallMayNotWaitForWorkThatIsAccepted() {
    accepted();
    CallOptions now = CallOptions.standard().withoutWaiting();

    JsonNode answer = service.call("op", json("{}"), now);

    assertThat(answer.path("statusCode").asInt()).isEqualTo(202);
    assertThat(answer.at("/headers/location").asString()).isEqualTo("/v1/state/1");
    verify(1, anyRequestedFor(anyUrl()));
    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'n': 1}"));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false, 200",
    "true, false, false, 202",
    "false, true, false, 202",
    "true, true, true, 200"
  })
  @DisplayName("H5: where an upload is continued, no work goes on")
  void whereAnUploadIsContinuedNoWorkGoesOn(
      boolean chunks, boolean said, boolean waits, int status) {
    stubFor(post("/v1/x").willReturn(status(202).withHeader("Location", "/v1/upload/1")));
    stubFor(get("/v1/upload/1").willReturn(okJson("{}")));
    service.operation(
        "op", "post", "/x", chunks ? "'x-ms-capabilities': {'chunkTransfer': true}" : "");
    if (said) {
      service.options(LoadOptions.standard().overlay(Overlay.none().waits("op", waits)));
    }

    assertThat(service.call("op", "{}").path("statusCode").asInt()).isEqualTo(status);
  }

  @Test
  @DisplayName("E5: a credential does not follow a Location to another host")
  void workThatGoesOnElsewhereIsNotFollowed() {
    stubFor(
        post("/v1/x")
            .willReturn(status(202).withHeader("Location", "http://127.0.0.1:" + port + "/y")));
    service.key("X-Key", "k").operation("op", "post", "/x", "");

    assertThat(service.call("op", "{}").path("statusCode").asInt()).isEqualTo(202);
    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void aPageIsReturnedWithItsLinkUnlessPagesAreCollected() {
    stubFor(
        get("/v1/x")
            .willReturn(
                okJson(
                    "{\"value\":[1],\"nextLink\":\"http://localhost:%d/v1/x?p=2\"}"
                        .formatted(port))));
    service.operation("op", "get", "/x", PAGED);

    assertThat(service.call("op", "{}").at("/body/nextLink").asString()).endsWith("p=2");
    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void pagesAreCollectedUntilThereAreEnoughItems() {
    stubFor(
        get("/v1/x")
            .willReturn(
                okJson(
                    "{\"value\":[1],\"nextLink\":\"http://localhost:%d/v1/x?p=2\"}"
                        .formatted(port))));
    stubFor(get("/v1/x?p=2").willReturn(okJson("{\"value\":[2],\"nextLink\":\"/v1/x?p=3\"}")));
    stubFor(get("/v1/x?p=3").willReturn(okJson("{\"value\":[3]}")));
    service.operation("op", "get", "/x", PAGED);

    assertThat(service.call("op", json("{}"), THREE).path("body"))
        .isEqualTo(json("{'value': [1, 2, 3]}"));
  }

  private static final String ITEMS =
      "'responses': {'200': {'schema': {'type': 'object', 'properties': {"
          + "'warnings': {'type': 'string'}, 'results': {'type': 'array', 'items': {}}%s}}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'x-ms-pageable': {'nextLinkName': 'nextLink', 'itemName': 'results'}|{'errors':['e'],'results':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink', 'itemName': 'results'}|{'value':['e'],'results':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink'}, RESULTS|{'errors':['e'],'results':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink'}, RESULTS|{'errors':[],'value':[],'Results':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink'}, RESULTS|{'errors':['e'],'value':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink'}|{'errors':['e'],'value':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink'}|{'errors':{'a':['e']},'items':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink', 'itemName': ' '}|{'errors':['e'],'value':[%d]%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink', 'itemName': 'data.items'}|{'data':{'items':[%d]}%s}",
        "'x-ms-pageable': {'nextLinkName': 'nextLink', 'itemName': '/data/items'}|{'errors':['e'],'data':{'items':[%d]}%s}",
      })
  @DisplayName("H5: the items of a page are where the definition says, else in value")
  void theItemsOfAPageAreWhereTheDefinitionSays(String members, String page) {
    String body = page.replace('\'', '"');
    stubFor(get("/v1/x").willReturn(okJson(body.formatted(1, ",\"nextLink\":\"/v1/x?p=2\""))));
    stubFor(get("/v1/x?p=2").willReturn(okJson(body.formatted(2, ""))));
    service.operation("op", "get", "/x", members.replace("RESULTS", ITEMS.formatted("")));

    JsonNode collected = service.call("op", json("{}"), THREE).path("body");

    assertThat(collected).isEqualTo(json(body.replace("%d", "1, 2").replace("%s", "")));
  }

  private void pages(String first, String second) {
    stubFor(get("/v1/x").willReturn(okJson(first.replace('\'', '"'))));
    stubFor(
        get("/v1/x?p=2")
            .willReturn(second.isEmpty() ? status(204) : okJson(second.replace('\'', '"'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "{'value':null,'nextLink':'?p=2'}|{'value':[2]}|{'value':[2]}",
        "{'value':[],'nextLink':'?p=2'}|{'value':[2],'nextLink':''}|{'value':[2]}",
        "{'value':[1],'nextLink':'?p=2'}|{'value':null}|{'value':[1]}",
        "{'value':[1],'nextLink':'?p=2'}|''|{'value':[1]}",
        "{'value':[1],'nextLink':false}|''|{'value':[1],'nextLink':false}",
        "{'value':[1],'nextLink':null}|''|{'value':[1],'nextLink':null}",
      })
  @DisplayName("H5: a page may be empty, and a list null")
  void aPageMayBeEmpty(String first, String second, String all) {
    pages(first, second);
    service.operation("op", "get", "/x", PAGED);

    assertThat(service.call("op", json("{}"), THREE).path("body")).isEqualTo(json(all));
  }

  @Test
  @DisplayName("H5: the next link may be inside another member")
  void theNextLinkMayBeInsideAnotherMember() {
    pages("{'value':[1],'paging':{'next':'?p=2'}}", "{'value':[2],'paging':{}}");
    service.operation("op", "get", "/x", "'x-ms-pageable': {'nextLinkName': 'paging.next'}");

    assertThat(service.call("op", json("{}"), THREE).path("body"))
        .isEqualTo(json("{'value':[1, 2],'paging':{}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "true", "{'href':'?p=2'}", "['?p=2']", "'http://'"})
  @DisplayName("H5: what is no link is no end of a list")
  void whatIsNoLinkIsNoEndOfAList(String link) {
    pages("{'value':[1],'nextLink':" + link + "}", "{'value':[2]}");
    service.operation("op", "get", "/x", PAGED);

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> service.call("op", json("{}"), THREE))
        .withMessageContaining("'op'");
    assertThat(service.call("op", "{}").at("/body/value")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'summary': 's'", "RESULTS"})
  @DisplayName("H5: a page with two lists of which nothing tells the right one is an error")
  void aPageWithTwoListsIsAnError(String members) {
    stubFor(
        get("/v1/x")
            .willReturn(okJson("{\"errors\":[\"e\"],\"results\":[1],\"nextLink\":\"/v1/x?p=2\"}")));
    String two = ITEMS.formatted(", 'errors': {'type': 'array', 'items': {}}");
    service.operation("op", "get", "/x", PAGED + ", " + members.replace("RESULTS", two));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> service.call("op", json("{}"), THREE))
        .withMessageContainingAll("'errors'", "'results'", "itemName");
    assertThat(service.call("op", "{}").at("/body/results")).hasSize(1);
  }

  @Test
  @DisplayName("H5: a page without its list is an error, unless it is the last one")
  void aPageWithoutItsListIsAnError() {
    service.operation("op", "get", "/x", PAGED + ", " + ITEMS.formatted(""));
    stubFor(get("/v1/x").willReturn(okJson("{\"errors\":[\"e\"],\"nextLink\":\"/v1/x?p=2\"}")));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> service.call("op", json("{}"), THREE));

    stubFor(get("/v1/x").willReturn(okJson("{\"errors\":[\"e\"]}")));
    assertThat(service.call("op", json("{}"), THREE).path("body"))
        .isEqualTo(json("{'errors': ['e']}"));
  }

  @Test
  void aCallMayAskForMoreItemsThanTheDefinitionGives() {
    String page = "{\"value\":[1],\"nextLink\":\"http://localhost:%d/v1/x?p=2\"}";
    stubFor(get("/v1/x").willReturn(okJson(page.formatted(port))));
    stubFor(get("/v1/x?p=2").willReturn(okJson("{\"value\":[2],\"nextLink\":\"/v1/x?p=3\"}")));
    stubFor(get("/v1/x?p=3").willReturn(okJson("{\"value\":[3]}")));
    service.operation("op", "get", "/x", PAGED);

    assertThat(
            service.call("op", json("{}"), CallOptions.standard().collectingPages(3)).path("body"))
        .isEqualTo(json("{'value': [1, 2, 3]}"));
    assertThat(service.call("op", "{}").at("/body/value")).hasSize(1);
    for (int items : new int[] {0, 100_001}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CallOptions.standard().collectingPages(items));
    }
  }

  @Test
  @DisplayName("E5: a next link to another host is refused")
  void aLinkToAnotherHostIsRefused() {
    stubFor(
        get("/v1/x")
            .willReturn(
                okJson(
                    "{\"value\":[1],\"nextLink\":\"http://127.0.0.1:%d/v1/x?p=2\"}"
                        .formatted(port))));
    service.operation("op", "get", "/x", PAGED);

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> service.call("op", json("{}"), THREE));
    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void aScriptWithoutAPortSendsNothing() {
    service.operation("op", "get", "/x", "").scripted("op");

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("script not available");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aPortReplacesSendingAndSeesTheFinalRequest() {
    stubFor(any(anyUrl()).willReturn(okJson("{\"a\":1}")));
    service.key("X-Key", "k").operation("op", "get", "/x", "").scripted("op");
    service.policy("routerequesttoendpoint", "'newPath': '/y'");
    service.options(
        LoadOptions.standard()
            .script(
                "OP",
                call -> {
                  assertThat(call.request().header("x-key")).isEqualTo("k");
                  assertThat(call.request().uri().getPath()).isEqualTo("/v1/y");
                  ScriptPort.Response answer =
                      call.send(call.request().withHeader("X-By", call.operationId()));
                  return answer.withBody("{\"b\":2}".getBytes(StandardCharsets.UTF_8));
                }));

    assertThat(service.call("op", "{}").path("body")).isEqualTo(json("{'b': 2}"));
    verify(1, getRequestedFor(urlEqualTo("/v1/y")).withHeader("X-By", equalTo("op")));
  }

  @Test
  @DisplayName("E1: a script leads no request, and no credential, to another host")
  void aScriptLeadsNoRequestToAnotherHost() {
    service.key("X-Key", "k").operation("op", "get", "/x", "").scripted("op");
    URI theirs = URI.create("http://127.0.0.1:" + port + "/y");
    service.options(
        LoadOptions.standard().script(call -> call.send(call.request().withUri(theirs))));

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("127.0.0.1");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("E4: a redirect behind a policy leads no request to another host")
  void aRedirectBehindAPolicyLeadsNoRequestToAnotherHost() {
    stubFor(
        get("/v1/x")
            .willReturn(status(302).withHeader("Location", "http://127.0.0.1:" + port + "/y")));
    service.key("X-Key", "k").operation("op", "get", "/x", "");
    service.policy("setheader", "'name': 'X-By', 'value': 'policy'");

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining("127.0.0.1");
    verify(1, anyRequestedFor(anyUrl()));
  }
}
