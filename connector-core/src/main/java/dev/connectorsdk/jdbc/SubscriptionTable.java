package dev.connectorsdk.jdbc;

import static dev.connectorsdk.jdbc.TriggerSql.FROM_NOW;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.jdbc.TriggerSql.ClaimSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The subscriptions, and who polls them. Safe for several threads. */
final class SubscriptionTable {

  private static final String SETTINGS =
      "version = ?, environment = ?, flow = ?, connector = ?, reference_name = ?, trigger_id = ?,"
          + " handler = ?, address = ?, settings = ?, phase = ?, reason = ?, delivers = ?,"
          + " registration_key = ?, registration = ?, failures = ?, idle = ?, error = ?";
  private static final String PROGRESS =
      "cursor_key = ?, cursor_text = ?, complete_up_to = ?, proof = ?";
  static final String COLUMNS =
      "version, environment, flow, connector, reference_name, trigger_id, handler, address,"
          + " settings, phase, reason, delivers, registration_key, registration, failures, idle,"
          + " error, cursor_key, cursor_text, complete_up_to, proof, id";

  /** What is read of a subscription that was claimed. */
  static final String CLAIMED = COLUMNS + ", claimed_until";

  private static final String IS_HELD = " WHERE id = ? AND claim_token = ?";
  private static final String IS_SAME = " AND version = ?";

  /** What a claim sets of a subscription that is due: its token, and twice how long it lasts. */
  static final String CLAIM_DUE =
      "claim_token = ?, claimed_until = " + FROM_NOW + ", due_at = " + FROM_NOW;

  /** On which condition nobody has claimed a subscription. */
  static final String IS_FREE = "(claim_token IS NULL OR claimed_until <= CURRENT_TIMESTAMP)";

  /** What is never to be polled does not become due by a claim. */
  private static final String EXTEND =
      "claimed_until = "
          + FROM_NOW
          + ", due_at = CASE WHEN due_at IS NULL THEN NULL ELSE "
          + FROM_NOW
          + " END";

  private final TriggerSql dialect;
  private final String table;
  private final String insert;
  private final String list;
  private final String listAt;
  private final String update;
  private final String rewind;
  private final String delete;
  private final String lock;
  private final String claim;
  private final String renew;
  private final String commit;
  private final String release;
  private final String finish;

  SubscriptionTable(TriggerSql dialect, String prefix) {
    this.dialect = dialect;
    table = prefix + "subscription";
    insert =
        "INSERT INTO "
            + table
            + " ("
            + COLUMNS
            + ", due_at) VALUES (?"
            + ", ?".repeat(21)
            + ", "
            + FROM_NOW
            + ")";
    list = "SELECT " + COLUMNS + " FROM " + table + " WHERE ";
    listAt = list + "address = ? AND id > ? ORDER BY id LIMIT ?";
    String change = ", claim_token = NULL, due_at = " + FROM_NOW + " WHERE id = ? AND version = ?";
    update = "UPDATE " + table + " SET " + SETTINGS + change;
    rewind = "UPDATE " + table + " SET " + SETTINGS + ", " + PROGRESS + change;
    delete = "DELETE FROM " + table + " WHERE id = ? AND version = ?";
    lock = "SELECT id FROM " + table + " WHERE id = ?" + dialect.lock();
    claim =
        dialect.returning(
            "UPDATE "
                + table
                + " SET claim_token = ?, "
                + EXTEND
                + " WHERE id = ? AND "
                + IS_FREE
                + " AND "
                + dialect.relaxed(),
            CLAIMED);
    renew = "UPDATE " + table + " SET " + EXTEND + IS_HELD + " AND " + dialect.relaxed();
    commit = "UPDATE " + table + " SET " + PROGRESS + IS_HELD + IS_SAME;
    String givenBack = "failures = ?, idle = ?, error = ?, claim_token = NULL, due_at = ";
    String held = FROM_NOW + IS_HELD + " AND " + dialect.relaxed();
    release = "UPDATE " + table + " SET " + givenBack + held;
    finish = "UPDATE " + table + " SET " + PROGRESS + ", " + givenBack + held + IS_SAME;
  }

