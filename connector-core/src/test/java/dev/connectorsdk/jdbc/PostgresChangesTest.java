package dev.connectorsdk.jdbc;

import static dev.connectorsdk.fixtures.StoreRows.ADA;
import static dev.connectorsdk.fixtures.StoreRows.BOB;
import static dev.connectorsdk.fixtures.StoreRows.MAIL;
import static dev.connectorsdk.fixtures.StoreRows.PROD;
import static dev.connectorsdk.fixtures.StoreRows.connection;
import static dev.connectorsdk.fixtures.StoreRows.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ChangeFeed;
import dev.connectorsdk.api.spi.ChangeFeed.Change;
import dev.connectorsdk.api.spi.ChangeFeed.ConnectionChange;
import dev.connectorsdk.api.spi.ChangeFeed.GrantsChange;
import dev.connectorsdk.api.spi.ChangeFeed.ReferenceChange;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one process is told of what others change in the same database. */
@ExtendWith(PostgresServer.Extension.class)
class PostgresChangesTest {

  private static final ConnectionFilter ADAS = new ConnectionFilter(PROD, ADA, MAIL);
  private static final ReferenceKey REFERENCE =
      new ReferenceKey(PROD, ADA, "mail", Source.EMBEDDED);

  private final PostgresServer server;
  private JdbcConnectionPool pool;
  private JdbcStore store;
  private ChangeFeed feed;

  PostgresChangesTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void open() throws SQLException {
    pool = server.emptyPool();
    store = JdbcStore.builder(pool).build();
    feed = store.changes().orElseThrow();
  }

  @AfterEach
  void close() {
    pool.dispose();
  }

  private static ConnectionChange changed(String id) {
    return new ConnectionChange(ConnectionId.of(id), ADAS);
  }

  private void insert(String id) {
    store.insertConnection(connection(id), List.of());
  }

  private List<Change> next() {
    return feed.next().orElseThrow();
  }

  @Test
  void nothingIsKnownAtFirstAndThenEachChangeIsToldOnce() {
    insert("before");

    assertThat(feed.next()).isEmpty();
    assertThat(next()).isEmpty();
    insert("after");
    assertThat(next()).containsExactly(changed("after"));
    assertThat(next()).isEmpty();
  }

  @Test
  void aConnectionIsToldWhenItIsChangedAndDeletedAndWithTheOwnerThatItHad() {
    insert("a");
    feed.next();

    store.updateConnection(version(connection("a"), 2), 1, List.of());
    assertThat(next()).containsExactly(changed("a"));

    StoredConnection handedOver = version(connection("a"), 3).ownedBy(BOB);
    store.updateConnection(handedOver, 2, List.of());
    assertThat(next())
        .containsExactlyInAnyOrder(
            changed("a"),
            new ConnectionChange(ConnectionId.of("a"), new ConnectionFilter(PROD, BOB, MAIL)));

    store.deleteConnection(ConnectionId.of("a"));
    assertThat(next()).hasSize(1);
  }

