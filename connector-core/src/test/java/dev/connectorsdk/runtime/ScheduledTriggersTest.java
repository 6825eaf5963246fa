package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that share PostgreSQL, among which db-scheduler says whose turn it is. */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(120)
class ScheduledTriggersTest extends RunningHostTest {

  private static final String TASKS = "SELECT task_instance FROM connector_scheduled_task";

  private final PostgresServer server;
  private JdbcConnectionPool pool;

  ScheduledTriggersTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void connect() throws SQLException {
    pool = JdbcConnectionPool.create(server.emptySchema());
    pool.setMaxConnections(20);
  }

  @AfterEach
  void disconnect() {
    pool.dispose();
  }

  private static ConnectorStore storeIn(DataSource source) {
    return JdbcStore.builder(source).build();
  }

  private ConnectorRuntime announcing() {
    return announcing(storeIn(pool)).build();
  }

  private SubscriptionSpec everything() {
    return SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce")
        .starting(new Start.All())
        .retaining(Duration.ofDays(1));
  }

  /** Subscribes, and returns when what is there already was handled. */
  private Subscription subscribed(ConnectorRuntime process) throws InterruptedException {
    Subscription subscription = subscribe(process, everything());
    assertAnnounced("T-1", "T-2", "T-3");
    return subscription;
  }

