package dev.connectorsdk.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Runs single statements. Values are bound, never written into the text. */
final class Sql {

  private static final String UNIQUE_VIOLATION = "23505";

  /** PostgreSQL says 23503, H2 says 23506. */
  private static final List<String> MISSING_PARENT = List.of("23503", "23506");

  private Sql() {}

  /** Reads the row that the result set stands at. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /**
   * Inserts a row, unless there is one with its key; then the transaction is rolled back, which is
   * all that PostgreSQL allows.
   */
  static boolean insertIfAbsent(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    boolean inserted = updateUnlessTaken(connection, sql, values).isPresent();
    if (!inserted && !connection.getAutoCommit()) {
      connection.rollback();
    }
    return inserted;
  }

  /**
   * Inserts or changes rows, unless there is one with the key of one of them: then it returns
   * nothing, and the transaction goes on in H2, and can only be rolled back in PostgreSQL.
   */
  static OptionalInt updateUnlessTaken(
      Connection connection, String sql, @Nullable Object... values) throws SQLException {
    try {
      return OptionalInt.of(update(connection, sql, values));
    } catch (SQLException e) {
      if (isTaken(e)) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  /** Returns whether a statement has failed because there is a row with its key. */
  static boolean isTaken(SQLException failure) {
    return UNIQUE_VIOLATION.equals(failure.getSQLState());
  }

  /** Runs a statement once for each row of values. */
  static void batch(Connection connection, String sql, List<@Nullable Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      run(statement, rows);
    }
  }

  /**
   * Inserts rows by a statement that may leave some out. What PostgreSQL's driver says how many
   * rows a batch has changed is no number if it made one statement of it, which hosts set.
   *
   * @param key a column of the table that is never null
   * @return how many were inserted
   */
  static int insertBatch(
      Connection connection, String sql, String key, List<@Nullable Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql, new String[] {key})) {
      run(statement, rows);
      try (ResultSet inserted = statement.getGeneratedKeys()) {
        int count = 0;
        while (inserted.next()) {
          count++;
        }
        return count;
      }
    }
  }

  private static void run(PreparedStatement statement, List<@Nullable Object[]> rows)
      throws SQLException {
    for (@Nullable Object[] row : rows) {
      bind(statement, row);
      statement.addBatch();
    }
    statement.executeBatch();
  }

  /** Returns whether a row was refused because the row that it belongs to is gone. */
  static boolean isMissingParent(SQLException e) {
    return MISSING_PARENT.contains(String.valueOf(e.getSQLState()));
  }

  static <T> List<T> list(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> read = new ArrayList<>();
        while (rows.next()) {
          read.add(reader.read(rows));
        }
        return read;
      }
    }
  }

  /** Returns the only row, if there is one. */
  static <T> Optional<T> find(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    return list(connection, sql, reader, values).stream().findFirst();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Returns values and one more. */
  static @Nullable Object[] and(@Nullable Object[] values, long last) {
    return concat(values, new Object[] {last});
  }

  /** Returns values and more. */
  static <T extends @Nullable Object> T[] concat(T[] first, T[] second) {
    T[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null) {
        statement.setNull(i + 1, Types.NULL);
      } else if (value instanceof Instant instant) {
        statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}
