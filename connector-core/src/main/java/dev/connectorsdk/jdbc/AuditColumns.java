package dev.connectorsdk.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of the table of audit records, and how many rows are inserted at once. */
final class AuditColumns {

  /** A column with its type in PostgreSQL. */
  private record Column(String name, String type) {

    /** Returns the values at a place in each row, in a form that arrays of the type take. */
    @Nullable Object[] values(List<@Nullable Object[]> rows, int place) {
      @Nullable Object[] values =
          switch (type) {
            case "bigint" -> new @Nullable Long[rows.size()];
            case "boolean" -> new @Nullable Boolean[rows.size()];
            default -> new @Nullable String[rows.size()];
          };
      for (int i = 0; i < values.length; i++) {
        Object value = rows.get(i)[place];
        values[i] = value instanceof Instant ? value.toString() : value;
      }
      return values;
    }
  }

  private static final List<Column> ALL =
      List.of(
          new Column("run", "text"),
          new Column("number", "bigint"),
          new Column("ended_at", "timestamptz"),
          new Column("kind", "text"),
          new Column("principal", "text"),
          new Column("on_behalf_of", "text"),
          new Column("environment", "text"),
          new Column("flow", "text"),
          new Column("connector", "text"),
          new Column("operation", "text"),
          new Column("effect", "text"),
          new Column("connection_id", "text"),
          new Column("account", "text"),
          new Column("origin", "text"),
          new Column("allowed", "boolean"),
          new Column("rule_text", "text"),
          new Column("result", "text"),
          new Column("took_nanos", "bigint"));

  /** Their names, in the order in which a row has its values. */
  static final String NAMES = ALL.stream().map(Column::name).collect(Collectors.joining(", "));

  private AuditColumns() {}

  /** Inserts rows into a table. */
  @FunctionalInterface
  interface Insertion {

    /**
     * Inserts rows, apart from those whose run and number are known.
     *
     * @param areNew whether none is thought to be known
     * @return {@code false} if one is all the same; the transaction can only be rolled back then
     */
    boolean insert(Connection db, List<@Nullable Object[]> rows, boolean areNew)
        throws SQLException;
  }

  /** Returns what inserts rows into a table. */
  static Insertion into(Product product, String table) {
    return switch (product) {
      case H2 -> oneByOne(table);
      case POSTGRESQL -> allAtOnce(table);
    };
  }

  private static Insertion oneByOne(String table) {
    var sql =
        new TriggerSql.InsertSql(
            insert(table) + " VALUES (" + parameters() + ")",
            "SELECT number FROM " + table + " WHERE run = ? AND number = ?");
    TriggerSql dialect = TriggerSql.of(Product.H2);
    return (Connection db, List<@Nullable Object[]> rows, boolean areNew) ->
        dialect.insertUnknown(db, sql, rows) >= 0;
  }

  /**
   * One statement with an array for each column costs the server a fraction of one for each row,
   * and one that need not look for conflicts a quarter less than one that does.
   */
  private static Insertion allAtOnce(String table) {
    String sql = insert(table) + " SELECT * FROM unnest(" + parameters() + ")";
    return (Connection db, List<@Nullable Object[]> rows, boolean areNew) -> {
      Array[] arrays = new Array[ALL.size()];
      for (int i = 0; i < arrays.length; i++) {
        Column column = ALL.get(i);
        arrays[i] = db.createArrayOf(column.type(), column.values(rows, i));
      }
      return areNew
          ? Sql.updateUnlessTaken(db, sql, (Object[]) arrays).isPresent()
          : Sql.update(db, sql + " ON CONFLICT DO NOTHING", (Object[]) arrays) >= 0;
    };
  }

  private static String insert(String table) {
    return "INSERT INTO " + table + " (" + NAMES + ")";
  }

  private static String parameters() {
    return String.join(", ", Collections.nCopies(ALL.size(), "?"));
  }
}
