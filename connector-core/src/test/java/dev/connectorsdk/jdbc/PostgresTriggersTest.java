package dev.connectorsdk.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

@ExtendWith(PostgresServer.Extension.class)
class PostgresTriggersTest extends JdbcTriggersContract {

  private final PostgresServer server;
  private JdbcConnectionPool pool;

  PostgresTriggersTest(PostgresServer server) {
    this.server = server;
  }

  /** The driver may make one statement of many, which many hosts have it do, and count no rows. */
  @Override
  protected DataSource emptyDatabase() throws SQLException {
    PGConnectionPoolDataSource source = server.emptySchema();
    source.setReWriteBatchedInserts(true);
    pool = JdbcConnectionPool.create(source);
    pool.setMaxConnections(30);
    return pool;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }

  @Test
  @DisplayName("G12: with 100,000 subscriptions what is due is found by indexes")
  void with100000SubscriptionsWhatIsDueIsFoundByIndexes() throws Exception {
    insert("s1");
    store("s1", List.of(ordered("a1", "k"), ordered("a2", "k"), event("b")));
    store("s1", events("done"));
    PostgresServer.execute(
        database,
        copies("subscription", "id", "'t' || n", "address", "NULL", "due_at", LATER),
        copies(
            "event",
            "number",
            "n + 10",
            "event_key",
            "decode(md5(n::text), 'hex')",
            "order_key",
            "NULL",
            "ready_at",
            "CASE WHEN n % 10 = 0 THEN " + LATER + " END",
            "status",
            "CASE WHEN n % 10 = 0 THEN 'STORED' ELSE 'ACCEPTED' END",
            "subscription_id",
            "'t' || n"),
        "ANALYZE");
    try (Connection connection = database.getConnection()) {
      TriggerStore one =
          JdbcStore.builder(new OneConnection(connection).dataSource()).build().triggers();
      long before = rowsReadOneByOne(connection);

      one.untilNextDue(ANNOUNCE);
      assertThat(one.claimDue(ANNOUNCE, LONG, 10)).hasSize(1);
      one.untilNextEvent(ANNOUNCE, Set.of());
      for (EventClaim claim : one.claimEvents(ANNOUNCE, Set.of(), LONG, 10)) {
        one.accept(claim, FORGET_PAYLOAD);
      }
      one.deliver("s1", List.of(ordered("a3", "k"), event("c")), new Load(100, 10_000));
      one.forget(10);
      one.inspect("s1");

      assertThat(rowsReadOneByOne(connection)).isEqualTo(before);
      one.countByKey();
      assertThat(rowsReadOneByOne(connection)).as("would be seen").isGreaterThan(before);
    }
  }

  @Test
  @DisplayName(
      "G12: tasks of 100,000 subscriptions are mended by an index, planned for none or not")
  void tasksOf100000SubscriptionsAreMendedByAnIndex() throws Exception {
    try (Connection connection = database.getConnection()) {
      TaskTable tasks =
          new TaskTable(new Database(new OneConnection(connection).dataSource()), "connector_");
      for (int i = 0; i < 12; i++) { // From then on PostgreSQL plans it no more.
        tasks.mend(ANNOUNCE);
      }
      insert("s1");
      PostgresServer.execute(
          database,
          copies(
              "subscription",
              "id",
              "'t' || n",
              "address",
              "NULL",
              "due_at",
              "CASE WHEN n % 10 = 1 THEN CURRENT_TIMESTAMP ELSE " + LATER + " END"),
          "INSERT INTO connector_scheduled_task (task_name, task_instance, execution_time, picked,"
              + " version) SELECT 'turn', id, "
              + LATER
              + ", FALSE, 1 FROM connector_subscription WHERE id <> 't1'");
      execute(connection, "SET statement_timeout = '20s'");

      assertThat(tasks.mend(ANNOUNCE).tasks()).isEqualTo(TaskTable.MOST_MENDED + 1);

      execute(connection, "RESET statement_timeout");
    }
  }

