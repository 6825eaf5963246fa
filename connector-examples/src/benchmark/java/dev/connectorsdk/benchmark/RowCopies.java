package dev.connectorsdk.benchmark;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/** Copies of one row, which a database makes faster than a program. */
record RowCopies(DataSource database) {

  /**
   * Copies a row for each number from 1 to below {@code many}.
   *
   * @param where the row, in SQL
   * @param different what other values some columns have, in SQL; the number is {@code n} there
   */
  void copy(String table, String where, int many, Map<String, String> different)
      throws SQLException {
    try (Connection db = database.getConnection();
        Statement statement = db.createStatement()) {
      List<String> columns = columns(db, table);
      List<String> values =
          columns.stream().map(column -> different.getOrDefault(column, column)).toList();
      statement.execute(
          "INSERT INTO "
              + table
              + " ("
              + String.join(", ", columns)
              + ") SELECT "
              + String.join(", ", values)
              + " FROM "
              + table
              + ", "
              + numbers(db, many - 1)
              + " WHERE "
              + where);
    }
  }

  private static List<String> columns(Connection db, String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    boolean isUpper = db.getMetaData().storesUpperCaseIdentifiers();
    String name = isUpper ? table.toUpperCase(Locale.ROOT) : table;
    try (ResultSet found = db.getMetaData().getColumns(null, null, name, null)) {
      while (found.next()) {
        columns.add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return columns;
  }

  private static String numbers(Connection db, int last) throws SQLException {
    return db.getMetaData().getDatabaseProductName().startsWith("Postgre")
        ? "generate_series(1, " + last + ") AS s(n)"
        : "(SELECT X AS n FROM SYSTEM_RANGE(1, " + last + ")) s";
  }

  void analyze() throws SQLException {
    try (Connection db = database.getConnection();
        Statement statement = db.createStatement()) {
      statement.execute("ANALYZE");
    }
  }
}
