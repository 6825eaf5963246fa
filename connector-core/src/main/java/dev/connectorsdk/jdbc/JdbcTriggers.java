package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import dev.connectorsdk.jdbc.SubscriptionTable.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The triggers of a store in a database: two tables. Safe for several threads. */
class JdbcTriggers implements TriggerStore {

  private static final int NOTHING_STORED = -1;

  private final Database database;
  private final SubscriptionTable subscriptions;
  private final InboxTable inbox;
  private final String inspect;
  private final String listNotUnder;
  private final String countByKey;

  JdbcTriggers(Database database, Product product, String prefix) {
    this.database = database;
    TriggerSql dialect = TriggerSql.of(product);
    subscriptions = new SubscriptionTable(dialect, prefix);
    inbox = new InboxTable(dialect, prefix);
    String of = " FROM " + inbox.name() + " e WHERE e.subscription_id = s.id AND e.status = ";
    inspect =
        "SELECT s.id, s.due_at, (s.claim_token IS NOT NULL AND s.claimed_until > CURRENT_TIMESTAMP) AS"
            + " claimed, (SELECT COUNT(*)"
            + of
            + "'STORED') AS events, (SELECT COALESCE(SUM(e.characters), 0)"
            + of
            + "'STORED') AS characters, (SELECT COUNT(*)"
            + of
            + "'PARKED') AS parked, (SELECT MAX(l.stored_at) FROM "
            + inbox.name()
            + " l WHERE l.number IN ((SELECT MAX(e.number)"
            + of
            + "'STORED'), (SELECT MAX(e.number)"
            + of
            + "'ACCEPTED'), (SELECT MAX(e.number)"
            + of
            + "'PARKED'))) AS last_at FROM "
            + subscriptions.name()
            + " s WHERE s.id";
    listNotUnder =
        "SELECT subscription_id, event_id, kind, key_id, sealed_text FROM ("
            + "SELECT id AS subscription_id, '' AS event_id, 'CURSOR' AS kind,"
            + " cursor_key AS key_id, cursor_text AS sealed_text FROM "
            + subscriptions.name()
            + " UNION ALL SELECT id, '', 'REGISTRATION', registration_key, registration FROM "
            + subscriptions.name()
            + " UNION ALL SELECT subscription_id, event_id, 'PAYLOAD', payload_key, payload FROM "
            + inbox.name()
            + ") f WHERE key_id <> '' AND key_id <> ? LIMIT ?";
    countByKey =
        "SELECT key_id, COUNT(*) AS fields FROM (SELECT cursor_key AS key_id FROM "
            + subscriptions.name()
            + " UNION ALL SELECT registration_key FROM "
            + subscriptions.name()
            + " UNION ALL SELECT payload_key FROM "
            + inbox.name()
            + ") k WHERE key_id <> '' GROUP BY key_id";
  }

  // Subscriptions

  @Override
  public boolean insertSubscription(StoredSubscription row, @Nullable Duration dueIn) {
    return database.join("insertSubscription", db -> subscriptions.insert(db, row, dueIn));
  }

  @Override
  public Optional<StoredSubscription> findSubscription(String id) {
    return database.read("findSubscription", db -> subscriptions.find(db, id));
  }

  @Override
  public List<StoredSubscription> listSubscriptionsAt(String address, String after, int limit) {
    return database.read(
        "listSubscriptionsAt", db -> subscriptions.listAt(db, address, after, limit));
  }

  @Override
  public List<StoredSubscription> listSubscriptions(
      SubscriptionFilter filter, String after, int limit) {
    return database.read("listSubscriptions", db -> subscriptions.list(db, filter, after, limit));
  }

