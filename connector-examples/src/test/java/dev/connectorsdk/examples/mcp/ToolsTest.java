package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static dev.connectorsdk.examples.mcp.Desk.EVE;
import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.mcp.ToolClient.Reply;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@WireMockTest
class ToolsTest {

  private static final String LIST = "desk__listTickets";
  private static final String OPEN = "desk__openTicket";
  private static final String CLOSE = "desk__closeTicket";
  private static final ObjectNode PRINTER = object("{'title':'Printer on fire'}");
  private static final ObjectNode SEVEN = object("{'id':'7'}");

  private final SettableClock clock = new SettableClock();
  private ConnectorRuntime runtime;
  private Tools tools;

  @BeforeEach
  void serve(WireMockRuntimeInfo service) {
    runtime = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    tools = served(Desk.agent()).build();
    stubFor(
        get(urlPathEqualTo("/tickets")).willReturn(okJson("[{\"id\":\"7\",\"title\":\"Fire\"}]")));
    stubFor(post("/tickets").willReturn(okJson("{\"id\":\"8\",\"title\":\"Printer on fire\"}")));
    stubFor(delete("/tickets/7").willReturn(ok()));
    stubFor(post("/letters").willReturn(ok()));
  }

  private Tools.Builder served(Flow agent) {
    return Tools.of(runtime, PROD, agent).choosing(ActionFilter.all()).clock(clock);
  }

  @AfterEach
  void stop() {
    tools.close();
    runtime.close();
  }

  private void serving(Tools.Builder builder) {
    tools.close();
    tools = builder.build();
  }

  private ToolAnswer call(Principal caller, String tool, ObjectNode input) {
    return tools.call(caller, ToolClient.plain(), ToolCall.of(tool, input));
  }

  private List<String> names() {
    return tools.permitted().stream().map(Tool::name).toList();
  }

  @Test
  void eachActionIsATool() {
    assertThat(names())
        .containsExactly(
            LIST, OPEN, CLOSE, "desk__downloadFile", "desk__getHistory"); // and none for helpers
  }

  @Test
  void aToolSaysWhatAnAgentHasToKnow() {
    Tool list = tools.permitted().get(0);

    assertThat(list.title()).isEqualTo("Help desk: List tickets");
    assertThat(list.description()).isEqualTo("Lists tickets.");
    assertThat(list.input().path("properties").path("status").path("type").asString())
        .isEqualTo("string");
    assertThat(list.output().at("/properties/items/anyOf/0/type").asString()).isEqualTo("array");
  }

  @Test
  void aToolSaysWhatItsEffectIs() {
    assertThat(tools.permitted())
        .filteredOn(Tool::isReadOnly)
        .extracting(Tool::name)
        .containsExactly(LIST, "desk__downloadFile", "desk__getHistory");
    assertThat(tools.permitted())
        .filteredOn(Tool::isDestructive)
        .extracting(Tool::name)
        .containsExactly(CLOSE);
    assertThat(tools.permitted())
        .filteredOn(Tool::needsConfirmation)
        .extracting(Tool::name)
        .containsExactly(CLOSE);
    assertThat(tools.permitted()).filteredOn(Tool::isIdempotent).doesNotContain(toolNamed(OPEN));
  }

  private Tool toolNamed(String name) {
    return tools.all().stream().filter(tool -> tool.name().equals(name)).findFirst().orElseThrow();
  }

  /** Clients take 10 MiB of a list, and end the connection at more. */
  @Test
  void aListIsShortWhateverConnectorsSay() {
    ObjectNode schema = object("{'type':'object'}");
    schema.putObject("properties").putObject("a").put("description", "x".repeat(30_000));
    Connector.Builder wordy =
        Connector.builder("wordy", "https://wordy.example").titled("w".repeat(9_000));
    wordy.auth(AuthOption.none());
    for (int i = 0; i < 100; i++) {
      wordy.action(
          Action.dynamic("a" + i, Effect.READ, schema, schema)
              .titled("t".repeat(9_000))
              .described("d".repeat(9_000))
              .run((input, call) -> input));
    }
    try (ConnectorRuntime talking = ConnectorRuntime.builder().connector(wordy.build()).build()) {
      serving(Tools.of(talking, PROD, Desk.agent()).choosing(ActionFilter.all()));

      List<Tool> all = tools.all();

      assertThat(all).hasSize(100);
      assertThat(all.toString()).hasSizeLessThan(5 * 1024 * 1024);
      assertThat(all.get(0).input().has("properties")).isTrue();
      assertThat(all.get(99).input().has("properties")).isFalse();
      assertThat(all).allMatch(tool -> tool.title().length() < 400);
    }
  }

