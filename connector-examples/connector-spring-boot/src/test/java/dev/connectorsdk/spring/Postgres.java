package dev.connectorsdk.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real PostgreSQL for the test classes that are extended with this, which get its {@link Server}
 * in their constructor. Where it cannot start they are skipped, or fail if the system property
 * {@code connectorsdk.test.postgres} is {@code required}.
 */
final class Postgres implements ExecutionCondition, ParameterResolver {

  /** The server, with a schema for each test. */
  static final class Server implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final AtomicInteger schemas = new AtomicInteger();

    private Server() throws IOException {
      Path build = Files.createDirectories(Path.of("target"));
      this.postgres =
          EmbeddedPostgres.builder()
              .setDataDirectory(Files.createTempDirectory(build, "postgres").toAbsolutePath())
              .setCleanDataDirectory(true)
              .setServerConfig("listen_addresses", "127.0.0.1")
              .start();
    }

    /** Returns the settings of a data source whose tables are in a new schema. */
    List<String> emptySchema() throws SQLException {
      String schema = "s" + schemas.incrementAndGet();
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA " + schema);
      }
      return List.of(
          "--spring.datasource.url=jdbc:postgresql://127.0.0.1:"
              + postgres.getPort()
              + "/postgres?currentSchema="
              + schema,
          "--spring.datasource.username=postgres");
    }

    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }

  /** Why there is none, in place of a server. */
  private record Missing(String reason) {}

  private static Object server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Postgres.class))
        .computeIfAbsent(
            Server.class,
            type -> {
              try {
                return new Server();
              } catch (IOException | IllegalStateException e) {
                return new Missing(String.valueOf(e.getMessage()));
              }
            },
            Object.class);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (server(context) instanceof Missing missing) {
      if ("required".equals(System.getProperty("connectorsdk.test.postgres"))) {
        throw new IllegalStateException("PostgreSQL does not start: " + missing.reason());
      }
      return ConditionEvaluationResult.disabled("PostgreSQL does not start: " + missing.reason());
    }
    return ConditionEvaluationResult.enabled("PostgreSQL has started");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }
}
