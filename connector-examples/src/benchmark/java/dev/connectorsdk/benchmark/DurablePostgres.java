package dev.connectorsdk.benchmark;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** A server whose transactions wait for the disk, and a pool of connections to it. */
final class DurablePostgres implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final JdbcConnectionPool pool;

  private DurablePostgres(EmbeddedPostgres server, JdbcConnectionPool pool) {
    this.server = server;
    this.pool = pool;
  }

  static DurablePostgres start(int connections) throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start();
    var source = new PGConnectionPoolDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {server.getPort()});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    JdbcConnectionPool pool = JdbcConnectionPool.create(source);
    pool.setMaxConnections(connections);
    return new DurablePostgres(server, pool);
  }

  int port() {
    return server.getPort();
  }

  DataSource pool() {
    return pool;
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Has the database be as it was at first. */
  void empty() throws SQLException {
    execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @Override
  public void close() throws IOException {
    pool.dispose();
    server.close();
  }
}
