package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.UsedConnection;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ada's flow, which Bob co-owns. Each of them brings own connections, and no others. */
@Tag("I1")
class CoOwnerTest extends HostTest {

  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal())
          .coOwnedBy(BOB.principal())
          .runnableBy(CYD.principal())
          .using(SHARED, MINE);
  private static final Flow OTHER = Flow.of("report", ADA.principal()).using(SHARED);

  @BeforeEach
  void theServiceAnswers() {
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"desk\"}")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  @Override
  Connector connector() {
    return Tickets.at(url());
  }

  private Connection bound(Caller caller, String key) {
    Connection connection = connect(caller, key);
    runtime.references().bind(caller.running(FLOW), SHARED, connection.id());
    return connection;
  }

  private void uses(Caller caller, String key) {
    service.resetRequests();
    runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  /** Sharing, 6.4: a recipient of a copy has an independent flow, and supplies own connections. */
  @Test
  @DisplayName("6.4: a copy is independent, and its recipient brings own connections")
  void aCopyOfTheFlowUsesConnectionsOfItsOwnOwnerAlone() {
    bound(ADA, "adas");
    Flow copy = Flow.of("triage-copy", BOB.principal()).using(SHARED, MINE);

    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> uses(BOB.running(copy), "adas"));
    runtime.references().bind(BOB.running(copy), SHARED, connect(BOB, "bobs").id());

    uses(BOB.running(copy), "bobs");
    uses(ADA.running(FLOW), "adas");
  }

  @Test
  @DisplayName("5.6, 6.4: co-owners may replace a connection by an own one, in this flow")
  void aCoOwnersConnectionTakesThePlaceOfTheBoundOneInThatFlowAlone() {
    bound(ADA, "adas");
    bound(BOB, "bobs");

    uses(ADA.running(FLOW), "bobs");
    uses(BOB.running(FLOW), "bobs");
    uses(CYD.running(FLOW), "bobs");
    uses(ADA.running(OTHER), "adas");
    uses(ADA, "adas");
  }

  @Test
  void aFlowOfTheSameIdOfAnotherOwnerIsAnotherFlow() {
    bound(ADA, "adas");
    bound(BOB, "bobs");
    Flow cyds = Flow.of("triage", CYD.principal()).coOwnedBy(BOB.principal()).using(SHARED);

    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> uses(CYD.running(cyds), "any"));
  }

  @Test
  void aCoOwnerTakesBackWhatTookThePlaceAndNoMore() {
    bound(ADA, "adas");
    bound(BOB, "bobs");

    assertThat(runtime.references().unbind(BOB.running(FLOW), SHARED)).isTrue();

    uses(BOB.running(FLOW), "adas");
    assertThat(runtime.references().unbind(BOB.running(FLOW), SHARED)).isFalse();
    uses(BOB.running(FLOW), "adas");
  }

  @Test
  void theOwnerHasTheLastWord() {
    Connection adas = bound(ADA, "adas");
    bound(BOB, "bobs");

    runtime.references().bind(ADA.running(FLOW), SHARED, adas.id());
    uses(BOB.running(FLOW), "adas");

    bound(BOB, "bobs-again");
    assertThat(runtime.references().unbind(ADA.running(FLOW), SHARED)).isTrue();
    uses(BOB.running(FLOW), "adas");
    uses(ADA.running(OTHER), "adas");

    assertThat(runtime.references().unbind(ADA.running(FLOW), SHARED)).isTrue();
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> uses(BOB.running(FLOW), "any"));
    assertThat(runtime.references().unbind(ADA.running(FLOW), SHARED)).isFalse();
  }

  @Test
  void anOwnerWhoBindsElsewhereLeavesWhatTookThePlace() {
    bound(BOB, "bobs");

    runtime.references().bind(ADA.running(OTHER), SHARED, connect(ADA, "adas").id());

    uses(ADA.running(FLOW), "bobs");
    uses(ADA.running(OTHER), "adas");
  }

  @Test
  void nobodyBindsWhatIsAnothers() {
    Connection adas = connect(ADA, "adas");
    Connection bobs = connect(BOB, "bobs");

    for (Caller caller : List.of(ADA.running(FLOW), ADA)) {
      assertThatExceptionOfType(ResolutionException.Foreign.class)
          .isThrownBy(() -> runtime.references().bind(caller, SHARED, bobs.id()))
          .satisfies(e -> assertThat(e.trail()).isEmpty());
    }
    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(BOB.running(FLOW), SHARED, adas.id()));
    assertThatExceptionOfType(ResolutionException.Foreign.class)
        .isThrownBy(() -> runtime.references().bind(BOB.running(FLOW), MINE, adas.id()));
  }

  @Test
  @DisplayName("6.4: a run-only user starts the flow and changes nothing")
  void whoMayOnlyRunTheFlowBindsNothing() {
    Connection cyds = connect(CYD, "cyds");

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().bind(CYD.running(FLOW), SHARED, cyds.id()))
        .withMessageContaining("only an owner of the flow may bind its embedded references");
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().unbind(CYD.running(FLOW), SHARED));
  }

  @Test
  @DisplayName("6.4, 6.5: the connections of an owner who was removed have to be replaced")
  void theConnectionOfAFormerCoOwnerIsRefusedAndNotReplacedByAnother() {
    bound(ADA, "adas");
    bound(BOB, "bobs");
    Flow without = Flow.of("triage", ADA.principal()).runnableBy(CYD.principal()).using(SHARED);
    service.resetRequests();

    for (Caller caller : List.of(ADA.running(without), CYD.running(without))) {
      assertThatExceptionOfType(ResolutionException.Withdrawn.class)
          .isThrownBy(() -> uses(caller, "any"))
          .withMessageEndingWith(
              "the connection was put into the flow by somebody who is no longer a co-owner of it.")
          .satisfies(e -> assertThat(e.trail()).isEmpty());
    }
    assertThat(runtime.references().readiness(ADA.running(without)))
        .extracting(ReferenceReadiness::state)
        .containsExactly(State.DENIED);
    service.verify(0, anyRequestedFor(anyUrl()));

    runtime.references().unbind(ADA.running(without), SHARED);
    uses(CYD.running(without), "adas");
    uses(ADA.running(OTHER), "adas");
  }

  @Test
  void aDeletedConnectionInThePlaceIsNotReplacedByTheBoundOne() {
    bound(ADA, "adas");
    Connection bobs = bound(BOB, "bobs");
    runtime.connections().delete(BOB, bobs.id());

    assertThatExceptionOfType(ResolutionException.Deleted.class)
        .isThrownBy(() -> uses(ADA.running(FLOW), "any"))
        .satisfies(e -> assertThat(e.trail()).isEmpty());
  }

  @Test
  void ownersOfTheFlowReadTheNamesOfItsConnectionsAndRunOnlyUsersDoNot() {
    Connection adas = bound(ADA, "adas");
    UsedConnection named =
        new UsedConnection(
            null, ConnectorId.of("tickets"), "desk@tickets", new Account("desk", "desk@tickets"));

    assertThat(used(ADA))
        .isEqualTo(
            new UsedConnection(adas.id(), named.connector(), named.displayName(), named.account()));
    assertThat(used(BOB)).isEqualTo(named);
    assertThat(used(CYD)).isNull();
    assertThat(runtime.references().resolve(BOB.running(FLOW), SHARED).trail())
        .containsExactly(new Candidate(null, "'desk@tickets' is bound to the reference"));
    assertThat(runtime.references().resolve(CYD.running(FLOW), SHARED).trail()).isEmpty();
    assertThat(runtime.references().binding(ADA.running(FLOW), SHARED)).contains(adas.id());
    assertThat(runtime.references().binding(BOB.running(FLOW), SHARED)).isEmpty();
  }

  private UsedConnection used(Caller caller) {
    return runtime.references().readiness(caller.running(FLOW)).get(0).connection();
  }

  @Test
  void whatIsBrokenIsToldByNameToOwnersOfTheFlowAlone() {
    service.stubFor(
        get("/me").willReturn(com.github.tomakehurst.wiremock.client.WireMock.status(401)));
    Connection adas = bound(ADA, "adas");

    assertThat(broken(ADA).explanation())
        .endsWith("Considered: [" + adas.id() + ": is UNAUTHENTICATED (CREDENTIALS_REJECTED)]");
    assertThat(broken(BOB).explanation())
        .endsWith("Considered: ['Tickets' is UNAUTHENTICATED (CREDENTIALS_REJECTED)]");
    assertThat(broken(BOB).connection())
        .isEqualTo(new UsedConnection(null, ConnectorId.of("tickets"), "Tickets", null));
    assertThat(broken(CYD).explanation()).endsWith("the connection is not ready for use.");
    assertThat(broken(CYD).connection()).isNull();
  }

  private ReferenceReadiness broken(Caller caller) {
    ReferenceReadiness readiness =
        runtime.references().readiness(caller.running(FLOW), List.of(SHARED)).get(0);
    assertThat(readiness.state()).isEqualTo(State.BROKEN);
    return readiness;
  }

  @Test
  void settingsThatACoOwnerAppliesAndExportsAreOfOwnConnections() {
    Connection adas = bound(ADA, "adas");
    assertThat(runtime.references().export(BOB.running(FLOW)).toJson())
        .doesNotContain(adas.id().value());
    Connection bobs = connect(BOB, "bobs");
    runtime.references().bind(BOB, SHARED, bobs.id());

    runtime
        .references()
        .apply(BOB.running(FLOW), runtime.references().export(BOB, List.of(SHARED)));

    uses(ADA.running(FLOW), "bobs");
    uses(ADA.running(OTHER), "adas");
    assertThat(runtime.references().export(BOB.running(FLOW)).toJson()).contains(bobs.id().value());
    assertThat(runtime.references().export(ADA.running(FLOW)).toJson())
        .doesNotContain(bobs.id().value());
  }
}
