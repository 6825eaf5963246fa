package dev.connectorsdk.jdbc;

import static dev.connectorsdk.jdbc.SubscriptionTable.newToken;
import static dev.connectorsdk.jdbc.SubscriptionTable.places;
import static dev.connectorsdk.jdbc.TriggerSql.FROM_NOW;

import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.jdbc.TriggerSql.ClaimSql;
import dev.connectorsdk.jdbc.TriggerSql.InsertSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of subscriptions. Safe for several threads.
 *
 * <p>Of the events of a subscription that wait and have the same order one is the head. It stays so
 * until it waits no more; then the next one becomes it. Whoever adds or removes such an event holds
 * the lock on its subscription, so that there is always exactly one.
 */
final class InboxTable {

  private static final String COLUMNS =
      "number, subscription_id, event_id, order_text, status, attempts, error, payload_key,"
          + " payload, stored_at";
  private static final String IS_HELD = " WHERE number = ? AND claim_token = ?";
  private static final String DONE =
      " SET claim_token = NULL, head = FALSE, ready_at = NULL, order_key = NULL, ";

  /** So many events that are ready although their subscription waits are looked at, at once. */
  private static final int MOST_LOOKED_AT = 1_000;

  private final TriggerSql dialect;
  private final String table;
  private final String subscriptions;
  private final InsertSql insert;
  private final String promote;
  private final String load;
  private final String hold;
  private final String listHeldBack;
  private final String resume;
  private final String renew;
  private final String release;
  private final String retry;
  private final String postpone;
  private final String accept;
  private final String park;
  private final String list;
  private final String replay;
  private final String drop;
  private final String erase;
  private final String delete;
  private final String reseal;

  InboxTable(TriggerSql dialect, String prefix) {
    this.dialect = dialect;
    table = prefix + "event";
    subscriptions = prefix + "subscription";
    String update = "UPDATE " + table;
    insert =
        new InsertSql(
            "INSERT INTO "
                + table
                + " (subscription_id, event_key, event_id, order_text, order_key, head, ready_at,"
                + " status, attempts, error, payload_key, payload, characters, stored_at)"
                + " VALUES (?, ?, ?, ?, ?, CAST(? AS BOOLEAN),"
                + " CASE WHEN CAST(? AS BOOLEAN) THEN CURRENT_TIMESTAMP ELSE NULL END,"
                + " 'STORED', 0, '', ?, ?, ?, CURRENT_TIMESTAMP)",
            "SELECT number FROM " + table + " WHERE subscription_id = ? AND event_key = ?");
    String ofOrder = " WHERE subscription_id = ? AND order_key = ? AND head = ";
    promote =
        update
            + " SET head = TRUE, ready_at = CURRENT_TIMESTAMP WHERE number = (SELECT number FROM "
            + table
            + ofOrder
            + "FALSE ORDER BY subscription_id, order_key, head, number LIMIT 1)"
            + " AND NOT EXISTS (SELECT number FROM "
            + table
            + ofOrder
            + "TRUE)";
    load =
        "SELECT COUNT(*) AS events, COALESCE(SUM(characters), 0) AS characters FROM "
            + table
            + " WHERE subscription_id = ? AND status = 'STORED'";
    String waiting = " WHERE subscription_id = ? AND status = 'STORED' AND head = TRUE";
    hold =
        update
            + " SET ready_at = NULL"
            + waiting
            + " AND (claim_token IS NULL OR ready_at <= CURRENT_TIMESTAMP)";
    listHeldBack =
        "SELECT DISTINCT id FROM (SELECT s.id FROM "
            + table
            + " e JOIN "
            + subscriptions
            + " s ON s.id = e.subscription_id WHERE s.delivers = FALSE"
            + " AND e.ready_at <= CURRENT_TIMESTAMP ORDER BY e.ready_at, e.number LIMIT ?) h";
    resume = update + " SET ready_at = CURRENT_TIMESTAMP" + waiting + " AND ready_at IS NULL";
    String relaxed = IS_HELD + " AND " + dialect.relaxed();
    renew = update + " SET ready_at = " + FROM_NOW + relaxed;
    String givenBack = update + " SET claim_token = NULL, ";
    String notTried = givenBack + "attempts = attempts - 1, ";
    release = notTried + "ready_at = CURRENT_TIMESTAMP" + relaxed;
    String later = "error = ?, ready_at = " + FROM_NOW + relaxed;
    retry = givenBack + later;
    postpone = notTried + later;
    accept =
        update
            + DONE
            + "status = 'ACCEPTED', error = '',"
            + " payload_key = CASE WHEN CAST(? AS BOOLEAN) THEN payload_key ELSE '' END,"
            + " payload = CASE WHEN CAST(? AS BOOLEAN) THEN payload ELSE '' END, keep_until = "
            + FROM_NOW
            + ", known_until = "
            + FROM_NOW
            + IS_HELD;
    park =
        update
            + DONE
            + "status = 'PARKED', error = ?, keep_until = "
            + FROM_NOW
            + ", known_until = "
            + FROM_NOW
            + IS_HELD;
    list = "SELECT " + COLUMNS + " FROM " + table + " WHERE subscription_id = ? AND number > ?";
    String one = " WHERE subscription_id = ? AND number = ? AND status ";
    replay =
        update
            + " SET status = 'STORED', attempts = 0, error = '', keep_until = NULL,"
            + " known_until = NULL, order_key = ?, head = CAST(? AS BOOLEAN), ready_at ="
            + " CASE WHEN CAST(? AS BOOLEAN) THEN CURRENT_TIMESTAMP ELSE NULL END"
            + one
            + "<> 'STORED' AND payload_key <> ''";
    drop = update + " SET status = 'ACCEPTED', payload_key = '', payload = ''" + one + "= 'PARKED'";
    String over = " WHERE keep_until <= CURRENT_TIMESTAMP AND ";
    String onlyItsPayload = "status = 'ACCEPTED' AND known_until > CURRENT_TIMESTAMP";
    String all = "(status = 'PARKED' OR known_until <= CURRENT_TIMESTAMP)";
    erase =
        update
            + " SET payload_key = '', payload = '', keep_until = known_until"
            + forgotten(over + onlyItsPayload);
    delete = "DELETE FROM " + table + forgotten(over + all);
    reseal =
        update
            + " SET payload_key = ?, payload = ?, characters = ? WHERE subscription_id = ?"
            + " AND event_key = ? AND payload_key = ? AND payload = ?";
  }

