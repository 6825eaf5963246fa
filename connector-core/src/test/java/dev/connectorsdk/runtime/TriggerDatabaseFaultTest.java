package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.storm.FaultyLine;
import dev.connectorsdk.storm.FaultyLine.Fault;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * The line to PostgreSQL fails while what was polled or sent is stored.
 *
 * <p>The system property {@code storm.faults} says how often it fails in each way.
 */
@ExtendWith(PostgresServer.Extension.class)
@Tag("I5")
@Timeout(300)
class TriggerDatabaseFaultTest {

  private static final int FAULTS = Integer.getInteger("storm.faults", 0);
  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Flow FLOW = Flow.of("desk", ADA.principal());
  private static final Caller ADAS_FLOW = ADA.running(FLOW);
  private static final ConnectionReference REFERENCE =
      ConnectionReference.embedded("team-tickets", "tickets");

  /** A pool that does not look at its connections hands out each broken one once. */
  private static final int CONNECTIONS = 3;

  private static final int MOST_RUNS = 10 * CONNECTIONS;

  private final PostgresServer server;
  private final Hooked hooked = new Hooked();
  private final List<String> handled = new ArrayList<>();
  private URI callback;
  private FaultyLine line;
  private JdbcConnectionPool pool;
  private JdbcConnectionPool healthy;
  private ConnectorRuntime runtime;

  TriggerDatabaseFaultTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws Exception {
    PGConnectionPoolDataSource source = server.emptySchema();
    healthy = HaltingTriggerNode.pool(source.getUrl() + "&user=postgres");
    line = new FaultyLine(source.getPortNumbers()[0]);
    source.setPortNumbers(new int[] {line.port()});
    source.setSocketTimeout(1);
    source.setConnectTimeout(1);
    source.setLoginTimeout(1);
    pool = JdbcConnectionPool.create(source);
    pool.setMaxConnections(CONNECTIONS);
    pool.setLoginTimeout(5);
    hooked.last = 0;
    runtime =
        ConnectorRuntime.builder()
            .connector(
                Tickets.builder("http://localhost")
                    .trigger(hooked.trigger())
                    .trigger(hook())
                    .build())
            .store(JdbcStore.builder(pool).build(), KeyRing.random())
            .flows(FlowDirectory.of(FLOW))
            .publicAddress("https://host.test/hooks")
            .handler("announce", Item.class, (item, event) -> handled.add(item.id()))
            .stopped();
    var key = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
    runtime.references().bind(ADA, REFERENCE, runtime.connections().create(ADA, key).id());
  }

  private WebhookTrigger<Nothing, Item> hook() {
    return WebhookTrigger.builder("hook", Nothing.class, Item.class)
        .signature(Signature.unsigned().build())
        .subscribe(
            (none, url, call) -> {
              callback = url.url();
              return Registration.of("h-1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  @AfterEach
  void stop() throws Exception {
    line.heal();
    runtime.close();
    pool.dispose();
    healthy.dispose();
    line.close();
  }

  private Subscription subscribe(SubscriptionSpec spec) {
    return runtime.triggers().subscribe(ADAS_FLOW, spec.atMostPerMinute(1_000_000));
  }

  /** Tells the database that an hour has passed, so that claims and pauses have run out. */
  private void anHourPasses() throws SQLException {
    String past = " - INTERVAL '1' HOUR";
    try (Connection database = healthy.getConnection();
        Statement statement = database.createStatement()) {
      statement.execute(
          "UPDATE connector_subscription SET due_at = due_at"
              + past
              + ", claimed_until = claimed_until"
              + past);
      statement.execute("UPDATE connector_event SET ready_at = ready_at" + past);
    }
  }

  private boolean runs() {
    try {
      runtime.triggerModule().runDue();
      return true;
    } catch (StoreException e) {
      assertThat(e.isRetryable()).isTrue();
      return false;
    }
  }

  /** Runs until so many events were handled, or for longer than connections can be broken. */
  private void runUntil(int events) throws SQLException {
    for (int i = 0; i < MOST_RUNS && (!runs() || new HashSet<>(handled).size() < events); i++) {
      anHourPasses();
    }
  }

  @ParameterizedTest
  @CsvSource({"SILENT, 1", "RESET, 5", "CUT, 5"})
  @DisplayName("I5: nothing is lost or comes twice if the line fails when a poll is stored")
  void nothingIsLostIfTheLineFailsWhenAPollIsStored(Fault fault, int usual) throws Exception {
    int rounds = FAULTS == 0 ? usual : FAULTS;
    var spec = SubscriptionSpec.of(REFERENCE, "hooked", Nothing.NOTHING, "announce");
    Subscription subscription = subscribe(spec.starting(new Start.All()));
    runUntil(0);
    for (int round = 1; round <= rounds; round++) {
      hooked.last = round * 3;
      hooked.during =
          poll -> {
            hooked.during = later -> {};
            line.fail(fault);
          };
      anHourPasses();
      runs();
      line.heal();

      runUntil(round * 3);
    }

    List<String> all = IntStream.rangeClosed(1, rounds * 3).mapToObj(n -> "T-" + n).toList();
    assertThat(stored(subscription)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(handled).containsAll(all);
  }

  @ParameterizedTest
  @CsvSource({"SILENT, 1", "RESET, 5", "CUT, 5"})
  @Tag("G5")
  @DisplayName(
      "I5, G5: without the database deliveries are refused, and none that is sent again is lost")
  void noDeliveryIsLostIfTheLineFails(Fault fault, int usual) throws Exception {
    int rounds = FAULTS == 0 ? usual : FAULTS;
    Subscription subscription =
        subscribe(SubscriptionSpec.of(REFERENCE, "hook", Nothing.NOTHING, "announce"));
    runUntil(0);
    int refused = 0;
    for (int round = 1; round <= rounds; round++) {
      line.fail(fault);
      WebhookResponse response = deliver("T-" + round);
      for (int i = 0; response.status() != 200; i++) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers()).containsKey("Retry-After");
        assertThat(i).as("refused in a row").isLessThanOrEqualTo(CONNECTIONS + 1);
        refused++;
        line.heal();
        response = deliver("T-" + round);
      }
    }
    runUntil(rounds);

    List<String> all = IntStream.rangeClosed(1, rounds).mapToObj(n -> "T-" + n).toList();
    assertThat(refused).isPositive();
    assertThat(handled).containsExactlyInAnyOrderElementsOf(all);
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 1_000))
        .hasSize(rounds);
  }

  private WebhookResponse deliver(String id) throws IOException {
    byte[] body = ("{\"id\":\"" + id + "\",\"group\":\"\"}").getBytes(UTF_8);
    return runtime
        .triggers()
        .receive(
            new WebhookRequest(
                "POST", callback.getRawPath(), null, Map.of(), new ByteArrayInputStream(body)));
  }

  private List<String> stored(Subscription subscription) {
    return runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 1_000).stream()
        .map(InboxEvent::id)
        .toList();
  }
}
