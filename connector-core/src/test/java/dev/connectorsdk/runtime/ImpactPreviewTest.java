package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.ConnectorEvent.FlowChanged;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Ada reads before she lets others use her connections, and what she has to confirm. */
@Tag("I1")
class ImpactPreviewTest extends TriggerHostTest {

  private static final Principal BOBBY = BOB.principal();
  private static final Principal CYD = Principal.user("cyd");
  private static final Principal DESK = Principal.group("desk");
  private static final ConnectionReference UNBOUND =
      ConnectionReference.embedded("unbound", "tickets");
  private static final Flow TRIAGE =
      Flow.of("triage", ADA.principal()).calling(SHARED, Tickets.GET.id()).using(MINE, UNBOUND);
  private static final Caller IN_TRIAGE = ADA.running(TRIAGE);

  private Connection root;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .connector(readOnly())
        .audit(AuditSettings.inStore())
        .privileged(
            connection -> connection.account() != null && connection.account().id().equals("root"));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(Feed.ITEMS)
        .test(call -> call.http().get("/me").fetch(Account.class))
        .build();
  }

  private Connector readOnly() {
    return Connector.builder("readings", url())
        .titled("Readings")
        .described("Only reads.")
        .version("1")
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .action(Tickets.GET)
        .test(call -> call.http().get("/me").fetch(Account.class))
        .build();
  }

  @BeforeEach
  void adaHasAnOrdinaryAndAPrivilegedAccount() {
    theAccountIs("desk");
    Connection ordinary = connect(ADA, "ordinary");
    runtime.references().bind(ADA, SHARED, ordinary.id());
    clock.advance(Duration.ofSeconds(1));
    theAccountIs("root");
    root = connect(ADA, "root-key");
    service.resetRequests();
    events.clear();
  }

  private static void theAccountIs(String id) {
    service.stubFor(
        get("/me").willReturn(okJson("{\"id\":\"" + id + "\",\"displayName\":\"" + id + "@t\"}")));
  }

  private ImpactPreview change(Flow changed) {
    return runtime.references().previewChange(IN_TRIAGE, changed);
  }

  private ImpactPreview bind() {
    return runtime.references().previewBind(ADA, SHARED, root.id());
  }

  private void bindRoot() {
    runtime.references().confirmBind(ADA, SHARED, root.id(), bind());
  }

  private ConnectionId bound() {
    return runtime.references().binding(ADA, SHARED).orElseThrow();
  }

  // Before a co-owner is added

  @Test
  @DisplayName("6.4: who adds a co-owner reads which connections that one gets")
  void aNewCoOwnerGainsTheConnectionsAndBringsWhatEachUserBrings() {
    ImpactPreview preview = change(TRIAGE.coOwnedBy(BOBBY, DESK));

    assertThat(preview.references())
        .extracting(item -> item.reference().logicalName(), Item::treatment, Item::why)
        .containsExactly(
            tuple(
                "team-tickets",
                Treatment.SHARED,
                "Co-owners use it in this flow for every operation, and see its name and account."),
            tuple(
                "my-tickets",
                Treatment.BRING_OWN,
                "It is a reference for which each user brings one."),
            tuple("unbound", Treatment.NOTHING, "It is bound to no connection."));
    assertThat(preview.users())
        .containsExactly(
            new User(DESK, List.of("team-tickets"), List.of("my-tickets")),
            new User(BOBBY, List.of("team-tickets"), List.of("my-tickets")));
  }

  @Test
  void eachReferenceSaysConnectorAccountAndWhatElseItMayBeBoundTo() {
    runtime
        .connections()
        .create(ADA, ConnectionSpec.of("tickets", "signIn").named("Not signed in yet"));

    Item item = change(TRIAGE.coOwnedBy(BOBBY)).references().get(0);

    assertThat(item.connection().connector().value()).isEqualTo("tickets");
    assertThat(item.connection().account().label()).isEqualTo("desk@t");
    assertThat(item.choices())
        .extracting(choice -> choice.verdict())
        .anyMatch(verdict -> verdict.equals("'root@t' may be bound"))
        .anyMatch(verdict -> verdict.startsWith("'Not signed in yet' is UNAUTHENTICATED"));
  }

  @Test
  void thePreviewIsATextForPeople() {
    bindRoot();

    assertThat(change(TRIAGE.coOwnedBy(BOBBY).calling(SHARED, Tickets.DELETE.id())).text())
        .isEqualTo(
            """
            Changing triage in dev
              team-tickets, connector tickets: users use 'root@t'. Co-owners use it in this flow for every operation, and see its name and account.
                choice: 'desk@t' may be bound
              my-tickets, connector tickets: each user brings an own connection. It is a reference for which each user brings one.
              unbound, connector tickets: users get nothing. It is bound to no connection.
                choice: 'desk@t' may be bound
                choice: 'root@t' may be bound
              user:bob gains team-tickets; needs an own connection for my-tickets
              Note: New under team-tickets: deleteTicket.
              Warning, to be confirmed: team-tickets: 'root@t' is of a privileged account, on connector 'tickets', which is sensitive.
            """);
  }

  @Test
  void whoConfirmsAChangeIsHeardWithTheNewCoOwnersAndOperations() {
    Flow changed = TRIAGE.coOwnedBy(BOBBY).calling(SHARED, Tickets.DELETE.id());

    runtime.references().confirmChange(IN_TRIAGE, changed, change(changed));

    assertThat(heard(FlowChanged.class))
        .containsExactly(
            new FlowChanged(
                clock.instant(),
                IN_TRIAGE,
                Set.of(BOBBY),
                Map.of("team-tickets", Set.of(Tickets.DELETE.id()))));
  }

  @Test
  void theAuditSaysWhoConfirmedWhichChange() {
    Flow changed = TRIAGE.coOwnedBy(BOBBY).calling(SHARED, "updateTicket", "deleteTicket");

    runtime.references().confirmChange(IN_TRIAGE, changed, change(changed));

    AuditRecord latest = store.audit().list(AuditStore.Filter.ALL, null, 1).get(0);
    assertThat(latest.actor())
        .isEqualTo(new Actor(ADA.principal(), null, ADA.environment(), "triage"));
    assertThat(latest.subject().operation())
        .isEqualTo("flow changed: co-owner user:bob, team-tickets deleteTicket updateTicket");
  }

  @Test
  void anOperationThatACoOwnerAddsNeedsNobodysConsentAndIsHeard() {
    Flow shared = TRIAGE.coOwnedBy(BOBBY);
    Flow changed = shared.calling(SHARED, Tickets.LIST.id());
    Caller bob = BOB.running(shared);
    bindRoot();
    events.clear();

    ImpactPreview preview = runtime.references().previewChange(bob, changed);
    runtime.references().confirmChange(bob, changed, preview);

    assertThat(preview.users()).isEmpty();
    assertThat(preview.warnings()).isEmpty();
    assertThat(heard(FlowChanged.class))
        .containsExactly(
            new FlowChanged(
                clock.instant(), bob, Set.of(), Map.of("team-tickets", Set.of(Tickets.LIST.id()))));
  }

  @Test
  void aChangeThatBringsSomethingElseByNowIsNotConfirmed() {
    Flow changed = TRIAGE.coOwnedBy(BOBBY);
    ImpactPreview preview = change(changed);
    bindRoot();

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmChange(IN_TRIAGE, changed, preview));
    assertThat(heard(FlowChanged.class)).isEmpty();
  }

  @Test
  void onlyWhoMayChangeTheFlowPreviewsAndConfirms() {
    Caller cyd = CYD.in("dev").running(TRIAGE.runnableBy(CYD));
    Flow changed = TRIAGE.runnableBy(CYD).coOwnedBy(CYD);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.references().previewChange(cyd, changed));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.references().confirmChange(cyd, changed, change(changed)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change(Flow.of("triage", CYD)))
        .withMessageContaining("is another than");
  }

  // Before an app is shared

  @Test
  void anAppWithAPrivilegedAccountWarnsItsOwner() {
    bindRoot();
    Flow app = Flow.app("desk", ADA.principal()).runnableBy(CYD).calling(SHARED, Tickets.GET.id());

    ImpactPreview preview = runtime.references().previewShare(ADA.running(app));

    assertThat(preview.users()).containsExactly(new User(CYD, List.of("team-tickets"), List.of()));
    assertThat(preview.warnings())
        .containsExactly(
            "team-tickets: 'root@t' is of a privileged account, on connector 'tickets',"
                + " which is sensitive.");
  }

  @Test
  void runOnlyUsersOfAFlowGetNothingWhereThereIsNothing() {
    Flow flow = TRIAGE.runnableBy(CYD);
    Flow automatic = flow.startedOnlyBy(Start.TRIGGERS);

    assertThat(runtime.references().previewShare(ADA.running(flow)).references())
        .extracting(Item::treatment)
        .containsExactly(Treatment.SHARED, Treatment.BRING_OWN, Treatment.NOTHING);
    assertThat(runtime.references().previewShare(ADA.running(automatic)).references().get(0))
        .extracting(Item::treatment, Item::why)
        .containsExactly(
            Treatment.NOTHING, "Only triggers start the flow, so it has no run-only users.");
  }

  @Test
  @DisplayName("6.4: a co-owner adds other co-owners, and nobody removes the owner")
  void aCoOwnerAddsOthersAndNobodyRemovesTheOwner() {
    Flow shared = TRIAGE.coOwnedBy(BOBBY);
    Caller bob = BOB.running(shared);
    Flow more = TRIAGE.coOwnedBy(BOBBY, CYD);

    ImpactPreview preview = runtime.references().previewChange(bob, more);
    assertThat(preview.users()).extracting(User::user).containsExactly(CYD);
    runtime.references().confirmChange(bob, more, preview);

    Flow taken = Flow.of("triage", BOBBY).calling(SHARED, Tickets.GET.id()).using(MINE, UNBOUND);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().previewChange(bob, taken))
        .withMessageContaining("is another than 'triage' of user:ada");
  }

  // Before a reference is bound

  @Test
  void bindingAPrivilegedAccountOnASensitiveConnectorHasToBeConfirmed() {
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(ADA, SHARED, root.id()))
        .withMessageEndingWith("so what it means to bind it has to be confirmed.");
    assertThat(bound()).isNotEqualTo(root.id());

    bindRoot();

    assertThat(bound()).isEqualTo(root.id());
  }

  @Test
  void whatACoOwnerConfirmedForOneFlowIsConfirmedForTheOthersToo() {
    Flow shared = TRIAGE.coOwnedBy(BOBBY);
    Caller bob = BOB.running(shared);
    Connection bobs = connect(BOB, "bobs");
    runtime
        .references()
        .confirmBind(
            bob, SHARED, bobs.id(), runtime.references().previewBind(bob, SHARED, bobs.id()));
    runtime.connections().grant(BOB, bobs.id(), ADA.principal(), Right.USE);
    Caller ada = ADA.running(shared);

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(ada, SHARED, bobs.id()))
        .withMessageEndingWith("so what it means to bind it has to be confirmed.");
    assertThat(runtime.references().previewBind(ada, SHARED, bobs.id()).references())
        .extracting(Item::why)
        .containsExactly(
            "It is bound in all flows that use the reference. It takes the place of 'desk@t'.");
  }

  @Test
  void aSettingsFileConfirmsNothingAndKeepsWhatWasConfirmed() {
    var file =
        new DeploymentSettings(
            List.of(
                new DeploymentSettings.Binding(
                    SHARED.logicalName(), root.id().value(), "tickets")));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(IN_TRIAGE, file))
        .withMessageContaining("has to be confirmed");
    bindRoot();
    runtime.references().apply(IN_TRIAGE, file);

    assertThat(bound()).isEqualTo(root.id());
  }

  @Test
  void whatOnlyReadsIsInformation() {
    var readings = ConnectionReference.embedded("readings", "readings");
    Connection connection =
        runtime
            .connections()
            .create(ADA, ConnectionSpec.of("readings", "apiKey").secret("api_key", Secret.of("k")));

    ImpactPreview preview = runtime.references().previewBind(ADA, readings, connection.id());
    runtime.references().bind(ADA, readings, connection.id());

    assertThat(preview.warnings()).isEmpty();
    assertThat(preview.information())
        .containsExactly("readings: 'root@t' is of a privileged account.");
  }

  @Test
  void theHostSaysWhichConnectorsAreSensitive() {
    runtime.close();
    runtime = inHost(builder()).sensitive("readings").build();

    runtime.references().bind(ADA, SHARED, root.id());

    assertThat(bound()).isEqualTo(root.id());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().sensitive("none").build())
        .withMessage("Connector 'none', which is sensitive, is not registered");
  }

  @Test
  void flowsThatChangeAreNamedOrCountedAndTheirUsersGain() {
    flows.clear();
    flows.put("triage", TRIAGE.coOwnedBy(BOBBY).runnableBy(CYD));
    flows.put(
        "app", Flow.app("app", ADA.principal()).runnableBy(DESK).calling(SHARED, "getTicket"));
    flows.put("bobs", Flow.of("bobs", BOBBY).using(SHARED.ownedBy(ADA.principal())));
    flows.put("other", Flow.of("other", ADA.principal()).using(MINE));

    ImpactPreview preview = bind();

    assertThat(preview.flows()).containsExactly("app", "triage");
    assertThat(preview.otherFlows()).isEqualTo(1);
    assertThat(preview.users())
        .containsExactly(
            new User(DESK, List.of(), List.of("team-tickets")),
            new User(BOBBY, List.of("team-tickets"), List.of()),
            new User(CYD, List.of("team-tickets"), List.of()));
    assertThat(preview.references())
        .extracting(Item::why)
        .containsExactly(
            "It is bound in all flows that use the reference. It takes the place of 'desk@t'.");
  }

  @Test
  void aCoOwnersConnectionChangesThatFlowAlone() {
    Flow shared = TRIAGE.coOwnedBy(BOBBY).runnableBy(CYD);
    flows.clear();
    flows.put("triage", shared);
    flows.put("report", Flow.of("report", ADA.principal()).using(SHARED));
    theAccountIs("bob");
    Connection bobs = connect(BOB, "bobs");

    ImpactPreview preview =
        runtime.references().previewBind(BOB.running(shared), SHARED, bobs.id());

    assertThat(preview.flows()).containsExactly("triage");
    assertThat(preview.users())
        .containsExactly(
            new User(ADA.principal(), List.of("team-tickets"), List.of()),
            new User(CYD, List.of("team-tickets"), List.of()));
    assertThat(preview.references().get(0).why())
        .isEqualTo("It is bound in this flow alone. It takes the place of 'desk@t'.");
  }

  @Test
  void anOwnChoiceIsForTheCallerAlone() {
    ImpactPreview preview = runtime.references().previewBind(ADA, MINE, root.id());

    assertThat(preview.users()).isEmpty();
    assertThat(preview.references().get(0).why()).isEqualTo("It is bound for the caller alone.");
    assertThat(preview.warnings()).hasSize(1);
  }

  @Test
  void whatAnotherPreviewHasShownIsNotConfirmed() {
    ImpactPreview preview = bind();
    flows.clear();
    flows.put("triage", TRIAGE.coOwnedBy(BOBBY));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmBind(ADA, SHARED, root.id(), preview));
    assertThat(bound()).isNotEqualTo(root.id());
  }

  @Test
  void aPreviewWritesNothingAndAsksNobody() {
    change(TRIAGE.coOwnedBy(BOBBY));
    bind();
    runtime.references().previewShare(IN_TRIAGE);

    assertThat(events).isEmpty();
    assertThat(bound()).isNotEqualTo(root.id());
    service.verify(0, anyRequestedFor(anyUrl()));
  }
}