  @Test
  void aDescriptionThatIsLargeIsAResource() {
    ObjectNode schema = object("{'type':'object'}");
    schema.putObject("properties").putObject("a").put("description", "x".repeat(1024 * 1024));
    Connector large =
        Connector.builder("large", "https://large.example")
            .auth(AuthOption.none())
            .action(Action.dynamic("a", Effect.READ, schema, schema).run((input, call) -> input))
            .build();
    try (ConnectorRuntime talking = ConnectorRuntime.builder().connector(large).build()) {
      serving(Tools.of(talking, PROD, Desk.agent()).choosing(ActionFilter.all()).listingAtMost(0));

      ToolAnswer described = call(ADA, "describe_action", object("{'name':'large__a'}"));

      assertThat(described.text()).hasSizeLessThan(1_000);
      assertThat(described.kept()).hasSize(1);
    }
  }

  @Test
  void theFlowDeclaresWhatIsServed() {
    ConnectionReference desk = tools.flow().references().get(0);

    assertThat(desk).isEqualTo(ConnectionReference.invoker("desk", "desk"));
    assertThat(tools.flow().operations(desk))
        .containsExactlyInAnyOrder(
            "listTickets", "openTicket", "closeTicket", "downloadFile", "getHistory");
  }

  @Test
  void actionsAreChosenByConnectorOperationEffectAndTag() {
    assertThat(chosen(ActionFilter.all().operations("*Ticket"))).containsExactly(OPEN, CLOSE);
    assertThat(chosen(ActionFilter.all().effects(Effect.WRITE))).containsExactly(OPEN);
    assertThat(chosen(ActionFilter.all().tags("tickets"))).containsExactly(LIST);
    assertThat(chosen(ActionFilter.all().connectors("desk").effects(Effect.READ))).hasSize(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chosen(ActionFilter.all().connectors("mail")))
        .withMessageContaining("No action is served");
  }

  private List<String> chosen(ActionFilter filter) {
    try (Tools some = Tools.of(runtime, PROD, Desk.agent()).choosing(filter).build()) {
      return some.permitted().stream().map(Tool::name).toList();
    }
  }

  @Test
  void anActionRunsOnTheCallersOwnConnection() {
    Desk.connect(runtime, ADA);
    Desk.connect(runtime, BEN);

    ToolAnswer answer = call(BEN, LIST, object("{'status':'open'}"));

    assertThat(answer.isError()).isFalse();
    assertThat(answer.content()).isEqualTo(object("{'items':[{'id':'7','title':'Fire'}]}"));
    assertThat(answer.text()).isEqualTo("{\"items\":[{\"id\":\"7\",\"title\":\"Fire\"}]}");
    verify(
        getRequestedFor(urlEqualTo("/tickets?status=open"))
            .withHeader("X-Api-Key", equalTo("key-of-ben")));
  }

  @Test
  void whoMayNotRunTheFlowCallsNothing() {
    Desk.connect(runtime, EVE);

    ToolAnswer answer = call(EVE, LIST, object("{'status':'open'}"));

    assertThat(answer.isError()).isTrue();
    verify(0, anyRequestedFor(anyUrl()));
  }

