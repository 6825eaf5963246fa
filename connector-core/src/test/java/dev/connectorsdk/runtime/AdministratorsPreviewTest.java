package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import dev.connectorsdk.reference.UsedConnection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an administrator reads before binding a flow's references or giving the flow away. */
@Tag("I1")
class AdministratorsPreviewTest extends HostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final Principal CYD = Principal.user("cyd");
  private static final Principal DAN = Principal.user("dan");
  private static final ConnectionReference SECOND =
      ConnectionReference.embedded("second-tickets", "tickets");
  private static final Flow TRIAGE =
      Flow.of("triage", ADA.principal())
          .coOwnedBy(BOB.principal())
          .runnableBy(CYD)
          .using(SHARED, SECOND, MINE);
  private static final String WARNING =
      "team-tickets: 'boss@t' is of a privileged account, on connector 'tickets', which"
          + " is sensitive.";

  /** Of Dan, who has bound nothing there. */
  private static final Flow DIGEST = Flow.of("digest", DAN).coOwnedBy(CYD).using(SHARED);

  /** Happens once, when the host is next asked about an account. */
  private final AtomicReference<Runnable> whileAccountsAreJudged = new AtomicReference<>(() -> {});

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .privileged(
            connection -> {
              whileAccountsAreJudged.getAndSet(() -> {}).run();
              return connection.account() != null && connection.account().id().equals("boss");
            })
        .flows(FlowDirectory.of(TRIAGE, DIGEST));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).test(call -> call.http().get("/me").fetch(Account.class)).build();
  }

  @BeforeEach
  void adaUsesAnOrdinaryAccount() {
    runtime.references().bind(ADA, SHARED, ordinary().id());
  }

  private Connection ordinary() {
    theAccountIs("desk");
    return connect(ADA, "ordinary");
  }

  private ConnectionId privileged(Caller owner) {
    theAccountIs("boss");
    return connect(owner, "boss-key").id();
  }

  private static void theAccountIs(String id) {
    service.stubFor(
        get("/me").willReturn(okJson("{\"id\":\"" + id + "\",\"displayName\":\"" + id + "@t\"}")));
  }

  private static DeploymentSettings file(Binding... bindings) {
    return new DeploymentSettings(List.of(bindings));
  }

  private static Binding entry(ConnectionReference reference, ConnectionId connection) {
    return new Binding(reference.logicalName(), connection.value(), "tickets");
  }

  private ConnectionId used(Flow flow) {
    return runtime
        .references()
        .resolve(flow.owner().in("dev").running(flow), SHARED)
        .connection()
        .id();
  }

  // Binding

  @Test
  void aSettingsFileThatBringsAPrivilegedAccountHasToBeConfirmed() {
    ConnectionId boss = privileged(ADA);
    DeploymentSettings file = file(entry(SHARED, boss));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(ROOT, TRIAGE, file))
        .withMessageContaining("/ConnectionReferences/team-tickets")
        .withMessageContaining("has to be confirmed");
    assertThat(used(TRIAGE)).isNotEqualTo(boss);

    ImpactPreview preview = runtime.references().previewApply(ROOT, TRIAGE, file);
    assertThat(preview.warnings()).containsExactly(WARNING);
    runtime.references().confirmApply(ROOT, TRIAGE, file, preview);

    assertThat(used(TRIAGE)).isEqualTo(boss);
    runtime.references().apply(ROOT, TRIAGE, file); // changes nothing any more
  }

  @Test
  void itShowsWhatTheFlowWouldUseAndWhoGainsThat() {
    Connection second = ordinary();
    theAccountIs("bob");
    ConnectionId bobs = connect(BOB, "bobs").id();

    ImpactPreview preview =
        runtime
            .references()
            .previewApply(ROOT, TRIAGE, file(entry(SHARED, bobs), entry(SECOND, second.id())));

    assertThat(preview.act()).isEqualTo("Binding the references of triage in dev");
    assertThat(preview.flows()).containsExactly("triage");
    assertThat(preview.otherFlows()).isZero();
    assertThat(preview.references())
        .extracting(Item::treatment, Item::connection, Item::why)
        .containsExactly(
            tuple(
                Treatment.SHARED,
                new UsedConnection(null, second.connector(), "bob@t", new Account("bob", "bob@t")),
                "It is bound in this flow alone. It takes the place of 'desk@t'."),
            tuple(
                Treatment.SHARED,
                new UsedConnection(
                    null, second.connector(), "desk@t", new Account("desk", "desk@t")),
                "It is bound in all flows that use the reference."));
    List<String> both = List.of("team-tickets", "second-tickets");
    assertThat(preview.users())
        .containsExactly(
            new User(ADA.principal(), both, List.of()),
            new User(BOB.principal(), both, List.of()),
            new User(CYD, both, List.of()));
    assertThat(preview.warnings()).isEmpty();
  }

  @Test
  void whatWasShownAndHasChangedIsNotBound() {
    ConnectionId boss = privileged(ADA);
    DeploymentSettings file = file(entry(SHARED, boss));
    ImpactPreview preview = runtime.references().previewApply(ROOT, TRIAGE, file);
    Flow wider = TRIAGE.runnableBy(DAN);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmApply(ROOT, wider, file, preview));

    assertThat(used(TRIAGE)).isNotEqualTo(boss);
  }

  @Test
  void aReferenceThatIsGivenBackToItsOwnersBindingIsJudgedByThat() {
    ConnectionId boss = privileged(ADA);
    ConnectionReference adas = SHARED.ownedBy(ADA.principal());
    Flow bobs = Flow.of("digest", BOB.principal()).using(adas);
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime
        .references()
        .confirmBind(ADA, SHARED, boss, runtime.references().previewBind(ADA, SHARED, boss));
    theAccountIs("bob");
    runtime.references().bind(BOB.running(bobs), adas, connect(BOB, "bobs").id());
    DeploymentSettings file = file(entry(SHARED, boss));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(ROOT, bobs, file))
        .withMessageContaining("has to be confirmed");
    ImpactPreview preview = runtime.references().previewApply(ROOT, bobs, file);
    assertThat(preview.references())
        .extracting(Item::why)
        .containsExactly(
            "What its owner has bound it to holds in this flow again. It takes the place of"
                + " 'bob@t'.");
    runtime.references().confirmApply(ROOT, bobs, file, preview);

    assertThat(runtime.references().resolve(BOB.running(bobs), adas).connection().id())
        .isEqualTo(boss);
  }

  // Giving away

  /** Has Bob bring a privileged account into the flow. */
  private ConnectionId bobBringsTheBoss() {
    ConnectionId boss = privileged(BOB);
    var bob = BOB.running(TRIAGE);
    runtime
        .references()
        .confirmBind(bob, SHARED, boss, runtime.references().previewBind(bob, SHARED, boss));
    return boss;
  }

  @Test
  void aNewOwnerWhoGetsAPrivilegedAccountHasToBeConfirmed() {
    ConnectionId boss = bobBringsTheBoss();
    Flow dans = Flow.of("triage", DAN).coOwnedBy(BOB.principal()).using(SHARED);

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().reassign(ROOT, TRIAGE, DAN))
        .withMessageContaining("has to be confirmed")
        .satisfies(e -> assertThat(e.remedy()).contains("previewReassign", "confirmReassign"));
    assertThatExceptionOfType(ResolutionException.Unbound.class).isThrownBy(() -> used(dans));

    ImpactPreview preview = runtime.references().previewReassign(ROOT, TRIAGE, DAN);
    assertThat(preview.text())
        .isEqualTo(
            """
            Reassigning triage in dev
              team-tickets, connector tickets: users use 'boss@t'. Whoever owns the flow uses it in this flow, and sees its name and account.
              second-tickets, connector tickets: users get nothing. It leads nowhere for the new owner, who has to bind it or be granted it.
              user:dan gains team-tickets
              Warning, to be confirmed: %s
            """
                .formatted(WARNING));
    assertThat(runtime.references().confirmReassign(ROOT, TRIAGE, DAN, preview))
        .containsExactly(SECOND);

    assertThat(used(dans)).isEqualTo(boss);
  }

  @Test
  void aCoOwnerWhoBecomesTheOwnerGainsNothing() {
    bobBringsTheBoss();
    Flow more = TRIAGE.coOwnedBy(BOB.principal(), DAN);

    assertThat(runtime.references().previewReassign(ROOT, more, DAN).warnings()).isEmpty();
    assertThat(runtime.references().reassign(ROOT, more, DAN)).containsExactly(SECOND);
  }

  @Test
  void thePrivilegedAccountOfTheNewOwnerIsGainedByTheOthersWhoUseTheFlow() {
    ConnectionId boss = privileged(DAN.in("dev"));
    var dan = DAN.in("dev");
    runtime
        .references()
        .confirmBind(dan, SHARED, boss, runtime.references().previewBind(dan, SHARED, boss));

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().reassign(ROOT, TRIAGE, DAN))
        .withMessageContaining("has to be confirmed");
    assertThat(runtime.references().previewReassign(ROOT, TRIAGE, DAN).users())
        .containsExactly(
            new User(DAN, List.of("team-tickets"), List.of()),
            new User(BOB.principal(), List.of("team-tickets"), List.of()),
            new User(CYD, List.of("team-tickets"), List.of()));
    Flow alone = Flow.of("triage", ADA.principal()).using(SHARED, SECOND, MINE);
    assertThat(runtime.references().reassign(ROOT, alone, DAN)).containsExactly(SECOND);
  }

  @Test
  void whatTheNewOwnersOtherFlowsGetHasToBeConfirmed() {
    ConnectionId boss = privileged(ADA);
    runtime
        .references()
        .confirmBind(ADA, SHARED, boss, runtime.references().previewBind(ADA, SHARED, boss));
    runtime.connections().grant(ADA, boss, DAN, Right.USE);
    Flow dansToo = TRIAGE.coOwnedBy(DAN); // He gains nothing by owning it.

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().reassign(ROOT, dansToo, DAN))
        .withMessageContaining("has to be confirmed");
    assertThatExceptionOfType(ResolutionException.Unbound.class).isThrownBy(() -> used(DIGEST));

    ImpactPreview preview = runtime.references().previewReassign(ROOT, dansToo, DAN);
    assertThat(preview.warnings()).containsExactly(WARNING);
    assertThat(preview.otherFlows()).isOne();
    assertThat(preview.references().get(0).why())
        .endsWith("Other flows that use the new owner's reference get 'boss@t'.");
    runtime.references().confirmReassign(ROOT, dansToo, DAN, preview);
    assertThat(used(DIGEST)).isEqualTo(boss);
  }

  @Test
  void whatIsBoundWhileItIsJudgedIsNotGivenAway() {
    theAccountIs("bob");
    runtime.references().bind(BOB.running(TRIAGE), SHARED, connect(BOB, "bobs").id());
    whileAccountsAreJudged.set(this::bobBringsTheBoss);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().reassign(ROOT, TRIAGE, DAN))
        .withMessageContaining("team-tickets");

    Flow dans = Flow.of("triage", DAN).coOwnedBy(BOB.principal()).using(SHARED);
    assertThatExceptionOfType(ResolutionException.Unbound.class).isThrownBy(() -> used(dans));
  }

  @Test
  void whatIsBoundWhileAPreviewIsConfirmedIsNotGivenAway() {
    ConnectionId boss = bobBringsTheBoss();
    ImpactPreview preview = runtime.references().previewReassign(ROOT, TRIAGE, DAN);
    whileAccountsAreJudged.set(
        () -> {
          theAccountIs("chief");
          runtime.references().bind(BOB.running(TRIAGE), SHARED, connect(BOB, "chiefs").id());
        });

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmReassign(ROOT, TRIAGE, DAN, preview));

    assertThat(used(TRIAGE)).isNotEqualTo(boss);
  }

  @Test
  void aConnectionThatIsHandedOverIsBoundInOtherFlowsOnlyOnceThatWasShown() {
    ConnectionId adas = runtime.references().binding(ADA, SHARED).orElseThrow();

    runtime.connections().handOver(ROOT, adas, DAN);

    assertThatExceptionOfType(ResolutionException.Unbound.class).isThrownBy(() -> used(DIGEST));
    assertThatExceptionOfType(ResolutionException.class).isThrownBy(() -> used(TRIAGE));
    ImpactPreview preview = runtime.references().previewReassign(ROOT, TRIAGE, DAN);
    assertThat(preview.otherFlows()).isOne();
    assertThat(preview.references().get(0).why())
        .contains("Other flows that use the new owner's reference get");
    runtime.references().confirmReassign(ROOT, TRIAGE, DAN, preview);
    assertThat(runtime.references().binding(DAN.in("dev"), SHARED)).contains(adas);
  }

  @Test
  void aConnectionThatWasHandedOverIsOfAnotherAccountByThen() {
    ConnectionId adas = runtime.references().binding(ADA, SHARED).orElseThrow();
    runtime.connections().handOver(ROOT, adas, DAN);
    theAccountIs("boss");
    runtime
        .connections()
        .update(
            DAN.in("dev"),
            adas,
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("dans")));

    ImpactPreview preview = runtime.references().previewReassign(ROOT, TRIAGE, DAN);
    assertThat(preview.warnings()).containsExactly(WARNING);
    assertThat(runtime.references().confirmReassign(ROOT, TRIAGE, DAN, preview))
        .containsExactly(SECOND);
  }

  @Test
  void whatAPreviewHasShownAndHasChangedIsNotGivenAway() {
    ImpactPreview preview = runtime.references().previewReassign(ROOT, TRIAGE, DAN);
    bobBringsTheBoss();

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmReassign(ROOT, TRIAGE, DAN, preview));
  }
}
