package dev.connectorsdk.jdbc;

import static dev.connectorsdk.fixtures.ManyThreads.atOnce;
import static dev.connectorsdk.fixtures.StoreRows.ADA;
import static dev.connectorsdk.fixtures.StoreRows.MAIL;
import static dev.connectorsdk.fixtures.StoreRows.NOON;
import static dev.connectorsdk.fixtures.StoreRows.PROD;
import static dev.connectorsdk.fixtures.StoreRows.connection;
import static dev.connectorsdk.fixtures.StoreRows.credential;
import static dev.connectorsdk.fixtures.StoreRows.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.CareDue;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.StoredDefinition;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.api.spi.TicketStore.StoredTicket;
import dev.connectorsdk.fixtures.ConnectorStoreContract;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.secret.KeyRing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDBC store does in addition, the same in every database. */
abstract class JdbcStoreContract extends ConnectorStoreContract {

  private static final byte[] KEY_1 = HexFormat.of().parseHex("0123456789abcdef".repeat(4));
  private static final byte[] KEY_2 = HexFormat.of().parseHex("fedcba9876543210".repeat(4));

  protected DataSource database;

  /** Returns a database without tables. */
  protected abstract DataSource emptyDatabase() throws Exception;

  /** Returns all that the database keeps, as text. */
  protected abstract String everythingStored() throws Exception;

  @Override
  protected ConnectorStore emptyStore() throws Exception {
    database = emptyDatabase();
    return JdbcStore.builder(database).build();
  }

  // Schema

  @Test
  void findsWhatAnotherStoreOnTheSameTablesWrote() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    ConnectorStore again = JdbcStore.builder(database).build();

