package dev.connectorsdk.jdbc;

import static dev.connectorsdk.jdbc.SubscriptionTable.places;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.jdbc.SubscriptionTable.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of db-scheduler, and what it has to do with the subscriptions: these say what is due
 * and who has claimed it, and the table is filled from them. Safe for several threads.
 */
final class TaskTable {

  /** The name of the only task. */
  static final String TASK = "turn";

  /** How much at most is mended at once. */
  static final int MOST_MENDED = 1_000;

  private static final String PLACES = "{handlers}";

  private final Database database;
  private final Map<String, PickedTask> picked = new ConcurrentHashMap<>();
  private final String table;
  private final String mend;
  private final String claim;
  private final String next;
  private final String move;

  TaskTable(Database database, String prefix) {
    this.database = database;
    this.table = prefix + "scheduled_task";
    String subscriptions = prefix + "subscription";
    String isDue = " s.handler IN (" + PLACES + ") AND s.due_at <= CURRENT_TIMESTAMP";
    String isItsTask = "t.task_name = '" + TASK + "' AND t.task_instance = s.id";
    String limit = " ORDER BY s.due_at, s.id LIMIT " + MOST_MENDED;
    var dialect = new PostgresTriggerSql();
    // OFFSET, FOR UPDATE and ctid keep PostgreSQL from joining: as long as it has no statistics of
    // the table, it takes that for short and compares each subscription with each task.
    mend =
        "WITH missing AS (INSERT INTO "
            + table
            + " (task_name, task_instance, execution_time, picked, version) SELECT '"
            + TASK
            + "', s.id, s.due_at, FALSE, 1 FROM "
            + subscriptions
            + " s WHERE"
            + isDue
            + " AND NOT EXISTS (SELECT 1 FROM "
            + table
            + " t WHERE "
            + isItsTask
            + " OFFSET 0)"
            + limit
            + " ON CONFLICT DO NOTHING RETURNING 1), found AS MATERIALIZED (SELECT t.place, s.due_at"
            + " FROM "
            + subscriptions
            + " s CROSS JOIN LATERAL (SELECT t.ctid AS place FROM "
            + table
            + " t WHERE "
            + isItsTask
            + " AND NOT t.picked AND t.execution_time > CURRENT_TIMESTAMP FOR UPDATE"
            + PostgresTriggerSql.SKIP_LOCKED
            + ") t WHERE"
            + isDue
            + limit
            + "), late AS (UPDATE "
            + table
            + " u SET execution_time = f.due_at, version = u.version + 1 FROM found f"
            + " WHERE u.ctid = f.place RETURNING 1) SELECT (SELECT COUNT(*) FROM missing)"
            + " + (SELECT COUNT(*) FROM late) AS mended, CURRENT_TIMESTAMP AS now_at WHERE "
            + dialect.relaxed();
    // What somebody holds in a transaction is claimed another time: the others do not wait for it.
    claim =
        dialect.returning(
            "WITH found AS MATERIALIZED (SELECT id AS found_id FROM "
                + subscriptions
                + " WHERE id = ANY (?) AND handler IN ("
                + PLACES
                + ") AND due_at <= CURRENT_TIMESTAMP + INTERVAL '1' SECOND AND "
                + SubscriptionTable.IS_FREE
                + " FOR UPDATE"
                + PostgresTriggerSql.SKIP_LOCKED
                + ") UPDATE "
                + subscriptions
                + " SET "
                + SubscriptionTable.CLAIM_DUE
                + " FROM found WHERE id = found_id AND "
                + dialect.relaxed(),
            SubscriptionTable.CLAIMED);
    next =
        "SELECT due_at AS next_at, CURRENT_TIMESTAMP AS now_at, handler IN ("
            + PLACES
            + ") AS is_known FROM "
            + subscriptions
            + " WHERE id = ? AND due_at IS NOT NULL";
    move =
        " RETURNING due_at), moved AS (UPDATE "
            + table
            + " SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, last_success ="
            + " CURRENT_TIMESTAMP, consecutive_failures = 0, execution_time = done.due_at,"
            + " version = version + 1 FROM done WHERE done.due_at IS NOT NULL AND task_name = '"
            + TASK
            + "' AND task_instance = ? AND version = ? RETURNING 1) SELECT (SELECT COUNT(*) FROM"
            + " done) AS done, (SELECT COUNT(*) FROM moved) AS moved";
  }

