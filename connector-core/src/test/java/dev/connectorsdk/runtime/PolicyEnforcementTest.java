package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.spi.PolicyStore.StoredPolicy;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What data policies forbid is refused wherever it is tried, and sends nothing. */
@Tag("I3")
class PolicyEnforcementTest extends HostTest {

  private static final Administrator ADMINISTRATOR =
      Administrator.ofRuntime(Principal.user("root"));
  private static final TicketId ONE = new TicketId("1");
  private static final ConnectionReference CHAT = ConnectionReference.embedded("chat", "chat");

  /** Declares what it calls. */
  private static final Flow FLOW =
      Flow.of("desk", ADA.principal()).calling(SHARED, "getTicket", "deleteTicket");

  private final InMemoryStore store = new InMemoryStore(clock);
  private final KeyRing keys = KeyRing.random();

  @Override
  Connector connector() {
    return Tickets.at(url());
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .connector(Connector.builder("sms", url()).auth(AuthOption.none()).build())
        .client("tickets", "signIn", ClientRegistration.of("app", Secret.of("client-s3cret")));
  }

  @BeforeEach
  void bind() {
    service.stubFor(
        get(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\",\"login\":\"ada\"}")));
    ConnectionId id = connect(ADA, "k").id();
    runtime.references().bind(ADA, SHARED, id);
    service.resetRequests();
  }

  private void save(DataPolicy.Builder policy) {
    DataPolicy built = policy.build();
    long version =
        runtime.policies().list(ADMINISTRATOR).stream()
            .filter(saved -> saved.policy().name().equals(built.name()))
            .mapToLong(saved -> saved.version())
            .findFirst()
            .orElse(0);
    runtime.policies().save(ADMINISTRATOR, built, version);
  }

  private static void refuses(String rule, String problem, ThrowingCallable call) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(call)
        .returns("p", PolicyException::policy)
        .returns(rule, PolicyException::rule)
        .withMessageContaining(problem)
        .satisfies(e -> assertThat(e.remedy()).isNotBlank());
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  private void call(Caller caller, String action) {
    runtime.invoke(caller, SHARED, action, ONE);
  }

  private void callsGoThrough(Caller caller) {
    service.resetRequests();
    call(caller, "getTicket");
    assertThat(service.getAllServeEvents()).hasSize(1);
    service.resetRequests();
  }

  @Test
  @DisplayName("I3, 7.10: a blocked connector is refused, in a flow and without one, and heals")
  void aBlockedConnectorIsRefused() {
    callsGoThrough(ADA);
    save(DataPolicy.named("p").blocked("tickets"));

    String problem = "Connector 'tickets' is blocked.";
    refuses("connectorGroups/Blocked", problem, () -> call(ADA.running(FLOW), "getTicket"));
    refuses("connectorGroups/Blocked", problem, () -> call(ADA, "getTicket"));

    save(DataPolicy.named("p").nonBusiness("tickets"));
    callsGoThrough(ADA.running(FLOW));
  }

  @Test
  @DisplayName("I3, 7.10: a forbidden mixture suspends the flow, and nothing else")
  void aForbiddenMixtureSuspendsTheFlow() {
    save(DataPolicy.named("p").business("tickets"));
    Flow mixing = FLOW.calling(CHAT, "post");

    refuses(
        "connectorGroups",
        "Connectors of Business (tickets) and of Non-business (chat) are used together.",
        () -> call(ADA.running(mixing), "getTicket"));
    assertThat(runtime.policies().check(ADA.environment(), mixing).isAllowed()).isFalse();
    callsGoThrough(ADA.running(FLOW));
    callsGoThrough(ADA);

    save(DataPolicy.named("p").business("tickets", "chat"));
    callsGoThrough(ADA.running(mixing));
  }

  @Test
  @DisplayName("I3: a flow calls what it declares, and one that declares nothing calls nothing")
  void aFlowCallsWhatItDeclares() {
    Flow silent = Flow.of("silent", ADA.principal());
    callsGoThrough(ADA.running(silent));
    save(DataPolicy.named("p"));

    refuses(
        "declaration",
        "does not declare that it calls 'getTicket' under reference 'team-tickets'",
        () -> call(ADA.running(silent), "getTicket"));
    refuses(
        "declaration",
        "'getTicket'",
        () -> call(ADA.running(Flow.of("f", ADA.principal()).using(SHARED)), "getTicket"));
    refuses(
        "declaration",
        "'listTickets'",
        () -> runtime.invoke(ADA.running(FLOW), SHARED, "listTickets", new Tickets.Query("x", 1)));
    callsGoThrough(ADA.running(FLOW));
    callsGoThrough(ADA);
  }

  @Test
  @DisplayName("I3: a blocked action is refused, in a flow that declares it and without a flow")
  void aBlockedActionIsRefused() {
    save(DataPolicy.named("p").actions("tickets", ActionRules.blocking("deleteTicket")));

    String rule = "connectorActionConfigurations/tickets";
    String problem = "Operation 'deleteTicket' of connector 'tickets' is blocked.";
    refuses(rule, problem, () -> call(ADA, "deleteTicket"));
    refuses(
        rule,
        "The flow is suspended for what it declares. " + problem,
        () -> call(ADA.running(FLOW), "getTicket"));
    callsGoThrough(ADA);
    callsGoThrough(ADA.running(Flow.of("f", ADA.principal()).calling(SHARED, "getTicket")));
  }

  @Test
  @DisplayName("I3: nobody is told to declare what would suspend the flow")
  void nobodyIsToldToDeclareWhatWouldSuspendTheFlow() {
    Flow reading = Flow.of("f", ADA.principal()).calling(SHARED, "getTicket");
    save(DataPolicy.named("p").actions("tickets", ActionRules.blocking("deleteTicket")));

    ThrowingCallable deletes = () -> call(ADA.running(reading), "deleteTicket");
    refuses(
        "connectorActionConfigurations/tickets",
        ": Operation 'deleteTicket' of connector 'tickets' is blocked. (and 1 more)",
        deletes);
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(deletes)
        .returns("Allow 'deleteTicket' of 'tickets', or do without it.", PolicyException::remedy);
    callsGoThrough(ADA.running(reading));
  }

  @Test
  @DisplayName("7.10: an exempt flow may, and others may not")
  void anExemptFlowMayAndOthersMayNot() {
    save(DataPolicy.named("p").blocked("tickets").exempt("desk"));

    callsGoThrough(ADA.running(FLOW));
    refuses(
        "connectorGroups/Blocked",
        "blocked",
        () ->
            call(
                ADA.running(Flow.of("f", ADA.principal()).calling(SHARED, "getTicket")),
                "getTicket"));
  }

  @Test
  void aPolicyThatIsNotEnforcedRefusesNothingAndIsToldOf() {
    save(DataPolicy.named("enforced").nonBusiness("tickets"));
    callsGoThrough(ADA.running(FLOW));
    assertThat(heard(PolicyBroken.class)).isEmpty();
    save(DataPolicy.named("candidate").blocked("tickets").mode(Mode.AUDIT));

    callsGoThrough(ADA.running(FLOW));
    callsGoThrough(ADA.running(FLOW));
    callsGoThrough(ADA);

    assertThat(runtime.policies().check(ADA.environment(), FLOW).findings()).hasSize(1);
    assertThat(heard(PolicyBroken.class))
        .hasSize(2)
        .allSatisfy(
            told -> {
              assertThat(told.rule().policy()).isEqualTo("candidate");
              assertThat(told.rule().place()).isEqualTo("connectorGroups/Blocked");
              assertThat(told.operation()).isEqualTo("getTicket");
              assertThat(told.rule().problem()).isEqualTo("Connector 'tickets' is blocked.");
            });
  }

  @Test
  void aCallThatComesAgainIsJudgedByWhateverIsTriedOutSince() {
    DataPolicy.Builder candidate = DataPolicy.named("candidate").blocked("tickets");
    for (int i = 0; i < 3; i++) {
      callsGoThrough(ADA.running(FLOW));
    }
    for (int version = 1; version <= 3; version++) {
      save(candidate.titled("Version " + version).mode(Mode.AUDIT));

      callsGoThrough(ADA.running(FLOW));
      callsGoThrough(ADA.running(FLOW));

      assertThat(heard(PolicyBroken.class)).hasSize(version);
      assertThat(heard(PolicyBroken.class).get(version - 1).rule().version()).isEqualTo(version);
    }
    save(candidate.mode(Mode.ENFORCE));
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> call(ADA.running(FLOW), "getTicket"));
  }

  @Test
  void aRequestThatAPolicyWouldDenyIsToldOfOnce() {
    DataPolicy.Builder candidate =
        DataPolicy.named("candidate").denyEndpoint("tickets", "localhost:*").mode(Mode.AUDIT);
    save(candidate);

    callsGoThrough(ADA.running(FLOW));
    callsGoThrough(ADA.running(FLOW));

    assertThat(heard(PolicyBroken.class))
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.caller().flow()).isEqualTo(FLOW);
              assertThat(told.operation()).isNull();
              assertThat(told.origin()).isEqualTo(url());
              assertThat(told.rule().place())
                  .isEqualTo("endpointConfigurations/tickets/1 Deny localhost:*");
            });

    save(candidate.titled("Changed"));
    callsGoThrough(ADA.running(FLOW));
    assertThat(heard(PolicyBroken.class)).as("of another version").hasSize(2);
  }

  @Test
  @DisplayName(
      "I3, 7.10: what a policy disables is among the disabled connections, and among no others")
  void whatAPolicyDisablesIsAmongTheDisabledConnections() {
    ConnectionId blocked = runtime.references().binding(ADA, SHARED).orElseThrow();
    clock.advance(Duration.ofSeconds(1));
    ConnectionId switchedOff =
        runtime.connections().create(ADA, ConnectionSpec.of("sms", "none")).id();
    runtime.connections().disable(ADMINISTRATOR, switchedOff, "It leaked.");
    clock.advance(Duration.ofSeconds(1));
    ConnectionId used = runtime.connections().create(ADA, ConnectionSpec.of("sms", "none")).id();
    save(DataPolicy.named("p").blocked("tickets"));
    ConnectionQuery page = ConnectionQuery.all().limit(1);

    assertThat(all(page.inState(ConnectionStatus.State.DISABLED)))
        .containsExactly(blocked, switchedOff);
    assertThat(all(page.inState(ConnectionStatus.State.CONNECTED))).containsExactly(used);
    save(DataPolicy.named("p").nonBusiness("tickets"));
    assertThat(all(page.inState(ConnectionStatus.State.DISABLED))).containsExactly(switchedOff);
    assertThat(all(page.inState(ConnectionStatus.State.CONNECTED))).containsExactly(blocked, used);
  }

  private List<ConnectionId> all(ConnectionQuery query) {
    List<ConnectionId> all = new ArrayList<>();
    List<Connection> page = runtime.connections().list(ADMINISTRATOR, query);
    while (!page.isEmpty()) {
      page.forEach(one -> all.add(one.id()));
      page = runtime.connections().list(ADMINISTRATOR, query.after(page.get(page.size() - 1)));
    }
    return all;
  }

  @Test
  @DisplayName("7.3: a policy of another environment refuses nothing")
  void aPolicyOfAnotherEnvironmentRefusesNothing() {
    save(DataPolicy.named("p").blocked("tickets").in("prod"));

    callsGoThrough(ADA.running(FLOW));
  }

  @Test
  @DisplayName("I3: where action rules limit operations there is no unwrapped client")
  void thereIsNoUnwrappedClientWhereOperationsAreLimited() throws Exception {
    OkHttpClient client =
        runtime.references().resolve(ADA, SHARED).unwrap(OkHttpClient.class, "sync", Effect.READ);
    save(DataPolicy.named("p").actions("tickets", ActionRules.blocking("deleteTicket")));

    refuses(
        "connectorActionConfigurations/tickets",
        "there is no client that sends any request",
        () -> client.newCall(new Request.Builder().url(url() + "/x").build()).execute().close());
    refuses(
        "connectorActionConfigurations/tickets",
        "there is no client that sends any request",
        () ->
            runtime
                .references()
                .resolve(ADA, SHARED)
                .unwrap(OkHttpClient.class, "sync", Effect.READ));
  }

  @Test
  @DisplayName("I3, 7.10: a reference of a blocked connector is not bound; a mixture may be")
  void aReferenceOfABlockedConnectorIsNotBound() {
    ConnectionId other = connect(ADA, "k2").id();
    service.resetRequests();
    save(DataPolicy.named("p").business("tickets"));
    runtime.references().bind(ADA.running(FLOW.calling(CHAT, "post")), SHARED, other);

    save(DataPolicy.named("p").blocked("tickets"));
    refuses(
        "connectorGroups/Blocked",
        "blocked",
        () -> runtime.references().bind(ADA.running(FLOW), SHARED, other));
  }

  @Test
  @DisplayName("I3: a reference of a blocked connector is not bound by a settings file either")
  void aReferenceOfABlockedConnectorIsNotBoundByASettingsFile() {
    String other = connect(ADA, "k2").id().value();
    var settings =
        new DeploymentSettings(List.of(new Binding(SHARED.logicalName(), other, "tickets")));
    ConnectionId before = runtime.references().binding(ADA, SHARED).orElseThrow();
    save(DataPolicy.named("p").blocked("tickets"));

    for (ThrowingCallable way :
        List.<ThrowingCallable>of(
            () -> runtime.references().apply(ADA.running(FLOW), settings),
            () -> runtime.references().apply(ADA, settings, List.of(SHARED)),
            () ->
                runtime.references().apply(ADMINISTRATOR.in(ADA.environment()), FLOW, settings))) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(way)
          .withMessageContaining("Connector 'tickets' is blocked.");
    }
    assertThat(runtime.references().binding(ADA, SHARED)).contains(before);
  }

  @Test
  @DisplayName("I3: a connection of a blocked connector is not tested, and can be deleted")
  void aConnectionOfABlockedConnectorIsNotTested() {
    ConnectionId id = connect(ADA, "k2").id();
    service.resetRequests();
    save(DataPolicy.named("p").blocked("tickets"));

    refuses("connectorGroups/Blocked", "blocked", () -> runtime.connections().test(ADA, id));
    assertThat(runtime.connections().delete(ADA, id)).isTrue();
  }

  @Test
  @DisplayName("I3: what a sign-in brought is kept though a policy forbids to test it")
  void whatASignInBroughtIsKeptThoughItIsNotTested() {
    service.stubFor(
        post("/token").willReturn(okJson("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\"}")));
    URI callback = URI.create("https://app.test/callback/tickets");
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                ADA,
                ConnectionSpec.of("tickets", "signIn"),
                "session-1",
                ConsentOptions.standard().redirectUri(callback));
    save(DataPolicy.named("p").blocked("tickets"));

    Connection connection =
        runtime
            .consents()
            .complete(ADA.principal(), SignIns.callback(callback, pending, "code=c-1"), "session-1")
            .connection();

    assertThat(connection.status()).hasToString("DISABLED (POLICY)");
    service.verify(0, getRequestedFor(anyUrl()));
    save(DataPolicy.named("p").nonBusiness("tickets"));
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  void aHostCanRefuseCallsWithoutAFlow() {
    runtime.close();
    runtime = with(builder()).callsNeedFlow().build();

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> call(ADA, "getTicket"))
        .withMessageContaining("A call belongs to no flow");
    callsGoThrough(ADA.running(Flow.of("silent", ADA.principal())));
  }

  @Test
  @DisplayName("I3, 7.10: a change holds on other nodes after the freshness at the latest")
  void aChangeHoldsOnOtherNodesAfterTheFreshness() {
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(ADA, SHARED, "getTicket", ONE);
      save(DataPolicy.named("p").blocked("tickets"));
      clock.advance(Duration.ofSeconds(5));
      service.resetRequests();

      refuses(
          "connectorGroups/Blocked", "blocked", () -> other.invoke(ADA, SHARED, "getTicket", ONE));
    }
  }

  @Test
  @DisplayName("I3: a clock that is set back keeps no policies for longer")
  void aClockThatIsSetBackKeepsNoPoliciesForLonger() {
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(ADA, SHARED, "getTicket", ONE);
      clock.advance(Duration.ofDays(-1));
      save(DataPolicy.named("p").blocked("tickets"));
      clock.advance(Duration.ofSeconds(5));
      service.resetRequests();

      refuses(
          "connectorGroups/Blocked", "blocked", () -> other.invoke(ADA, SHARED, "getTicket", ONE));
    }
  }

  @Test
  @DisplayName("I3, 7.10: a stored policy that cannot be read refuses calls")
  void aPolicyThatCannotBeReadRefuses() {
    store.policies().writePolicy(new StoredPolicy("p", 1, "{\"name\":\"p\",\"later\":1}"), 0);
    clock.advance(Duration.ofSeconds(5));

    refuses("the whole policy", "cannot read", () -> call(ADA, "getTicket"));
    refuses("the whole policy", "cannot read", () -> call(ADA.running(FLOW), "getTicket"));
    refuses(
        "the whole policy",
        "Version 1 is stored in a form",
        () -> runtime.policies().check(ADA.environment(), FLOW));

    runtime.policies().delete(ADMINISTRATOR, "p", 1);
    callsGoThrough(ADA);
  }

  @Test
  @DisplayName("I3, 5.6, 7.10: suspended flows and disabled connections are shown, and heal")
  void suspendedFlowsAndDisabledConnectionsAreShown() {
    Caller running = ADA.running(FLOW);
    save(DataPolicy.named("p").blocked("tickets"));
    Connection made = connect(ADA, "k2");

    assertThat(made.status()).hasToString("DISABLED (POLICY)");
    assertThat(made.status().message()).contains("Data policy 'p'", "is blocked");
    assertThat(runtime.connections().list(ADA))
        .extracting(connection -> connection.status().toString())
        .containsOnly("DISABLED (POLICY)");
    assertThat(runtime.references().readiness(running))
        .singleElement()
        .returns(State.SUSPENDED, ReferenceReadiness::state)
        .satisfies(readiness -> assertThat(readiness.explanation()).contains("is blocked"));
    assertThat(service.getAllServeEvents()).isEmpty();

    save(DataPolicy.named("p").nonBusiness("tickets"));
    assertThat(runtime.connections().list(ADA))
        .extracting(connection -> connection.status().isConnected())
        .contains(true);
    assertThat(runtime.references().readiness(running))
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.READY);
  }
}