    assertThat(again.findConnection(ConnectionId.of("c1"))).contains(connection("c1"));
    assertThat(again.findCredential(ConnectionId.of("c1"), "tokens"))
        .contains(credential("c1", "tokens", 1));
  }

  @Test
  @Tag("I7")
  void storesThatStartAtOnceOnAnEmptyDatabaseMakeTheTablesOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      String prefix = "round" + round + "_";
      List<JdbcStore> stores =
          atOnce(4, i -> JdbcStore.builder(database).tablePrefix(prefix).build());

      stores.get(0).insertConnection(connection("c1"), List.of());
      assertThat(stores).allMatch(store -> store.findConnection(ConnectionId.of("c1")).isPresent());
      assertThat(query("SELECT id, version FROM " + prefix + "schema"))
          .containsExactly("1 " + Schema.VERSION);
    }
  }

  @Test
  void tablesWithAnotherPrefixAreAnotherStore() {
    ConnectorStore other = JdbcStore.builder(database).tablePrefix("x").build();
    store.insertConnection(connection("c1"), List.of());

    assertThat(other.findConnection(ConnectionId.of("c1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x;drop",
        "X",
        "1x",
        "_x",
        "x.y",
        "x y",
        "x\"",
        "x'",
        "é",
        "a23456789012345678901234567890_2",
        "x\n"
      })
  @Tag("I8")
  void refusesAPrefixThatIsNoPlainName(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JdbcStore.builder(database).tablePrefix(prefix))
        .withMessage("Table prefix must match [a-z][a-z0-9_]{0,30}: it becomes part of SQL");
  }

  @Test
  void takesTheLongestPrefix() {
    JdbcStore longest =
        JdbcStore.builder(database).tablePrefix("a23456789012345678901234567890_").build();

    assertThat(longest.insertConnection(connection("c1"), List.of())).isTrue();
  }

  @Test
  void theTablesMayBeInASchemaOfTheirOwn() throws Exception {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> JdbcStore.builder(database).schema("own").createSchema(false).build())
        .withMessageContaining("do not exist");

    ConnectorStore own = JdbcStore.builder(database).schema("own").build();
    assertThat(own.insertKeyCheck("a check")).isTrue();

    assertThat(JdbcStore.builder(database).build().findKeyCheck()).isEmpty();
    assertThat(JdbcStore.builder(database).schema("own").createSchema(false).build().findKeyCheck())
        .contains("a check");
  }

  @Test
  void aScriptMakesTheTablesForHostsWithMigrationsOfTheirOwn() throws Exception {
    JdbcStore.Builder builder = JdbcStore.builder(database).schema("scripted").createSchema(false);

    PostgresServer.execute(database, builder.schemaScript(0));

    assertThat(builder.build().findKeyCheck()).isEmpty();
    assertThat(builder.schemaScript(0)).endsWith(builder.schemaScript(14));
    assertThat(builder.schemaScript(Schema.VERSION)).isEmpty();
  }

  @Test
  void checksTheTablesWhereItMayNotMakeThem() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () -> JdbcStore.builder(database).tablePrefix("none_").createSchema(false).build())
        .withMessage(
            "The tables with the prefix 'none_' do not exist. Build the store once with"
                + " createSchema(true) and a database role that may create tables.")
        .matches(e -> !e.isRetryable());

    assertThat(JdbcStore.builder(database).createSchema(false).build().findKeyCheck()).isEmpty();
  }

  @Test
  void refusesTablesThatAreTooOldAndUpgradesThem() throws Exception {
    PostgresServer.execute(
        database,
        "UPDATE connector_schema SET version = 0",
        "DROP TABLE connector_ticket",
        "DROP TABLE connector_lease");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> JdbcStore.builder(database).createSchema(false).build())
        .withMessageStartingWith(
            "The tables with the prefix 'connector_' have version 0, which is too old: version "
                + Schema.VERSION
                + " is needed.");

    JdbcStore upgraded = JdbcStore.builder(database).build();
    assertThat(upgraded.tickets().insertTicket(new StoredTicket("t1", "sealed", NOON))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("I7")
  void refusesTablesThatAreTooNewAndLeavesThemAlone(boolean create) throws Exception {
    int next = Schema.VERSION + 1;
    int later = Schema.VERSION + 2;
    PostgresServer.execute(
        database,
        "UPDATE connector_schema SET version = " + later + ", oldest_usable_code = " + next);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> JdbcStore.builder(database).createSchema(create).build())
        .withMessage(
            "The tables with the prefix 'connector_' have version "
                + later
                + ", which is too new for version "
                + Schema.VERSION
                + ". Upgrade this library.")
        .matches(e -> !e.isRetryable());
    assertThat(query("SELECT version, oldest_usable_code FROM connector_schema"))
        .containsExactly(later + " " + next);
  }

  @Test
  @DisplayName("I7: tables of the version before are upgraded, with all that they hold")
  void tablesOfTheVersionBeforeAreUpgradedWithAllThatTheyHold() throws Exception {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    PostgresServer.execute(
        database, "DROP TABLE connector_lease", "UPDATE connector_schema SET version = 1");

    JdbcStore upgraded = JdbcStore.builder(database).build();

    assertThat(query("SELECT version, oldest_usable_code FROM connector_schema"))
        .containsExactly(Schema.VERSION + " 3");
    assertThat(upgraded.findCredential(ConnectionId.of("c1"), "tokens"))
        .contains(credential("c1", "tokens", 1));
    assertThat(acquire("c1", 1, "a", Duration.ofMinutes(1))).isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("I7: what was bound for everybody belongs to the owner of the connection afterwards")
  void whatWasBoundForEverybodyBelongsToTheOwnerOfTheConnectionAfterwards() throws Exception {
    store.insertConnection(connection("c1"), List.of());
    PostgresServer.execute(
        database,
        "DROP TABLE connector_reference_binding",
        "DROP TABLE connector_reference_grant",
        "UPDATE connector_schema SET version = 2",
        "INSERT INTO connector_binding VALUES ('prod', 'team', '', 'mail', 'c1')",
        "INSERT INTO connector_binding VALUES ('prod', 'gone', '', 'mail', 'c2')",
        "INSERT INTO connector_binding VALUES ('test', 'team', '', 'mail', 'c1')",
        "INSERT INTO connector_binding VALUES ('prod', 'mine', 'user:bob', 'mail', 'c3')");

    List<JdbcStore> upgraded = atOnce(4, i -> JdbcStore.builder(database).build());

    ReferenceKey team = new ReferenceKey(PROD, ADA, "team", Source.EMBEDDED);
    ReferenceKey mine = new ReferenceKey(PROD, Principal.user("bob"), "mine", Source.INVOKER);
    assertThat(upgraded.get(3).bindings().listBindings(PROD))
        .containsExactly(
            new StoredBinding(BindingKey.everywhere(mine), MAIL, ConnectionId.of("c3")),
            new StoredBinding(BindingKey.everywhere(team), MAIL, ConnectionId.of("c1")));
    assertThat(upgraded.get(3).bindings().listBindings(Environment.of("test"))).isEmpty();
    assertThat(query("SELECT COUNT(*) FROM connector_binding"))
        .as("what the version before held")
        .containsExactly("4");
  }

  @Test
  @DisplayName("I7: what was granted before is granted afterwards, by the owner of the reference")
  void whatWasGrantedBeforeIsGrantedAfterwards() throws Exception {
    PostgresServer.execute(
        database,
        "DROP TABLE connector_access_grant",
        "UPDATE connector_schema SET version = 5",
        "INSERT INTO connector_reference_grant"
            + " VALUES ('prod', 'user:ada', 'team', 'EMBEDDED', 'user:bob')");

    List<JdbcStore> upgraded = atOnce(4, i -> JdbcStore.builder(database).build());

    assertThat(upgraded.get(3).grants().listGrants(PROD))
        .containsExactly(
            new StoredGrant(
                new GrantSubject(PROD, ADA, "team"),
                new Grant(Principal.user("bob"), Grant.Right.USE, ADA, null)));
  }

  @Test
  @DisplayName(
      "I7: of credentials that an earlier version stored nobody knows when they were renewed")
  void ofCredentialsThatAnEarlierVersionStoredNobodyKnowsWhenTheyWereRenewed() throws Exception {
    Renewal atNoon = Renewal.at(NOON);
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1).with(atNoon)));
    PostgresServer.execute(
        database,
        "DROP INDEX connector_credential_unrenewed",
        "ALTER TABLE connector_credential DROP COLUMN unrenewed_since",
        "ALTER TABLE connector_credential DROP COLUMN renewed_at",
        "ALTER TABLE connector_credential DROP COLUMN renewal_version",
        "UPDATE connector_schema SET version = 13");

    JdbcStore upgraded = atOnce(4, i -> JdbcStore.builder(database).build()).get(3);

    assertThat(upgraded.listUnrenewed("tokens", NOON, null, 5))
        .containsExactly(new CareDue(ConnectionId.of("c1"), CareDue.UNKNOWN));
    assertThat(upgraded.findCredential(ConnectionId.of("c1"), "tokens"))
        .contains(credential("c1", "tokens", 1));
    assertThat(upgraded.noteRenewal(ConnectionId.of("c1"), "tokens", 1, atNoon)).isTrue();
    assertThat(upgraded.listUnrenewed("tokens", NOON, null, 5)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("I7: what was noted of a credential ends when an earlier version replaces it")
  void whatWasNotedOfACredentialEndsWhenAnEarlierVersionReplacesIt(boolean renewed)
      throws Exception {
    store.insertConnection(
        connection("c1"),
        List.of(credential("c1", "tokens", 1).with(renewed ? Renewal.at(NOON) : Renewal.NEVER)));
    assertThat(store.listUnrenewed("tokens", NOON, null, 5)).isEmpty();

    PostgresServer.execute(
        database, "UPDATE connector_credential SET version = 2, ciphertext = 'another'");

    assertThat(store.listUnrenewed("tokens", NOON, null, 5))
        .containsExactly(new CareDue(ConnectionId.of("c1"), CareDue.UNKNOWN));
    assertThat(store.findCredential(ConnectionId.of("c1"), "tokens"))
        .get()
        .returns(Renewal.UNKNOWN, StoredCredential::renewal);
  }

  @Test
  @Tag("I7")
  void aRightThatALaterVersionGrantedIsNoneHere() throws Exception {
    PostgresServer.execute(
        database,
        "INSERT INTO connector_access_grant VALUES"
            + " ('c1', '', 'prod', 'user:bob', 'AUDIT', 'user:ada', NULL)");

    assertThat(store.grants().listGrants(PROD))
        .containsExactly(
            new StoredGrant(
                new GrantSubject(PROD, null, "c1"),
                new Grant(Principal.user("bob"), Grant.Right.NONE, ADA, null)));
  }

  @Test
  @DisplayName("I6: a lease runs out by the clock of the database")
  void aLeaseRunsOutByTheClockOfTheDatabase() throws Exception {
    store.insertConnection(connection("c1"), List.of());
    acquire("c1", 0, "a", Duration.ofDays(1));
    assertThat(acquire("c1", 0, "b", Duration.ofDays(1))).isEqualTo(LeaseAttempt.HELD);

    PostgresServer.execute(
        database,
        "UPDATE connector_lease SET expires_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");

    assertThat(acquire("c1", 0, "b", Duration.ofDays(1))).isEqualTo(LeaseAttempt.INHERITED);
    assertThat(
            query(
                "SELECT expires_at > CURRENT_TIMESTAMP + INTERVAL '23' HOUR FROM connector_lease"))
        .singleElement()
        .matches(answer -> answer.startsWith("t") || answer.equals("TRUE"));
  }

  @Test
  @Tag("I7")
  void worksWithNewerTablesThatSayItCan() throws Exception {
    int next = Schema.VERSION + 1;
    PostgresServer.execute(database, "UPDATE connector_schema SET version = " + next);

    JdbcStore older = JdbcStore.builder(database).build();

    assertThat(older.insertConnection(connection("c1"), List.of())).isTrue();
    assertThat(query("SELECT version FROM connector_schema")).containsExactly(String.valueOf(next));
  }

  // Failures

  @Test
  @Tag("B9")
  void aFailureTakesBackAllOfTheOperationAndTellsNoValues() throws Exception {
    PostgresServer.execute(
        database,
        "ALTER TABLE connector_credential ADD CONSTRAINT no_bad CHECK (slot <> 'bad-slot')");
    store.insertConnection(connection("old"), List.of(credential("old", "tokens", 1)));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                store.insertConnection(
                    connection("new"),
                    List.of(credential("new", "tokens", 1), credential("new", "bad-slot", 1))))
        .withMessageMatching(
            "insertConnection failed in the database: SQLState 2351\\d, vendor code \\d+, \\w+")
        .withNoCause()
        .matches(e -> !e.isRetryable() && e.getSuppressed().length == 0);
    assertThat(store.findConnection(ConnectionId.of("new"))).isEmpty();

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                store.updateConnection(
                    version(connection("old"), 2),
                    1,
                    List.of(credential("old", "tokens", 2), credential("old", "bad-slot", 1))));
    assertThat(store.findConnection(ConnectionId.of("old"))).contains(connection("old"));
    assertThat(find("old", "tokens")).contains(credential("old", "tokens", 1));
  }

  // Rows of later versions

  @ParameterizedTest
  @CsvSource({
    "status = 'SLEEPING', The stored status SLEEPING is not known to this version of the library",
    "status_reason = 'TOO_NEW', The stored status CONNECTED (TOO_NEW) is not known to this version"
        + " of the library",
    "status = 'a b', The stored status ? is not known to this version of the library"
  })
  @DisplayName("I7: a connection with a status of a later version is seen, kept and deleted")
  void aConnectionWithAStatusOfALaterVersionIsSeenKeptAndDeleted(String change, String message)
      throws Exception {
    ConnectionId id = ConnectionId.of("c1");
    store.insertConnection(connection("c1"), List.of());
    store.insertConnection(connection("c2"), List.of());
    PostgresServer.execute(
        database, "UPDATE connector_connection SET " + change + " WHERE id = 'c1'");
    List<String> before = query("SELECT * FROM connector_connection WHERE id = 'c1'");

    StoredConnection seen = store.findConnection(id).orElseThrow();
    ConnectionStatus status = seen.status();
    assertThat(status)
        .isEqualTo(
            ConnectionStatus.notConnected(
                State.ERROR, Reason.NOT_UNDERSTOOD, message, status.since()));
    assertThat(seen.settings()).isEqualTo(connection("c1").settings());
    assertThat(store.listConnections(new ConnectionFilter(null, null, null)))
        .containsExactly(seen, connection("c2"));

    assertThat(store.updateConnection(version(connection("c1"), 2), 1, List.of())).isFalse();
    assertThat(query("SELECT * FROM connector_connection WHERE id = 'c1'")).isEqualTo(before);

    assertThat(store.deleteConnection(id)).isTrue();
    assertThat(store.findConnection(id)).isEmpty();
  }

  @Test
  @DisplayName("I7: a disabled connection is one that an earlier version does not know")
  void aDisabledConnectionIsOneThatAnEarlierVersionDoesNotKnow() throws Exception {
    StoredConnection row = connection("c1");
    store.insertConnection(
        row.with(row.access().withDisabled(ConnectionStatus.disabled(ADA, "No.", NOON))),
        List.of());

    assertThat(query("SELECT status, status_reason FROM connector_connection"))
        .containsExactly("DISABLED ADMINISTRATOR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"owner = 'team:x'", "connector = 'Größe!'", "environment = ' '"})
  @DisplayName("I7: a connection of an owner that only a later version knows breaks no list")
  void aConnectionOfAnOwnerThatOnlyALaterVersionKnowsBreaksNoList(String change) throws Exception {
    store.insertConnection(connection("c1"), List.of());
    store.insertConnection(connection("c2"), List.of());
    PostgresServer.execute(
        database, "UPDATE connector_connection SET " + change + " WHERE id = 'c1'");

    assertThat(store.listConnections(new ConnectionFilter(null, null, null)))
        .containsExactly(connection("c2"));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.findConnection(ConnectionId.of("c1")))
        .withMessage(
            "A connection in the database holds a value that this version does not know. Was it"
                + " written by a later version, or by hand?")
        .withNoCause()
        .matches(e -> !e.isRetryable());
    assertThat(store.deleteConnection(ConnectionId.of("c1"))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I7: a page of connections that only a later version knows is not the last one")
  void aPageOfConnectionsThatOnlyALaterVersionKnowsIsNotTheLast(ConnectionQuery.Order order)
      throws Exception {
    for (String id : List.of("c1", "c2", "c3")) {
      store.insertConnection(connection(id), List.of());
    }
    PostgresServer.execute(
        database, "UPDATE connector_connection SET owner = 'team:x' WHERE id <> 'c3'");

    assertThat(store.listConnections(ConnectionQuery.all().sortedBy(order).limit(1)))
        .containsExactly(connection("c3"));
  }

  @Test
  @DisplayName("I7: a later version adds columns while the connections of a pool are in use")
  void aLaterVersionAddsColumnsWhileTheConnectionsOfAPoolAreInUse() throws Exception {
    try (Connection connection = database.getConnection()) {
      ConnectorStore pooled = JdbcStore.builder(new OneConnection(connection).dataSource()).build();
      // PostgreSQL's driver prepares on the server what runs five times.
      for (int i = 0; i < 12; i++) {
        assertThat(usedInEveryWay(pooled, "before" + i)).isTrue();
      }
      List<String> tables = query(TABLES);
      assertThat(tables).hasSizeGreaterThan(7);
      for (String table : tables) {
        PostgresServer.execute(
            database, "ALTER TABLE " + table + " ADD COLUMN tomorrow VARCHAR DEFAULT 'x' NOT NULL");
      }
      PostgresServer.execute(
          database, "ALTER TABLE connector_connection_scopes ADD COLUMN owner VARCHAR");

      for (int i = 0; i < 6; i++) {
        assertThat(usedInEveryWay(pooled, "after" + i)).isTrue();
      }
    }
  }

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables"
          + " WHERE lower(table_name) LIKE 'connector!_%' ESCAPE '!'"
          + " AND table_schema = current_schema";

  /** Runs all that the store can do, once, and returns whether all of it took effect. */
  private static boolean usedInEveryWay(ConnectorStore store, String name) {
    StoredConnection first = connection(name);
    ConnectionId id = first.id();
    Duration minute = Duration.ofMinutes(1);
    var reference = new ReferenceKey(first.environment(), first.owner(), name, Source.EMBEDDED);
    var key = new BindingKey(reference, null, null);
    var filter = new ConnectionFilter(first.environment(), first.owner(), first.connector());
    // First of all: where no transaction is open the driver prepares everything again by itself.
    boolean taken =
        store.tickets().insertTicket(new StoredTicket(name, "sealed", NOON))
            && store.tickets().takeTicket(name).isPresent();
    store
        .bindings()
        .writeBindings(List.of(new StoredBinding(key, first.connector(), id)), List.of());
    store.tickets().deleteExpiredTickets(NOON);
    StoredGrant granted =
        new StoredGrant(
            new GrantSubject(Environment.of(name), ADA, name),
            new Grant(ADA, Grant.Right.USE, ADA, null));
    store.grants().replaceGrants(granted.on(), List.of(), List.of(granted));
    var inFlow = new BindingKey(reference, ADA, name);
    var definition = new StoredDefinition(new DefinitionKey(null, ConnectorId.of(name)), 1, "{}");
    var deleted = new StoredDefinition(definition.key(), 2, "");
    store
        .shares()
        .writeShare(
            new StoredShare(inFlow, new StoredShare.Terms(false, null, Set.of(), null), ADA));
    return taken
        && store.definitions().writeDefinition(definition, 0)
        && !store.definitions().listDefinitions().isEmpty()
        && store.definitions().findDefinition(definition.key()).isPresent()
        && store.definitions().writeDefinition(deleted, 1)
        && !store.shares().listShares(reference).isEmpty()
        && store.shares().deleteShare(inFlow)
        && store.insertConnection(first, List.of(credential(name, "entered", 1)))
        && store.findConnection(id).isPresent()
        && !store.listConnections(filter).isEmpty()
        && store.updateConnection(version(first, 2), 1, List.of(credential(name, "entered", 2)))
        && store.writeCredential(credential(name, "tokens", 1), 0)
        && store.findCredential(id, "tokens").isPresent()
        && store.listCredentials(id).size() == 2
        && store.acquireLease(id, "tokens", 1, name, minute) == LeaseAttempt.ACQUIRED
        && store.renewLease(id, "tokens", name, minute)
        && store.writeCredential(credential(name, "tokens", 2), 1, name)
        && !store.listCredentialsNotUnder("none", 5).isEmpty()
        && !store.countCredentialsByKey().isEmpty()
        && !store.bindings().findBindings(reference).isEmpty()
        && !store.bindings().listBindings(first.environment()).isEmpty()
        && store.bindings().deleteBinding(key)
        && !store.grants().listGrants(granted.on().environment()).isEmpty()
        && !store.grants().listGrants(granted.on()).isEmpty()
        && store.findKeyCheck().isEmpty()
        && store.deleteConnection(id);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("I5")
  void borrowsOneConnectionAtATimeAndGivesItBackAsItWas(boolean autoCommit) throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(autoCommit);
      OneConnection pool = new OneConnection(connection);

      ConnectorStore store = JdbcStore.builder(pool.dataSource()).tablePrefix("one_").build();
      store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
      store.insertConnection(connection("c1"), List.of());
      store.updateConnection(version(connection("c1"), 2), 1, List.of(credential("c1", "x", 1)));
      store.writeCredential(credential("c1", "new", 1), 0);
      store.writeCredential(credential("c1", "new", 1), 0);
      Duration minute = Duration.ofMinutes(1);
      store.acquireLease(ConnectionId.of("c1"), "new", 1, "a", minute);
      store.acquireLease(ConnectionId.of("c1"), "new", 1, "b", minute);
      store.writeCredential(credential("c1", "new", 2), 1, "b");
      store.writeCredential(credential("c1", "new", 2), 1, "a");
      store.renewLease(ConnectionId.of("c1"), "new", "a", minute);
      store.releaseLease(ConnectionId.of("c1"), "new", "a", true);
      store.tickets().insertTicket(new StoredTicket("t1", "sealed", NOON));
      store.tickets().takeTicket("t1");
      assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
      assertThat(pool.isLent()).isFalse();

      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE one_ticket");
      }
      if (!autoCommit) {
        connection.commit();
      }
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.tickets().takeTicket("t1"))
          .withMessageStartingWith("takeTicket failed in the database: SQLState 42");
      assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
      assertThat(pool.isLent()).isFalse();

      // Nothing of the failed operation is left open.
      assertThat(store.findConnection(ConnectionId.of("c1"))).isPresent();
      if (!autoCommit) {
        connection.rollback();
      }
    }
  }

  @Test
  @Tag("I6")
  void theTimeZoneOfTheJvmChangesNoInstant() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      // In Kiritimati it is the next day already; in New York this hour comes twice.
      StoredConnection connection =
          connection("c1", java.time.Instant.parse("2026-11-01T05:30:00.000001Z"));
      store.insertConnection(connection, List.of());
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));

      assertThat(JdbcStore.builder(database).build().findConnection(connection.id()))
          .contains(connection);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  // Secrets

  @Test
  @Tag("C6")
  void nothingStoredHoldsASecretInAnyForm() throws Exception {
    String secret = "canary/7f3a+b1_9d unique secret?";
    KeyRing keys = KeyRing.of("k1", KEY_1);
    KeyMaintenance.checkKeys(store, keys);
    store.insertConnection(connection("c1"), List.of(sealed(keys, "c1", "tokens", 1, secret)));
    store.writeCredential(sealed(keys, "c1", "tokens", 2, secret), 1);
    store
        .tickets()
        .insertTicket(
            new StoredTicket("t1", keys.encrypt(Secret.of(secret), new Place("t1", "x", 1)), NOON));

    String everything = everythingStored();

    assertThat(Traces.in(everything, "oauth")).as("what is no secret").isNotEmpty();
    assertThat(Traces.in(everything, secret)).isEmpty();
  }

  @Test
  @Tag("C2")
  void aSecretThatWasMovedOrPutBackWithSqlDoesNotOpen() throws Exception {
    KeyRing keys = KeyRing.of("k1", KEY_1);
    store.insertConnection(connection("a"), List.of(sealed(keys, "a", "tokens", 1, "of a")));
    store.insertConnection(connection("b"), List.of(sealed(keys, "b", "tokens", 1, "of b")));
    String first = find("a", "tokens").orElseThrow().ciphertext();
    store.writeCredential(sealed(keys, "a", "tokens", 2, "newer"), 1);

    PostgresServer.execute(
        database, "UPDATE connector_credential SET ciphertext = '" + first + "'");

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> open(keys, "a", "tokens"))
        .withMessageContaining("belongs to the secret 'tokens' of 'a', version 1");
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> open(keys, "b", "tokens"))
        .withMessageContaining("belongs to the secret 'tokens' of 'a', version 1");
  }

  @Test
  @Tag("C3")
  void aNewKeyIsBroughtInWhileOthersReadAndWrite() throws Exception {
    KeyRing old = KeyRing.of("k1", KEY_1);
    KeyRing keys = KeyRing.of("k2", KEY_2).withRetired("k1", KEY_1);
    KeyMaintenance.checkKeys(store, old);
    int connections = 60;
    for (int i = 0; i < connections; i++) {
      store.insertConnection(connection("c" + i), List.of(sealed(old, "c" + i, "tokens", 1, "0")));
    }

    AtomicLong writes = new AtomicLong();
    atOnce(
        4,
        i -> {
          if (i == 0) {
            return KeyMaintenance.reencrypt(store, keys, 7).unreadable();
          }
          for (int n = i; n < connections; n += 3) {
            addOne(keys, "c" + n);
            writes.incrementAndGet();
          }
          return 0L;
        });
    KeyMaintenance.Reencryption rest = KeyMaintenance.reencrypt(store, keys, 7);

    assertThat(rest).isEqualTo(new KeyMaintenance.Reencryption(0, 0, true));
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k2", (long) connections));
    assertThat(KeyMaintenance.isRetirable(store, keys, "k1")).isTrue();
    KeyRing without = KeyRing.of("k2", KEY_2);
    KeyMaintenance.checkKeys(store, without);
    long sum = 0;
    for (int i = 0; i < connections; i++) {
      sum += Long.parseLong(open(without, "c" + i, "tokens"));
    }
    assertThat(sum).isEqualTo(writes.get());
  }

  /** Adds one to the number in a slot, as often as it takes until nobody came between. */
  private void addOne(SecretCipher keys, String connection) {
    while (true) {
      StoredCredential seen = find(connection, "tokens").orElseThrow();
      String number = keys.decrypt(seen.ciphertext(), seen.place()).reveal();
      StoredCredential next =
          sealed(
              keys,
              connection,
              "tokens",
              seen.version() + 1,
              String.valueOf(Long.parseLong(number) + 1));
      if (store.writeCredential(next, seen.version())) {
        return;
      }
    }
  }

  private String open(SecretCipher keys, String connection, String slot) {
    StoredCredential found = find(connection, slot).orElseThrow();
    return keys.decrypt(found.ciphertext(), found.place()).reveal();
  }

  private static StoredCredential sealed(
      SecretCipher keys, String connection, String slot, long version, String secret) {
    return new StoredCredential(
        ConnectionId.of(connection),
        slot,
        version,
        keys.currentKeyId(),
        keys.encrypt(Secret.of(secret), new Place(connection, slot, version)));
  }

  protected List<String> query(String sql) throws SQLException {
    return PostgresServer.query(database, sql);
  }
}
