package dev.connectorsdk.jdbc;

import static dev.connectorsdk.api.spi.TriggerStore.EventStatus.ACCEPTED;
import static dev.connectorsdk.api.spi.TriggerStore.EventStatus.PARKED;
import static dev.connectorsdk.api.spi.TriggerStore.EventStatus.STORED;
import static dev.connectorsdk.fixtures.ManyThreads.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.fixtures.TriggerStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the triggers of a JDBC store do in addition, the same in every database. */
abstract class JdbcTriggersContract extends TriggerStoreContract {

  private static final SubscriptionFilter ALL = new SubscriptionFilter(null, null, null, null);
  private static final Load WIDE = new Load(Long.MAX_VALUE, Long.MAX_VALUE);

  protected DataSource database;

  /** Returns a database without tables. */
  protected abstract DataSource emptyDatabase() throws Exception;

  @Override
  protected TriggerStore emptyStore() throws Exception {
    database = emptyDatabase();
    return JdbcStore.builder(database).build().triggers();
  }

  @Test
  void whatComesWhileASubscriptionWaitsIsNotLookedAtForEver() throws Exception {
    String ready = "SELECT event_id FROM connector_event WHERE ready_at IS NOT NULL";
    insert("s1");
    insert("s2");
    StoredSubscription waits = subscription("s1").next().with(new Life("PAUSED", "", false));
    store.updateSubscription(waits, 1, null);
    store("s1", events("a", "b"));
    store("s2", events("c"));

    store.forget(10);

    assertThat(query(ready)).containsExactly("c");
    store.updateSubscription(waits.next().with(new Life("ACTIVE", "", true)), 2, NOW);
    assertThat(query(ready)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  @DisplayName("G12: events for which there is no handler do not hide those of who waits")
  @Tag("G12")
  void eventsThatNobodyHandlesDoNotHideThoseOfWhoWaits() throws Exception {
    insert("s1");
    insert("s2");
    StoredSubscription waits = subscription("s1").next().with(new Life("PAUSED", "", false));
    store.updateSubscription(waits, 1, null);
    store("s2", events(IntStream.range(0, 1_100).mapToObj(n -> "h" + n).toArray(String[]::new)));
    store("s1", events("a"));

    store.forget(10);

    assertThat(query("SELECT event_id FROM connector_event WHERE ready_at IS NULL"))
        .containsExactly("a");
  }

  @Test
  @DisplayName("I7: tables of version 3 get those for triggers, and code for version 3 goes on")
  void tablesOfVersion3GetThoseForTriggers() throws Exception {
    PostgresServer.execute(
        database,
        "DROP TABLE connector_event",
        "DROP TABLE connector_subscription",
        "UPDATE connector_schema SET version = 3");

    List<JdbcStore> upgraded = atOnce(4, i -> JdbcStore.builder(database).build());

    assertThat(query("SELECT version, oldest_usable_code FROM connector_schema"))
        .containsExactly(Schema.VERSION + " 3");
    assertThat(upgraded.get(0).triggers().insertSubscription(subscription("s1"), NOW)).isTrue();
    assertThat(upgraded.get(3).triggers().findSubscription("s1")).contains(subscription("s1"));
  }

  @Test
  @DisplayName("I6: polls and events are due, and claims run out, by the clock of the database")
  void pollsAndEventsAreDueByTheClockOfTheDatabase() throws Exception {
    store.insertSubscription(subscription("s1"), LONG);
    store("s1", events("a"));
    store.retry(claimEvent(), LONG, "later");
    assertThat(store.claimDue(ANNOUNCE, LONG, 1)).isEmpty();
    assertThat(claimEvents()).isEmpty();

    for (int claims = 0; claims < 2; claims++) {
      PostgresServer.execute(
          database,
          "UPDATE connector_subscription SET due_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND",
          "UPDATE connector_event SET ready_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND");

      assertThat(store.claimDue(ANNOUNCE, LONG, 1)).hasSize(1);
      assertThat(claimEvents()).hasSize(1);
    }
  }

  @Test
  @DisplayName("B9: a failure takes back all of a delivery, and tells no values")
  void aFailureTakesBackAllOfADeliveryAndTellsNoValues() throws Exception {
    insert("s1");
    PostgresServer.execute(
        database,
        "ALTER TABLE connector_event ADD CONSTRAINT no_bad CHECK (event_id <> 'bad-event')");
    Claim claim = claimed("s1");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.commit(claim, at("c1"), events("good", "bad-event", "other")))
        .withMessageMatching(
            "commit failed in the database: SQLState 2351\\d, vendor code \\d+, \\w+")
        .withNoCause()
        .matches(e -> !e.isRetryable() && e.getSuppressed().length == 0);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store("s1", events("good", "bad-event")))
        .withMessageStartingWith("deliver failed in the database: SQLState 2351")
        .withNoCause();

    assertThat(store.listEvents("s1", null, 0, 10)).isEmpty();
    assertThat(store.findSubscription("s1")).contains(subscription("s1"));
    assertThat(store.commit(claim, at("c1"), events("good"))).as("goes on").isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"environment = ' '", "connector = 'Größe!'"})
  @DisplayName(
      "I7: a subscription that only a later version understands breaks no list and no claim")
  void aSubscriptionThatOnlyALaterVersionUnderstandsBreaksNoList(String change) throws Exception {
    insert("s1");
    insert("s2");
    PostgresServer.execute(
        database, "UPDATE connector_subscription SET " + change + " WHERE id = 's1'");

    assertThat(store.listSubscriptions(ALL, "", 10)).containsExactly(subscription("s2"));
    assertThat(ids(store.claimDue(ANNOUNCE, LONG, 10))).containsExactly("s2");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.findSubscription("s1"))
        .withMessage(
            "A subscription in the database holds a value that this version does not know. Was it"
                + " written by a later version, or by hand?");
    assertThat(store.deleteSubscription("s1", 1)).isTrue();
  }

  @Test
  @DisplayName("I7: an event with a status of a later version is left out of lists")
  void anEventWithAStatusOfALaterVersionIsLeftOutOfLists() throws Exception {
    insert("s1");
    store("s1", events("a", "b"));
    PostgresServer.execute(
        database, "UPDATE connector_event SET status = 'FLOATING' WHERE event_id = 'a'");

    assertThat(stored("s1", null)).containsExactly("b");
    assertThat(eventIds(claimEvents())).containsExactly("b");
    assertThat(store("s1", events("a"))).as("its id is known").isZero();
  }

  @Test
  @DisplayName("I7: a later version adds columns while the connections of a pool are in use")
  void aLaterVersionAddsColumnsWhileTheConnectionsOfAPoolAreInUse() throws Exception {
    try (Connection connection = database.getConnection()) {
      OneConnection pool = new OneConnection(connection);
      TriggerStore pooled = JdbcStore.builder(pool.dataSource()).build().triggers();
      // PostgreSQL's driver prepares on the server what runs five times.
      for (int i = 0; i < 7; i++) {
        useInEveryWay(pooled, "before" + i);
      }
      for (String table : List.of("connector_subscription", "connector_event")) {
        PostgresServer.execute(
            database, "ALTER TABLE " + table + " ADD COLUMN tomorrow VARCHAR DEFAULT 'x' NOT NULL");
      }
      PostgresServer.execute(database, "ALTER TABLE connector_event ADD COLUMN handler VARCHAR");

      for (int i = 0; i < 4; i++) {
        useInEveryWay(pooled, "after" + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("I5: one connection at a time is borrowed, and given back as it was")
  void oneConnectionAtATimeIsBorrowedAndGivenBackAsItWas(boolean autoCommit) throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(autoCommit);
      OneConnection pool = new OneConnection(connection);
      TriggerStore pooled =
          JdbcStore.builder(pool.dataSource()).tablePrefix("one_").build().triggers();

      useInEveryWay(pooled, "s1");

      assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
      assertThat(pool.isLent()).isFalse();
      if (!autoCommit) {
        connection.rollback();
      }
      assertThat(pooled.listSubscriptions(ALL, "", 10)).as("nothing was left open").hasSize(1);
      if (!autoCommit) {
        connection.rollback();
      }
    }
  }

  @Test
  @DisplayName("I5: a transaction that the caller has open on its thread is left alone")
  void aTransactionThatTheCallerHasOpenIsLeftAlone() throws Exception {
    PostgresServer.execute(database, "CREATE TABLE of_host (id INTEGER)");
    try (BoundConnections bound = new BoundConnections(database)) {
      TriggerStore inside = JdbcStore.builder(bound.dataSource()).build().triggers();
      Connection transaction = bound.begin();
      PostgresServer.execute(bound.dataSource(), "INSERT INTO of_host VALUES (1)");

      useInEveryWay(inside, "s1");

      assertThat(transaction.getAutoCommit()).isFalse();
      transaction.rollback();
    }
    assertThat(query("SELECT id FROM of_host")).isEmpty();
    assertThat(store.findSubscription("s1")).isPresent();
  }

  /** Runs all that the store can do, once, and checks that all of it takes effect. */
  private static void useInEveryWay(TriggerStore store, String id) {
    StoredSubscription first = subscription(id, "handler of " + id, "address of " + id);
    var handlers = java.util.Set.of(first.subject().handler());
    assertThat(store.insertSubscription(first, OVER)).isTrue();
    assertThat(store.findSubscription(id)).contains(first);
    assertThat(store.listSubscriptionsAt("address of " + id, "", 9)).contains(first);
    assertThat(store.listSubscriptions(ALL, "", 1000)).contains(first);
    assertThat(store.untilNextDue(handlers)).isPresent();
    Claim due = store.claimDue(handlers, LONG, 1).get(0);
    assertThat(store.renewClaim(due, LONG)).isTrue();
    assertThat(store.commit(due, at("c1"), List.of(event("a"), ordered("b", "k")))).isEqualTo(2);
    assertThat(store.release(due, Outcome.NONE, LONG)).isTrue();
    Claim claim = store.claim(id, LONG).orElseThrow();
    assertThat(store.release(claim, Outcome.NONE, null)).isTrue();
    assertThat(store.deliver(id, List.of(event("a"), ordered("c", "k")), WIDE)).isEqualTo(1);
    assertThat(store.deliver(id, events("d"), new Load(3, 1000))).isEqualTo(-1);
    assertThat(store.load(id).events()).isEqualTo(3);
    assertThat(store.inspect(id)).isPresent();
    assertThat(store.untilNextEvent(handlers, Set.of())).isPresent();
    List<EventClaim> claims = store.claimEvents(handlers, Set.of(), LONG, 10);
    assertThat(eventIds(claims)).containsExactly("a", "b");
    assertThat(store.renewClaim(claims.get(0), LONG)).isTrue();
    assertThat(store.retry(claims.get(0), OVER, "no")).isTrue();
    assertThat(store.park(claims.get(1), "poison", OVER)).isTrue();
    List<StoredEvent> parked = store.listEvents(id, PARKED, 0, 10);
    assertThat(store.replay(id, parked.get(0).number())).isTrue();
    for (EventClaim again : store.claimEvents(handlers, Set.of(), LONG, 10)) {
      assertThat(store.release(again)).isTrue();
    }
    EventClaim last = store.claimEvents(handlers, Set.of(), LONG, 1).get(0);
    assertThat(store.accept(last, FORGET_PAYLOAD)).isTrue();
    assertThat(store.drop(id, last.event().number())).isFalse();
    assertThat(store.forget(10)).isZero();
    SealedField field = store.listNotUnder("", 1000).get(0);
    assertThat(store.countByKey()).isNotEmpty();
    assertThat(store.reseal(field, new Sealed("k2", "again"))).isTrue();
    StoredSubscription now = store.findSubscription(id).orElseThrow();
    assertThat(store.updateSubscription(now.next(), now.version(), null)).isTrue();
    assertThat(store.rewindSubscription(now.next().next(), now.version() + 1, null)).isTrue();
    StoredSubscription gone = subscription(id + "gone", "x", "");
    assertThat(store.insertSubscription(gone, null)).isTrue();
    assertThat(store.deleteSubscription(gone.id(), 1)).isTrue();
  }

  @Test
  @DisplayName("C6: ids and orders as long as they may be are stored")
  void idsAndOrdersAsLongAsTheyMayBeAreStored() {
    String id = "€".repeat(200);
    store.insertSubscription(subscription(id, "€".repeat(200), "€".repeat(200)), NOW);
    NewEvent longest =
        new NewEvent("€".repeat(500), "€".repeat(600), sealed("x".repeat(1_000_000)));

    assertThat(store(id, List.of(longest))).isEqualTo(1);

    assertThat(only(id, STORED).event()).isEqualTo(longest);
    assertThat(stored(id, ACCEPTED)).isEmpty();
  }

  protected List<String> query(String sql) throws SQLException {
    return PostgresServer.query(database, sql);
  }
}
