package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
class ScheduledTriggersTest extends TriggerHostTest {

  private static final String TASKS = "SELECT task_instance FROM connector_scheduled_task";

  private final PostgresServer server;
  private final Hooked hooked = new Hooked();
  private final PollingTrigger<Nothing, Integer, Item> trigger = hooked.trigger();
  private final BlockingQueue<String> announced = new LinkedBlockingQueue<>();
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

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger).build();
  }

  private RuntimeBuilder process(DataSource source) {
    return ConnectorRuntime.builder()
        .connector(connector())
        .store(JdbcStore.builder(source).build(), keys)
        .flows(FlowDirectory.of(FLOW));
  }

  private RuntimeBuilder announcing(DataSource source) {
    return process(source)
        .handler("announce", Item.class, (item, event) -> announced.add(item.id()));
  }

  private Subscription subscribe(ConnectorRuntime process) {
    var key = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
    process.references().bind(ADA, SHARED, process.connections().create(ADA, key).id());
    return process
        .triggers()
        .subscribe(
            ADAS_FLOW,
            SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce")
                .starting(new Start.All())
                .retaining(Duration.ofDays(1)));
  }

  private void assertAnnounced(String... ids) throws InterruptedException {
    String[] found = new String[ids.length];
    for (int i = 0; i < ids.length; i++) {
      found[i] = announced.poll(30, TimeUnit.SECONDS);
    }
    assertThat(found).containsExactlyInAnyOrder(ids);
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
    try (ConnectorRuntime process = announcing(pool).build()) {
      Subscription subscription = subscribe(process);
      assertAnnounced("T-1", "T-2", "T-3");
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
    try (ConnectorRuntime process = announcing(pool).build()) {
      Subscription subscription = subscribe(process);
      assertAnnounced("T-1", "T-2", "T-3");
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
    try (ConnectorRuntime process = announcing(pool).build()) {
      Subscription subscription = subscribe(process);
      assertAnnounced("T-1", "T-2", "T-3");
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
    try (ConnectorRuntime setUp = announcing(pool).stopped()) {
      subscribe(setUp);
    }
    try (ConnectorRuntime other =
        process(pool).handler("archive", Item.class, (item, event) -> {}).build()) {
      execute(
          "INSERT INTO connector_scheduled_task (task_name, task_instance, execution_time, picked,"
              + " version) SELECT 'turn', id, due_at, FALSE, 1 FROM connector_subscription");
      awaitNone(
          TASKS + " WHERE picked OR execution_time < CURRENT_TIMESTAMP + INTERVAL '40' SECOND");

      try (ConnectorRuntime process = announcing(pool).build()) {
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
    var polling = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    hooked.during =
        poll -> {
          hooked.during = later -> {};
          polling.countDown();
          go.await();
        };
    ConnectorRuntime first = announcing(pool).build();
    subscribe(first);
    polling.await();

    Thread closing = new Thread(first::close);
    closing.start();
    while (closing.getState() == Thread.State.RUNNABLE || closing.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    go.countDown();
    closing.join();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("connector-triggers")) {
        thread.join(5_000); // A pool has ended a moment before its last thread has.
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
    assertThat(query(TASKS + " WHERE picked")).isEmpty();

    try (ConnectorRuntime next = announcing(pool).build()) {
      assertAnnounced("T-1", "T-2", "T-3");
      assertNextPollFinds(next, next.triggers().list(ADAS_FLOW).get(0));
    }
  }

  @Test
  void aPoolThatDoesNotCommitByItselfWorks() throws Exception {
    try (ConnectorRuntime process = announcing(withoutAutoCommit(pool)).build()) {
      Subscription subscription = subscribe(process);
      assertAnnounced("T-1", "T-2", "T-3");
      assertNextPollFinds(process, subscription);
      awaitNone(TASKS + " WHERE picked OR execution_time <= CURRENT_TIMESTAMP");
    }
  }

  @Test
  @DisplayName("G12: events are handed over even while nobody can be told whose turn it is")
  @Tag("G12")
  void eventsAreHandedOverWhileTurnsCannotBeTaken() throws Exception {
    try (ConnectorRuntime process = announcing(pool).build()) {
      Subscription subscription = subscribe(process);
      assertAnnounced("T-1", "T-2", "T-3");
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