  /** The condition stands twice: another may have changed the row since it was found. */
  private String forgotten(String condition) {
    return condition
        + " AND number IN (SELECT number FROM "
        + table
        + condition
        + " ORDER BY keep_until, number LIMIT ?"
        + dialect.lockWhatIsFree()
        + ")";
  }

  String name() {
    return table;
  }

  /** Returns how many were not known; the caller holds the lock if one has an order. */
  int insert(Connection db, String subscription, Collection<NewEvent> events) throws SQLException {
    if (events.isEmpty()) {
      return 0;
    }
    List<@Nullable Object[]> rows = events.stream().map(e -> columns(subscription, e)).toList();
    int inserted = dialect.insertUnknown(db, insert, rows);
    List<String> orders =
        events.stream().filter(e -> !e.isAlone()).map(NewEvent::order).distinct().toList();
    if (inserted > 0 && !orders.isEmpty()) {
      promote(db, subscription, orders);
    }
    return inserted;
  }

  private static @Nullable Object[] columns(String subscription, NewEvent event) {
    boolean isAlone = event.isAlone();
    return new @Nullable Object[] {
      subscription,
      Sha256.of(event.id()),
      event.id(),
      isAlone ? "" : event.order(),
      isAlone ? null : Sha256.of(event.order()),
      isAlone,
      isAlone,
      event.payload().keyId(),
      event.payload().ciphertext(),
      (long) event.payload().ciphertext().length()
    };
  }

