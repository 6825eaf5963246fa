package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.connectorsdk.runtime.Way.done;
import static dev.connectorsdk.runtime.Way.told;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.invocation.Forms;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.Triggers;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.StringNode;

/**
 * Bob co-owns one of Ada's flows and has learned the id of the connection that it uses. He tries
 * every public method that takes a caller. Within that flow he calls; beyond it he reaches nothing,
 * and nowhere the secret, the parameters or the id.
 */
@Tag("I1")
class CoOwnersReachTest extends TriggerHostTest {

  private static final ConnectionReference ADAS = SHARED.ownedBy(ADA.principal());
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal()).coOwnedBy(BOB.principal()).using(SHARED, MINE);

  /** The same flow without what a person brings, since triggers start it. */
  private static final Flow WATCHING =
      Flow.of("triage", ADA.principal()).coOwnedBy(BOB.principal()).using(SHARED);

  private static final Caller IN_THE_FLOW = BOB.running(FLOW);

  private static final Choice BRANCH =
      new Choice(StringNode.valueOf("x"), "x", null, true, true, StringNode.valueOf("x"));
  private static final String PARAMETER = "canary-project";
  private static final String SECRET = "canary-key";
  private static final Set<String> CALLS = Set.of("runtime.invoke", "runtime.invokeById");

  private ConnectionId adas;
  private Subscription watching;

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(Feed.ITEMS)
        .test(
            call -> {
              String login = call.http().get("/me").fetch(Tickets.Me.class).login();
              return new Account(login, login + "@tickets");
            })
        .build();
  }

  @BeforeEach
  void adasFlowUsesHerConnection() {
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"desk\"}")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .with("project", PARAMETER)
                    .secret("api_key", Secret.of(SECRET)));
    adas = connection.id();
    runtime.references().bind(ADA.running(FLOW), SHARED, adas);
    flows.clear();
    flows.put(WATCHING.id(), WATCHING);
    watching = runtime.triggers().subscribe(ADA.running(WATCHING), spec());
    service.resetRequests();
  }

  /** As what Bob comes besides. The host vouches for flows, in which he names whom he likes. */
  static List<Caller> elsewhere() {
    return List.of(
        BOB,
        BOB.principal().in("test").running(FLOW),
        BOB.running(Flow.of("report", ADA.principal()).using(SHARED, MINE)),
        BOB.running(Flow.of("triage", BOB.principal()).coOwnedBy(ADA.principal())),
        BOB.running(Flow.of("own", BOB.principal()).using(SHARED, MINE)),
        BOB.running(Flow.of("own", BOB.principal()).using(ADAS, MINE)),
        BOB.running(Flow.app("own", BOB.principal()).calling(ADAS, Tickets.GET.id())));
  }

  /** What another flow of Ada's uses, and Bob has guessed. */
  private static final ConnectionReference UNUSED =
      ConnectionReference.embedded("payroll", "tickets");

  private Map<String, Way> ways(Caller bob, ConnectionReference reference) {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.putAll(waysOfConnections(bob));
    ways.putAll(waysOfReferences(bob, reference));
    ways.putAll(waysOfSharing(bob, reference));
    ways.putAll(waysOfPreviews(bob, reference));
    ways.putAll(waysOfConsents(bob));
    ways.putAll(waysOfForms(bob, reference));
    ways.putAll(waysOfTriggers(bob, reference));
    ways.put("runtime.connectors", () -> runtime.connectors(bob));
    ways.put("runtime.connector", () -> runtime.connector(bob, reference.connector()));
    ways.put(
        "runtime.invoke", () -> runtime.invoke(bob, reference, Tickets.GET, new TicketId("1")));
    ways.put(
        "runtime.invokeById",
        () -> runtime.invoke(bob, reference, Tickets.GET.id(), Map.of("id", "1")));
    return ways;
  }

  private Map<String, Way> waysOfConnections(Caller bob) {
    Connections connections = runtime.connections();
    var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("bobs"));
    return Map.ofEntries(
        entry("connections.create", () -> done(() -> {})), // makes an own one, and none of Ada's
        entry("connections.update", () -> connections.update(bob, adas, spec)),
        entry("connections.get", () -> connections.get(bob, adas)),
        entry("connections.list", () -> connections.list(bob)),
        entry("connections.test", () -> connections.test(bob, adas)),
        entry("connections.delete", () -> connections.delete(bob, adas)),
        entry(
            "connections.grant",
            () -> done(() -> connections.grant(bob, adas, BOB.principal(), Right.USE))),
        entry("connections.revoke", () -> connections.revoke(bob, adas, BOB.principal())),
        entry("connections.usage", () -> connections.usage(bob, adas)),
        entry("connections.grants", () -> connections.grants(bob, adas)),
        entry("connections.shared", () -> connections.shared(bob, 10)),
        entry("connections.mayGrant", () -> connections.mayGrant(bob, adas)),
        entry(
            "connections.sealRequest",
            () ->
                connections.sealRequest(
                    bob, adas, ConnectionSpec.of("tickets", "apiKey").through("plant"))),
        entry("connections.reach", () -> connections.reach(bob, "tickets", "apiKey")));
  }

  private Map<String, Way> waysOfReferences(Caller bob, ConnectionReference reference) {
    References references = runtime.references();
    var settings =
        new DeploymentSettings(
            List.of(
                new DeploymentSettings.Binding(reference.logicalName(), adas.value(), "tickets")));
    return Map.of(
        "references.bind", () -> done(() -> references.bind(bob, reference, adas)),
        "references.unbind", () -> references.unbind(bob, reference),
        "references.binding", () -> references.binding(bob, reference),
        "references.grant", () -> done(() -> references.grant(bob, reference, BOB.principal())),
        "references.revoke", () -> references.revoke(bob, reference, ADA.principal()),
        "references.grants", () -> references.grants(bob, reference),
        "references.resolve", () -> references.resolve(bob, reference).trail(),
        "references.apply", () -> done(() -> references.apply(bob, settings)),
        "references.export", () -> references.export(bob, List.of(reference)).toJson(),
        "references.readiness", () -> references.readiness(bob, List.of(reference)));
  }

  private Map<String, Way> waysOfSharing(Caller bob, ConnectionReference reference) {
    References references = runtime.references();
    return Map.of(
        "references.letRunOnlyUsersUse",
            () -> done(() -> references.letRunOnlyUsersUse(bob, reference)),
        "references.letRunOnlyUsersBringOwn",
            () -> done(() -> references.letRunOnlyUsersBringOwn(bob, reference)),
        "references.previewShare", () -> references.previewShare(bob),
        "references.choices", () -> references.choices(bob, reference),
        "references.requireReady", () -> done(() -> references.requireReady(bob)),
        "references.confirmShare",
            () -> done(() -> references.confirmShare(bob, references.previewShare(bob))));
  }

  private Map<String, Way> waysOfPreviews(Caller bob, ConnectionReference reference) {
    References references = runtime.references();
    Flow running = bob.flow();
    Flow changed = (running == null ? FLOW : running).coOwnedBy(Principal.user("dan"));
    return Map.of(
        "references.previewBind", () -> references.previewBind(bob, reference, adas),
        "references.confirmBind",
            () ->
                done(
                    () ->
                        references.confirmBind(
                            bob, reference, adas, references.previewBind(bob, reference, adas))),
        "references.previewChange", () -> references.previewChange(bob, changed),
        "references.confirmChange",
            () ->
                done(
                    () ->
                        references.confirmChange(
                            bob, changed, references.previewChange(bob, changed))));
  }

  private Map<String, Way> waysOfConsents(Caller bob) {
    Consents consents = runtime.consents();
    var standard = ConsentOptions.standard();
    return Map.of(
        "consents.begin", () -> consents.begin(bob, adas, "session"),
        "consents.signInHere",
            () -> consents.signInHere(bob, adas, standard, Duration.ofSeconds(1), link -> {}),
        "consents.beginDevice", () -> consents.beginDevice(bob, adas, standard),
        "consents.complete",
            () ->
                consents.complete(
                    BOB.principal(), URI.create("https://app.example/?state=x&code=y"), "session"));
  }

  private Map<String, Way> waysOfTriggers(Caller bob, ConnectionReference reference) {
    Triggers triggers = runtime.triggers();
    String id = watching.id();
    var spec = SubscriptionSpec.of(reference, Feed.ITEMS, new Project("p1"), "announce");
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("triggers.subscribe", () -> triggers.subscribe(bob, spec));
    ways.put("triggers.list", () -> triggers.list(bob));
    ways.put("triggers.inspect", () -> triggers.inspect(bob, id));
    ways.put("triggers.change", () -> triggers.change(bob, id, spec));
    ways.put("triggers.pause", () -> triggers.pause(bob, id));
    ways.put("triggers.resume", () -> triggers.resume(bob, id));
    ways.put("triggers.rewind", () -> triggers.rewind(bob, id, new Start.Now()));
    ways.put("triggers.pollNow", () -> done(() -> triggers.pollNow(bob, id)));
    ways.put("triggers.preview", () -> triggers.preview(bob, id, 10));
    ways.put("triggers.events", () -> triggers.events(bob, id, null, 0, 10));
    ways.put("triggers.replay", () -> triggers.replay(bob, id, 1));
    ways.put("triggers.drop", () -> triggers.drop(bob, id, 1));
    ways.put("triggers.applicationUrl", () -> triggers.applicationUrl("tickets", "apiKey"));
    ways.put(
        "triggers.receive",
        () -> {
          var body = new ByteArrayInputStream("{}".getBytes(UTF_8));
          return triggers
              .receive(new WebhookRequest("POST", "/hooks/" + id, "", Map.of(), body))
              .status();
        });
    return ways;
  }

  private Map<String, Way> waysOfForms(Caller bob, ConnectionReference reference) {
    Forms forms = runtime.forms();
    String operation = Tickets.GET.id();
    return Map.of(
        "forms.choices", () -> forms.choices(bob, reference, operation, "id", Map.of()),
        "forms.choicesBelow",
            () -> forms.choicesBelow(bob, reference, operation, "id", Map.of(), BRANCH),
        "forms.input", () -> forms.input(bob, reference, operation, Map.of()),
        "forms.output", () -> forms.output(bob, reference, operation, Map.of()),
        "forms.refresh", () -> done(() -> forms.refresh(bob, reference)));
  }

  @Test
  void everyMethodThatTakesACallerIsTried() {
    Set<String> methods =
        Stream.concat(
                Stream.of(
                        Connections.class,
                        References.class,
                        Consents.class,
                        Forms.class,
                        Triggers.class)
                    .flatMap(type -> Stream.of(type.getMethods()))
                    .filter(method -> method.getParameterTypes()[0] != Administrator.class),
                Stream.of(ConnectorRuntime.class.getMethods())
                    .filter(method -> Set.of(method.getParameterTypes()).contains(Caller.class)))
            .map(CoOwnersReachTest::name)
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> tried = new TreeSet<>(ways(BOB, SHARED).keySet());
    tried.add("triggers.unsubscribe"); // in a test of its own, since it ends what others need
    assertThat(tried).containsAll(methods);
  }

  /** An administrator's right is none of a co-owner's: nothing makes the one of the other. */
  @Test
  void whatTakesAnAdministratorTakesNoCaller() {
    assertThat(
            Stream.of(Connections.class, References.class, Policies.class, Audit.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(method -> List.of(method.getParameterTypes()))
                .filter(types -> types.contains(Administrator.class)))
        .noneMatch(types -> types.contains(Caller.class));
  }

  private static String name(Method method) {
    String type = method.getDeclaringClass().getSimpleName().replace("ConnectorRuntime", "runtime");
    return type.substring(0, 1).toLowerCase(Locale.ROOT)
        + type.substring(1)
        + "."
        + method.getName();
  }

  private void tellsNoSecret(String name, String told) {
    assertThat(told).as(name).doesNotContain(SECRET).doesNotContain(PARAMETER);
    assertThat(told.replace("'" + adas.value() + "'", "the given id"))
        .as(name)
        .doesNotContain(adas.value());
  }

  @ParameterizedTest
  @MethodSource("elsewhere")
  @DisplayName(
      "6.4: a co-owner neither uses those connections elsewhere nor sees or changes their credentials")
  void beyondThatFlowHeReachesNothing(Caller bob) {
    runtime.triggers().pause(ADA.running(FLOW), watching.id());
    Flow running = bob.flow();
    if (running != null && !running.owner().equals(ADA.principal())) {
      flows.put(running.id(), running); // the host says so
      clock.advance(ROUND);
    }
    for (ConnectionReference reference : List.of(SHARED, ADAS, MINE)) {
      ways(bob, reference)
          .forEach(
              (name, way) -> {
                String told = told(way);
                tellsNoSecret(name, told);
                assertThat(told).as(name).doesNotContain("desk@tickets");
              });
    }
    tellsNoSecret("unsubscribe", told(() -> runtime.triggers().unsubscribe(bob, watching.id())));
    run();
    service.verify(0, anyRequestedFor(anyUrl()));
    if (running == null || !running.id().equals(FLOW.id())) {
      assertThat(runtime.triggers().inspect(ADA.running(FLOW), watching.id()).phase())
          .isEqualTo(Subscription.Phase.PAUSED);
    }
    adasFlowGoesOn();
  }

  @Test
  @DisplayName("6.4: a co-owner uses the flow's connections inside this flow")
  void inThatFlowHeCallsAndReadsNames() {
    for (ConnectionReference reference : List.of(SHARED, MINE)) {
      ways(IN_THE_FLOW, reference)
          .forEach(
              (name, way) -> {
                service.resetRequests();
                tellsNoSecret(name, told(way));
                boolean calls = CALLS.contains(name) && reference.equals(SHARED);
                int sent = calls || name.equals("triggers.preview") ? 1 : 0;
                service.verify(sent, anyRequestedFor(anyUrl()));
              });
    }
    assertThat(told(() -> runtime.references().readiness(IN_THE_FLOW))).contains("desk@tickets");
    adasFlowGoesOn();
  }

  @Test
  @DisplayName("6.4: a co-owner starts and stops the flow")
  void whatHeSubscribesToInThatFlowHandsOverToTheFlowAlone() {
    runtime.triggers().unsubscribe(IN_THE_FLOW, watching.id());
    Feed.begins(service, 1, "i1");
    String told = told(() -> runtime.triggers().subscribe(BOB.running(WATCHING), spec()));
    runAfter(ROUND);

    tellsNoSecret("subscribe", told);
    assertThat(handedOver)
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.caller()).isEqualTo(WATCHING.in(ADA.environment()));
              tellsNoSecret("event", event.toString());
            });
  }

  @Test
  void ofAReferenceThatTheFlowDoesNotUseHeLearnsNothing() {
    References references = runtime.references();
    Way previewBind = () -> references.previewBind(IN_THE_FLOW, UNUSED, bobs().id());
    Way previewChange = () -> references.previewChange(IN_THE_FLOW, FLOW.using(UNUSED));
    String bindingNothing = told(previewBind);
    String addingNothing = told(previewChange);

    references.bind(ADA, UNUSED, adas);

    assertThat(told(previewBind)).contains("this flow alone").doesNotContain("desk@tickets");
    assertThat(bindingNothing).contains("this flow alone");
    assertThat(told(previewChange)).isEqualTo(addingNothing);
  }

  @Test
  void nothingOfAdasIsBroughtIntoTheFlowByHim() {
    References references = runtime.references();
    Flow changed = FLOW.using(UNUSED);
    references.bind(ADA, UNUSED, adas);
    ImpactPreview asAdaSeesIt = references.previewChange(ADA.running(FLOW), changed);

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> references.confirmChange(IN_THE_FLOW, changed, asAdaSeesIt))
        .withMessageEndingWith("only its owner brings a connection into the flow.");

    references.bind(IN_THE_FLOW, UNUSED, bobs().id());
    ImpactPreview preview = references.previewChange(IN_THE_FLOW, changed);
    references.confirmChange(IN_THE_FLOW, changed, preview);

    assertThat(preview.text()).contains("bob@tickets").contains("New reference: payroll.");
  }

  private Connection bobs() {
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"bob\"}")));
    return connect(BOB, "bobs");
  }

  @Test
  void anUnwrappedClientTellsHimNothingAndGoesNowhereElse() {
    OkHttpClient client =
        runtime
            .references()
            .resolve(IN_THE_FLOW, SHARED)
            .unwrap(OkHttpClient.class, "x", Effect.READ);
    var elsewhere = new okhttp3.Request.Builder().url("https://elsewhere.example/").build();

    tellsNoSecret("elsewhere", told(() -> client.newCall(elsewhere).execute()));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void hisChangeOfTheFlowChangesNoOther() {
    Flow other = Flow.of("report", ADA.principal()).using(SHARED);
    Connection bobs = connect(BOB, "bobs");
    runtime.references().bind(IN_THE_FLOW, SHARED, bobs.id());
    service.resetRequests();

    runtime.invoke(ADA.running(other), SHARED, Tickets.GET, new TicketId("1"));

    service.verify(
        1, getRequestedFor(urlEqualTo("/tickets/1")).withHeader("X-Api-Key", equalTo(SECRET)));
  }

  private void adasFlowGoesOn() {
    service.resetRequests();
    runtime.invoke(ADA.running(FLOW), SHARED, Tickets.GET, new TicketId("1"));
    service.verify(
        1, getRequestedFor(urlEqualTo("/tickets/1")).withHeader("X-Api-Key", equalTo(SECRET)));
    assertThat(runtime.connections().get(ADA, adas).parameters())
        .containsEntry("project", PARAMETER);
    assertThat(runtime.connections().grants(ADA, adas)).isEmpty();
  }
}
