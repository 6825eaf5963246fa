package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each transaction wait for its record in the server's log, as it does unless set otherwise.
 * What is set when a transaction commits counts, so one message both looks and commits.
 */
final class PostgresDurability implements Durability {

  private static final Logger log = LoggerFactory.getLogger(PostgresDurability.class);

  /** A condition that holds, for a statement that is a transaction by itself. */
  static final String DURABLE =
      "(SELECT CASE current_setting('synchronous_commit') WHEN 'off'"
          + " THEN set_config('synchronous_commit', 'on', true) ELSE '' END) IS NOT NULL";

  private static final String COMMIT =
      "SELECT set_config('synchronous_commit', 'on', true)"
          + " WHERE current_setting('synchronous_commit') = 'off'; COMMIT";
  private static final String SYNCHRONISES = "SELECT current_setting('fsync') AS fsync";

  private PostgresDurability() {}

  static Durability of(Database database) {
    String fsync =
        database
            .read(
                "Reading settings", db -> Sql.find(db, SYNCHRONISES, row -> row.getString("fsync")))
            .orElse("");
    if (fsync.equals("off")) {
      log.warn(
          "The PostgreSQL server runs with fsync off: stored credentials are lost when its machine"
              + " fails");
    }
    return new PostgresDurability();
  }

  @Override
  public void commit(Connection db) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(COMMIT);
    }
  }
}
