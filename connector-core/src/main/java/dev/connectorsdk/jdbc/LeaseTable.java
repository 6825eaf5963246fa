package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who may renew which credential now. Safe for several threads. */
final class LeaseTable {

  private final Database database;
  private final Statements.Leases sql;

  LeaseTable(Database database, Statements.Leases sql) {
    this.database = database;
    this.sql = sql;
  }

  LeaseAttempt acquireLease(
      ConnectionId connection, String slot, long version, String owner, Duration duration) {
    String id = connection.value();
    Lease lease =
        database
            .read("acquireLease", db -> Sql.find(db, sql.find, Lease::read, slot, slot, id))
            .orElse(null);
    if (lease == null) {
      return LeaseAttempt.GONE;
    }
    if (lease.version() != version) {
      return LeaseAttempt.OUTDATED;
    }
    if (lease.running() || !isTaken(lease, owner, version, duration.toMillis(), id, slot)) {
      return LeaseAttempt.HELD;
    }
    return lease.mark() == version ? LeaseAttempt.INHERITED : LeaseAttempt.ACQUIRED;
  }

  /** Takes a lease, unless somebody else did since it was looked at. */
  private boolean isTaken(
      Lease seen, String owner, long version, long millis, String id, String slot) {
    String before = seen.owner();
    return database.change(
        "acquireLease",
        db ->
            before == null
                ? insertLease(db, owner, version, millis, id, slot)
                : Sql.update(db, sql.take, owner, version, millis, id, slot, before) == 1);
  }

  /** That the connection was deleted this very moment is found out by the next attempt. */
  private boolean insertLease(Connection db, @Nullable Object... columns) throws SQLException {
    try {
      return Sql.insertIfAbsent(db, sql.insert, columns);
    } catch (SQLException e) {
      if (Sql.isMissingParent(e)) {
        db.rollback();
        return false;
      }
      throw e;
    }
  }

  /**
   * A lease as it was found.
   *
   * @param version of the credential; 0 if there is none
   * @param owner {@code null} if there was never a lease
   */
  private record Lease(long version, @Nullable String owner, long mark, boolean running) {

    static Lease read(ResultSet row) throws SQLException {
      String owner = row.getString("owner");
      return new Lease(
          row.getLong("version"),
          owner,
          owner == null ? -1 : row.getLong("mark"),
          row.getBoolean("running"));
    }
  }

  boolean renewLease(ConnectionId connection, String slot, String owner, Duration duration) {
    return database.change(
        "renewLease",
        db -> Sql.update(db, sql.renew, duration.toMillis(), connection.value(), slot, owner) == 1);
  }

  void releaseLease(ConnectionId connection, String slot, String owner, boolean leaveMark) {
    String release = leaveMark ? sql.releaseMarked : sql.release;
    database.change(
        "releaseLease", db -> Sql.update(db, release, connection.value(), slot, owner) > 0);
  }
}
