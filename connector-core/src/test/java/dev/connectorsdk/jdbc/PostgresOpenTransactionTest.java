package dev.connectorsdk.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresServer.Extension.class)
class PostgresOpenTransactionTest extends OpenTransactionContract {

  private final PostgresServer server;
  private JdbcConnectionPool pool;

  PostgresOpenTransactionTest(PostgresServer server) {
    this.server = server;
  }

  @Override
  DataSource emptyDatabase() throws SQLException {
    pool = server.emptyPool();
    return pool;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
