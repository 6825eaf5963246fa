package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Ada reads of a connection before she deletes it. */
@Tag("I1")
class ConnectionUsageTest extends TriggerHostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final ConnectionReference ADAS = SHARED.ownedBy(ADA.principal());

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.audit(AuditSettings.inStore());
  }

  private ConnectionUsage usage(Connection connection) {
    return runtime.connections().usage(ADA, connection.id());
  }

  @Test
  void whatNobodyUsesIsUsedByNothing() {
    assertThat(usage(connect(ADA, "k")))
        .isEqualTo(new ConnectionUsage(List.of(), 0, List.of(), 0, 0, null));
  }

  @Test
  void referencesFlowsAndSubscriptionsThatUseItAreNamedAndCounted() {
    flows.put("desk", FLOW.using(SHARED));
    flows.put("other", Flow.of("other", ADA.principal()).using(MINE));
    flows.put("bobs", Flow.of("bobs", BOB.principal()).using(SHARED));
    Connection connection = bindAdasConnection();
    runtime.references().bind(ADA, MINE, connection.id());
    subscribe();
    subscribe();

    assertThat(usage(connection))
        .isEqualTo(
            new ConnectionUsage(
                List.of("my-tickets", "team-tickets"), 0, List.of("desk"), 0, 2, null));
  }

  @Test
  void ofVeryManyFlowsNoMoreAreLookedAtThanAreAskedFor() {
    flows.put("desk", FLOW.using(SHARED));
    flows.put("first", Flow.of("first", ADA.principal()).using(SHARED));
    flows.put("second", Flow.of("second", ADA.principal()).using(SHARED));
    Connection connection = bindAdasConnection();
    subscribe();

    ConnectionUsage two = runtime.connections().usage(ADA, connection.id(), 2);

    assertThat(two)
        .isEqualTo(
            new ConnectionUsage(
                List.of("team-tickets"), 0, List.of("desk", "first"), 0, 1, null, false));
    assertThat(runtime.connections().usage(ADA, connection.id(), 3))
        .isEqualTo(usage(connection))
        .matches(ConnectionUsage::isWhole);
    assertThat(runtime.connections().usage(ROOT, connection.id(), 1).flows())
        .containsExactly("desk");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().usage(BOB, connection.id(), 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.connections().usage(ADA, connection.id(), 0));
  }

  @Test
  void noMoreAreReturnedThanAreAskedForWhereSeveralReferencesLeadThere() {
    Connection connection = bindAdasConnection();
    for (String name : List.of("a", "b", "c")) {
      ConnectionReference reference = ConnectionReference.embedded(name, "tickets");
      runtime.references().bind(ADA, reference, connection.id());
      for (int i = 0; i < 3; i++) {
        String id = name + i;
        flows.put(id, Flow.of(id, ADA.principal()).using(reference));
      }
    }

    ConnectionUsage two = runtime.connections().usage(ADA, connection.id(), 2);

    assertThat(two.flows()).containsExactly("a0", "a1");
    assertThat(two.otherFlows()).isZero();
    assertThat(two.isWhole()).isFalse();
    assertThat(runtime.connections().usage(ADA, connection.id(), 9).flows()).hasSize(9);
  }

  @Test
  void flowsThatSheMayNotSeeAreCountedAndNotNamed() {
    flows.put("desk", FLOW.using(SHARED));
    flows.put("digest", Flow.of("digest", BOB.principal()).using(ADAS));
    Connection connection = bindAdasConnection();
    runtime.references().grant(ADA, SHARED, BOB.principal());
    runtime.connections().grant(ADA, connection.id(), BOB.principal(), Right.USE);
    runtime.references().bind(BOB, MINE, connection.id());

    assertThat(usage(connection))
        .isEqualTo(new ConnectionUsage(List.of("team-tickets"), 1, List.of("desk"), 1, 0, null));
  }

  @Test
  void aFlowInWhichAnotherTookThePlaceDoesNotUseIt() {
    Flow shared = FLOW.coOwnedBy(BOB.principal()).using(SHARED);
    flows.put("desk", shared);
    Connection adas = bindAdasConnection();
    Connection bobs = connect(BOB, "bobs");
    runtime.references().bind(BOB.running(shared), SHARED, bobs.id());

    assertThat(usage(adas).flows()).isEmpty();
    assertThat(runtime.connections().usage(BOB, bobs.id()))
        .isEqualTo(new ConnectionUsage(List.of(), 1, List.of("desk"), 0, 0, null));
  }

  @Test
  void theLastUseIsWhatTheAuditKnows() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection = bindAdasConnection();
    runtime.invoke(ADA, SHARED, Tickets.GET, new TicketId("1"));
    Instant used = clock.instant();
    restart(); // and with that all records are kept

    assertThat(usage(connection).lastUse()).isEqualTo(used);
  }

  @Test
  void theLastUseIsFoundHoweverMuchWasRefusedSince() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection = bindAdasConnection();
    runtime.invoke(ADA, SHARED, Tickets.GET, new TicketId("1"));
    Instant used = clock.instant();
    restart();
    store
        .audit()
        .append(
            IntStream.range(0, 250)
                .mapToObj(i -> refused(connection, used.plusSeconds(1 + i), i))
                .toList());

    assertThat(usage(connection).lastUse()).isEqualTo(used);
  }

  private static AuditRecord refused(Connection connection, Instant at, int number) {
    return new AuditRecord(
        new Position(at, "run", number),
        Kind.CALL,
        new Actor(BOB.principal(), ADA.principal(), BOB.environment(), null),
        new Subject(connection.connector(), "x", Effect.READ, connection.id(), null, null),
        Verdict.refused("", "Denied"),
        Duration.ZERO);
  }

  @Test
  void aDirectoryThatIgnoresWhereAPageBeginsIsAnError() {
    Flow flow = FLOW.using(SHARED);
    FlowDirectory endless =
        new FlowDirectory() {
          @Override
          public Optional<Flow> find(String id) {
            return Optional.of(flow);
          }

          @Override
          public List<Flow> list(Filter filter, String after, int limit) {
            return List.of(flow);
          }
        };
    runtime.close();
    runtime = inHost(builder()).flows(endless).build();
    Connection connection = bindAdasConnection();

    assertThatIllegalStateException()
        .isThrownBy(() -> usage(connection))
        .withMessage(
            "FlowDirectory.list returned flow 'desk' after 'desk': it has to list only flows whose"
                + " id is greater, ordered by String.compareTo");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                runtime
                    .policies()
                    .whatIf(
                        Administrator.of(Principal.user("root"), "dev"),
                        DataPolicy.named("p").build()));
  }

  @Test
  void onlyWhoOwnsItReadsThat() {
    Connection connection = bindAdasConnection();
    runtime.connections().grant(ADA, connection.id(), BOB.principal(), Right.MANAGE);

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().usage(BOB, connection.id()));
  }
}
