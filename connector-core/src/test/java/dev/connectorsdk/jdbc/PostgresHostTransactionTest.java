package dev.connectorsdk.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresServer.Extension.class)
class PostgresHostTransactionTest extends HostTransactionContract {

  private final PostgresServer server;
  private JdbcConnectionPool pool;

  PostgresHostTransactionTest(PostgresServer server) {
    this.server = server;
  }

  @Override
  DataSource emptyDatabase() throws SQLException {
    pool = server.emptyPool();
    return pool;
  }

  @Override
  int many() {
    return 10_000;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
