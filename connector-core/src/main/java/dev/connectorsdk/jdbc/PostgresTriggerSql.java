package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL is asked once for many rows, and whoever comes second goes past what is locked. */
final class PostgresTriggerSql implements TriggerSql {

  static final String SKIP_LOCKED = " SKIP LOCKED";

  @Override
  public String returning(String update, String columns) {
    return update + " RETURNING " + columns;
  }

  @Override
  public String lock() {
    return " FOR NO KEY UPDATE";
  }

  @Override
  public String lockWhatIsFree() {
    return " FOR UPDATE" + SKIP_LOCKED;
  }

  @Override
  public String relaxed() {
    return "(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL";
  }

  @Override
  public <T> List<T> claim(
      Connection db, ClaimSql sql, Sql.RowReader<T> reader, List<Object> wanted, Object... set)
      throws SQLException {
    // What RETURNING gives has no order.
    String claim =
        "WITH found AS ("
            + sql.candidates()
            + " FOR UPDATE OF t"
            + SKIP_LOCKED
            + "), claimed AS (UPDATE "
            + sql.table()
            + " SET "
            + sql.set()
            + " FROM found WHERE "
            + sql.key()
            + " = found_key AND "
            + relaxed()
            + " RETURNING "
            + sql.columns()
            + ", found_key, found_time) SELECT "
            + sql.columns()
            + " FROM claimed ORDER BY found_time, found_key";
    List<Object> values = new ArrayList<>(wanted);
    values.addAll(Arrays.asList(set));
    return Sql.list(db, claim, reader, values.toArray());
  }

  @Override
  public int insertUnknown(Connection db, InsertSql sql, List<@Nullable Object[]> rows)
      throws SQLException {
    return Sql.insertBatch(db, sql.insert() + " ON CONFLICT DO NOTHING", "number", rows);
  }
}
