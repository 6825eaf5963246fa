package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ada leaves. An administrator looks at what is hers, and gives it to Dan. */
@Tag("I1")
class ReassignmentTest extends TriggerHostTest {

  private static final Principal DAN = Principal.user("dan");
  private static final Principal CYD = Principal.user("cyd");
  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final ConnectionReference OTHER = ConnectionReference.embedded("other", "tickets");
  private static final Flow ADAS =
      Flow.of("triage", ADA.principal()).coOwnedBy(BOB.principal()).using(SHARED, MINE);
  private static final Flow DANS =
      Flow.of("triage", DAN).coOwnedBy(BOB.principal()).using(SHARED, MINE);

  private Connection adas;

  @BeforeEach
  void adaOwnsAFlow() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    flows.clear();
    flows.put("triage", ADAS);
    adas = connect(ADA, "adas");
    runtime.references().bind(ADA, SHARED, adas.id());
  }

  private void handOver() {
    runtime.connections().handOver(ROOT, adas.id(), DAN);
    runtime
        .connections()
        .update(
            DAN.in("dev"),
            adas.id(),
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("dans")));
  }

  private void uses(Caller caller, String key) {
    service.resetRequests();
    runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(getRequestedFor(urlEqualTo("/tickets/1")).withHeader("X-Api-Key", equalTo(key)));
  }

  @Test
  void whatIsHersIsListedWithWhatUsesIt() {
    flows.put("bobs", Flow.of("bobs", BOB.principal()).using(SHARED.ownedBy(ADA.principal())));
    Connection idle = connect(ADA, "idle");

    List<Connection> hers =
        runtime.connections().list(ROOT, ConnectionQuery.all().ownedBy(ADA.principal()));

    assertThat(hers).extracting(Connection::id).containsExactlyInAnyOrder(adas.id(), idle.id());
    assertThat(runtime.connections().usage(ROOT, adas.id()))
        .isEqualTo(
            new ConnectionUsage(List.of("team-tickets"), 0, List.of("bobs", "triage"), 0, 0, null));
    assertThat(runtime.connections().usage(ROOT, idle.id()).flows()).isEmpty();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                runtime
                    .connections()
                    .usage(Administrator.of(Principal.user("root"), "prod"), adas.id()));
  }

  @Test
  @DisplayName("6.4: when somebody leaves the flow goes on with an active owner")
  void aConnectionThatWasHandedOverServesTheFlowOfItsNewOwner() {
    handOver();

    List<ConnectionReference> missing = runtime.references().reassign(ROOT, ADAS, DAN);

    assertThat(missing).isEmpty();
    uses(DAN.in("dev").running(DANS), "dans");
    uses(BOB.running(DANS), "dans");
  }

  @Test
  void aDirectoryOfFlowsThatFailsKeepsNoConnectionFromBeingHandedOver() {
    FlowDirectory failing =
        new FlowDirectory() {
          @Override
          public Optional<Flow> find(String id) {
            throw new IllegalStateException("no line to it");
          }

          @Override
          public List<Flow> list(Filter filter, String after, int limit) {
            throw new IllegalStateException("no line to it");
          }
        };
    try (ConnectorRuntime node = inHost(builder()).flows(failing).build()) {
      assertThat(node.connections().handOver(ROOT, adas.id(), DAN).owner()).isEqualTo(DAN);
      assertThat(node.references().binding(DAN.in("dev"), SHARED)).isEmpty();
    }
    clock.advance(Duration.ofSeconds(5));

    assertThat(runtime.references().reassign(ROOT, ADAS, DAN)).isEmpty();
    assertThat(runtime.references().binding(DAN.in("dev"), SHARED)).contains(adas.id());
  }

  @Test
  void whatCoOwnersHaveBoundInTheFlowGoesAlong() {
    runtime.references().bind(BOB.running(ADAS), SHARED, connect(BOB, "bobs").id());

    assertThat(runtime.references().reassign(ROOT, ADAS, DAN)).isEmpty();

    uses(DAN.in("dev").running(DANS), "bobs");
  }

  @Test
  void aConnectionThatTheNewOwnerMayNotUseStaysWithItsOwner() {
    assertThat(runtime.references().reassign(ROOT, ADAS, DAN)).containsExactly(SHARED);
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(() -> uses(DAN.in("dev").running(DANS), "adas"));

    runtime.connections().grant(ADA, adas.id(), DAN, Right.USE);

    assertThat(runtime.references().reassign(ROOT, ADAS, DAN)).isEmpty();
    uses(DAN.in("dev").running(DANS), "adas");
  }

  @Test
  void otherFlowsOfTheFormerOwnerAndBindingsOfTheNewOneStay() {
    Flow report = Flow.of("report", ADA.principal()).using(SHARED);
    runtime.references().bind(DAN.in("dev"), SHARED, connect(DAN.in("dev"), "dans-own").id());
    runtime.connections().grant(ADA, adas.id(), DAN, Right.USE);

    runtime.references().reassign(ROOT, ADAS, DAN);

    uses(ADA.running(report), "adas");
    uses(DAN.in("dev").running(DANS), "dans-own");
  }

  @Test
  void aReferenceOfSomebodyElseHasToBeGrantedToTheNewOwner() {
    Flow bobs = Flow.of("bobs", BOB.principal()).using(SHARED.ownedBy(ADA.principal()));
    runtime.references().grant(ADA, SHARED, BOB.principal());

    assertThat(runtime.references().reassign(ROOT, bobs, DAN))
        .containsExactly(SHARED.ownedBy(ADA.principal()));

    runtime.references().grant(ADA, SHARED, DAN);
    assertThat(runtime.references().reassign(ROOT, bobs, DAN)).isEmpty();
  }

  @Test
  void runOnlyUsersGoOnAndAnAppIsConfirmedAnew() {
    Flow app =
        Flow.app("app", ADA.principal())
            .runnableBy(CYD)
            .calling(SHARED, Tickets.GET.id())
            .using(OTHER);
    Flow dansApp =
        Flow.app("app", DAN).runnableBy(CYD).calling(SHARED, Tickets.GET.id()).using(OTHER);
    Flow flow = ADAS.runnableBy(CYD);
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(flow), SHARED);
    runtime
        .references()
        .confirmShare(ADA.running(app), runtime.references().previewShare(ADA.running(app)));
    handOver();

    runtime.references().reassign(ROOT, flow, DAN);
    runtime.references().reassign(ROOT, app, DAN);

    assertThat(runtime.references().previewShare(DAN.in("dev").running(DANS)).references())
        .extracting(Item::treatment)
        .startsWith(Treatment.BRING_OWN);
    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> uses(CYD.in("dev").running(dansApp), "dans"));
  }

  @Test
  void eachBindingIsHeardAsTheAdministrators() {
    handOver();
    runtime.references().bind(BOB.running(ADAS), SHARED, connect(BOB, "bobs").id());
    events.clear();

    runtime.references().reassign(ROOT, ADAS, DAN);

    assertThat(heard(RightsChanged.class))
        .extracting(changed -> changed.by().principal())
        .containsExactly(ROOT.principal());
  }

  @Test
  void eachShareThatGoesAlongOrEndsIsHeard() {
    Flow app = Flow.app("app", ADA.principal()).runnableBy(CYD).calling(SHARED, Tickets.GET.id());
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(ADAS), SHARED);
    runtime
        .references()
        .confirmShare(ADA.running(app), runtime.references().previewShare(ADA.running(app)));
    events.clear();

    runtime.references().reassign(ROOT, ADAS, DAN);
    runtime.references().reassign(ROOT, app, DAN);

    assertThat(heard(RightsChanged.class))
        .extracting(changed -> changed.by().flow().id(), RightsChanged::act)
        .containsExactly(tuple("triage", Act.NOT_SHARED), tuple("app", Act.NOT_SHARED));
  }

  @Test
  void whatTheFormerOwnerBroughtIntoTheFlowAloneLeadsNowhere() {
    Flow bobs = Flow.of("bobs", BOB.principal()).using(SHARED.ownedBy(ADA.principal()));
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime.references().grant(ADA, SHARED, DAN);
    runtime
        .references()
        .bind(BOB.running(bobs), SHARED.ownedBy(ADA.principal()), connect(BOB, "bobs").id());

    assertThat(runtime.references().reassign(ROOT, bobs, DAN))
        .containsExactly(SHARED.ownedBy(ADA.principal()));
  }

  @Test
  void aFlowIsGivenToAnotherUserOrService() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().reassign(ROOT, ADAS, ADA.principal()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().reassign(ROOT, ADAS, Principal.group("desk")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .references()
                    .reassign(Administrator.ofRuntime(Principal.user("root")), ADAS, DAN));
  }
}