  String name() {
    return table;
  }

  /**
   * What was mended.
   *
   * @param tasks how many
   * @param now the time of the database
   */
  record Mended(long tasks, Instant now) {}

  /** Adds the tasks of due subscriptions that have none, and hastens those that come too late. */
  Mended mend(Collection<String> handlers) {
    List<Object> values = new ArrayList<>(handlers);
    values.addAll(handlers);
    return database
        .separately(
            "mend",
            db ->
                Sql.find(
                    db,
                    filled(mend, handlers),
                    row ->
                        new Mended(
                            row.getLong("mended"),
                            requireNonNull(Sql.instant(row, "now_at"), "now_at")),
                    values.toArray()))
        .orElseThrow();
  }

  /**
   * Claims those subscriptions that are due within a second, are not claimed, have one of these
   * handlers, and are not locked. Returns them by their ids.
   */
  Map<String, Claim> claim(Collection<String> ids, Set<String> handlers, Duration lease) {
    String token = SubscriptionTable.newToken();
    long millis = lease.toMillis();
    return database
        .separately(
            "claim",
            db -> {
              List<Object> values = new ArrayList<>();
              values.add(db.createArrayOf("varchar", ids.toArray()));
              values.addAll(handlers);
              values.addAll(List.of(token, millis, millis));
              return Sql.list(
                  db,
                  filled(claim, handlers),
                  row -> TriggerRows.listedClaim(row, token, lease),
                  values.toArray());
            })
        .stream()
        .flatMap(Optional::stream)
        .collect(toMap(claimed -> claimed.subscription().id(), claimed -> claimed));
  }

  /** A task that db-scheduler has picked, and whose turn is under way. For its turn alone. */
  static final class PickedTask {

    private final Claim claim;
    private final long version;
    private volatile boolean moved;

    private PickedTask(Claim claim, long version) {
      this.claim = claim;
      this.version = version;
    }

    /** Returns whether it waits for the next turn already: db-scheduler has nothing to do. */
    boolean isMoved() {
      return moved;
    }
  }

  /**
   * Says that a turn begins whose claim is given back together with its task.
   *
   * @param version of the row of the task
   */
  PickedTask begin(Claim claim, long version) {
    PickedTask task = new PickedTask(claim, version);
    picked.put(claim.subscription().id(), task);
    return task;
  }

  /** Says that nobody waits for the turn any more. */
  void end(PickedTask task) {
    picked.remove(task.claim.subscription().id(), task);
  }

  /** Returns the task that a claim was made for, if its turn is under way. */
  @Nullable PickedTask picked(Claim claim) {
    PickedTask task = picked.get(claim.subscription().id());
    return task == null || !task.claim.token().equals(claim.token()) ? null : task;
  }

  /**
   * Gives a claim back by an update of its subscription, and has its task picked again when the
   * subscription is due, by one statement: db-scheduler's own would wait for the disk.
   *
   * @return whether the claim was held
   */
  boolean isGivenBack(String operation, PickedTask task, Update update) {
    List<@Nullable Object> values = new ArrayList<>(update.values());
    Collections.addAll(values, task.claim.subscription().id(), task.version);
    return database.separately(
        operation,
        db ->
            Sql.find(
                    db,
                    "WITH done AS (" + update.sql() + move,
                    row -> {
                      task.moved |= row.getInt("moved") == 1;
                      return row.getInt("done") == 1;
                    },
                    values.toArray())
                .orElseThrow());
  }

  /**
   * When a subscription is due.
   *
   * @param in from now
   * @param isKnown whether its handler is one of those that were asked for
   */
  record Next(Duration in, boolean isKnown) {}

  /** Returns when a subscription is due, or {@code null} if it never is, or is gone. */
  @Nullable Next next(String id, Set<String> handlers) {
    List<Object> values = new ArrayList<>(handlers);
    values.add(id);
    return database
        .read(
            "next",
            db ->
                Sql.find(
                    db,
                    filled(next, handlers),
                    row -> new Next(TriggerRows.wait(row), row.getBoolean("is_known")),
                    values.toArray()))
        .orElse(null);
  }

  private static String filled(String sql, Collection<String> handlers) {
    return sql.replace(PLACES, places(handlers.size()));
  }
}
