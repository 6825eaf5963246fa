package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.Subscription;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A handler that writes in the transaction in which its event is accepted. */
class ExactlyOnceTest extends TriggerHostTest {

  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
  private final JdbcStore tables = JdbcStore.builder(pool).build();
  private final List<String> failing = new ArrayList<>(List.of("T-2"));

  @Override
  ConnectorRuntime node() {
    return with(builder().store(tables, keys).flows(directory()))
        .handler("announce", Item.class, tables.inTransaction(this::announce))
        .stopped();
  }

  private void announce(Item item, HandledEvent event, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO announced VALUES ('" + item.id() + "')");
    }
    if (failing.remove(item.id())) {
      throw new IllegalStateException("after the row was written");
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    execute("CREATE TABLE announced (id VARCHAR)");
    bindAdasConnection();
  }

  @AfterEach
  void close() throws SQLException {
    execute("SHUTDOWN");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> announced() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM announced ORDER BY id")) {
      List<String> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }

  @Test
  @DisplayName("G9: an event that is handled has its rows, and one that is not has none")
  @Tag("G9")
  void anEventThatIsHandledHasItsRows() throws SQLException {
    Feed.begins(service, 1, "T-1", "T-2", "T-3");
    Feed.goesOn(service, 1, 1);
    Subscription subscription = subscribe();

    run();

    assertThat(announced()).containsExactly("T-1", "T-3");
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), EventStatus.STORED, 0, 10))
        .singleElement()
        .satisfies(event -> assertThat(event.attempts()).isEqualTo(1));

    execute("UPDATE connector_event SET ready_at = CURRENT_TIMESTAMP WHERE ready_at IS NOT NULL");
    run();

    assertThat(announced()).containsExactly("T-1", "T-2", "T-3");
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), EventStatus.ACCEPTED, 0, 10))
        .hasSize(3);
  }
}