  /** Has the first that waits be the head of each order that has none. */
  private void promote(Connection db, String subscription, List<String> orders)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String order : orders) {
      byte[] key = Sha256.of(order);
      rows.add(new @Nullable Object[] {subscription, key, subscription, key});
    }
    Sql.batch(db, promote, rows);
  }

  Load load(Connection db, String subscription) throws SQLException {
    return Sql.find(db, load, TriggerRows::load, subscription).orElseThrow();
  }

  /** Spares those who look for events that can be claimed those of a subscription that waits. */
  void setDelivering(Connection db, String subscription, boolean delivers) throws SQLException {
    Sql.update(db, delivers ? resume : hold, subscription);
  }

  /** Returns subscriptions that wait, and whose events are looked at all the same. */
  List<String> listHeldBack(Connection db) throws SQLException {
    return Sql.list(db, listHeldBack, row -> row.getString("id"), MOST_LOOKED_AT);
  }

  List<EventClaim> claim(
      Connection db, Set<String> handlers, Set<String> without, Duration lease, int limit)
      throws SQLException {
    String token = newToken();
    ClaimSql sql =
        new ClaimSql(
            table,
            "number",
            "ready_at",
            "claim_token = ?, attempts = attempts + 1, ready_at = " + FROM_NOW,
            COLUMNS,
            wanted(handlers, without));
    List<Object> wanted = new ArrayList<>(handlers);
    wanted.addAll(without);
    wanted.add(limit);
    return dialect
        .claim(db, sql, TriggerRows::listedEvent, wanted, token, lease.toMillis())
        .stream()
        .flatMap(Optional::stream)
        .map(row -> new EventClaim(row, token))
        .toList();
  }

  private String wanted(Set<String> handlers, Set<String> without) {
    return " JOIN "
        + subscriptions
        + " s ON s.id = t.subscription_id WHERE s.delivers = TRUE AND s.handler IN ("
        + places(handlers.size())
        + ")"
        + (without.isEmpty()
            ? ""
            : " AND t.subscription_id NOT IN (" + places(without.size()) + ")");
  }

  Optional<Duration> untilNext(Connection db, Set<String> handlers, Set<String> without)
      throws SQLException {
    return Sql.find(
        db,
        "SELECT t.ready_at AS next_at, CURRENT_TIMESTAMP AS now_at FROM "
            + table
            + " t"
            + wanted(handlers, without)
            + " AND t.ready_at IS NOT NULL ORDER BY t.ready_at, t.number LIMIT 1",
        TriggerRows::wait,
        Stream.concat(handlers.stream(), without.stream()).toArray());
  }

  boolean renew(Connection db, EventClaim claim, Duration lease) throws SQLException {
    return Sql.update(db, renew, lease.toMillis(), claim.event().number(), claim.token()) == 1;
  }

  boolean release(Connection db, EventClaim claim) throws SQLException {
    return Sql.update(db, release, claim.event().number(), claim.token()) == 1;
  }

  boolean retry(Connection db, EventClaim claim, Duration in, String error) throws SQLException {
    return isLater(db, retry, claim, in, error);
  }

  boolean postpone(Connection db, EventClaim claim, Duration in, String error) throws SQLException {
    return isLater(db, postpone, claim, in, error);
  }

  private static boolean isLater(
      Connection db, String sql, EventClaim claim, Duration in, String error) throws SQLException {
    return Sql.update(db, sql, error, in.toMillis(), claim.event().number(), claim.token()) == 1;
  }

  /** The caller holds the lock if the event has an order. */
  boolean accept(Connection db, EventClaim claim, Retention retention) throws SQLException {
    boolean isKept = retention.payload().compareTo(Duration.ZERO) > 0;
    Duration keep = isKept ? retention.payload() : retention.id();
    int accepted =
        Sql.update(
            db,
            accept,
            isKept,
            isKept,
            keep.toMillis(),
            retention.id().toMillis(),
            claim.event().number(),
            claim.token());
    return isDone(db, claim, accepted);
  }

  /** The caller holds the lock if the event has an order. */
  boolean park(Connection db, EventClaim claim, String error, Duration keep) throws SQLException {
    long millis = keep.toMillis();
    return isDone(
        db,
        claim,
        Sql.update(db, park, error, millis, millis, claim.event().number(), claim.token()));
  }

  private boolean isDone(Connection db, EventClaim claim, int changed) throws SQLException {
    NewEvent event = claim.event().event();
    if (changed == 1 && !event.isAlone()) {
      promote(db, claim.event().subscription(), List.of(event.order()));
    }
    return changed == 1;
  }

  List<StoredEvent> list(
      Connection db, String subscription, @Nullable EventStatus status, long after, int limit)
      throws SQLException {
    List<Object> values = new ArrayList<>(List.of(subscription, after));
    String query = list;
    if (status != null) {
      query += " AND status = ?";
      values.add(status.name());
    }
    values.add(limit);
    return Sql.list(
            db, query + " ORDER BY number LIMIT ?", TriggerRows::listedEvent, values.toArray())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** The caller holds the lock. */
  boolean replay(Connection db, String subscription, long number) throws SQLException {
    Optional<NewEvent> found =
        list(db, subscription, null, number - 1, 1).stream()
            .filter(row -> row.number() == number)
            .map(StoredEvent::event)
            .findFirst();
    if (found.isEmpty()) {
      return false;
    }
    NewEvent event = found.get();
    boolean isAlone = event.isAlone();
    byte[] key = isAlone ? null : Sha256.of(event.order());
    if (Sql.update(db, replay, key, isAlone, isAlone, subscription, number) == 0) {
      return false;
    }
    if (!isAlone) {
      promote(db, subscription, List.of(event.order()));
    }
    return true;
  }

  boolean drop(Connection db, String subscription, long number) throws SQLException {
    return Sql.update(db, drop, subscription, number) == 1;
  }

  int forget(Connection db, int limit) throws SQLException {
    int erased = Sql.update(db, erase, limit);
    return erased + Sql.update(db, delete, limit - erased);
  }

  boolean reseal(Connection db, String subscription, String event, Sealed expected, Sealed next)
      throws SQLException {
    return Sql.update(
            db,
            reseal,
            next.keyId(),
            next.ciphertext(),
            (long) next.ciphertext().length(),
            subscription,
            Sha256.of(event),
            expected.keyId(),
            expected.ciphertext())
        == 1;
  }
}