  @Test
  void whatSomebodyHoldsInATransactionIsClaimedAnotherTime() throws Exception {
    insert("s1");
    insert("s2");
    try (Connection host = database.getConnection();
        Connection own = database.getConnection()) {
      TaskTable tasks =
          new TaskTable(new Database(new OneConnection(own).dataSource()), "connector_");
      host.setAutoCommit(false);
      execute(host, "SELECT id FROM connector_subscription WHERE id = 's1' FOR NO KEY UPDATE");

      assertThat(tasks.claim(List.of("s1", "s2", "gone"), ANNOUNCE, LONG)).containsOnlyKeys("s2");

      host.rollback();
      assertThat(tasks.claim(List.of("s1", "s2", "gone"), ANNOUNCE, LONG)).containsOnlyKeys("s1");
    }
  }

  @Test
  @DisplayName("G12: a claim is given back together with the task that was picked for it")
  void aClaimIsGivenBackTogetherWithItsTask() throws Exception {
    insert("s1");
    try (Connection own = database.getConnection()) {
      PostgresTriggers triggers = withAPickedTask(own);

      Claim moved = triggers.claim("s1", LONG).orElseThrow();
      TaskTable.PickedTask task = triggers.tasks().begin(moved, 7);
      assertThat(triggers.finish(moved, at("c1"), Outcome.NONE, LONG)).isTrue();
      assertThat(task.isMoved()).isTrue();
      assertThat(triggers.finish(moved, at("c2"), Outcome.NONE, LONG)).as("late").isFalse();
      assertThat(task.isMoved()).as("once").isTrue();
      triggers.tasks().end(task);
      assertThat(query(TASK)).containsExactly("false, 8, true");
      assertThat(store.findSubscription("s1").orElseThrow().progress()).isEqualTo(at("c1"));
    }
  }

  @Test
  @DisplayName("G12: a task that another process has picked meanwhile stays as it is")
  void aTaskOfAnotherProcessStaysAsItIs() throws Exception {
    insert("s1");
    try (Connection own = database.getConnection()) {
      PostgresTriggers triggers = withAPickedTask(own);

      Claim claim = triggers.claim("s1", LONG).orElseThrow();
      TaskTable.PickedTask task = triggers.tasks().begin(claim, 6);
      assertThat(triggers.release(claim, Outcome.NONE, LONG)).isTrue();
      assertThat(task.isMoved()).isFalse();

      Claim never = triggers.claim("s1", LONG).orElseThrow();
      TaskTable.PickedTask last = triggers.tasks().begin(never, 7);
      assertThat(triggers.release(never, Outcome.NONE, null)).isTrue();
      assertThat(last.isMoved()).as("never due again").isFalse();
      assertThat(query(TASK)).containsExactly("true, 7, false");
    }
  }

  private PostgresTriggers withAPickedTask(Connection own) throws SQLException {
    execute(own, PICKED);
    return new PostgresTriggers(
        database, new Database(new OneConnection(own).dataSource()), "connector_");
  }

  private static final String PICKED =
      "INSERT INTO connector_scheduled_task (task_name, task_instance, execution_time, picked,"
          + " picked_by, version) VALUES ('turn', 's1', CURRENT_TIMESTAMP, TRUE, 'one', 7)";
  private static final String TASK =
      "SELECT t.picked || ', ' || t.version || ', ' || (t.execution_time = s.due_at IS TRUE) FROM"
          + " connector_scheduled_task t JOIN connector_subscription s ON s.id = t.task_instance";

