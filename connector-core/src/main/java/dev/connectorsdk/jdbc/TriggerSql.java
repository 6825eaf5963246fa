package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What H2 and PostgreSQL do differently with triggers. */
interface TriggerSql {

  /** As many milliseconds from now as the parameter says; null stays null. */
  String FROM_NOW = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";

  static TriggerSql of(Product product) {
    return switch (product) {
      case H2 -> new H2TriggerSql();
      case POSTGRESQL -> new PostgresTriggerSql();
    };
  }

  /** Returns a statement that reads the columns of the rows that an UPDATE has changed. */
  String returning(String update, String columns);

  /** Returns the end of a SELECT whose rows nobody else may change meanwhile, apart from keys. */
  String lock();

  /** Returns the end of a SELECT that locks its rows and leaves out those that are locked. */
  String lockWhatIsFree();

  /**
   * Returns a condition that holds, and has the statement not wait for the disk where it is a
   * transaction by itself: what may be forgotten when the database crashes.
   */
  String relaxed();

  /**
   * Claims rows whose time has come, those that have waited longest first, each for one of several
   * who ask at once.
   *
   * @param wanted values of the condition on which rows are wanted, and the limit
   * @param set values of what a claim sets
   */
  <T> List<T> claim(
      Connection db, ClaimSql sql, Sql.RowReader<T> reader, List<Object> wanted, Object... set)
      throws SQLException;

  /**
   * Inserts rows, apart from those whose id is known, into a table with a column {@code number}.
   *
   * @return how many were inserted
   */
  int insertUnknown(Connection db, InsertSql sql, List<@Nullable Object[]> rows)
      throws SQLException;

  /**
   * A claim on rows of a table.
   *
   * @param table which one
   * @param key its key
   * @param time the column that says when a row can be claimed
   * @param set what a claim sets, the time included
   * @param columns what is read of the claimed rows
   * @param wanted what follows the table {@code t} in a SELECT of rows that are wanted, up to a
   *     condition
   */
  record ClaimSql(
      String table, String key, String time, String set, String columns, String wanted) {

    /** Returns the SELECT of the key and the time of rows that can be claimed. */
    String candidates() {
      return "SELECT t."
          + key
          + " AS found_key, t."
          + time
          + " AS found_time FROM "
          + table
          + " t"
          + wanted
          + " AND t."
          + time
          + " <= CURRENT_TIMESTAMP ORDER BY t."
          + time
          + ", t."
          + key
          + " LIMIT ?";
    }
  }

  /**
   * An INSERT of events.
   *
   * @param insert with a value for each column
   * @param isKnown a SELECT that finds a row by the first two of them
   */
  record InsertSql(String insert, String isKnown) {}
}
