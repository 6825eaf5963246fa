package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ChangeFeed;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the triggers of PostgreSQL have noted.
 *
 * <p>A transaction that has not ended when this asks is not older than the oldest one that runs
 * then: its changes are looked for from there on the next time, and told from those that were seen
 * already by their numbers. That is exact, whatever the order in which transactions end, and locks
 * nobody out.
 */
final class PostgresChanges implements ChangeFeed {

  /** Reading all anew costs no more. A transaction that runs for long has rows come again. */
  private static final int MOST = 10_000;

  /** Readings between two times that this forgets what is old. */
  private static final int FORGET_EVERY = 100;

  private static final int FORGET_AT_ONCE = 10_000;
  private static final int FORGET_TIMES = 20;

  /** Above all transactions. */
  private static final String NEVER = "18446744073709551615";

  private final Database database;
  private final String read;
  private final String forget;
  private final String forgetFuture;

  private @Nullable String from;
  private @Nullable String server;
  private Set<Long> seen = Set.of();
  private int readings;

  /** A row, and what is the same in all of them. Without a change it is the only one. */
  private record Row(
      String server,
      String oldestRunning,
      boolean isForgotten,
      long number,
      boolean comesAgain,
      @Nullable Change change) {}

  PostgresChanges(Database database, String prefix) {
    this.database = database;
    String change = prefix + "change";
    String forgotten = prefix + "change_forgotten";
    this.read =
        "SELECT f.tableoid::text || ' ' || extract(epoch FROM pg_postmaster_start_time())::text"
            + " AS server, now_.xmin::text AS oldest_running, f.xid >= now_.since AS forgotten,"
            + " c.number, c.xid >= now_.xmin AS again, c.topic, c.environment, c.owner, c.name,"
            + " c.kind FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin,"
            + " CAST(? AS xid8) AS since) now_ CROSS JOIN "
            + forgotten
            + " f LEFT JOIN "
            + change
            + " c ON c.xid >= now_.since WHERE f.id = 1 LIMIT "
            + (MOST + 1);
    // What is forgotten before some reader has seen it is told by its transaction.
    this.forget =
        "WITH gone AS (DELETE FROM "
            + change
            + " WHERE number IN (SELECT number FROM "
            + change
            + " WHERE changed_at < now() - INTERVAL '1 hour' ORDER BY number LIMIT "
            + FORGET_AT_ONCE
            + " FOR UPDATE SKIP LOCKED) RETURNING xid), last AS (SELECT xid FROM gone"
            + " ORDER BY xid DESC LIMIT 1) UPDATE "
            + forgotten
            + " f SET xid = GREATEST(f.xid, last.xid) FROM last WHERE f.id = 1";
    // A database that was restored elsewhere counts its transactions from anew.
    this.forgetFuture =
        "UPDATE "
            + forgotten
            + " SET xid = pg_snapshot_xmax(pg_current_snapshot())"
            + " WHERE id = 1 AND xid > pg_snapshot_xmax(pg_current_snapshot())";
  }

  @Override
  public Optional<List<Change>> next() {
    String since = from;
    List<Row> rows =
        database.read(
            "changes",
            db -> Sql.list(db, read, PostgresChanges::row, since == null ? NEVER : since));
    if (rows.isEmpty()) {
      throw new StoreException("changes: the row of change_forgotten is missing", false, null);
    }
    if (readings++ % FORGET_EVERY == 0) {
      forget();
    }
    Row first = rows.get(0);
    // Another server, or other tables, count from anew.
    boolean isAnother = !first.server().equals(server);
    server = first.server();
    from = first.oldestRunning();
    if (since == null || isAnother || first.isForgotten() || rows.size() > MOST) {
      seen = Set.of();
      return Optional.empty();
    }
    List<Change> changes = new ArrayList<>();
    Set<Long> again = new HashSet<>();
    for (Row row : rows) {
      Change change = row.change();
      if (change != null && !seen.contains(row.number())) {
        changes.add(change);
      }
      if (row.comesAgain()) {
        again.add(row.number());
      }
    }
    seen = again;
    return Optional.of(changes);
  }

  private void forget() {
    database.separately(
        "changes",
        db -> {
          Sql.update(db, forgetFuture);
          int times = 0;
          while (times < FORGET_TIMES && Sql.update(db, forget) > 0) {
            times++;
          }
          return times;
        });
  }

  private static Row row(ResultSet row) throws SQLException {
    String topic = row.getString("topic");
    return new Row(
        row.getString("server"),
        row.getString("oldest_running"),
        row.getBoolean("forgotten"),
        row.getLong("number"),
        row.getBoolean("again"),
        topic == null ? null : change(topic, row));
  }

  /** What this version does not know it has not read either. */
  private static @Nullable Change change(String topic, ResultSet row) throws SQLException {
    try {
      return switch (topic) {
        case "CONNECTION" -> connection(row);
        case "REFERENCE" -> reference(row);
        case "GRANTS" -> new GrantsChange(GrantTable.subject(row));
        default -> null;
      };
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Change connection(ResultSet row) throws SQLException {
    return new ConnectionChange(
        ConnectionId.of(row.getString("name")),
        new ConnectionFilter(
            Environment.of(row.getString("environment")),
            Principal.parse(row.getString("owner")),
            ConnectorId.of(row.getString("kind"))));
  }

  private static Change reference(ResultSet row) throws SQLException {
    return new ReferenceChange(
        new ReferenceKey(
            Environment.of(row.getString("environment")),
            Principal.parse(row.getString("owner")),
            row.getString("name"),
            Source.valueOf(row.getString("kind"))));
  }
}