  @Test
  void anEventIsStoredWhileItsSubscriptionIsGivenBack() throws Exception {
    insert("s1");
    try (Connection turn = database.getConnection();
        Connection sender = database.getConnection()) {
      turn.setAutoCommit(false);
      execute(turn, "UPDATE connector_subscription SET due_at = " + LATER);
      execute(sender, "SET lock_timeout = '1s'");
      TriggerStore one =
          JdbcStore.builder(new OneConnection(sender).dataSource()).build().triggers();

      assertThat(one.deliver("s1", List.of(event("a")), new Load(100, 10_000))).isEqualTo(1);

      turn.rollback();
      execute(sender, "RESET lock_timeout");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static final String LATER = "CURRENT_TIMESTAMP + INTERVAL '1' HOUR";

  /** Returns an INSERT of 100,000 copies of a row that differ in these columns. */
  private String copies(String table, String... changes) throws SQLException {
    List<String> columns =
        query(
            "SELECT column_name FROM information_schema.columns WHERE table_schema ="
                + " current_schema() AND table_name = 'connector_"
                + table
                + "'");
    List<String> values = new ArrayList<>(columns);
    for (int i = 0; i < changes.length; i += 2) {
      values.set(columns.indexOf(changes[i]), changes[i + 1]);
    }
    return "INSERT INTO connector_"
        + table
        + " ("
        + String.join(", ", columns)
        + ") SELECT "
        + String.join(", ", values)
        + " FROM (SELECT * FROM connector_"
        + table
        + " ORDER BY 1 DESC LIMIT 1) t, generate_series(1, 100000) n";
  }

  /** Returns how many rows of the triggers were read by going through a whole table. */
  private static long rowsReadOneByOne(Connection connection) throws SQLException {
    PostgresServer.query(connection, "SELECT pg_stat_force_next_flush()::text");
    PostgresServer.query(connection, "SELECT pg_stat_clear_snapshot()::text");
    return Long.parseLong(
        PostgresServer.query(
                connection,
                "SELECT SUM(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname ="
                    + " current_schema() AND relname IN ('connector_event',"
                    + " 'connector_subscription')")
            .get(0));
  }

  @Test
  @DisplayName("B14: what is committed waits for the server's log, and claims do not")
  void whatIsCommittedWaitsForTheServersLogAndClaimsDoNot() throws Exception {
    seeChangesOf("connector_subscription");

    try (Connection connection = database.getConnection()) {
      PostgresServer.execute(
          new OneConnection(connection).dataSource(), "SET synchronous_commit = on");
      TriggerStore one =
          JdbcStore.builder(new OneConnection(connection).dataSource()).build().triggers();

      one.insertSubscription(subscription("s1"), NOW);
      Claim claim = one.claimDue(ANNOUNCE, LONG, 1).get(0);
      one.commit(claim, at("c1"), List.of());
      one.renewClaim(claim, LONG);
      one.updateSubscription(subscription("s1").next(), 1, NOW);

      assertThat(query("SELECT mode FROM seen ORDER BY number"))
          .containsExactly("on", "off", "on", "off", "on");
      assertThat(PostgresServer.query(connection, "SHOW synchronous_commit"))
          .as("what others use the connection with")
          .containsExactly("on");
    }
  }

  @Test
  @DisplayName("B14: what one statement stores waits for the server's log, whatever is set")
  void whatOneStatementStoresWaitsForTheServersLog() throws Exception {
    try (Connection connection = database.getConnection()) {
      PostgresServer.execute(
          new OneConnection(connection).dataSource(), "SET synchronous_commit = off");
      TriggerStore one =
          JdbcStore.builder(new OneConnection(connection).dataSource()).build().triggers();
      one.insertSubscription(subscription("s1"), NOW);
      seeChangesOf("connector_event");

      one.deliver("s1", List.of(event("a")), new Load(100, 10_000));

      assertThat(query("SELECT mode FROM seen ORDER BY number")).containsExactly("on");
      assertThat(PostgresServer.query(connection, "SHOW synchronous_commit"))
          .as("what others use the connection with")
          .containsExactly("off");
    }
  }

  /** Has each change note how its transaction is set up so far. */
  private void seeChangesOf(String table) throws SQLException {
    PostgresServer.execute(
        database,
        "CREATE TABLE seen (number SERIAL, mode TEXT)",
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen (mode)"
            + " VALUES (current_setting(''synchronous_commit'')); RETURN NULL; END'",
        "CREATE TRIGGER see AFTER INSERT OR UPDATE ON "
            + table
            + " FOR EACH ROW EXECUTE FUNCTION see()");
  }
}