  private void assertNextPollFinds(ConnectorRuntime process, Subscription subscription)
      throws InterruptedException {
    hooked.last++;
    process.triggers().pollNow(ADAS_FLOW, subscription.id());
    assertAnnounced("T-" + hooked.last);
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      Stream.Builder<String> found = Stream.builder();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found.build().toList();
    }
  }

  private void execute(String sql, Object... values) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  private void awaitNone(String sql) throws SQLException {
    while (!query(sql).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("G12: what was deleted from the table of db-scheduler, or put off there, comes back")
  @Tag("G12")
  void theTableIsOnlyACache() throws Exception {
    try (ConnectorRuntime process = announcing()) {
      Subscription subscription = subscribed(process);
      assertThat(query(TASKS)).containsExactly(subscription.id());

      execute("DELETE FROM connector_scheduled_task");
      assertNextPollFinds(process, subscription);

      awaitNone(TASKS + " WHERE picked");
      execute(
          "UPDATE connector_scheduled_task SET execution_time = CURRENT_TIMESTAMP + INTERVAL '1' DAY");
      assertNextPollFinds(process, subscription);
      assertThat(query(TASKS)).containsExactly(subscription.id());
    }
  }

  @Test
  @DisplayName("C10: the row of a subscription that is gone goes when its time comes")
  @Tag("C10")
  void theRowOfASubscriptionThatIsGoneGoes() throws Exception {
    try (ConnectorRuntime process = announcing()) {
      Subscription subscription = subscribed(process);
      process.triggers().unsubscribe(ADAS_FLOW, subscription.id());

      awaitNone(TASKS + " WHERE picked");
      execute("UPDATE connector_scheduled_task SET execution_time = CURRENT_TIMESTAMP");

      awaitNone(TASKS);
    }
  }

  @Test
  @DisplayName("H9: task data is neither written nor read, whatever somebody has put there")
  @Tag("H9")
  void taskDataIsNotRead() throws Exception {
    try (ConnectorRuntime process = announcing()) {
      Subscription subscription = subscribed(process);
      assertThat(query(TASKS + " WHERE task_data IS NOT NULL")).isEmpty();
      var gadget = new ByteArrayOutputStream();
      try (var out = new ObjectOutputStream(gadget)) {
        out.writeObject(new Gadget());
      }

      awaitNone(TASKS + " WHERE picked");
      execute("UPDATE connector_scheduled_task SET task_data = ?", gadget.toByteArray());
      assertNextPollFinds(process, subscription);

      assertThat(query(TASKS + " WHERE task_data IS NOT NULL")).hasSize(1);
      assertThat(Gadget.read).isFalse();
    }
  }

  private static final class Gadget implements Serializable {

    @Serial private static final long serialVersionUID = 1L;

    private static volatile boolean read;

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      read = true;
    }
  }

  @Test
  @DisplayName("G12: a process without the handler leaves the turn to one that has it")
  @Tag("G12")
  void aProcessWithoutTheHandlerLeavesTheTurn() throws Exception {
    try (ConnectorRuntime setUp = announcing(storeIn(pool)).stopped()) {
      subscribe(setUp, everything());
    }
    try (ConnectorRuntime other =
        process(storeIn(pool)).handler("archive", Item.class, (item, event) -> {}).build()) {
      execute(
          "INSERT INTO connector_scheduled_task (task_name, task_instance, execution_time, picked,"
              + " version) SELECT 'turn', id, due_at, FALSE, 1 FROM connector_subscription");
      awaitNone(
          TASKS + " WHERE picked OR execution_time < CURRENT_TIMESTAMP + INTERVAL '40' SECOND");

      try (ConnectorRuntime process = announcing()) {
        assertAnnounced("T-1", "T-2", "T-3");
        assertThat(process.triggers().list(ADAS_FLOW)).hasSize(1);
        assertThat(other.triggers().list(ADAS_FLOW))
            .singleElement()
            .matches(subscription -> !subscription.hasHandler());
      }
    }
  }

  @Test
  @DisplayName("F9, G12: what a process was polling when it closed, another one polls at once")
  @Tag("F9")
  @Tag("G12")
  void whatAProcessWasPollingAnotherOnePolls() throws Exception {
    closeDuringAPoll(announcing(storeIn(pool)), everything());
    assertThat(query(TASKS + " WHERE picked")).isEmpty();

    try (ConnectorRuntime next = announcing()) {
      assertAnnounced("T-1", "T-2", "T-3");
      assertNextPollFinds(next, next.triggers().list(ADAS_FLOW).get(0));
    }
  }

  @Test
  void aPoolThatDoesNotCommitByItselfWorks() throws Exception {
    try (ConnectorRuntime process = announcing(storeIn(withoutAutoCommit(pool))).build()) {
      Subscription subscription = subscribed(process);
      assertNextPollFinds(process, subscription);
      awaitNone(TASKS + " WHERE picked OR execution_time <= CURRENT_TIMESTAMP");
    }
  }

  @Test
  @DisplayName("G12: events are handed over even while nobody can be told whose turn it is")
  @Tag("G12")
  void eventsAreHandedOverWhileTurnsCannotBeTaken() throws Exception {
    try (ConnectorRuntime process = announcing()) {
      Subscription subscription = subscribed(process);
      awaitNone("SELECT event_id FROM connector_event WHERE status = 'STORED'");

      execute("ALTER TABLE connector_scheduled_task RENAME TO elsewhere");
      InboxEvent first = process.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 1).get(0);
      assertThat(process.triggers().replay(ADAS_FLOW, subscription.id(), first.number())).isTrue();

      assertAnnounced(first.id());
      execute("ALTER TABLE elsewhere RENAME TO connector_scheduled_task");
    }
  }

  /** Like HikariCP, it rolls back what is not committed when a connection is given back. */
  private static DataSource withoutAutoCommit(DataSource source) {
    return proxy(
        DataSource.class,
        (proxy, method, arguments) -> {
          Object result = method.invoke(source, arguments);
          if (!(result instanceof Connection connection)) {
            return result;
          }
          connection.setAutoCommit(false);
          return proxy(Connection.class, rollingBack(connection));
        });
  }

  private static InvocationHandler rollingBack(Connection connection) {
    return (proxy, method, arguments) -> {
      if (method.getName().equals("close")
          && !connection.isClosed()
          && !connection.getAutoCommit()) {
        connection.rollback();
      }
      return method.invoke(connection, arguments);
    };
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(DataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
