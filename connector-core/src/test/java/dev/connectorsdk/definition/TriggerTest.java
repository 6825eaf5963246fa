package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.*;
import static dev.connectorsdk.definition.Desk.ADA;
import static dev.connectorsdk.definition.Desk.DESK;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The triggers of a definition, against a service. */
@WireMockTest
class TriggerTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final JsonNode SHOP = json("{'shop': 's'}");

  private interface Work {
    Object with(ActionContext context) throws Exception;
  }

  @TempDir Path temp;
  private final AtomicReference<Work> work = new AtomicReference<>();
  private ConnectorRuntime runtime;
  private Connector hooks;
  private String host;

  @BeforeEach
  void aRuntime(WireMockRuntimeInfo service) {
    host = service.getHttpBaseUrl().replace("127.0.0.1", "localhost");
    Path folder = Desk.folder("hooks", temp, service.getHttpPort());
    hooks = Definition.load(folder, ConnectorId.of("desk")).connector();
    Connector.Builder connector = Connector.builder("desk", hooks.baseUrl());
    hooks.parameters().forEach(connector::parameter);
    hooks.authOptions().forEach(connector::auth);
    connector.action(
        Action.dynamic("run", Effect.WRITE, json("{}"), json("{}"))
            .run(
                (input, context) -> {
                  result = work.get().with(context);
                  return input;
                }));
    runtime = ConnectorRuntime.builder().sleeper(p -> {}).connector(connector.build()).build();
    Desk.connect(runtime, ADA, "k");
  }

  private @Nullable Object result;

  @AfterEach
  void close() {
    runtime.close();
  }

  /** Does something as the runtime would, with a context bound to the connection. */
  private @Nullable Object run(Work what) {
    work.set(what);
    runtime.invoke(ADA, DESK, "run", Map.of());
    return result;
  }

  private Trigger<?, ?> trigger(String id) {
    return hooks.trigger(id).orElseThrow();
  }

  private Batch<JsonNode, JsonNode> poll(String id, @Nullable JsonNode cursor, int limit) {
    return poll(id, new Start.Now(), cursor, limit);
  }

  @SuppressWarnings("unchecked")
  private Batch<JsonNode, JsonNode> poll(
      String id, Start start, @Nullable JsonNode cursor, int limit) {
    PollingTrigger<JsonNode, JsonNode, JsonNode> trigger =
        (PollingTrigger<JsonNode, JsonNode, JsonNode>) trigger(id);
    var poll = new Poll<>(SHOP, cursor, start, limit, NOON);
    Object batch = run(context -> trigger.poll(poll, context));
    return (Batch<JsonNode, JsonNode>) batch;
  }

  private WebhookTrigger<JsonNode, JsonNode> webhook() {
    return webhook("WhenCancelled");
  }

  @SuppressWarnings("unchecked")
  private WebhookTrigger<JsonNode, JsonNode> webhook(String id) {
    return (WebhookTrigger<JsonNode, JsonNode>) trigger(id);
  }

  private static List<String> ids(Batch<JsonNode, JsonNode> batch) {
    return batch.events().stream().map(e -> e.payload().path("id").asString()).toList();
  }

  @Test
  void saysWhatIsConfiguredAndWhatHappens() {
    assertThat(
            trigger("WhenOrdered").configuration().givenSchema().at("/properties").propertyNames())
        .containsExactly("shop");
    assertThat(trigger("WhenOrdered").event().givenSchema().at("/$defs/Order/properties/id/type"))
        .isEqualTo(json("['integer', 'null']"));
    assertThat(trigger("WhenCancelled").configuration().givenSchema().toString())
        .contains("shop")
        .doesNotContain("url")
        .doesNotContain("event");
    assertThat(trigger("WhenCancelled").event().givenSchema().at("/$ref").asString())
        .isEqualTo("#/$defs/Order");
  }

  @Test
  void comparesListsAndKeepsTheStateInTheCursor() {
    stubFor(
        get("/api/orders?shop=s")
            .willReturn(okJson("{\"value\": [{\"id\": 1, \"at\": \"2024-01-01 a\"}]}")));
    stubFor(
        get("/api/orders?shop=s&since=2024-01-01%20a")
            .willReturn(
                okJson(
                    """
                    {"value": [{"id": 3, "at": "2024-01-03"}, {"id": 2, "at": "2024-01-02"},
                               {"id": 1, "at": "2024-01-01 a"}]}
                    """)));
    stubFor(get("/api/orders?shop=s&since=2024-01-03").willReturn(okJson("{\"value\": []}")));

    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", null, 10);
    assertThat(first.events()).isEmpty();

    Batch<JsonNode, JsonNode> second = poll("WhenOrdered", first.next(), 10);
    assertThat(ids(second)).containsExactly("2", "3");
    assertThat(poll("WhenOrdered", first.next(), 10)).isEqualTo(second);

    Batch<JsonNode, JsonNode> third = poll("WhenOrdered", second.next(), 10);
    assertThat(third.events()).isEmpty();
    assertThat(third.next()).isEqualTo(second.next());
  }

  @Test
  @DisplayName("G10: what a service gave is returned whole, though less was asked for")
  void leavesOutNothingThatTheServiceGave() {
    stubFor(get(urlPathEqualTo("/api/orders")).willReturn(okJson("{\"value\": []}")));
    Batch<JsonNode, JsonNode> before = poll("WhenOrdered", null, 1);
    orders("{'id': 2, 'at': 'b'}, {'id': 1, 'at': 'a'}");

    assertThat(ids(poll("WhenOrdered", before.next(), 1))).containsExactly("1", "2");
  }

  private static void orders(String items) {
    stubFor(
        get(urlPathEqualTo("/api/orders"))
            .willReturn(okJson(json("{'value': [" + items + "]}").toString())));
  }

  @Test
  @DisplayName("G10: an item that comes back as it once was is another event")
  void itemsThatComeBackAreNewEvents() {
    orders("{'id': 1, 'at': 'a'}");
    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", null, 10);
    orders("{'id': 1, 'at': 'b'}");
    Batch<JsonNode, JsonNode> second = poll("WhenOrdered", first.next(), 10);
    orders("{'id': 1, 'at': 'a'}");
    Batch<JsonNode, JsonNode> third = poll("WhenOrdered", second.next(), 10);
    orders("{'id': 1, 'at': 'b'}");
    Batch<JsonNode, JsonNode> fourth = poll("WhenOrdered", third.next(), 10);

    assertThat(List.of(second, third, fourth)).allMatch(batch -> batch.events().size() == 1);
    assertThat(fourth.events().get(0).id()).isNotEqualTo(second.events().get(0).id());
    assertThat(poll("WhenOrdered", third.next(), 10)).isEqualTo(fourth);
    assertThat(poll("WhenOrdered", fourth.next(), 10))
        .isEqualTo(Batch.of(List.of(), fourth.next()));
  }

  @Test
  void equalItemsOfOneListAreAsManyEvents() {
    orders("");
    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", null, 10);
    orders("{'at': 'a'}, {'at': 'a'}");
    Batch<JsonNode, JsonNode> second = poll("WhenOrdered", first.next(), 10);

    assertThat(second.events()).hasSize(2).doesNotHaveDuplicates();
    assertThat(poll("WhenOrdered", second.next(), 10).events()).isEmpty();
  }

  @Test
  void readsAllPagesOfAList() {
    orders("{'id': 1, 'at': 'a'}");
    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", null, 10);
    stubFor(
        get("/api/orders?shop=s&since=a")
            .willReturn(
                okJson(
                    """
                    {"value": [{"id": 3, "at": "c"}],
                     "@odata.nextLink": "/api/orders?since=a&page=2"}
                    """)));
    stubFor(
        get("/api/orders?since=a&page=2")
            .willReturn(okJson("{\"value\": [{\"id\": 2, \"at\": \"b\"}]}")));

    Batch<JsonNode, JsonNode> second = poll("WhenOrdered", first.next(), 10);

    assertThat(ids(second)).containsExactly("2", "3");
    assertThat(second.next().at("/query/since").asString()).isEqualTo("c");
  }

  @Test
  void refusesPagesWithoutAnEnd() {
    stubFor(
        get(urlPathEqualTo("/api/orders"))
            .willReturn(okJson("{\"value\": [], \"@odata.nextLink\": \"/api/orders?page=2\"}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> poll("WhenOrdered", null, 10))
        .withMessageContaining("The pages of 'WhenOrdered' do not come to an end");
  }

  @Test
  void refusesMorePagesThanAPollReads() {
    stubFor(get(urlPathEqualTo("/api/orders")).willReturn(okJson(page(1))));
    for (int page = 1; page <= 100; page++) {
      stubFor(
          get(urlPathEqualTo("/api/orders"))
              .withQueryParam("page", equalTo("" + page))
              .willReturn(okJson(page(page + 1))));
    }

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> poll("WhenOrdered", null, 10))
        .withMessageContaining(
            "'WhenOrdered' has more than 100 pages: have the subscription watch less");
  }

  private static String page(int next) {
    return "{\"value\": [], \"@odata.nextLink\": \"/api/orders?page=" + next + "\"}";
  }

  @Test
  @DisplayName("G10: what was in a long list before is no event, and that it is too long is said")
  void refusesAListThatNoStateMakesShorter() {
    orders(longList(5_000, ""));
    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", null, 10);
    orders(longList(5_000, "{'id': 0, 'at': 'z'},"));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> poll("WhenOrdered", first.next(), 10))
        .withMessageContaining(
            "A list of 5001 items that no state makes shorter cannot be compared: 4,000 can");
  }

  private static String longList(int items, String newest) {
    return IntStream.rangeClosed(1, items)
        .mapToObj(n -> "{'id': " + n + ", 'at': 'a'}")
        .collect(Collectors.joining(",", newest, ""));
  }

  @Test
  @DisplayName("G11: a cursor that cannot be read is lost, and is no reason to begin anew")
  void refusesACursorThatItCannotRead() {
    assertThatThrownBy(() -> poll("WhenOrdered", json("{'since': 'a'}"), 10))
        .isInstanceOf(CursorLostException.class);
    verify(0, getRequestedFor(urlPathEqualTo("/api/orders")));
  }

  @Test
  @DisplayName("G11: a state is one of the configuration that it was asked with")
  void aCursorDependsOnTheWholeConfiguration() {
    PollingTrigger<?, ?, ?> trigger = (PollingTrigger<?, ?, ?>) trigger("WhenOrdered");

    assertThat(trigger.cursorFields()).containsExactly("shop");
    assertThat(trigger.lostCursor()).isEqualTo(new PollingTrigger.LostCursor.Stop());
    assertThat(trigger.starts()).containsExactlyInAnyOrder(Start.Now.class, Start.All.class);
    assertThat(((PollingTrigger<?, ?, ?>) trigger("WhenChanged")).starts())
        .containsExactly(Start.Now.class);
  }

  @Test
  void beginsWithWhatTheListHolds() {
    orders("{'id': 2, 'at': 'b'}, {'id': 1, 'at': 'a'}");
    Batch<JsonNode, JsonNode> first = poll("WhenOrdered", new Start.All(), null, 10);
    assertThat(ids(first)).containsExactly("1", "2");

    orders("{'id': 3, 'at': 'c'}, {'id': 2, 'at': 'b'}, {'id': 1, 'at': 'a'}");
    assertThat(ids(poll("WhenOrdered", first.next(), 10))).containsExactly("3");
  }

  @Test
  void asksAsTheServiceWantsToBeAsked() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(
                aResponse()
                    .withStatus(202)
                    .withHeader("Location", host + "/api/changes?state=1")
                    .withHeader("Retry-After", "120")));
    stubFor(
        get("/api/changes?state=1")
            .willReturn(
                okJson("[{\"id\": 1}, {\"id\": 2}]")
                    .withHeader("Location", "/api/changes?state=2")
                    .withHeader("Retry-After", "0")));
    stubFor(get("/api/changes?state=2").willReturn(aResponse().withStatus(202)));

    Batch<JsonNode, JsonNode> first = poll("WhenChanged", null, 10);
    assertThat(first.events()).isEmpty();
    assertThat(first.pause()).isEqualTo(Duration.ofMinutes(2));

    Batch<JsonNode, JsonNode> second = poll("WhenChanged", first.next(), 10);
    assertThat(ids(second)).containsExactly("1", "2");
    assertThat(second.more()).isTrue();

    Batch<JsonNode, JsonNode> third = poll("WhenChanged", second.next(), 10);
    assertThat(third.events()).isEmpty();
    assertThat(third.next()).isEqualTo(second.next());
  }

  @Test
  void comesBackAtTheDateThatTheServiceNames() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(
                aResponse()
                    .withStatus(202)
                    .withHeader("Date", "Thu, 01 Jan 2026 09:00:00 GMT")
                    .withHeader("Retry-After", "Thu, 01 Jan 2026 09:05:00 GMT")));

    assertThat(poll("WhenChanged", null, 10).pause()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  @DisplayName("G10: the same answer for ever is one event, and is not asked for without a pause")
  void takesAnAnswerThatDoesNotChangeOnce() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(okJson("[{\"id\": 1}]").withHeader("Retry-After", "0")));

    Batch<JsonNode, JsonNode> first = poll("WhenChanged", null, 10);
    Batch<JsonNode, JsonNode> second = poll("WhenChanged", first.next(), 10);

    assertThat(first.events()).hasSize(1);
    assertThat(first.more()).isTrue();
    assertThat(second).isEqualTo(Batch.of(List.of(), first.next()));
  }

  @Test
  void theSameAfterNothingIsAnotherEvent() {
    stubFor(get("/api/changes?shop=s").willReturn(okJson("[{\"id\": 1}]")));
    Batch<JsonNode, JsonNode> first = poll("WhenChanged", null, 10);
    stubFor(get("/api/changes?shop=s").willReturn(aResponse().withStatus(202)));
    Batch<JsonNode, JsonNode> second = poll("WhenChanged", first.next(), 10);
    stubFor(get("/api/changes?shop=s").willReturn(okJson("[{\"id\": 1}]")));
    Batch<JsonNode, JsonNode> third = poll("WhenChanged", second.next(), 10);

    assertThat(third.events()).hasSize(1);
    assertThat(third.events()).isNotEqualTo(first.events());
  }

  @Test
  void theSameAtAnotherLocationIsAnotherEvent() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(okJson("[{\"id\": 1}]").withHeader("Location", "/api/changes?state=1")));
    stubFor(get("/api/changes?state=1").willReturn(okJson("[{\"id\": 1}]")));
    Batch<JsonNode, JsonNode> first = poll("WhenChanged", null, 10);
    Batch<JsonNode, JsonNode> second = poll("WhenChanged", first.next(), 10);

    assertThat(second.events()).hasSize(1).isNotEqualTo(first.events());
    assertThat(poll("WhenChanged", null, 10)).isEqualTo(first);
  }

  @Test
  @DisplayName("E5: a relative Location counts from where its answer was found, after redirects")
  void aRelativeLocationCountsFromWhereItsAnswerWasFound() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(aResponse().withStatus(302).withHeader("Location", "/v2/feed/start")));
    stubFor(
        get("/v2/feed/start")
            .willReturn(aResponse().withStatus(202).withHeader("Location", "next?state=1")));
    stubFor(
        get("/v2/feed/next?state=1")
            .willReturn(okJson("[{\"id\": 1}]").withHeader("Location", "?state=2")));
    stubFor(get("/v2/feed/next?state=2").willReturn(okJson("[{\"id\": 2}]")));

    Batch<JsonNode, JsonNode> first = poll("WhenChanged", null, 10);
    Batch<JsonNode, JsonNode> second = poll("WhenChanged", first.next(), 10);
    Batch<JsonNode, JsonNode> third = poll("WhenChanged", second.next(), 10);

    assertThat(ids(second)).containsExactly("1");
    assertThat(ids(third)).containsExactly("2");
  }

  @Test
  @DisplayName("E5: so does the address of a subscription")
  void theAddressOfASubscriptionCountsFromWhereItWasMade() {
    stubFor(post("/api/hooks").willReturn(created().withHeader("Location", "subscriptions/7")));
    stubFor(delete("/api/subscriptions/7").willReturn(noContent()));
    var callback =
        new WebhookTrigger.Callback(
            URI.create("https://host.example/callbacks/9f"), Secret.of("unused-by-definitions"));

    Object made = run(c -> webhook().subscribe(json("{'body': {'shop': 's'}}"), callback, c));
    run(
        c -> {
          webhook().unsubscribe((Registration) made, c);
          return made;
        });

    verify(1, deleteRequestedFor(urlEqualTo("/api/subscriptions/7")));
  }

  @Test
  @DisplayName("E1: a Location elsewhere gets no request")
  void followsNoLocationToForeignHosts() {
    stubFor(
        get("/api/changes?shop=s")
            .willReturn(
                aResponse().withStatus(202).withHeader("Location", "https://evil.test/x?state=1")));
    JsonNode cursor = poll("WhenChanged", null, 10).next();

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> poll("WhenChanged", cursor, 10));
  }

  @Test
  void subscribesAndUnsubscribes() {
    var callback =
        new WebhookTrigger.Callback(
            URI.create("https://host.example/callbacks/9f"), Secret.of("unused-by-definitions"));
    stubFor(
        post("/api/hooks")
            .withRequestBody(
                equalToJson(
                    """
                    {"event": "cancelled", "shop": "s",
                     "target": {"url": "https://host.example/callbacks/9f"}}
                    """))
            .willReturn(created().withHeader("Location", host + "/api/hooks/7%2F7")));
    stubFor(delete("/api/hooks/7%2F7").willReturn(noContent()));

    Object made = run(c -> webhook().subscribe(json("{'body': {'shop': 's'}}"), callback, c));
    run(
        c -> {
          webhook().unsubscribe((Registration) made, c);
          return made;
        });
    stubFor(delete("/api/hooks/7%2F7").willReturn(aResponse().withStatus(410)));
    run(
        c -> {
          webhook().unsubscribe((Registration) made, c);
          return made;
        });

    verify(2, deleteRequestedFor(urlEqualTo("/api/hooks/7%2F7")).withHeader("X-Key", equalTo("k")));
  }

  @Test
  @DisplayName("Of a hidden list, the service gets one item if that has a default")
  void fillsInAHiddenBody() {
    var callback =
        new WebhookTrigger.Callback(
            URI.create("https://host.example/callbacks/9f"), Secret.of("unused-by-definitions"));
    stubFor(post("/api/bookings/hooks").willReturn(created()));

    run(c -> webhook("WhenBooked").subscribe(json("{}"), callback, c));

    verify(
        postRequestedFor(urlEqualTo("/api/bookings/hooks"))
            .withRequestBody(
                equalToJson(
                    """
                    {"url": "https://host.example/callbacks/9f", "events": [3],
                     "filters": [{"field": "id", "on": true}]}
                    """)));
  }

  @Test
  void asksForTheBodyThatTheCallbackGoesInto() {
    JsonNode schema = webhook("WhenMoved").configuration().givenSchema();

    assertThat(schema.at("/then/required/0").asString()).isEqualTo("body");
    assertThat(schema.at("/properties/body/required")).isEqualTo(json("['board']"));
  }

  @Test
  void removesWhatALocationNamesThoughItsOperationAsksForMore() {
    stubFor(delete("/api/boards/hooks/7").willReturn(noContent()));

    run(
        context -> {
          Registration made = Registration.of("/api/boards/hooks/7");
          webhook("WhenMoved").unsubscribe(made, context);
          return made;
        });

    verify(
        1, deleteRequestedFor(urlEqualTo("/api/boards/hooks/7")).withHeader("X-Key", equalTo("k")));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/sites/hooks/7, /api/sites/hooks/7?team=t",
    "/api/sites/hooks/7?team=u, /api/sites/hooks/7?team=u"
  })
  @DisplayName("What a removal asks for by the name of an input is that of the subscription")
  void removesWithTheInputsOfTheSubscription(String location, String removed) {
    stubFor(
        post("/api/sites/hooks?team=t&note=n")
            .willReturn(created().withHeader("Location", location)));
    stubFor(delete(removed).willReturn(noContent()));
    var callback =
        new WebhookTrigger.Callback(
            URI.create("https://host.example/callbacks/9f"), Secret.of("unused-by-definitions"));
    JsonNode configuration = json("{'X-Site': 'north', 'team': 't', 'note': 'n'}");

    Object made = run(c -> webhook("WhenSeen").subscribe(configuration, callback, c));
    run(
        c -> {
          webhook("WhenSeen").unsubscribe((Registration) made, c);
          return made;
        });

    verify(1, deleteRequestedFor(urlEqualTo(removed)).withHeader("X-Site", equalTo("north")));
  }

  @Test
  void removesASubscriptionWhoseInputsAreTooLongToBeKept() {
    String site = "n".repeat(4_000);
    stubFor(
        post("/api/sites/hooks")
            .willReturn(created().withHeader("Location", "/api/sites/hooks/7")));
    stubFor(delete("/api/sites/hooks/7").willReturn(noContent()));
    var callback =
        new WebhookTrigger.Callback(
            URI.create("https://host.example/callbacks/9f"), Secret.of("unused-by-definitions"));

    Object made =
        run(c -> webhook("WhenSeen").subscribe(json("{'X-Site': '" + site + "'}"), callback, c));
    run(
        c -> {
          webhook("WhenSeen").unsubscribe((Registration) made, c);
          return made;
        });

    verify(1, deleteRequestedFor(urlEqualTo("/api/sites/hooks/7")));
  }

  @Test
  void takesEachItemOfABatchAsAnEvent() throws Exception {
    byte[] two = "{\"value\": [{\"id\": 1}, {\"id\": 2}]}".getBytes(StandardCharsets.UTF_8);
    byte[] none = "{\"value\": []}".getBytes(StandardCharsets.UTF_8);

    assertThat(received(webhook("WhenMoved"), "application/json", two))
        .containsExactly(json("{'id': 1}"), json("{'id': 2}"));
    assertThat(received(webhook("WhenMoved"), "application/json", none)).isEmpty();
  }

  @Test
  @DisplayName("E1: an unsubscription elsewhere gets no request")
  void removesNothingAtForeignHosts() {
    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(
            () ->
                run(
                    context -> {
                      Registration elsewhere = Registration.of("https://evil.test/x/7");
                      webhook().unsubscribe(elsewhere, context);
                      return elsewhere;
                    }));
  }

  @Test
  void takesWhatIsDelivered() throws Exception {
    assertThat(received("application/json", "{\"id\": 5}")).isEqualTo(json("{'id': 5}"));
    assertThat(received("application/x-www-form-urlencoded", "a=1&b=x+y"))
        .isEqualTo(json("{'a': '1', 'b': 'x y'}"));
    assertThat(received("text/plain", "hello")).isEqualTo(json("'hello'"));
    assertThat(received("application/json", "")).isEqualTo(json("{}"));
    byte[] latin = "{\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(received("application/json; charset=ISO-8859-1", latin))
        .containsExactly(json("{'a': 'ü'}"));
    assertThat(received("image/png", new byte[] {(byte) 0x89, 0, (byte) 0xED, (byte) 0xA0}))
        .containsExactly(json("{'$content-type': 'image/png', '$content': 'iQDtoA=='}"));
    assertThat(received("application/json", "[]".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'results': {'type': 'array', 'items': {}}} | {'errors':['e'],'results':[1,2]} | [1,2]",
        "{'results': {'type': 'array', 'items': {}}} | {'errors':['e'],'value':[1,2]} | [1,2]",
        "{'results': {'type': 'array', 'items': {}}} | {'errors':['e']} | [{'errors':['e']}]",
        "{} | {'errors':['e'],'value':[1,2]} | [1,2]",
        "{} | {'errors':'e','items':[1,2]} | [1,2]",
        "{} | {'errors':['e'],'items':[1,2]} | [{'errors':['e'],'items':[1,2]}]"
      })
  @DisplayName(
      "H5: the events of a batch are where the definition says; else what came is one event")
  void theEventsOfABatchAreWhereTheDefinitionSays(String properties, String body, String events)
      throws Exception {
    Folder folder =
        Folder.in(temp)
            .paths(
                """
                '/hooks': {
                  'x-ms-notification-content': {'schema': {'type': 'object', 'properties': %s}},
                  'post': {'operationId': 'op', 'x-ms-trigger': 'batch', 'responses': {},
                    'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'object',
                      'properties': {'url': {'type': 'string', 'x-ms-notification-url': true}}}}]}}
                """
                    .formatted(properties));
    var trigger = folder.load().connector().trigger("op").orElseThrow();
    @SuppressWarnings("unchecked")
    var webhook = (WebhookTrigger<JsonNode, JsonNode>) trigger;

    byte[] sent = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(received(webhook, "application/json", sent)).containsExactlyElementsOf(json(events));
  }

  private JsonNode received(String type, String body) throws Exception {
    return received(type, body.getBytes(StandardCharsets.UTF_8)).get(0);
  }

  private List<JsonNode> received(String type, byte[] body) throws Exception {
    return received(webhook(), type, body);
  }

  private static List<JsonNode> received(
      WebhookTrigger<JsonNode, JsonNode> webhook, String type, byte[] body) throws Exception {
    var delivery = new Delivery("POST", Map.of("content-type", List.of(type)), null, body);
    Received<JsonNode> received = webhook.receive(delivery);
    return ((Received.Events<JsonNode>) received).events().stream().map(Event::payload).toList();
  }
}
