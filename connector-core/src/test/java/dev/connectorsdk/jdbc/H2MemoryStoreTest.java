package dev.connectorsdk.jdbc;

import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

class H2MemoryStoreTest extends JdbcStoreContract {

  private JdbcConnectionPool pool;

  @Override
  protected DataSource emptyDatabase() {
    pool =
        JdbcConnectionPool.create(
            "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    pool.setMaxConnections(30);
    return pool;
  }

  @Override
  protected String everythingStored() throws SQLException {
    return String.join("\n", query("SCRIPT"));
  }

  @AfterEach
  void shutDown() throws SQLException {
    PostgresServer.execute(pool, "SHUTDOWN");
    pool.dispose();
  }
}
