package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who gets to which connection, as a table. Ada owns the flow, Cyd and the staff co-own it, Ron and
 * the readers may run it, Eve has nothing to do with it, and sometimes nobody starts it. In dev Ada
 * has bound the reference, and everybody else has an own connection; in test there is none.
 */
@Tag("I1")
class WhoMayUseWhatTest extends HostTest {

  /** A situation on each line, and what the decision is for each role. */
  private static final String TABLE =
      """
      flow       source   in   shared     connector status  | owner    co-owner staff    run-only readers  stranger nobody
      flow       embedded dev  -          key       ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  FLOWS
      flow       embedded dev  used       key       ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  FLOWS
      flow       embedded dev  brought    key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  FLOWS
      flow       embedded dev  ended      key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  FLOWS
      flow       embedded dev  -          signIn    ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  FLOWS
      flow       embedded dev  brought    signIn    ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  FLOWS
      flow       embedded dev  -          custom    ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  FLOWS
      flow       embedded dev  -          key       broken  | BROKEN   BROKEN   BROKEN   BROKEN   BROKEN   NO_ROLE  BROKEN
      flow       embedded dev  brought    key       broken  | BROKEN   BROKEN   BROKEN   OWN      OWN      NO_ROLE  BROKEN
      flow       embedded dev  -          key       deleted | DELETED  DELETED  DELETED  DELETED  DELETED  NO_ROLE  DELETED
      flow       embedded test -          key       ok      | UNBOUND  UNBOUND  UNBOUND  UNBOUND  UNBOUND  NO_ROLE  UNBOUND
      flow       invoker  dev  -          key       ok      | OWN      OWN      OWN      OWN      OWN      NO_ROLE  NOBODYS
      flow       invoker  dev  -          signIn    ok      | OWN      OWN      OWN      OWN      OWN      NO_ROLE  NOBODYS
      flow       invoker  test -          key       ok      | REQUIRED REQUIRED REQUIRED REQUIRED REQUIRED NO_ROLE  NOBODYS
      by-people  embedded dev  -          key       ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  PEOPLE
      by-people  invoker  dev  -          key       ok      | OWN      OWN      OWN      OWN      OWN      NO_ROLE  PEOPLE
      by-trigger embedded dev  -          key       ok      | FLOWS    FLOWS    FLOWS    TRIGGERS TRIGGERS NO_ROLE  FLOWS
      by-trigger embedded dev  brought    key       ok      | FLOWS    FLOWS    FLOWS    TRIGGERS TRIGGERS NO_ROLE  FLOWS
      by-trigger embedded test -          key       ok      | UNBOUND  UNBOUND  UNBOUND  TRIGGERS TRIGGERS NO_ROLE  UNBOUND
      by-trigger invoker  dev  -          key       ok      | OWN      OWN      OWN      TRIGGERS TRIGGERS NO_ROLE  NOBODYS
      app        embedded dev  -          key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  confirmed  key       ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  PEOPLE
      app        embedded dev  taken-back key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  ended      key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  rebound    key       ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  confirmed  key       broken  | BROKEN   BROKEN   BROKEN   BROKEN   BROKEN   NO_ROLE  PEOPLE
      app        embedded dev  confirmed  signIn    ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  confirmed  custom    ok      | FLOWS    FLOWS    FLOWS    OWN      OWN      NO_ROLE  PEOPLE
      app        embedded dev  confirmed  open      ok      | FLOWS    FLOWS    FLOWS    FLOWS    FLOWS    NO_ROLE  PEOPLE
      app        embedded test -          key       ok      | UNBOUND  UNBOUND  UNBOUND  REQUIRED REQUIRED NO_ROLE  PEOPLE
      app        invoker  dev  -          key       ok      | OWN      OWN      OWN      OWN      OWN      NO_ROLE  PEOPLE
      app        invoker  test -          key       ok      | REQUIRED REQUIRED REQUIRED REQUIRED REQUIRED NO_ROLE  PEOPLE
      """;