  /** Ada has confirmed that the users of an app list tickets with her connection, no more. */
  @Test
  void anAgentCannotDoWhatItsRunOnlyUserCannot() {
    ConnectionReference team = ConnectionReference.embedded("team", "desk");
    Flow app = Flow.app("visitors", ADA).runnableBy(BEN).calling(team, "listTickets");
    Connection adas = Desk.connect(runtime, ADA);
    runtime.references().bind(ADA.in("prod").running(app), team, adas.id());
    var owner = ADA.in("prod").running(app);
    runtime.references().confirmShare(owner, runtime.references().previewShare(owner));
    serving(Tools.of(runtime, PROD, app));

    assertThat(names()).containsExactly("team__listTickets");
    assertThat(call(BEN, "team__listTickets", object("{'status':'open'}")).isError()).isFalse();
    assertThat(call(BEN, "team__closeTicket", SEVEN).text()).startsWith("There is no tool");
    verify(0, deleteRequestedFor(anyUrl()));

    serving(Tools.of(runtime, PROD, app.calling(team, "openTicket")));
    assertThat(call(BEN, "team__openTicket", PRINTER).isError()).isTrue();
    verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  void aMissingConnectionIsAnsweredWithTheLink() {
    URI page = URI.create("https://app.example/connect/desk");
    serving(served(Desk.agent()).signIns((caller, connector, connection) -> Optional.of(page)));

    ToolAnswer answer = call(ADA, LIST, object("{'status':'open'}"));

    assertThat(answer.isError()).isTrue();
    assertThat(answer.text())
        .contains("no own connection of connector 'desk'")
        .endsWith(page.toString());
  }

  @Test
  void aClientThatOpensLinksGetsTheLinkAndTheAgentDoesNot() {
    URI page = URI.create("https://app.example/connect/desk");
    serving(served(Desk.agent()).signIns((caller, connector, connection) -> Optional.of(page)));
    var client = new AskedClient(Reply.YES);

    ToolAnswer answer = tools.call(ADA, client, ToolCall.of(LIST, object("{'status':'open'}")));

    assertThat(client.links).containsExactly(page);
    assertThat(answer.text()).doesNotContain("app.example").contains("Call again");
  }

  @Test
  void aRefusedCredentialIsAnsweredWithTheLinkToItsConnection() {
    Connection adas = Desk.connect(runtime, ADA);
    stubFor(get(urlPathEqualTo("/tickets")).willReturn(aResponse().withStatus(401)));
    stubFor(get("/me").willReturn(aResponse().withStatus(401)));
    serving(
        served(Desk.agent())
            .signIns(
                (caller, connector, connection) ->
                    Optional.of(URI.create("https://app.example/mend/" + connection))));

    assertThat(call(ADA, LIST, object("{'status':'open'}")).text())
        .endsWith("https://app.example/mend/" + adas.id());
    assertThat(call(ADA, LIST, object("{'status':'open'}")).text()) // broken, from now on
        .endsWith("https://app.example/mend/" + adas.id());
  }

  @Test
  void aDestructiveActionIsRefusedWhereNobodyCanBeAsked() {
    Desk.connect(runtime, ADA);

    assertThat(call(ADA, CLOSE, SEVEN).text())
        .startsWith("Nothing was done: 'desk__closeTicket' needs a person's confirmation");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aDestructiveActionIsCalledWhenAPersonAgrees() {
    Desk.connect(runtime, ADA);
    var client = new AskedClient(Reply.YES);

    assertThat(tools.call(ADA, client, ToolCall.of(CLOSE, SEVEN)).isError()).isFalse();
    assertThat(client.questions)
        .containsExactly("Run \"Close a ticket\" of Help desk? Input: {\"id\":\"7\"}");
    verify(deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  @Test
  void aDestructiveActionIsNotCalledWhenAPersonDoesNotAgree() {
    Desk.connect(runtime, ADA);

    for (Reply reply : List.of(Reply.NO, Reply.NONE)) {
      ToolAnswer answer = tools.call(ADA, new AskedClient(reply), ToolCall.of(CLOSE, SEVEN));
      assertThat(answer.text()).startsWith("Nothing was done");
    }
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void nobodyIsAskedAboutWhatCannotBeDone() {
    var client = new AskedClient(Reply.YES);

    assertThat(tools.call(ADA, client, ToolCall.of(CLOSE, SEVEN)).isError()).isTrue();
    assertThat(client.questions).isEmpty();
  }

  @Test
  void aDestructiveActionCanBeAllowedWhereNobodyCanBeAsked() {
    Desk.connect(runtime, ADA);
    serving(served(Desk.agent()).allowing(CLOSE));

    assertThat(call(ADA, CLOSE, SEVEN).isError()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> served(Desk.agent()).allowing("desk__close").build())
        .withMessageContaining("'desk__close'");
  }

  @Test
  void aPersonWhoCanBeAskedIsAskedAboutWhatIsAllowedToo() {
    Desk.connect(runtime, ADA);
    serving(served(Desk.agent()).allowing(CLOSE));

    ToolAnswer answer = tools.call(ADA, new AskedClient(Reply.NO), ToolCall.of(CLOSE, SEVEN));

    assertThat(answer.text()).startsWith("Nothing was done");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void noTextHidesFromAPersonWhatIsBehindIt() {
    Desk.connect(runtime, ADA);
    var client = new AskedClient(Reply.NO);
    ObjectNode padded = Desk.JSON.createObjectNode();
    padded.put("comment", "x".repeat(5_000)).put("id", "7");

    tools.call(ADA, client, ToolCall.of(CLOSE, padded));

    assertThat(client.questions.get(0)).contains("(5000 characters)").endsWith("\"id\":\"7\"}");
    for (int i = 0; i < 1_000; i++) {
      padded.put("comment" + i, i);
    }
    assertThat(tools.call(ADA, client, ToolCall.of(CLOSE, padded)).text())
        .startsWith("Nothing was done")
        .contains("too much to be read");
  }

  @Test
  void noLinkIsOpenedWhenTheTimeOfACallIsOver() {
    URI page = URI.create("https://app.example/connect/desk");
    serving(
        served(Desk.agent())
            .signIns(
                (caller, connector, connection) -> {
                  clock.advance(Duration.ofSeconds(48));
                  return Optional.of(page);
                }));
    var client = new AskedClient(Reply.YES);

    ToolAnswer answer = tools.call(ADA, client, ToolCall.of(LIST, object("{'status':'open'}")));

    assertThat(client.links).isEmpty();
    assertThat(answer.text()).contains("Call again for the link");
  }

  @Test
  void aDayLaterTheSameInputIsAnotherWrite() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(serverError()));
    call(ADA, OPEN, PRINTER);
    String first = keys().get(0);
    clock.advance(Duration.ofHours(23));
    call(ADA, OPEN, PRINTER);
    assertThat(keys()).containsOnly(first);

    clock.advance(Duration.ofHours(1));
    call(ADA, OPEN, PRINTER);

    assertThat(new HashSet<>(keys())).hasSize(2);
  }

  private static List<String> keys() {
    return findAll(postRequestedFor(urlEqualTo("/tickets"))).stream()
        .map(request -> request.getHeader("Idempotency-Key"))
        .toList();
  }

  @Test
  void whatAPolicyForbidsIsHiddenAndRefusedWithTheReason() {
    Desk.connect(runtime, ADA);
    DataPolicy careful =
        DataPolicy.named("careful")
            .actions("desk", ActionRules.blocking("closeTicket", "openTicket"))
            .build();
    runtime.policies().save(Administrator.ofRuntime(HOST), careful, 0);
    serving(served(Desk.agent()).allowing(CLOSE));

    assertThat(names()).containsExactly(LIST, "desk__downloadFile", "desk__getHistory");
    assertThat(call(ADA, LIST, object("{'status':'open'}")).isError()).isFalse();
    ToolAnswer refused = call(ADA, CLOSE, SEVEN);
    assertThat(refused.isError()).isTrue();
    assertThat(refused.text()).contains("careful");
    verify(0, deleteRequestedFor(anyUrl()));
  }

  @Test
  void aPolicyThatIsSavedLaterHidesToolsAtOnce() {
    assertThat(names()).contains(OPEN);
    DataPolicy readers =
        DataPolicy.named("readers")
            .actions("desk", ActionRules.allowingOnly("listTickets"))
            .build();
    runtime.policies().save(Administrator.ofRuntime(HOST), readers, 0);

    assertThat(names()).containsExactly(LIST);
  }

  @Test
  void aPolicyThatIsSavedLaterLeavesWhatItAllows() {
    Desk.connect(runtime, ADA);
    assertThat(call(ADA, LIST, object("{'status':'open'}")).isError()).isFalse();

    long version = blockOpening();
    assertThat(call(ADA, LIST, object("{'status':'open'}")).isError()).isFalse();
    assertThat(call(ADA, OPEN, PRINTER).text()).contains("careful");

    allowAll(version);
    assertThat(call(ADA, OPEN, PRINTER).isError()).isFalse();
  }

  @Test
  void aPolicyThatIsSavedWhileAPersonIsAskedLeavesWhatItAllows() {
    Desk.connect(runtime, ADA);
    var client =
        new AskedClient(Reply.YES) {
          @Override
          public Reply ask(String question, Duration atMost) {
            blockOpening();
            return super.ask(question, atMost);
          }
        };

    assertThat(tools.call(ADA, client, ToolCall.of(CLOSE, SEVEN)).isError()).isFalse();
    assertThat(client.questions).hasSize(1);
    verify(1, deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  @Test
  void aPolicyOfAnotherProcessHoldsAsSoonAsTheRuntimeKnowsIt() {
    KeyRing keys = KeyRing.random();
    InMemoryStore store = new InMemoryStore();
    Supplier<ConnectorRuntime> process =
        () ->
            ConnectorRuntime.builder()
                .connector(Desk.at("https://desk.example"))
                .store(store, keys)
                .freshness(Duration.ofSeconds(5))
                .clock(clock)
                .build();
    try (ConnectorRuntime other = process.get()) {
      runtime.close();
      runtime = process.get();
      serving(served(Desk.agent()));
      assertThat(names()).contains(OPEN);
      clock.advance(Duration.ofSeconds(4));
      assertThat(names()).contains(OPEN);
      DataPolicy readers =
          DataPolicy.named("readers")
              .actions("desk", ActionRules.allowingOnly("listTickets"))
              .build();
      other.policies().save(Administrator.ofRuntime(HOST), readers, 0);
      clock.advance(Duration.ofSeconds(1));

      assertThat(names()).containsExactly(LIST);
    }
  }

  private long blockOpening() {
    DataPolicy careful =
        DataPolicy.named("careful").actions("desk", ActionRules.blocking("openTicket")).build();
    return runtime.policies().save(Administrator.ofRuntime(HOST), careful, 0).version();
  }

  private void allowAll(long version) {
    DataPolicy none = DataPolicy.named("careful").build();
    runtime.policies().save(Administrator.ofRuntime(HOST), none, version);
  }

  @Test
  void whatPoliciesKeepApartAnAgentDoesNotCombine(WireMockRuntimeInfo service) {
    tools.close();
    runtime.close();
    runtime =
        ConnectorRuntime.builder()
            .connector(Desk.at(service.getHttpBaseUrl()))
            .connector(Mail.at(service.getHttpBaseUrl()))
            .build();
    DataPolicy apart = DataPolicy.named("apart").business("desk").build();
    runtime.policies().save(Administrator.ofRuntime(HOST), apart, 0);
    Desk.connect(runtime, ADA);
    tools = served(Desk.agent()).build();

    ToolAnswer refused = call(ADA, LIST, object("{'status':'open'}"));

    assertThat(refused.isError()).isTrue();
    assertThat(refused.text()).contains("apart");
    serving(Tools.of(runtime, PROD, Desk.agent()).choosing(ActionFilter.all().connectors("desk")));
    assertThat(call(ADA, LIST, object("{'status':'open'}")).isError()).isFalse();
  }

  @Test
  void whatIsAllowedAMomentAgoIsNotCombinedWithWhatItIsKeptApartFrom(WireMockRuntimeInfo service) {
    tools.close();
    runtime.close();
    runtime =
        ConnectorRuntime.builder()
            .connector(Desk.at(service.getHttpBaseUrl()))
            .connector(Mail.at(service.getHttpBaseUrl()))
            .build();
    var administrator = Administrator.ofRuntime(HOST);
    DataPolicy none = DataPolicy.named("p").blocked("mail").build();
    long version = runtime.policies().save(administrator, none, 0).version();
    runtime.connections().create(ADA.in("prod"), ConnectionSpec.of("mail", "none"));
    tools = served(Desk.agent()).build();
    assertThat(names()).doesNotContain("mail__send");
    runtime.policies().save(administrator, DataPolicy.named("p").business("desk").build(), version);

    assertThat(call(ADA, "mail__send", object("{'text':'x'}")).isError()).isTrue();
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aLargeAnswerBecomesAResourceOfTheCallers() {
    Desk.connect(runtime, ADA);
    String large = "{\"text\":\"" + "x".repeat(1024 * 1024) + "\"}";
    stubFor(get("/history/7").willReturn(okJson(large)));

    ToolAnswer answer = call(ADA, "desk__getHistory", SEVEN);

    KeptAnswer kept = answer.kept().get(0);
    assertThat(answer.content())
        .isEqualTo(object("{'resource':'" + kept.uri() + "','size':" + large.length() + "}"));
    assertThat(tools.read(ADA, kept.uri()).orElseThrow().text()).isEqualTo(large);
    assertThat(tools.read(BEN, kept.uri())).isEmpty();
    clock.advance(Duration.ofMinutes(30));
    assertThat(tools.read(ADA, kept.uri())).isEmpty();
  }

  @Test
  void aFileBecomesAResource() {
    Desk.connect(runtime, ADA);
    byte[] picture = {(byte) 0x89, 'P', 'N', 'G', 0, 1};
    stubFor(
        get("/files/7")
            .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody(picture)));

    ToolAnswer answer = call(ADA, "desk__downloadFile", SEVEN);

    KeptAnswer kept = answer.kept().get(0);
    assertThat(kept.mediaType()).isEqualTo("image/png");
    assertThat(kept.content()).isEqualTo(picture);
    assertThat(kept.text()).isNull();
    assertThat(answer.text()).contains(kept.uri()).doesNotContain("PNG");
  }

  @Test
  void theFirstFilesOfAnAnswerBecomeResourcesAndTheOthersStayInIt() {
    Desk.connect(runtime, ADA);
    String file = "{\"$content-type\":\"text/plain\",\"$content\":\"AAAA\"}";
    String files = String.join(",", Collections.nCopies(60, file));
    stubFor(get("/history/7").willReturn(okJson("{\"files\":[" + files + "]}")));

    ToolAnswer answer = call(ADA, "desk__getHistory", SEVEN);

    assertThat(answer.kept()).hasSize(50);
    assertThat(answer.content().at("/files/49").has("resource")).isTrue();
    assertThat(answer.content().at("/files/50")).isEqualTo(Desk.JSON.readTree(file));
  }

  @Test
  void whatOneKeepsTakesNoRoomOfOthers() {
    Desk.connect(runtime, ADA);
    Desk.connect(runtime, BEN);
    byte[] much = new byte[6 * 1024 * 1024];
    stubFor(get("/files/7").willReturn(aResponse().withBody(much)));
    String bens = call(BEN, "desk__downloadFile", SEVEN).kept().get(0).uri();
    String adasFirst = call(ADA, "desk__downloadFile", SEVEN).kept().get(0).uri();

    for (int i = 0; i < 4; i++) {
      call(ADA, "desk__downloadFile", SEVEN);
    }

    assertThat(tools.read(ADA, adasFirst)).isEmpty();
    assertThat(tools.read(BEN, bens)).isPresent();
  }

  @Test
  void aFileThatIsTooLargeIsAnErrorInWords() {
    Desk.connect(runtime, ADA);
    stubFor(get("/files/7").willReturn(aResponse().withBody(new byte[KeptAnswers.LARGEST + 1])));

    assertThat(call(ADA, "desk__downloadFile", SEVEN).isError()).isTrue();
  }

  @Test
  void whatAServiceHasAnsweredInWordsThatNobodyReadsMayBeDone() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(okJson("{\"id\":")));

    assertThat(call(ADA, OPEN, PRINTER).text()).endsWith("the service recognises it.");
    call(ADA, OPEN, PRINTER);

    assertThat(findAll(postRequestedFor(urlEqualTo("/tickets"))))
        .hasSize(2)
        .extracting(request -> request.getHeader("Idempotency-Key"))
        .containsOnly(findAll(anyRequestedFor(anyUrl())).get(0).getHeader("Idempotency-Key"));
  }

  @Test
  void whatWasNotSentWasNotCarriedOut() {
    try (ConnectorRuntime unreachable =
        ConnectorRuntime.builder().connector(Desk.at("http://127.0.0.1:1")).build()) {
      Desk.connect(unreachable, ADA);
      serving(Tools.of(unreachable, PROD, Desk.agent()).choosing(ActionFilter.all()));

      assertThat(call(ADA, OPEN, PRINTER).text())
          .contains("could not connect")
          .doesNotContain("recognises");
    }
  }

  @Test
  void aWriteThatIsRepeatedHasTheSameKeyAsLongAsNobodyKnowsWhatBecameOfIt() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    ToolAnswer lost = call(ADA, OPEN, PRINTER);
    assertThat(lost.text()).endsWith("the service recognises it.");
    stubFor(post("/tickets").willReturn(okJson("{\"id\":\"8\",\"title\":\"t\"}")));
    call(ADA, OPEN, PRINTER);
    call(ADA, OPEN, PRINTER);

    List<String> keys = keys();
    String last = keys.get(keys.size() - 1);
    assertThat(keys.subList(0, keys.size() - 1)).containsOnly(keys.get(0));
    assertThat(last).isNotEqualTo(keys.get(0));
  }

  @Test
  void aRepetitionThatIsRefusedSaysNothingOfWhatBecameOfTheFirstCall() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(serverError()));
    call(ADA, OPEN, PRINTER);
    stubFor(post("/tickets").willReturn(aResponse().withStatus(409)));
    call(ADA, OPEN, PRINTER);
    stubFor(post("/tickets").willReturn(okJson("{\"id\":\"8\",\"title\":\"t\"}")));
    call(ADA, OPEN, PRINTER);

    assertThat(keys()).hasSizeGreaterThan(2).containsOnly(keys().get(0));
  }

  @Test
  void whatWasRefusedAtOnceIsAnotherWriteTheNextTime() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(aResponse().withStatus(409)));
    call(ADA, OPEN, PRINTER);
    call(ADA, OPEN, PRINTER);

