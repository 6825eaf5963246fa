package dev.connectorsdk.jdbc;

import static dev.connectorsdk.fixtures.StoreRows.connection;
import static dev.connectorsdk.fixtures.StoreRows.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.secret.KeyRing;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

@ExtendWith(PostgresServer.Extension.class)
class PostgresStoreTest extends JdbcStoreContract {

  private final PostgresServer server;
  private JdbcConnectionPool pool;

  PostgresStoreTest(PostgresServer server) {
    this.server = server;
  }

  @Override
  protected DataSource emptyDatabase() throws SQLException {
    pool = server.emptyPool();
    return pool;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }

  @Override
  protected String everythingStored() throws SQLException {
    StringBuilder all = new StringBuilder();
    for (String table :
        query(
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = current_schema()")) {
      all.append(String.join("\n", query("SELECT t::text FROM " + table + " t"))).append('\n');
    }
    return all.toString();
  }

  @Test
  @DisplayName("A user's connections are found by their owner, in a table never analysed as well")
  void connectionsAreFoundByTheirOwner() throws SQLException {
    PostgresServer.execute(
        pool,
        """
        INSERT INTO connector_connection (id, connector, environment, owner, display_name,
          auth_option, parameters, status, status_since, created_at, updated_at, version)
        SELECT 'c' || n, 'mail', 'dev', 'user:' || n, 'Mail', 'key', '{}', 'CONNECTED', now(), now(),
          now(), 1 FROM generate_series(1, 20000) n""");
    List<String> asked = new ArrayList<>();
    JdbcStore noting = JdbcStore.builder(noting(asked)).build();
    asked.clear();

    noting.listConnections(
        new ConnectionFilter(Environment.of("dev"), Principal.user("777"), ConnectorId.of("mail")));

    try (Connection connection = pool.getConnection();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN " + asked.get(0))) {
      explain.setString(1, "dev");
      explain.setString(2, "user:777");
      explain.setString(3, "mail");
      List<String> plan = new ArrayList<>();
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.add(lines.getString(1));
        }
      }
      assertThat(plan).anyMatch(line -> line.contains("Index Cond") && line.contains("owner"));
    }
  }

  private DataSource noting(List<String> asked) {
    return proxy(
        DataSource.class,
        (source, getConnection, none) -> {
          Connection lent = pool.getConnection();
          return proxy(
              Connection.class,
              (connection, method, arguments) -> {
                if (method.getName().equals("prepareStatement")) {
                  asked.add((String) arguments[0]);
                }
                return method.invoke(lent, arguments);
              });
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** One record that cannot be stored would keep all others from it. */
  @Test
  @Tag("D4")
  void aRecordIsStoredWhateverItsTextHolds() {
    var record =
        new AuditRecord(
            new Position(Instant.EPOCH, "run", 0),
            Kind.CHANGE,
            new Actor(Principal.user("a\0b"), null, null, null),
            new Subject(null, "flow changed: \0 \uD800 \uD83D\uDE00", null, null, null, null),
            Verdict.DONE,
            Duration.ZERO);

    store.audit().append(List.of(record));

    assertThat(store.audit().list(AuditStore.Filter.ALL, null, 1))
        .extracting(one -> one.actor().who().id(), one -> one.subject().operation())
        .containsExactly(tuple("a?b", "flow changed: ? ? \uD83D\uDE00"));
  }

  /** What a call or a look at credentials asks for takes no longer with more connections. */
  @Test
  void whatACallAsksForIsFoundByAnIndex() throws Exception {
    PostgresServer.execute(
        database,
        "INSERT INTO connector_connection (connector, environment, owner, display_name,"
            + " auth_option, parameters, status, status_since, created_at, updated_at, version, id,"
            + " credential_expires_at)"
            + " SELECT 'mail', 'prod', 'user:' || n, '', 'oauth', '{}', 'CONNECTED', now(), now(),"
            + " now(), 1, 'c' || n, now() + interval '1 year'"
            + " FROM generate_series(1, 20000) n",
        "INSERT INTO connector_credential (version, key_id, ciphertext, renewal_version,"
            + " renewed_at, connection_id, slot)"
            + " SELECT 1, 'k', 'sealed', 1, now(), 'c' || n, 'tokens'"
            + " FROM generate_series(1, 20000) n",
        "INSERT INTO connector_access_grant"
            + " SELECT 'c' || n, '', 'prod', 'user:bob', 'USE', 'user:' || n, NULL"
            + " FROM generate_series(1, 20000) n",
        "INSERT INTO connector_reference_binding"
            + " SELECT 'prod', 'user:' || n, 'mail', 'EMBEDDED', '', '', 'mail', 'c' || n"
            + " FROM generate_series(1, 20000) n",
        "ANALYZE");

    assertFoundByAnIndex("connection t WHERE t.id = 'c7'");
    assertFoundByAnIndex(
        "connection t WHERE t.environment = 'prod' AND t.owner = 'user:7' AND t.connector = 'mail'");
    assertFoundByAnIndex("credential t WHERE t.connection_id = 'c7' AND t.slot = 'tokens'");
    assertFoundByAnIndex(
        "access_grant t WHERE t.name = 'c7' AND t.owner = '' AND t.environment = 'prod'");
    assertFoundByAnIndex("access_grant t WHERE t.environment = 'rare'");
    assertFoundByAnIndex(
        "reference_binding t WHERE t.connection_id = 'c7' AND t.environment = 'prod'");
    assertFoundByAnIndex(
        "credential t"
            + " WHERE t.slot = 'tokens' AND t.unrenewed_since < '2026-01-01 00:00:00+00'");
    assertFoundByAnIndex(
        "connection t WHERE t.credential_expires_at > now()"
            + " AND t.credential_expires_at < now() + interval '1 day'");
  }

  private void assertFoundByAnIndex(String rows) throws SQLException {
    assertThat(String.join("\n", query("EXPLAIN SELECT * FROM connector_" + rows)))
        .as(rows)
        .containsPattern("Index (Only )?(Scan|Cond)")
        .contains("Index Cond")
        .doesNotContain("Seq Scan");
  }

  /** Each index that a record is written to takes from what calls have. */
  @ParameterizedTest
  @ValueSource(strings = {"connector_", "prefix_of_thirty_one_characters"})
  void recordsHaveFewAndNarrowIndexes(String prefix) throws Exception {
    JdbcStore.builder(database).tablePrefix(prefix).build();

    assertThat(
            query(
                "SELECT substring(indexdef FROM '\\(.*') FROM pg_indexes WHERE tablename = '"
                    + prefix
                    + "audit_record' AND schemaname = current_schema()"))
        .containsExactlyInAnyOrder(
            "(run, number)",
            "(ended_at)",
            "(environment, ended_at)",
            "(principal, ended_at)",
            "(connection_id, ended_at)");
  }

  @Test
  @Tag("C6")
  void neitherTheDataFilesNorTheLogOfTheServerHoldASecret() throws Exception {
    String secret = "canary-4c1d/88+postgres_files";
    KeyRing keys = KeyRing.random();
    String ciphertext = keys.encrypt(Secret.of(secret), new Place("c1", "tokens", 1));
    store.insertConnection(
        connection("c1"),
        List.of(
            new StoredCredential(
                ConnectionId.of("c1"), "tokens", 1, keys.currentKeyId(), ciphertext)));

    PostgresServer.execute(database, "CHECKPOINT");

    assertThat(Traces.below(server.data(), ciphertext)).as("what is stored").isNotEmpty();
    assertThat(Traces.below(server.data(), secret)).isEmpty();
  }

  @Test
  void aServerThatIsNotReachedMayBeLater() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"127.0.0.1"});
    nowhere.setPortNumbers(new int[] {LocalServer.freePort()});

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> JdbcStore.builder(nowhere).build())
        .withMessage(
            "Connecting failed in the database: SQLState 08001, vendor code 0, PSQLException")
        .matches(StoreException::isRetryable);
  }

  @Test
  @Tag("I5")
  void anOperationWhoseConnectionIsEndedByTheServerMayWorkLater() throws Exception {
    try (Connection connection = database.getConnection()) {
      OneConnection pool = new OneConnection(connection);
      JdbcStore store = JdbcStore.builder(pool.dataSource()).build();
      String backend = PostgresServer.query(connection, "SELECT pg_backend_pid()").get(0);

      assertThat(query("SELECT pg_terminate_backend(" + backend + ", 5000)")).containsExactly("t");

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(store::findKeyCheck)
          .matches(StoreException::isRetryable);
      assertThat(pool.isLent()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"off, on", "on, on", "local, local", "remote_apply, remote_apply"})
  @DisplayName("B14: a write waits for the server's log, also where the database does not")
  void aWriteWaitsForTheServersLog(String set, String inWrites) throws Exception {
    PostgresServer.execute(
        database,
        "CREATE TABLE seen (mode TEXT)",
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES"
            + " (current_setting(''synchronous_commit'')); RETURN NULL; END'",
        // Deferred, since what is set when the transaction commits counts.
        "CREATE CONSTRAINT TRIGGER see AFTER INSERT OR UPDATE ON connector_credential"
            + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION see()");
    try (Connection connection = database.getConnection()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET synchronous_commit = " + set);
      }
      JdbcStore store = JdbcStore.builder(new OneConnection(connection).dataSource()).build();

      store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
      store.writeCredential(credential("c1", "tokens", 2), 1);

      assertThat(query("SELECT mode FROM seen")).containsExactly(inWrites, inWrites);
      assertThat(PostgresServer.query(connection, "SHOW synchronous_commit"))
          .as("what others use the connection with")
          .containsExactly(set);
    }
  }
}