  /** What is decided, and the reason that the caller is told. */
  private enum Decision {
    /** The connection that the flow uses. */
    FLOWS(""),
    /** An own connection. */
    OWN(""),
    NO_ROLE("the caller is neither owner nor run-only user of the flow."),
    TRIGGERS("only triggers start the flow, so it has no run-only users."),
    PEOPLE("only people start the flow, and nobody has."),
    NOBODYS("nobody has started the flow, so nobody brings a connection for an invoker reference."),
    UNBOUND("no connection is bound in this environment."),
    REQUIRED("the caller has no own connection of connector"),
    BROKEN("the connection is not ready for use."),
    DELETED("the bound connection no longer exists.");

    private final String reason;

    Decision(String reason) {
      this.reason = reason;
    }
  }

  private static final Principal CYD = Principal.user("cyd");
  private static final Principal SAM = Principal.user("sam");
  private static final Principal RON = Principal.user("ron");
  private static final Principal RAY = Principal.user("ray");
  private static final Principal STAFF = Principal.group("staff");
  private static final Principal READERS = Principal.editorsOf("list-7");
  private static final String LIST_TICKETS = Tickets.LIST.id();

  private final InMemoryStore store = new InMemoryStore();
  private final Map<ConnectionId, Decision> connections = new HashMap<>();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, KeyRing.random())
        .connector(desk("custom", AuthOption.apiKeyHeader("X-Api-Key")), "dev")
        .connector(desk("open", AuthOption.apiKeyHeader("X-Api-Key").shareable(true)), "dev")
        .memberships(
            (group, member) ->
                (group.equals(STAFF) && member.equals(SAM))
                    || (group.equals(READERS) && member.equals(RAY)));
  }

  private Connector desk(String id, AuthOption option) {
    return Connector.builder(id, url()).auth(option).build();
  }

  private record Situation(
      String flow, String source, String in, String shared, String connector, String status) {}

  static Stream<Arguments> rows() {
    String[] lines = TABLE.lines().toArray(String[]::new);
    String[] roles = lines[0].split("\\|", -1)[1].trim().split(" +", -1);
    return Stream.of(lines)
        .skip(1)
        .flatMap(
            line -> {
              String[] cells = line.replace("|", " ").trim().split(" +", -1);
              var situation =
                  new Situation(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
              return Stream.iterate(0, i -> i < roles.length, i -> i + 1)
                  .map(i -> Arguments.of(situation, roles[i], Decision.valueOf(cells[6 + i])));
            });
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("rows")
  void decides(Situation situation, String role, Decision expected) {
    ConnectionReference reference = reference(situation);
    Flow flow = flow(situation, reference);
    everybodyHasAnOwnConnection(situation);
    if (situation.source().equals("embedded") && situation.in().equals("dev")) {
      adaBindsAndShares(situation, flow, reference);
    }
    Caller caller = caller(role, flow, Environment.of(situation.in()));

    assertThat(decision(caller, reference, expected)).isEqualTo(expected);
    ReferenceReadiness readiness = runtime.references().readiness(caller).get(0);
    assertThat(readiness.isReady()).isEqualTo(expected.reason.isEmpty());
    assertThat(readiness.explanation()).contains(expected.reason);
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  private Decision decision(Caller caller, ConnectionReference reference, Decision expected) {
    try {
      return connections.get(runtime.references().resolve(caller, reference).connection().id());
    } catch (ResolutionException e) {
      assertThat(e).hasMessageContaining(expected.reason).satisfies(this::tellsOthersNothing);
      return expected.reason.isEmpty() ? null : expected;
    }
  }

  private void tellsOthersNothing(ResolutionException e) {
    connections.forEach(
        (id, whose) -> {
          boolean isOwn = id.value().startsWith(e.caller().principal().id());
          assertThat(isOwn || !String.valueOf(e.getMessage()).contains(id.value())).isTrue();
        });
  }

  private static ConnectionReference reference(Situation situation) {
    String connector =
        switch (situation.connector()) {
          case "custom", "open" -> situation.connector();
          default -> "tickets";
        };
    return situation.source().equals("embedded")
        ? ConnectionReference.embedded("desk", connector)
        : ConnectionReference.invoker("desk", connector);
  }

  private static Flow flow(Situation situation, ConnectionReference reference) {
    Flow made =
        switch (situation.flow()) {
          case "app" -> Flow.app("triage", ADA.principal());
          case "by-people" -> Flow.of("triage", ADA.principal()).startedOnlyBy(Start.PERSON);
          case "by-trigger" -> Flow.of("triage", ADA.principal()).startedOnlyBy(Start.TRIGGERS);
          default -> Flow.of("triage", ADA.principal());
        };
    return made.coOwnedBy(CYD, STAFF).runnableBy(RON, READERS).calling(reference, LIST_TICKETS);
  }

  private static Caller caller(String role, Flow flow, Environment in) {
    return switch (role) {
      case "owner" -> ADA.principal().in(in).running(flow);
      case "co-owner" -> CYD.in(in).running(flow);
      case "staff" -> SAM.in(in).running(flow);
      case "run-only" -> RON.in(in).running(flow);
      case "readers" -> RAY.in(in).running(flow);
      case "stranger" -> Principal.user("eve").in(in).running(flow);
      default -> flow.in(in);
    };
  }

  private void everybodyHasAnOwnConnection(Situation situation) {
    Stream.of(CYD, SAM, RON, RAY, Principal.user("eve"))
        .forEach(user -> connections.put(make(user, situation, "own"), Decision.OWN));
    if (situation.source().equals("invoker")) {
      connections.put(make(ADA.principal(), situation, "own"), Decision.OWN);
    }
  }

  /** Makes a connection as it is stored, since nobody can sign in here. */
  private ConnectionId make(Principal owner, Situation situation, String name) {
    ConnectionId id = ConnectionId.of(owner.id() + "-" + name);
    ConnectorId connector = reference(situation).connector();
    String option = situation.connector().equals("signIn") ? "signIn" : "apiKey";
    StoredConnection row =
        new StoredConnection(
            new Identity(id, connector, Environment.of("dev"), owner),
            new Settings(name, option, "{}", null),
            Access.of(ConnectionStatus.connected(clock.instant())),
            Revision.first(clock.instant()));
    store.insertConnection(row, List.of());
    return id;
  }

  private void adaBindsAndShares(Situation situation, Flow flow, ConnectionReference reference) {
    Caller ada = ADA.running(flow);
    ConnectionId bound = bind(ada, situation, reference, "bound");
    share(ada, situation, reference);
    if (situation.status().equals("broken")) {
      var expired = ConnectionSpec.of(reference.connector().value(), "apiKey");
      runtime
          .connections()
          .update(
              ADA, bound, expired.secret("api_key", Secret.of("k")).expiringAt(clock.instant()));
    } else if (situation.status().equals("deleted")) {
      runtime.connections().delete(ADA, bound);
    }
    clock.advance(Duration.ofSeconds(60));
  }

  private ConnectionId bind(
      Caller ada, Situation situation, ConnectionReference reference, String name) {
    ConnectionId id = make(ada.principal(), situation, name);
    connections.put(id, Decision.FLOWS);
    runtime.references().bind(ada, reference, id);
    return id;
  }

  private void share(Caller ada, Situation situation, ConnectionReference reference) {
    var references = runtime.references();
    switch (situation.shared()) {
      case "used" -> references.letRunOnlyUsersUse(ada, reference);
      case "brought" -> references.letRunOnlyUsersBringOwn(ada, reference);
      case "confirmed" -> references.confirmShare(ada, references.previewShare(ada));
      case "taken-back" -> {
        references.confirmShare(ada, references.previewShare(ada));
        references.letRunOnlyUsersBringOwn(ada, reference);
      }
      case "rebound" -> {
        references.confirmShare(ada, references.previewShare(ada));
        bind(ada, situation, reference, "other");
      }
      case "ended" -> {
        var until = clock.instant().plusSeconds(60);
        if (situation.flow().equals("app")) {
          references.confirmShare(ada, references.previewShare(ada), until);
        } else {
          references.letRunOnlyUsersUse(ada, reference, until);
        }
      }
      default -> assertThat(situation.shared()).isEqualTo("-");
    }
  }

  @Test
  void theTableHasMoreThan120Rows() {
    assertThat(rows()).hasSizeGreaterThan(120);
  }
}
