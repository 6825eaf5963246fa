package dev.connectorsdk.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A real PostgreSQL, started once for all tests of a JVM. A test class that is extended with {@link
 * Extension} may have it as a constructor parameter.
 *
 * <p>Where it cannot start the class is skipped, or fails if the system property {@code
 * connectorsdk.test.postgres} is {@code required}.
 */
public final class PostgresServer implements AutoCloseable {

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final AtomicInteger schemas = new AtomicInteger();

  private PostgresServer(EmbeddedPostgres postgres, Path data) {
    this.postgres = postgres;
    this.data = data;
  }

  private static PostgresServer start() throws IOException {
    Path build = Files.createDirectories(Path.of("target"));
    Path data = Files.createTempDirectory(build, "postgres").toAbsolutePath();
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(true)
            .setServerConfig("listen_addresses", "127.0.0.1")
            .start();
    return new PostgresServer(postgres, data);
  }

  /** Returns a data source for a new schema, to be pooled and changed as the test needs. */
  public PGConnectionPoolDataSource emptySchema() throws SQLException {
    String schema = "s" + schemas.incrementAndGet();
    execute(postgres.getPostgresDatabase(), "CREATE SCHEMA " + schema);
    PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {postgres.getPort()});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setCurrentSchema(schema);
    return source;
  }

  /** Returns a pool of 30 connections to a new schema, for the test to close. */
  JdbcConnectionPool emptyPool() throws SQLException {
    JdbcConnectionPool pool = JdbcConnectionPool.create(emptySchema());
    pool.setMaxConnections(30);
    return pool;
  }

  /** Returns where the server keeps its files. */
  Path data() {
    return data;
  }

  static void execute(DataSource source, String... statements) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Returns each row's columns with a blank in between. */
  static List<String> query(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return query(connection, sql);
    }
  }

  /** Returns each row's columns with a blank in between. */
  static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getString(i));
        }
        found.add(String.join(" ", row));
      }
      return found;
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }

  /** Starts the server before the first class that needs it. */
  public static final class Extension implements ExecutionCondition, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(PostgresServer.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Exception failure = started(context).failure();
      if (failure == null) {
        return ConditionEvaluationResult.enabled("PostgreSQL runs");
      }
      if ("required".equals(System.getProperty("connectorsdk.test.postgres"))) {
        throw new IllegalStateException("PostgreSQL is required and does not start", failure);
      }
      return ConditionEvaluationResult.disabled(
          "NOT TESTED against PostgreSQL, which does not start here: " + failure);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return started(context).server();
    }

    private static Started started(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(Started.class, key -> Started.tryIt(), Started.class);
    }
  }

  /** A server, or why there is none. */
  private record Started(PostgresServer server, Exception failure) implements AutoCloseable {

    static Started tryIt() {
      try {
        return new Started(start(), null);
      } catch (IOException | RuntimeException e) {
        return new Started(null, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (server != null) {
        server.close();
      }
    }
  }
}