  @Override
  public boolean updateSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn) {
    return isUpdated("updateSubscription", next, expectedVersion, false, dueIn);
  }

  @Override
  public boolean rewindSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn) {
    return isUpdated("rewindSubscription", next, expectedVersion, true, dueIn);
  }

  private boolean isUpdated(
      String operation,
      StoredSubscription next,
      long expectedVersion,
      boolean withProgress,
      @Nullable Duration dueIn) {
    JdbcStore.requireNext(next.version(), expectedVersion);
    Update update = subscriptions.update(next, expectedVersion, withProgress, dueIn);
    return database.change(
        operation,
        db -> {
          if (!update.isDone(db)) {
            return false;
          }
          inbox.setDelivering(db, next.id(), next.life().delivers());
          return true;
        });
  }

  @Override
  public boolean deleteSubscription(String id, long expectedVersion) {
    return database.change(
        "deleteSubscription", db -> subscriptions.delete(db, id, expectedVersion));
  }

  // Claims of subscriptions

  @Override
  public List<Claim> claimDue(Set<String> handlers, Duration lease, int limit) {
    return handlers.isEmpty()
        ? List.of()
        : database.separately("claimDue", db -> subscriptions.claimDue(db, handlers, lease, limit));
  }

  @Override
  public Optional<Claim> claim(String id, Duration lease) {
    return database.separately("claim", db -> subscriptions.claim(db, id, lease));
  }

  @Override
  public boolean renewClaim(Claim claim, Duration lease) {
    return database.separately("renewClaim", db -> subscriptions.renew(db, claim, lease));
  }

  @Override
  public int commit(Claim claim, Progress progress, Collection<NewEvent> events) {
    Update update = subscriptions.commit(claim, progress);
    return database
        .take(
            "commit",
            db ->
                update.isDone(db)
                    ? Optional.of(inbox.insert(db, claim.subscription().id(), events))
                    : Optional.empty())
        .orElse(NOTHING_STORED);
  }

  @Override
  public boolean release(Claim claim, Outcome outcome, @Nullable Duration dueIn) {
    return isGivenBack("release", claim, subscriptions.release(claim, outcome, dueIn));
  }

  @Override
  public boolean finish(Claim claim, Progress progress, Outcome outcome, @Nullable Duration dueIn) {
    return isGivenBack("finish", claim, subscriptions.finish(claim, progress, outcome, dueIn));
  }

  /** Gives a claim back by an update of its subscription; returns whether it was held. */
  boolean isGivenBack(String operation, Claim claim, Update update) {
    return database.separately(operation, update::isDone);
  }

  @Override
  public Optional<Duration> untilNextDue(Set<String> handlers) {
    return handlers.isEmpty()
        ? Optional.empty()
        : database.read("untilNextDue", db -> subscriptions.untilNextDue(db, handlers));
  }

  // Events

  @Override
  public int deliver(String subscription, Collection<NewEvent> events, Load most) {
    return database
        .take("deliver", db -> delivered(db, subscription, events, most))
        .orElse(NOTHING_STORED);
  }

  private Optional<Integer> delivered(
      Connection db, String subscription, Collection<NewEvent> events, Load most)
      throws SQLException {
    // Two who insert the same rows in different orders would wait for each other.
    if (!isOneAlone(events) && !subscriptions.isLocked(db, subscription)) {
      return Optional.empty();
    }
    try {
      int stored = inbox.insert(db, subscription, events);
      if (stored == 0 || isWithin(inbox.load(db, subscription), most)) {
        return Optional.of(stored);
      }
    } catch (SQLException e) {
      if (!Sql.isMissingParent(e)) {
        throw e;
      }
    }
    db.rollback();
    return Optional.empty();
  }

  static boolean isOneAlone(Collection<NewEvent> events) {
    return events.size() == 1 && events.iterator().next().isAlone();
  }

  private static boolean isWithin(Load load, Load most) {
    return load.events() <= most.events() && load.characters() <= most.characters();
  }

  @Override
  public Load load(String subscription) {
    return database.read("load", db -> inbox.load(db, subscription));
  }

  @Override
  public Optional<Standing> inspect(String subscription) {
    return database.read(
        "inspect", db -> Sql.find(db, inspect + " = ?", TriggerRows::standing, subscription));
  }

  @Override
  public Map<String, Standing> inspect(Collection<String> subscriptions) {
    if (subscriptions.isEmpty()) {
      return Map.of();
    }
    String those =
        " IN (" + String.join(", ", Collections.nCopies(subscriptions.size(), "?")) + ")";
    return database
        .read(
            "inspect",
            db ->
                Sql.list(
                    db,
                    inspect + those,
                    row -> Map.entry(row.getString("id"), TriggerRows.standing(row)),
                    subscriptions.toArray()))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public List<EventClaim> claimEvents(
      Set<String> handlers, Set<String> without, Duration lease, int limit) {
    return handlers.isEmpty()
        ? List.of()
        : database.separately(
            "claimEvents", db -> inbox.claim(db, handlers, without, lease, limit));
  }

  @Override
  public boolean renewClaim(EventClaim claim, Duration lease) {
    return database.separately("renewClaim", db -> inbox.renew(db, claim, lease));
  }

  @Override
  public boolean release(EventClaim claim) {
    return database.separately("release", db -> inbox.release(db, claim));
  }

  @Override
  public boolean accept(EventClaim claim, Retention retention) {
    return database.change("accept", db -> isAccepted(db, claim, retention));
  }

  /** Accepts an event in a transaction that is somebody else's. */
  boolean isAccepted(Connection db, EventClaim claim, Retention retention) throws SQLException {
    return isFree(db, claim) && inbox.accept(db, claim, retention);
  }

  @Override
  public boolean retry(EventClaim claim, Duration in, String error) {
    return database.separately("retry", db -> inbox.retry(db, claim, in, error));
  }

  @Override
  public boolean postpone(EventClaim claim, Duration in, String error) {
    return database.separately("postpone", db -> inbox.postpone(db, claim, in, error));
  }

  @Override
  public boolean park(EventClaim claim, String error, Duration keep) {
    return database.change("park", db -> isFree(db, claim) && inbox.park(db, claim, error, keep));
  }

  /** Returns whether the order of an event may be changed: nobody else does so meanwhile. */
  private boolean isFree(Connection db, EventClaim claim) throws SQLException {
    return claim.event().event().isAlone()
        || subscriptions.isLocked(db, claim.event().subscription());
  }

  @Override
  public Optional<Duration> untilNextEvent(Set<String> handlers, Set<String> without) {
    return handlers.isEmpty()
        ? Optional.empty()
        : database.read("untilNextEvent", db -> inbox.untilNext(db, handlers, without));
  }

  @Override
  public List<StoredEvent> listEvents(
      String subscription, @Nullable EventStatus status, long after, int limit) {
    return database.read("listEvents", db -> inbox.list(db, subscription, status, after, limit));
  }

  @Override
  public boolean replay(String subscription, long number) {
    return database.change(
        "replay",
        db -> subscriptions.isLocked(db, subscription) && inbox.replay(db, subscription, number));
  }

  @Override
  public boolean drop(String subscription, long number) {
    return database.change("drop", db -> inbox.drop(db, subscription, number));
  }

  @Override
  public int forget(int limit) {
    for (String id : database.read("forget", inbox::listHeldBack)) {
      database.change("forget", db -> isHeldBack(db, id));
    }
    return database.take("forget", db -> Optional.of(inbox.forget(db, limit))).orElse(0);
  }

  /** Spares those who look for events what has come since a subscription waits. */
  private boolean isHeldBack(Connection db, String id) throws SQLException {
    boolean waits =
        subscriptions.isLocked(db, id)
            && subscriptions.find(db, id).filter(row -> !row.life().delivers()).isPresent();
    if (waits) {
      inbox.setDelivering(db, id, false);
    }
    return waits;
  }

  // Keys

  @Override
  public List<SealedField> listNotUnder(String keyId, int limit) {
    return database.read(
        "listNotUnder", db -> Sql.list(db, listNotUnder, TriggerRows::field, keyId, limit));
  }

  @Override
  public Map<String, Long> countByKey() {
    return database
        .read(
            "countByKey",
            db ->
                Sql.list(
                    db,
                    countByKey,
                    row -> Map.entry(row.getString("key_id"), row.getLong("fields"))))
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public boolean reseal(SealedField stored, Sealed next) {
    String id = stored.subscription();
    return database.change(
        "reseal",
        db ->
            stored.kind() == Kind.PAYLOAD
                ? inbox.reseal(db, id, stored.event(), stored.value(), next)
                : subscriptions.reseal(db, id, stored.kind(), stored.value(), next));
  }
}
