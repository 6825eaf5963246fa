package dev.connectorsdk.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bindings and subscriptions take effect with the transaction that the host has open. */
abstract class OpenTransactionContract {

  private static final ReferenceKey INBOX =
      new ReferenceKey(Environment.of("prod"), Principal.user("ada"), "inbox", Source.EMBEDDED);
  private static final BindingKey EVERYWHERE = BindingKey.everywhere(INBOX);

  private DataSource database;
  private JdbcStore store;
  private Transaction open;

  /** Returns a database without tables. */
  abstract DataSource emptyDatabase() throws Exception;

  @BeforeEach
  void makeStore() throws Exception {
    database = emptyDatabase();
    open = new Transaction();
    store = JdbcStore.builder(database).joining(open).build();
    PostgresServer.execute(database, "CREATE TABLE work (name VARCHAR(100))");
  }

  @Test
  void whatIsRolledBackWasNeverThere() throws Exception {
    List<String> told = new ArrayList<>();
    open.begin();
    bind("c1");
    subscribe("s1");
    store.whenCommitted(() -> told.add("bound"));
    open.rollback();

    assertThat(bound()).isEmpty();
    assertThat(store.triggers().findSubscription("s1")).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsCommittedIsSeenThenAndToldThen() throws Exception {
    List<String> told = new ArrayList<>();
    open.begin();
    bind("c1");
    subscribe("s1");
    store.whenCommitted(() -> told.add("bound"));

    assertThat(bound()).isEmpty();
    assertThat(store.triggers().findSubscription("s1")).isEmpty();
    assertThat(told).isEmpty();
    open.commit();

    assertThat(bound()).containsExactly("c1");
    assertThat(store.triggers().findSubscription("s1")).isPresent();
    assertThat(told).containsExactly("bound");
  }

  @Test
  void anUnbindingThatIsRolledBackLeavesTheBinding() throws Exception {
    bind("c1");
    open.begin();
    assertThat(store.bindings().joining().deleteBinding(EVERYWHERE)).isTrue();
    open.rollback();

    assertThat(bound()).containsExactly("c1");
  }

  @Test
  void whatIsTakenDoesNotSpoilWhatTheHostHasWritten() throws Exception {
    subscribe("s1");
    open.begin();
    open.execute("INSERT INTO work VALUES ('before')");

    assertThat(subscribe("s1")).isFalse();
    open.execute("INSERT INTO work VALUES ('after')");
    bind("c1");
    open.commit();

    assertThat(work()).containsExactly("before", "after");
    assertThat(bound()).containsExactly("c1");
  }

  @Test
  void whatOthersDoMeanwhileIsNoPartOfTheTransaction() throws Exception {
    open.begin();
    store.bindings().writeBindings(List.of(binding("c1")), List.of());
    store.insertKeyCheck("a check");
    open.rollback();

    assertThat(bound()).containsExactly("c1");
    assertThat(store.findKeyCheck()).contains("a check");
  }

  @Test
  void withoutATransactionAllTakesEffectAtOnce() throws Exception {
    List<String> told = new ArrayList<>();

    bind("c1");
    bind("c2");
    assertThat(subscribe("s1")).isTrue();
    store.whenCommitted(() -> told.add("bound"));

    assertThat(bound()).containsExactly("c2");
    assertThat(told).containsExactly("bound");
  }

  private void bind(String connection) {
    store.bindings().joining().writeBindings(List.of(binding(connection)), List.of());
  }

  private static StoredBinding binding(String connection) {
    return new StoredBinding(EVERYWHERE, ConnectorId.of("tasks"), ConnectionId.of(connection));
  }

  private List<String> bound() {
    return store.bindings().findBindings(INBOX).stream()
        .map(binding -> binding.connection().value())
        .toList();
  }

  private boolean subscribe(String id) {
    var subject =
        new Subject(
            Environment.of("prod"), "triage", ConnectorId.of("tasks"), "inbox", "done", "h", "");
    var row =
        new StoredSubscription(
            id,
            1,
            subject,
            "{}",
            new Life("ACTIVE", "", true),
            Sealed.NONE,
            Progress.NONE,
            Outcome.NONE);
    return store.triggers().insertSubscription(row, Duration.ZERO);
  }

  private List<String> work() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name FROM work")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }

  @AfterEach
  void end() throws SQLException {
    if (open.connection != null) {
      open.rollback();
    }
  }

  /** A transaction of the test's thread. */
  private final class Transaction implements OpenTransaction {

    private final List<Runnable> afterwards = new ArrayList<>();
    private Connection connection;

    void begin() throws SQLException {
      connection = database.getConnection();
      connection.setAutoCommit(false);
    }

    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    void commit() throws SQLException {
      connection.commit();
      close();
      afterwards.forEach(Runnable::run);
    }

    void rollback() throws SQLException {
      connection.rollback();
      close();
    }

    private void close() throws SQLException {
      connection.setAutoCommit(true);
      connection.close();
      connection = null;
    }

    @Override
    public Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    @Override
    public void whenCommitted(Runnable then) {
      afterwards.add(then);
    }
  }
}
