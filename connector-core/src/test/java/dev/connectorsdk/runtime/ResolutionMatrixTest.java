package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Who gets to which connection: Ada owns the flow, Cyd co-owns it, Bob may run it, Eve has nothing
 * to do with it. In dev everything is set up, in test a little, in prod nothing.
 */
class ResolutionMatrixTest extends HostTest {

  private static final Principal CYD = Principal.user("cyd");
  private static final Principal DAN = Principal.user("dan");
  private static final Principal EVE = Principal.user("eve");
  private static final List<Principal> USERS = List.of(ADA.principal(), CYD, BOB.principal(), EVE);

  private static final ConnectionReference BOUND = embedded("bound");
  private static final ConnectionReference UNBOUND = embedded("unbound");
  private static final ConnectionReference REPLACED = embedded("replaced");
  private static final ConnectionReference DELETED = embedded("deleted");
  private static final ConnectionReference BROKEN = embedded("broken");
  private static final ConnectionReference GRANTED = embedded("granted").ownedBy(DAN);
  private static final ConnectionReference KEPT = embedded("kept").ownedBy(DAN);
  private static final ConnectionReference WITHDRAWN = embedded("withdrawn");
  private static final ConnectionReference CHOSEN =
      ConnectionReference.invoker("chosen", "tickets");
  private static final ConnectionReference ONLY = ConnectionReference.invoker("only", "crm");
  private static final ConnectionReference MANY = ConnectionReference.invoker("many", "chat");
  private static final ConnectionReference UNDECLARED = embedded("undeclared");

  private static final Flow FLOW =
      Flow.of("matrix", ADA.principal())
          .coOwnedBy(CYD)
          .runnableBy(BOB.principal())
          .using(
              BOUND, UNBOUND, REPLACED, DELETED, BROKEN, GRANTED, KEPT, WITHDRAWN, CHOSEN, ONLY,
              MANY);

  /** For each reference and environment what the users get: a connection, or a refusal. */
  private static final String EXPECTED =
      """
      bound      dev  ada-bound          ada-bound          ada-bound          Denied
      bound      test ada-test           ada-test           ada-test           Denied
      bound      prod Unbound            Unbound            Unbound            Denied
      unbound    dev  Unbound            Unbound            Unbound            Denied
      unbound    test Unbound            Unbound            Unbound            Denied
      unbound    prod Unbound            Unbound            Unbound            Denied
      replaced   dev  cyd-replaced       cyd-replaced       cyd-replaced       Denied
      replaced   test Unbound            Unbound            Unbound            Denied
      replaced   prod Unbound            Unbound            Unbound            Denied
      deleted    dev  Deleted            Deleted            Deleted            Denied
      deleted    test Unbound            Unbound            Unbound            Denied
      deleted    prod Unbound            Unbound            Unbound            Denied
      broken     dev  Broken             Broken             Broken             Denied
      broken     test Unbound            Unbound            Unbound            Denied
      broken     prod Unbound            Unbound            Unbound            Denied
      granted    dev  dan-granted        dan-granted        dan-granted        Denied
      granted    test Denied             Denied             Denied             Denied
      granted    prod Denied             Denied             Denied             Denied
      kept       dev  Denied             Denied             Denied             Denied
      kept       test Denied             Denied             Denied             Denied
      kept       prod Denied             Denied             Denied             Denied
      withdrawn  dev  Withdrawn          Withdrawn          Withdrawn          Denied
      withdrawn  test Unbound            Unbound            Unbound            Denied
      withdrawn  prod Unbound            Unbound            Unbound            Denied
      chosen     dev  ada-chosen         cyd-chosen         bob-chosen         Denied
      chosen     test ada-test           ConnectionRequired ConnectionRequired Denied
      chosen     prod ConnectionRequired ConnectionRequired ConnectionRequired Denied
      only       dev  ada-crm            cyd-crm            ConnectionRequired Denied
      only       test ConnectionRequired ConnectionRequired ConnectionRequired Denied
      only       prod ConnectionRequired ConnectionRequired ConnectionRequired Denied
      many       dev  Ambiguous          cyd-chat           ConnectionRequired Denied
      many       test ConnectionRequired ConnectionRequired ConnectionRequired Denied
      many       prod ConnectionRequired ConnectionRequired ConnectionRequired Denied
      undeclared dev  Denied             Denied             Denied             Denied
      undeclared test Denied             Denied             Denied             Denied
      undeclared prod Denied             Denied             Denied             Denied
      """;