    assertThat(keys()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aClientMayBringTheKey() {
    Desk.connect(runtime, ADA);

    tools.call(ADA, ToolClient.plain(), new ToolCall(OPEN, PRINTER, "step-1"));

    verify(
        postRequestedFor(urlEqualTo("/tickets")).withHeader("Idempotency-Key", equalTo("step-1")));
  }

  @Test
  @Timeout(30)
  void aCallEndsBeforeTheClientGivesUp() {
    Desk.connect(runtime, ADA);
    stubFor(get(urlPathEqualTo("/tickets")).willReturn(okJson("[]").withFixedDelay(60_000)));
    serving(served(Desk.agent()).deadline(Duration.ofMillis(1)));

    assertThat(call(ADA, LIST, object("{'status':'open'}")).isError()).isTrue();
  }

  @Test
  void aLongCallReportsProgress() throws InterruptedException {
    Desk.connect(runtime, ADA);
    stubFor(get(urlPathEqualTo("/tickets")).willReturn(okJson("[]").withFixedDelay(1_000)));
    serving(served(Desk.agent()).progressEvery(Duration.ofMillis(20)));
    var client = new AskedClient(Reply.YES);

    tools.call(ADA, client, ToolCall.of(LIST, object("{'status':'open'}")));

    assertThat(client.progress.await(0, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @Tag("D1")
  void everyFailureIsAnAnswerInOurWords() {
    Desk.connect(runtime, ADA);
    stubFor(post("/tickets").willReturn(serverError().withBody("password=hunter2")));

    assertThat(call(ADA, OPEN, object("{'name':1}")).text()).contains("/title");
    assertThat(call(ADA, OPEN, PRINTER).text())
        .contains("status 500")
        .doesNotContain("hunter2", "key-of-ada");
    assertThat(call(ADA, "desk__sweep", SEVEN).text()).startsWith("There is no tool or action");
    assertThat(call(ADA, "", SEVEN).isError()).isTrue();
  }

  @Test
  void aRuntimeThatIsClosedIsAnAnswerToo() {
    runtime.close();

    ToolAnswer answer = call(ADA, LIST, object("{'status':'open'}"));

    assertThat(answer.isError()).isTrue();
    assertThat(answer.text()).isNotEmpty();
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void manyActionsAreSearched() {
    Desk.connect(runtime, ADA);
    serving(served(Desk.agent()).listingAtMost(4));

    assertThat(names()).containsExactly("search_actions", "describe_action", "call_action");
    ToolAnswer found = call(ADA, "search_actions", object("{'query':'open a ticket'}"));
    assertThat(Desk.JSON.readTree(found.text()).at("/items/0"))
        .isEqualTo(
            object(
                "{'name':'desk__openTicket','title':'Open a ticket','connector':'desk',"
                    + "'effect':'WRITE','needsConfirmation':false}"));
    ToolAnswer described = call(ADA, "describe_action", object("{'name':'desk__openTicket'}"));
    assertThat(Desk.JSON.readTree(described.text()).at("/input/properties/title/type").asString())
        .isEqualTo("string");
    assertThat(
            call(
                    ADA,
                    "call_action",
                    object("{'name':'desk__openTicket','arguments':{'title':'Printer on fire'}}"))
                .text())
        .isEqualTo("{\"id\":\"8\",\"title\":\"Printer on fire\"}");
    assertThat(
            call(ADA, "call_action", object("{'name':'desk__closeTicket','arguments':{}}")).text())
        .startsWith("Nothing was done");
    assertThat(call(ADA, "search_actions", object("{'query':' ?'}")).isError()).isTrue();
  }

  @Test
  void anActionIsNotCalledWithArgumentsThatAreNoObject() {
    Desk.connect(runtime, ADA);
    serving(served(Desk.agent()).listingAtMost(0));

    for (String slip :
        List.of(
            "{'name':'desk__listTickets','arguments':'{}'}",
            "{'name':'desk__listTickets','arguments':['open']}",
            "{'name':'desk__listTickets','arguments':null}",
            "{'name':'desk__listTickets'}")) {
      ToolAnswer answer = call(ADA, "call_action", object(slip));

      assertThat(answer.isError()).as(slip).isTrue();
      assertThat(answer.text())
          .isEqualTo(
              "Nothing was done: give 'arguments' as an object, not as text. describe_action says"
                  + " what goes in.");
    }
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aNameThatNobodyServesIsRepeatedInWholeCharacters() {
    assertThat(call(ADA, "x".repeat(99) + "\uD83D\uDD25", SEVEN).text())
        .startsWith("There is no tool or action '" + "x".repeat(99) + "...'.");
  }

  @Test
  void whatAPolicyForbidsIsNeitherFoundNorDescribed() {
    serving(served(Desk.agent()).listingAtMost(0));
    ObjectNode open = object("{'name':'" + OPEN + "'}");
    assertThat(call(ADA, "describe_action", open).isError()).isFalse();
    long version = blockOpening();

    assertThat(call(ADA, "search_actions", object("{'query':'ticket'}")).text())
        .contains(LIST, "\"found\":2")
        .doesNotContain(OPEN);
    ToolAnswer refused = call(ADA, "describe_action", open);
    assertThat(refused.isError()).isTrue();
    assertThat(refused.text()).contains("careful").doesNotContain("title");

    allowAll(version);
    assertThat(call(ADA, "describe_action", open).isError()).isFalse();
  }
}