  String name() {
    return table;
  }

  boolean insert(Connection db, StoredSubscription row, @Nullable Duration dueIn)
      throws SQLException {
    List<@Nullable Object> values = settings(row);
    values.addAll(progress(row.progress()));
    values.add(row.id());
    values.add(millis(dueIn));
    return Sql.update(db, insert, values.toArray()) == 1;
  }

  Optional<StoredSubscription> find(Connection db, String id) throws SQLException {
    return Sql.find(db, list + "id = ?", TriggerRows::subscription, id);
  }

  List<StoredSubscription> listAt(Connection db, String address, String after, int limit)
      throws SQLException {
    return Sql.list(db, listAt, TriggerRows::listedSubscription, address, after, limit).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  List<StoredSubscription> list(Connection db, SubscriptionFilter filter, String after, int limit)
      throws SQLException {
    StringBuilder query = new StringBuilder(list).append("id > ?");
    List<Object> values = new ArrayList<>(List.of(after));
    addCondition(query, values, "environment", filter.environment());
    addCondition(query, values, "flow", filter.flow());
    addCondition(query, values, "connector", filter.connector());
    addCondition(query, values, "reference_name", filter.reference());
    values.add(limit);
    return Sql.list(
            db,
            query.append(" ORDER BY id LIMIT ?").toString(),
            TriggerRows::listedSubscription,
            values.toArray())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static void addCondition(
      StringBuilder query, List<Object> values, String column, @Nullable Object wanted) {
    if (wanted != null) {
      query.append(" AND ").append(column).append(" = ?");
      values.add(wanted.toString());
    }
  }

  /**
   * An UPDATE of one subscription. What is encrypted only now is so before a connection is there
   * that would wait for it.
   *
   * @param values of its parameters
   */
  record Update(String sql, List<@Nullable Object> values) {

    /** Returns whether there was a row to change. */
    boolean isDone(Connection db) throws SQLException {
      return Sql.update(db, sql, values.toArray()) == 1;
    }
  }

  Update update(
      StoredSubscription next,
      long expectedVersion,
      boolean withProgress,
      @Nullable Duration dueIn) {
    List<@Nullable Object> values = settings(next);
    if (withProgress) {
      values.addAll(progress(next.progress()));
    }
    Collections.addAll(values, millis(dueIn), next.id(), expectedVersion);
    return new Update(withProgress ? rewind : update, values);
  }

  boolean delete(Connection db, String id, long expectedVersion) throws SQLException {
    return Sql.update(db, delete, id, expectedVersion) == 1;
  }

  /** Has others that change the subscription, or its events that have an order, wait. */
  boolean isLocked(Connection db, String id) throws SQLException {
    return Sql.find(db, lock, row -> true, id).isPresent();
  }

  List<Claim> claimDue(Connection db, Set<String> handlers, Duration lease, int limit)
      throws SQLException {
    String token = newToken();
    ClaimSql sql =
        new ClaimSql(
            table,
            "id",
            "due_at",
            CLAIM_DUE,
            CLAIMED,
            " WHERE t.handler IN (" + places(handlers.size()) + ")");
    List<Object> wanted = new ArrayList<>(handlers);
    wanted.add(limit);
    long millis = lease.toMillis();
    return dialect
        .claim(
            db,
            sql,
            row -> TriggerRows.listedClaim(row, token, lease),
            wanted,
            token,
            millis,
            millis)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  Optional<Claim> claim(Connection db, String id, Duration lease) throws SQLException {
    String token = newToken();
    long millis = lease.toMillis();
    return Sql.find(
        db, claim, row -> TriggerRows.claim(row, token, lease), token, millis, millis, id);
  }

  boolean renew(Connection db, Claim claim, Duration lease) throws SQLException {
    long millis = lease.toMillis();
    return Sql.update(db, renew, millis, millis, claim.subscription().id(), claim.token()) == 1;
  }

  /** A poll of another version of the subscription commits nothing, nor does one held no more. */
  Update commit(Claim claim, Progress next) {
    List<@Nullable Object> values = progress(next);
    StoredSubscription row = claim.subscription();
    Collections.addAll(values, row.id(), claim.token(), row.version());
    return new Update(commit, values);
  }

  Update release(Claim claim, Outcome outcome, @Nullable Duration dueIn) {
    List<@Nullable Object> values = outcome(outcome, dueIn);
    Collections.addAll(values, claim.subscription().id(), claim.token());
    return new Update(release, values);
  }

  /** Like {@link #commit} and {@link #release} together. */
  Update finish(Claim claim, Progress next, Outcome outcome, @Nullable Duration dueIn) {
    List<@Nullable Object> values = progress(next);
    values.addAll(outcome(outcome, dueIn));
    StoredSubscription row = claim.subscription();
    Collections.addAll(values, row.id(), claim.token(), row.version());
    return new Update(finish, values);
  }

  private static List<@Nullable Object> outcome(Outcome outcome, @Nullable Duration dueIn) {
    List<@Nullable Object> values = new ArrayList<>();
    Collections.addAll(values, outcome.failures(), outcome.idle(), outcome.error(), millis(dueIn));
    return values;
  }

  Optional<Duration> untilNextDue(Connection db, Set<String> handlers) throws SQLException {
    return Sql.find(
        db,
        "SELECT due_at AS next_at, CURRENT_TIMESTAMP AS now_at FROM "
            + table
            + " WHERE due_at IS NOT NULL AND handler IN ("
            + places(handlers.size())
            + ") ORDER BY due_at, handler, id LIMIT 1",
        TriggerRows::wait,
        handlers.toArray());
  }

  /** Replaces what is encrypted, raises the version, and ends the claim. */
  boolean reseal(Connection db, String id, Kind kind, Sealed expected, Sealed next)
      throws SQLException {
    String key = kind == Kind.CURSOR ? "cursor_key" : "registration_key";
    String text = kind == Kind.CURSOR ? "cursor_text" : "registration";
    return Sql.update(
            db,
            "UPDATE "
                + table
                + " SET "
                + key
                + " = ?, "
                + text
                + " = ?, version = version + 1, claim_token = NULL, due_at = CASE WHEN due_at IS"
                + " NULL OR claim_token IS NULL THEN due_at ELSE CURRENT_TIMESTAMP END WHERE id = ?"
                + " AND "
                + key
                + " = ? AND "
                + text
                + " = ?",
            next.keyId(),
            next.ciphertext(),
            id,
            expected.keyId(),
            expected.ciphertext())
        == 1;
  }

  static String places(int count) {
    return "?" + ", ?".repeat(count - 1);
  }

  static String newToken() {
    return UUID.randomUUID().toString();
  }

  static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  private static List<@Nullable Object> settings(StoredSubscription row) {
    var subject = row.subject();
    var life = row.life();
    var outcome = row.outcome();
    List<@Nullable Object> values = new ArrayList<>();
    Collections.addAll(
        values,
        row.version(),
        subject.environment().name(),
        subject.flow(),
        subject.connector().value(),
        subject.reference(),
        subject.trigger(),
        subject.handler(),
        subject.address().isEmpty() ? null : subject.address(),
        row.settings(),
        life.phase(),
        life.reason(),
        life.delivers(),
        row.registration().keyId(),
        row.registration().ciphertext(),
        outcome.failures(),
        outcome.idle(),
        outcome.error());
    return values;
  }

  private static List<@Nullable Object> progress(Progress progress) {
    Instant completeUpTo = progress.completeUpTo();
    List<@Nullable Object> values = new ArrayList<>();
    Collections.addAll(
        values,
        progress.cursor().keyId(),
        progress.cursor().ciphertext(),
        completeUpTo,
        progress.proof());
    return values;
  }
}
