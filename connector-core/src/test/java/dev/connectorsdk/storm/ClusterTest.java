package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.storm.PolledService.Poll;
import dev.connectorsdk.storm.PollingNode.Watched;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.File;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Three hosts in processes of their own share a PostgreSQL and many triggers. They are killed,
 * stopped for longer than a claim lasts, closed and started again. Their clocks are wrong by five
 * minutes either way.
 *
 * <p>The system property {@code storm.triggers} says how many triggers there are, and {@code
 * storm.clusters} how often all of that happens. If it is set, it is waited for that claims run
 * out; otherwise the database is told that time has passed.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(1800)
class ClusterTest {

  private static final int TRIGGERS = Integer.getInteger("storm.triggers", 40);
  private static final int ROUNDS = Integer.getInteger("storm.clusters", 0);
  private static final int PER_CONNECTION = 50;

  /** So that there are at most a hundred polls in a second. */
  private static final Duration EVERY = Duration.ofSeconds(Math.max(1, TRIGGERS / 100));

  /** Enough for polls to go on until the storm is over. */
  private static final int ITEMS = 30 + (int) (240 * ROUNDS / EVERY.toSeconds());

  /** How often it is looked, five times a second, whether all has arrived. */
  private static final int MOST_LOOKS = 600 + ROUNDS * 600;

  /** How soon polls of a killed process go on, where it is waited for that claims run out. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(70);

  private final PostgresServer server;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Map<Integer, String> subscriptions = new HashMap<>();
  private PolledService service;
  private PGConnectionPoolDataSource source;
  private JdbcConnectionPool pool;

  ClusterTest(PostgresServer server) {
    this.server = server;
  }

  @AfterEach
  void stop() {
    nodes.forEach(NodeProcess::close);
    service.close();
    pool.dispose();
  }

  @Test
  @DisplayName("G12, G9, I6: every event has its effect once, and no two poll the same at once")
  @Tag("G12")
  @Tag("G9")
  @Tag("I6")
  void everyEventHasItsEffectOnce() throws Exception {
    subscribe(ITEMS);
    List<Integer> skews = List.of(-5, 0, 5);
    for (int skew : skews) {
      nodes.add(node(skew));
    }
    for (NodeProcess node : nodes) {
      node.await("ready");
    }
    service.open();
    for (int round = 0; round < Math.max(1, ROUNDS); round++) {
      NodeProcess killed = nodes.get(round % 3);
      NodeProcess stopped = nodes.get((round + 1) % 3);
      NodeProcess closed = nodes.get((round + 2) % 3);

      Poll late = service.hold(stopped.id());
      stopped.signal("STOP");
      service.release();
      Poll lost = service.hold(killed.id());
      killed.kill();
      long killedAt = System.nanoTime();
      service.release();
      letClaimsRunOut(late, lost);
      nodes.set(round % 3, node(skews.get(round % 3)));
      service.awaitAnother(lost);
      if (ROUNDS > 0) {
        assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(TAKEN_OVER);
      }
      service.awaitFurther(late);

      service.expectLatePolls(stopped.id());
      stopped.signal("CONT");
      closed.signal("TERM");
      closed.awaitEnd();
      nodes.set((round + 2) % 3, node(skews.get((round + 2) % 3)));
    }

    assertAllReceived(ITEMS);
  }

  @Test
  @DisplayName("G12: a process without db-scheduler shares polls with one that has it")
  @Tag("G12")
  void aProcessWithoutDbSchedulerSharesPolls() throws Exception {
    subscribe(15);
    nodes.add(node(0));
    service.hold(nodes.get(0).id());
    service.release();
    nodes.add(process(withoutDbScheduler(), 0));
    service.hold(nodes.get(1).id());
    service.release();

    service.open();

    assertAllReceived(15);
  }

  private static String withoutDbScheduler() {
    return Arrays.stream(NodeProcess.CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> !entry.contains("db-scheduler"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private NodeProcess node(int skew) throws Exception {
    return process(NodeProcess.CLASS_PATH, skew);
  }

  private NodeProcess process(String classPath, int skew) throws Exception {
    return new NodeProcess(
        PollingNode.class,
        classPath,
        "UTC",
        String.valueOf(source.getPortNumbers()[0]),
        source.getCurrentSchema(),
        service.url(),
        String.valueOf(skew));
  }

  private void subscribe(int itemsEach) throws Exception {
    service = new PolledService(itemsEach);
    source = server.emptySchema();
    pool = StormNode.pool(source.getPortNumbers()[0], source.getCurrentSchema());
    execute("CREATE TABLE received (id VARCHAR NOT NULL)");
    var items = PollingNode.items("");
    Caller ada = StormNode.ada("dev");
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder(service.url()).trigger(items).build())
            .store(JdbcStore.builder(pool).build(), StormNode.KEYS)
            .flows(FlowDirectory.of(PollingNode.FLOW))
            .build()) {
      for (int number = 0; number < TRIGGERS; number++) {
        var reference =
            ConnectionReference.embedded("tickets-" + number / PER_CONNECTION, "tickets");
        if (number % PER_CONNECTION == 0) {
          var key = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
          runtime.references().bind(ada, reference, runtime.connections().create(ada, key).id());
        }
        var spec = SubscriptionSpec.of(reference, items, new Watched(number), "receive");
        subscriptions.put(
            number,
            runtime.triggers().subscribe(ada.running(PollingNode.FLOW), spec.every(EVERY)).id());
      }
    }
  }

  /** Tells the database that a minute has passed since the processes of these polls were seen. */
  private void letClaimsRunOut(Poll... polls) throws SQLException {
    if (ROUNDS > 0) {
      return;
    }
    String past = " - INTERVAL '61' SECOND";
    for (Poll poll : polls) {
      String picked =
          " WHERE picked_by = (SELECT picked_by FROM connector_scheduled_task WHERE task_instance = '"
              + subscriptions.get(poll.watched())
              + "')";
      execute(
          "UPDATE connector_subscription SET claimed_until = claimed_until"
              + past
              + ", due_at = due_at"
              + past
              + " WHERE claim_token IS NOT NULL AND id IN (SELECT task_instance FROM"
              + " connector_scheduled_task"
              + picked
              + ")");
      execute(
          "UPDATE connector_scheduled_task SET last_heartbeat = last_heartbeat" + past + picked);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void assertAllReceived(int itemsEach) throws SQLException {
    long all = (long) TRIGGERS * itemsEach;
    String query =
        "SELECT (SELECT COUNT(*) FROM received), (SELECT COUNT(DISTINCT id) FROM received)"
            + " FROM pg_sleep(0.2)";
    List<Long> found = List.of();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (int look = 0; look < MOST_LOOKS && (found.isEmpty() || found.get(1) < all); look++) {
        try (ResultSet rows = statement.executeQuery(query)) {
          rows.next();
          found = List.of(rows.getLong(1), rows.getLong(2));
        }
      }
    }
    assertThat(found).as("events, and different ones").containsExactly(all, all);
    assertThat(service.faults()).isEmpty();
    assertThat(provedInTheFuture()).as("whose clock is ahead proves nothing of it").isZero();
  }

  /** Returns of how many subscriptions more is proved than has happened by the database's clock. */
  private long provedInTheFuture() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM connector_subscription WHERE complete_up_to >"
                    + " CURRENT_TIMESTAMP")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
