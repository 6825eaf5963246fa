package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.console.Console;
import dev.connectorsdk.examples.console.Visitor;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.SubscriptionSpec;
import io.javalin.Javalin;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A host with a console, with so many connections, flows, rights and triggers. The cookie says who
 * visits it: {@code root} administers, {@code user} owns the first of all, or all, and with {@code
 * guest} every second connection is shared through a group.
 */
final class ConsoleAtSize implements AutoCloseable {

  /**
   * How much there is.
   *
   * @param people to whom the first connection is granted, and who may run the first flow
   * @param ofOne whether all of it belongs to one user, in place of one of each to each
   */
  record Size(int connections, int flows, int people, boolean ofOne) {

    Principal owner(int number) {
      return user(ofOne ? 0 : number);
    }
  }

  static final ConnectionReference DESK = ConnectionReference.embedded("desk", "tickets");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "tickets");
  private static final String IN = "prod";
  private static final Principal GUEST = Principal.user("guest");
  private static final Principal STAFF = Principal.group("staff");
  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final int BROKEN = 50;
  private static final int SHARED_WITH_STAFF = 2;

  private static final PollingTrigger<Nothing, Integer, String> OPENED =
      PollingTrigger.builder("ticketOpened", Nothing.class, Integer.class, String.class)
          .poll((poll, call) -> Batch.of(List.of(new Event<>("1", "A ticket")), 1));

  private static final Connector TICKETS =
      Connector.builder("tickets", CannedService.BASE_URL)
          .auth(AuthOption.apiKeyHeader(CannedService.KEY_HEADER))
          .action(Tickets.GET)
          .action(Tickets.CREATE)
          .action(Tickets.CONNECTION_NAME)
          .trigger(OPENED)
          .build();

  private final Size size;
  private final ConnectorRuntime runtime;
  private final Javalin app;
  private final URI address;
  private final Connection first;
  private final String trigger;
  private final String gateway;

  private ConsoleAtSize(ConnectorStore store, @Nullable DataSource database, Size size)
      throws SQLException {
    this.size = size;
    Flow[] flows = flows(size);
    FlowDirectory directory = FlowDirectory.of(flows);
    runtime =
        ConnectorRuntime.builder()
            .connector(TICKETS)
            .store(store, KeyRing.random())
            .flows(directory)
            .memberships((group, member) -> group.equals(STAFF) && member.equals(GUEST))
            .audit(AuditSettings.inStore())
            .handler("announce", String.class, (event, context) -> {})
            .triggersByHand()
            .build();
    app = Javalin.create(config -> config.showJavalinBanner = false).start("127.0.0.1", 0);
    address = URI.create("http://127.0.0.1:" + app.port() + "/console");
    Console.of(runtime, request -> visitor(request.header("Cookie")), address)
        .flows(directory)
        .addTo(app);
    first = connect(0);
    trigger = watch(flows[0]);
    gateway = runtime.gateways().create(ROOT.in(first.environment()), "Plant").id();
    runtime.policies().save(ROOT, DataPolicy.named("house").build(), 0);
    if (database == null) {
      fill(flows);
    } else {
      copy(new RowCopies(database));
    }
    IntStream.range(0, size.people()).forEach(i -> grant(first, Principal.user("reader-" + i)));
  }

  static ConsoleAtSize inMemory(Size size) throws SQLException {
    return new ConsoleAtSize(new InMemoryStore(), null, size);
  }

  static ConsoleAtSize in(DataSource database, Size size) throws SQLException {
    return new ConsoleAtSize(JdbcStore.builder(database).build(), database, size);
  }

  private static Principal user(int number) {
    return Principal.user("user-" + number);
  }

  private static Optional<Visitor> visitor(@Nullable String cookie) {
    Principal who =
        "root".equals(cookie) ? ROOT.principal() : "guest".equals(cookie) ? GUEST : user(0);
    Visitor visitor = Visitor.of(who.in(IN), who.id(), "session of " + who);
    return Optional.of("root".equals(cookie) ? visitor.administering(ROOT) : visitor);
  }

  private static Flow[] flows(Size size) {
    Flow shared = Flow.of("flow-0", user(0)).calling(DESK, OPENED.id());
    for (int i = 0; i < size.people(); i++) {
      shared = shared.runnableBy(Principal.user("runner-" + i));
    }
    return Stream.concat(
            Stream.of(shared),
            Stream.concat(
                IntStream.range(1, size.flows()).mapToObj(i -> flow(size.owner(i), i)),
                Stream.of(
                    Flow.of("asks", user(0)).using(MINE), Flow.of("guests", GUEST).using(DESK))))
        .toArray(Flow[]::new);
  }

  private static Flow flow(Principal owner, int number) {
    return Flow.of("flow-" + number, owner).runnableBy(user(number + 1)).calling(DESK, OPENED.id());
  }

  private Connection connect(int number) {
    Caller owner = size.owner(number).in(IN);
    Connection made =
        runtime
            .connections()
            .create(
                owner,
                ConnectionSpec.of("tickets", "apiKey")
                    .secret("api_key", Secret.of(CannedService.KEY))
                    .untested());
    if (!size.ofOne() || number == 0) {
      runtime.references().bind(owner, DESK, made.id());
    }
    return made;
  }

  private String watch(Flow flow) {
    return runtime
        .triggers()
        .subscribe(
            flow.owner().in(IN).running(flow),
            SubscriptionSpec.of(DESK, OPENED, Nothing.NOTHING, "announce"))
        .id();
  }

  private void grant(Connection connection, Principal grantee) {
    Caller owner = connection.owner().in(IN);
    runtime.connections().grant(owner, connection.id(), grantee, Right.USE);
  }

  private void fill(Flow[] flows) {
    for (int i = 1; i < size.connections(); i++) {
      Connection made = connect(i);
      grant(made, i % SHARED_WITH_STAFF == 0 ? STAFF : user(i + 1));
      if (i % BROKEN == 0) {
        runtime.connections().disable(ROOT, made.id(), "Nobody uses it.");
      }
    }
    for (int i = 1; i < size.flows(); i++) {
      watch(flows[i]);
    }
  }

  /** Copies the rows of the first of each for others. */
  private void copy(RowCopies rows) throws SQLException {
    grant(first, STAFF);
    String owner = size.ofOne() ? "owner" : "'user:user-' || n";
    String ofFirst = "id = '" + first.id() + "'";
    rows.copy(
        "connector_connection",
        ofFirst,
        size.connections(),
        Map.of(
            "id", "'copy-' || n",
            "owner", owner,
            "status", "CASE WHEN MOD(n, 50) = 0 THEN 'UNAUTHENTICATED' ELSE status END",
            "status_reason", "CASE WHEN MOD(n, 50) = 0 THEN 'GRANT_ENDED' ELSE status_reason END"));
    rows.copy(
        "connector_access_grant",
        "name = '" + first.id() + "'",
        size.connections(),
        Map.of(
            "name", "'copy-' || n",
            "grantee",
                "CASE WHEN MOD(n, 2) = 0 THEN 'group:staff' ELSE 'user:user-' || (n + 1) END",
            "grantor", size.ofOne() ? "grantor" : "'user:user-' || n"));
    if (!size.ofOne()) {
      rows.copy(
          "connector_reference_binding",
          "connection_id = '" + first.id() + "'",
          size.connections(),
          Map.of("principal", "'user:user-' || n", "connection_id", "'copy-' || n"));
    }
    rows.copy(
        "connector_subscription",
        "id = '" + trigger + "'",
        size.flows(),
        Map.of("id", "'copy-' || n", "flow", "'flow-' || n"));
    rows.analyze();
  }

  /** Returns the address of a page, with the ids of the first of each. */
  URI page(String path) {
    return URI.create(
        address
            + path.replace("{id}", first.id().value())
                .replace("{trigger}", trigger)
                .replace("{gateway}", gateway));
  }

  @Override
  public void close() {
    app.stop();
    runtime.close();
  }
}