  private final Map<ConnectionId, String> names = new HashMap<>();

  private static ConnectionReference embedded(String name) {
    return ConnectionReference.embedded(name, "tickets");
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.connector(like("crm")).connector(like("chat"));
  }

  private Connector like(String id) {
    return Connector.builder(id, url()).auth(Tickets.at(url()).authOptions().get(0)).build();
  }

  private Connection make(Caller caller, String connector, String name) {
    ConnectionSpec spec =
        ConnectionSpec.of(connector, "apiKey").secret("api_key", Secret.of("k")).named(name);
    return make(caller, name.equals("ada-broken") ? spec.expiringAt(clock.instant()) : spec);
  }

  private Connection make(Caller caller, ConnectionSpec spec) {
    Connection made = runtime.connections().create(caller, spec);
    names.put(made.id(), made.displayName());
    return made;
  }

  private void bind(Caller caller, ConnectionReference reference, String name) {
    runtime.references().bind(caller, reference, make(caller, "tickets", name).id());
  }

  @BeforeEach
  void setUp() {
    Caller ada = ADA.running(FLOW);
    Caller cyd = CYD.in("dev").running(FLOW);
    Caller bob = BOB.running(FLOW);
    Caller dan = DAN.in("dev");
    bind(ada, BOUND, "ada-bound");
    bind(ADA.principal().in("test").running(FLOW), BOUND, "ada-test");
    bind(ada, REPLACED, "ada-replaced");
    bind(cyd, REPLACED, "cyd-replaced");
    Connection deleted = make(ada, "tickets", "ada-deleted");
    runtime.references().bind(ada, DELETED, deleted.id());
    runtime.connections().delete(ADA, deleted.id());
    bind(ada, BROKEN, "ada-broken");
    bind(dan, GRANTED, "dan-granted");
    runtime.references().grant(dan, GRANTED, ADA.principal());
    bind(dan, KEPT, "dan-kept");
    bind(ada, WITHDRAWN, "ada-withdrawn");
    bind(dan.running(FLOW.coOwnedBy(DAN)), WITHDRAWN, "dan-withdrawn");
    bind(ada, CHOSEN, "ada-chosen");
    bind(cyd, CHOSEN, "cyd-chosen");
    bind(bob, CHOSEN, "bob-chosen");
    bind(EVE.in("dev"), CHOSEN, "eve-chosen");
    make(ada, "crm", "ada-crm");
    make(cyd, "crm", "cyd-crm");
    make(ada, "chat", "ada-chat-1");
    make(ada, "chat", "ada-chat-2");
    make(cyd, "chat", "cyd-chat");
    bind(ada.principal().in("dev"), UNDECLARED, "ada-undeclared");
    clock.advance(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName(
      "I1: 4 users x 3 environments x 12 references come to 144 outcomes, each as it should")
  void eachUserGetsToTheConnectionsThatAreMeantAndToNoOthers() {
    Map<String, ConnectionReference> references = new LinkedHashMap<>();
    FLOW.references().forEach(reference -> references.put(reference.logicalName(), reference));
    references.put("undeclared", UNDECLARED);
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();

    for (String line : EXPECTED.lines().toList()) {
      String[] cells = line.split(" +", -1);
      ConnectionReference reference = references.get(cells[0]);
      for (int i = 0; i < USERS.size(); i++) {
        String place = cells[0] + " in " + cells[1] + " for " + USERS.get(i) + ": ";
        expected.add(place + cells[i + 2]);
        actual.add(place + outcome(USERS.get(i).in(cells[1]).running(FLOW), reference));
      }
    }

    assertThat(expected).hasSize(144);
    assertThat(actual).containsExactlyElementsOf(expected);
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  private String outcome(Caller caller, ConnectionReference reference) {
    try {
      return names.get(runtime.references().resolve(caller, reference).connection().id());
    } catch (ResolutionException e) {
      return e.getClass().getSimpleName();
    }
  }
}
