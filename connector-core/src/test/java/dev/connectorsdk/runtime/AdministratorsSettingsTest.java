package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.UsedConnection;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An administrator deploys Ada's flow, which Bob co-owns, with connections of both. */
@Tag("I1")
class AdministratorsSettingsTest extends HostTest {

  private static final ConnectionReference SECOND =
      ConnectionReference.embedded("second-tickets", "tickets");
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal()).coOwnedBy(BOB.principal()).using(SHARED, SECOND, MINE);
  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final Caller EVE = Principal.user("eve").in("dev");

  @BeforeEach
  void theServiceAnswers() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  private static DeploymentSettings settings(Binding... bindings) {
    return new DeploymentSettings(List.of(bindings));
  }

  private static Binding entry(ConnectionReference reference, Connection connection) {
    return new Binding(reference.logicalName(), connection.id().value(), "tickets");
  }

  private void uses(Caller caller, ConnectionReference reference, String key) {
    service.resetRequests();
    runtime.invoke(caller, reference, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  @Test
  void bindsConnectionsOfTheOwnerAndOfCoOwners() {
    DeploymentSettings settings =
        settings(entry(SHARED, connect(ADA, "adas")), entry(SECOND, connect(BOB, "bobs")));

    runtime.references().apply(ROOT, FLOW, settings);

    uses(ADA.running(FLOW), SHARED, "adas");
    uses(ADA.running(FLOW), SECOND, "bobs");
    uses(ADA.running(Flow.of("other", ADA.principal())), SHARED, "adas");
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .as("a co-owner's connection is in this flow alone")
        .isThrownBy(() -> uses(ADA.running(Flow.of("other", ADA.principal())), SECOND, "any"));
    assertThat(runtime.references().export(ROOT, FLOW)).isEqualTo(settings);
  }

  @Test
  void theOwnersConnectionEndsWhatTookItsPlace() {
    runtime.references().bind(BOB.running(FLOW), SHARED, connect(BOB, "bobs").id());

    runtime.references().apply(ROOT, FLOW, settings(entry(SHARED, connect(ADA, "adas"))));

    uses(BOB.running(FLOW), SHARED, "adas");
  }

  @Test
  @DisplayName("5.4: the connection is in the target environment, and of those who may use it")
  void bindsNothingOfSomebodyWithoutAPartInTheFlow() {
    Connection eves = connect(EVE, "eves");
    Connection inTest = connect(ADA.principal().in("test"), "test");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime
                    .references()
                    .apply(
                        ROOT,
                        FLOW,
                        settings(
                            entry(SHARED, eves),
                            entry(SECOND, inTest),
                            new Binding("my-tickets", "x", "tickets"))))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .containsExactly(
                        fault(SHARED, eves.id().value()),
                        fault(SECOND, inTest.id().value()),
                        new Fault(
                            "/ConnectionReferences/my-tickets",
                            "no embedded reference of this name is declared")));
    assertThat(runtime.references().binding(ADA.running(FLOW), SHARED)).isEmpty();
  }

  private static Fault fault(ConnectionReference reference, String id) {
    return new Fault(
        "/ConnectionReferences/" + reference.logicalName(),
        "No connection '"
            + id
            + "'. The owners of the flow have no such connection of connector 'tickets' in this"
            + " environment.");
  }

  @Test
  void callersApplyOwnConnectionsAlone() {
    Connection bobs = connect(BOB, "bobs");
    List<List<Fault>> faults = new ArrayList<>();

    for (String id : List.of(bobs.id().value(), "unknown")) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(
              () ->
                  runtime
                      .references()
                      .apply(
                          ADA.running(FLOW),
                          settings(new Binding(SHARED.logicalName(), id, "tickets"))))
          .satisfies(e -> faults.add(e.faults()));
    }
    assertThat(faults.get(0)).isEqualTo(faults.get(1));
    assertThat(faults.get(0).toString()).doesNotContain(bobs.id().value());
  }

  @Test
  void bindsInAnEnvironmentOfTheAdministratorsAlone() {
    Administrator ofAll = Administrator.ofRuntime(Principal.user("root"));
    Connection inTest = connect(ADA.principal().in("test"), "test");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().apply(ofAll, FLOW, settings(entry(SHARED, inTest))))
        .withMessage("Say in which environment: administrator.in(environment)");
    assertThatIllegalArgumentException().isThrownBy(() -> runtime.references().export(ofAll, FLOW));

    runtime
        .references()
        .apply(ofAll.in(Environment.of("test")), FLOW, settings(entry(SHARED, inTest)));

    uses(ADA.principal().in("test").running(FLOW), SHARED, "test");
  }

  @Test
  void aReferenceOfSomebodyElseIsBoundInThisFlowAloneOnceItIsGranted() {
    ConnectionReference eves = SHARED.ownedBy(EVE.principal());
    Flow flow = Flow.of("digest", ADA.principal()).using(eves);
    DeploymentSettings adas = settings(entry(eves, connect(ADA, "adas")));
    Connection bound = connect(EVE, "eves");
    runtime.references().bind(EVE, SHARED, bound.id());
    assertThatExceptionOfType(InvalidInputException.class)
        .as("an administrator does not grant it")
        .isThrownBy(() -> runtime.references().apply(ROOT, flow, adas))
        .withMessageContaining("has not granted it to the owner of the flow");

    runtime.references().grant(EVE, SHARED, ADA.principal());
    DeploymentSettings before = runtime.references().export(ROOT, flow);
    runtime.references().apply(ROOT, flow, adas);

    uses(ADA.running(flow), eves, "adas");
    uses(ADA.running(Flow.of("other", ADA.principal()).using(eves)), eves, "eves");
    uses(EVE.running(Flow.of("own", EVE.principal())), SHARED, "eves");

    assertThat(before).isEqualTo(settings(entry(eves, bound)));
    runtime.references().apply(ROOT, flow, before);
    uses(ADA.running(flow), eves, "eves");
  }

  @Test
  void aReferenceOfSomebodyElseIsBoundToNoOtherConnectionOfThatOne() {
    ConnectionReference eves = SHARED.ownedBy(EVE.principal());
    Flow flow = Flow.of("digest", ADA.principal()).using(eves);
    runtime.references().bind(EVE, SHARED, connect(EVE, "eves").id());
    runtime.references().grant(EVE, SHARED, ADA.principal());
    DeploymentSettings other = settings(entry(eves, connect(EVE, "other")));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().apply(ROOT, flow, other));

    uses(ADA.running(flow), eves, "eves");
  }

  @Test
  void whatAnAdministratorBoundFallsAwayWithTheCoOwner() {
    runtime.references().apply(ROOT, FLOW, settings(entry(SHARED, connect(BOB, "bobs"))));
    Flow without = Flow.of("triage", ADA.principal()).using(SHARED);

    assertThatExceptionOfType(ResolutionException.Withdrawn.class)
        .isThrownBy(() -> uses(ADA.running(without), SHARED, "any"));
  }

  @Test
  @DisplayName("6.4: an administrator sees which account a flow uses, and what each user brings")
  void seesWhatAFlowUsesAndWhatItsUsersBring() {
    Connection adas = connect(ADA, "adas");
    Connection bobs = connect(BOB, "bobs");
    Connection eves = connect(EVE, "eves");
    Flow shared = FLOW.runnableBy(EVE.principal());
    runtime.references().apply(ROOT, FLOW, settings(entry(SHARED, adas), entry(SECOND, bobs)));
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(shared), SECOND);
    runtime.connections().disable(ROOT, bobs.id(), "It leaked.");

    List<ReferenceReadiness> ofFlow = runtime.references().readiness(ROOT, shared, ADA.principal());
    List<ReferenceReadiness> ofEve = runtime.references().readiness(ROOT, shared, EVE.principal());

    assertThat(ofFlow)
        .extracting(ReferenceReadiness::reference)
        .containsExactly(SHARED, SECOND, MINE);
    assertThat(ofFlow)
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.READY, State.BROKEN, State.READY);
    assertThat(ofFlow.get(0).connection())
        .isEqualTo(
            new UsedConnection(adas.id(), adas.connector(), adas.displayName(), adas.account()));
    assertThat(ofFlow.get(1).connection())
        .as("a co-owner's, whose id the owner is not told")
        .isNotNull()
        .returns(bobs.id(), UsedConnection::id);
    assertThat(ofFlow.get(1).remedy()).isNotEmpty();
    assertThat(ofEve)
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.READY, State.READY, State.READY);
    assertThat(ofEve)
        .extracting(one -> one.connection().id())
        .containsExactly(adas.id(), eves.id(), eves.id());
  }

  @Test
  void seesThatSomebodyWithoutAPartInAFlowIsRefused() {
    runtime.references().apply(ROOT, FLOW, settings(entry(SHARED, connect(ADA, "adas"))));

    assertThat(runtime.references().readiness(ROOT, FLOW, EVE.principal()))
        .extracting(ReferenceReadiness::state, ReferenceReadiness::connection)
        .containsOnly(tuple(State.DENIED, null));
  }

  @Test
  void readinessSaysWhichConnectionsWereConsideredAndWhy() {
    Connection first = connect(EVE, "first");
    Connection second = connect(EVE, "second");
    Caller eve = EVE.running(FLOW.runnableBy(EVE.principal()));

    assertThat(runtime.references().readiness(eve, List.of(MINE)).get(0).trail())
        .extracting(Candidate::connection)
        .containsExactlyInAnyOrder(first.id(), second.id());

    runtime.references().bind(eve, MINE, second.id());

    assertThat(runtime.references().readiness(eve, List.of(MINE)).get(0).trail())
        .singleElement()
        .satisfies(one -> assertThat(one.connection()).isEqualTo(second.id()))
        .satisfies(one -> assertThat(one.verdict()).contains("is bound"));
  }
}