  @Test
  void bindingsSharesAndGrantsAreToldWithWhatTheyAreOn() {
    feed.next();
    BindingKey everywhere = new BindingKey(REFERENCE, null, null);

    store
        .bindings()
        .writeBindings(
            List.of(new StoredBinding(everywhere, MAIL, ConnectionId.of("a"))), List.of());
    assertThat(next()).containsExactly(new ReferenceChange(REFERENCE));

    store
        .shares()
        .writeShare(
            new StoredShare(
                new BindingKey(REFERENCE, ADA, "flow"),
                new StoredShare.Terms(true, null, Set.of(), null),
                ADA));
    assertThat(next()).containsExactly(new ReferenceChange(REFERENCE));

    store.bindings().writeBindings(List.of(), List.of(everywhere));
    assertThat(next()).containsExactly(new ReferenceChange(REFERENCE));

    GrantSubject on = new GrantSubject(PROD, ADA, "mail");
    Grant use = new Grant(BOB, Right.USE, ADA, null);
    store.grants().replaceGrants(on, List.of(), List.of(new StoredGrant(on, use)));
    assertThat(next()).containsExactly(new GrantsChange(on));

    GrantSubject onConnection = GrantSubject.of(connection("a"));
    store
        .grants()
        .replaceGrants(onConnection, List.of(), List.of(new StoredGrant(onConnection, use)));
    assertThat(next()).containsExactly(new GrantsChange(onConnection));
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: what is committed late is told, whatever was told before it")
  void lateCommitsAreTold() throws SQLException {
    insert("slow");
    insert("quick");
    feed.next();
    try (Connection slow = pool.getConnection()) {
      slow.setAutoCommit(false);
      execute(slow, "UPDATE connector_connection SET version = 2 WHERE id = 'slow'");
      PostgresServer.execute(
          pool, "UPDATE connector_connection SET version = 2 WHERE id = 'quick'");

      assertThat(next()).containsExactly(changed("quick"));
      assertThat(next()).as("nothing twice, while somebody takes long").isEmpty();
      slow.commit();
    }

    assertThat(next()).containsExactly(changed("slow"));
    assertThat(next()).isEmpty();
  }

  @Test
  void whatIsRolledBackIsNotTold() throws SQLException {
    insert("a");
    feed.next();
    try (Connection db = pool.getConnection()) {
      db.setAutoCommit(false);
      execute(db, "UPDATE connector_connection SET version = 2");
      db.rollback();
    }

    assertThat(next()).isEmpty();
  }

  @Test
  void changesByHandFromAnotherSchemaAreTold() throws SQLException {
    insert("a");
    feed.next();
    String schema = PostgresServer.query(pool, "SELECT current_schema()").get(0);
    try (Connection db = pool.getConnection()) {
      execute(db, "SET search_path TO public");
      execute(db, "UPDATE " + schema + ".connector_connection SET status = 'ERROR'");
      execute(db, "SET search_path TO " + schema);
    }

    assertThat(next()).containsExactly(changed("a"));
  }

  @Test
  @Tag("I7")
  @DisplayName(
      "I7: a role that knows nothing of the notes, as that of an earlier version, still writes")
  void whoWritesNeedsNoRightToNote() throws SQLException {
    insert("a");
    feed.next();
    String role = "writer_" + PostgresServer.query(pool, "SELECT current_schema()").get(0);
    PostgresServer.execute(
        pool,
        "CREATE ROLE " + role,
        "GRANT USAGE ON SCHEMA "
            + PostgresServer.query(pool, "SELECT current_schema()").get(0)
            + " TO "
            + role,
        "GRANT SELECT, UPDATE ON connector_connection TO " + role);
    try (Connection db = pool.getConnection()) {
      execute(db, "SET ROLE " + role);
      execute(db, "UPDATE connector_connection SET version = 2");
      execute(db, "RESET ROLE");
    }

    assertThat(next()).containsExactly(changed("a"));
  }

  @Test
  @DisplayName("What was forgotten before it was told makes everything unknown, and that once")
  void whatIsForgottenUnseenIsSaid() throws SQLException {
    feed.next();
    insert("a");
    age();
    readUntilOneForgets(store.changes().orElseThrow());

    assertThat(feed.next()).isEmpty();
    assertThat(PostgresServer.query(pool, "SELECT name FROM connector_change")).isEmpty();
    insert("b");
    assertThat(next()).containsExactly(changed("b"));
  }

  @Test
  void whatIsForgottenAfterItWasToldChangesNothing() throws SQLException {
    feed.next();
    insert("a");
    next();
    insert("b");
    next();
    age();
    readUntilOneForgets(store.changes().orElseThrow());

    assertThat(next()).isEmpty();
  }

  @Test
  void moreThanCanBeToldAtOnceIsUnknownAndThenItGoesOn() throws SQLException {
    insert("a");
    feed.next();
    PostgresServer.execute(
        pool,
        "INSERT INTO connector_change (topic, environment, owner, name, kind)"
            + " SELECT 'CONNECTION', 'prod', 'user:ada', 'c' || n, 'mail'"
            + " FROM generate_series(1, 10001) n");

    assertThat(feed.next()).isEmpty();
    assertThat(next()).isEmpty();
    insert("b");
    assertThat(next()).containsExactly(changed("b"));
  }

  @Test
  @DisplayName("A database that was restored elsewhere, and counts from anew, is told of again")
  void aRestoredDatabaseIsToldOfAgain() throws SQLException {
    feed.next();
    PostgresServer.execute(
        pool, "UPDATE connector_change_forgotten SET xid = '18446744073709551000'");
    assertThat(feed.next()).as("nobody knows what was forgotten").isEmpty();

    store.changes().orElseThrow().next(); // a process that starts, and forgets what is old
    insert("a");
    feed.next();
    insert("b");
    assertThat(next()).contains(changed("b"));
  }

  @Test
  @DisplayName("Tables that were made again are not taken for those that were read")
  void otherTablesMakeEverythingUnknown() throws SQLException {
    feed.next();
    PostgresServer.execute(
        pool,
        "CREATE TABLE restored (LIKE connector_change_forgotten)",
        "INSERT INTO restored SELECT * FROM connector_change_forgotten",
        "DROP TABLE connector_change_forgotten",
        "ALTER TABLE restored RENAME TO connector_change_forgotten");

    assertThat(feed.next()).isEmpty();
    assertThat(next()).isEmpty();
  }

  @Test
  void aTableThatIsEmptiedAtOnceMakesEverythingUnknown() throws SQLException {
    feed.next();
    PostgresServer.execute(pool, "TRUNCATE connector_access_grant");

    assertThat(feed.next()).isEmpty();
    insert("a");
    assertThat(next()).containsExactly(changed("a"));
  }

  @Test
  void withoutTheRowOfWhatWasForgottenNothingIsTold() throws SQLException {
    feed.next();
    PostgresServer.execute(pool, "DELETE FROM connector_change_forgotten");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(feed::next)
        .withMessageContaining("change_forgotten");
  }

  private void age() throws SQLException {
    PostgresServer.execute(
        pool, "UPDATE connector_change SET changed_at = changed_at - INTERVAL '61 minutes'");
  }

  private static void readUntilOneForgets(ChangeFeed another) {
    for (int i = 0; i < 100; i++) {
      another.next();
    }
  }

  private static void execute(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(sql);
    }
  }
}
