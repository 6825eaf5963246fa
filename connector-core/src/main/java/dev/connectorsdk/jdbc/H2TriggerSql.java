package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** H2 runs in the only process: each row is looked at, compared and set by itself. */
final class H2TriggerSql implements TriggerSql {

  @Override
  public String returning(String update, String columns) {
    return "SELECT " + columns + " FROM FINAL TABLE (" + update + ")";
  }

  @Override
  public String lock() {
    return " FOR UPDATE";
  }

  @Override
  public String lockWhatIsFree() {
    return "";
  }

  @Override
  public String relaxed() {
    return "TRUE";
  }

  @Override
  public <T> List<T> claim(
      Connection db, ClaimSql sql, Sql.RowReader<T> reader, List<Object> wanted, Object... set)
      throws SQLException {
    String claim =
        returning(
            "UPDATE "
                + sql.table()
                + " SET "
                + sql.set()
                + " WHERE "
                + sql.key()
                + " = ? AND "
                + sql.time()
                + " <= CURRENT_TIMESTAMP",
            sql.columns());
    List<T> claimed = new ArrayList<>();
    for (Object key :
        Sql.list(db, sql.candidates(), row -> row.getObject("found_key"), wanted.toArray())) {
      Object[] values = Arrays.copyOf(set, set.length + 1);
      values[set.length] = key;
      claimed.addAll(Sql.list(db, claim, reader, values));
    }
    return claimed;
  }

  @Override
  public int insertUnknown(Connection db, InsertSql sql, List<@Nullable Object[]> rows)
      throws SQLException {
    int inserted = 0;
    for (@Nullable Object[] row : rows) {
      if (Sql.find(db, sql.isKnown(), known -> true, row[0], row[1]).isEmpty()
          && Sql.updateUnlessTaken(db, sql.insert(), row).isPresent()) {
        inserted++;
      }
    }
    return inserted;
  }
}
