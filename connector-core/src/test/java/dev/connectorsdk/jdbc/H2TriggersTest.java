package dev.connectorsdk.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class H2TriggersTest extends JdbcTriggersContract {

  @TempDir private Path folder;
  private JdbcConnectionPool pool;

  @Override
  protected DataSource emptyDatabase() {
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("store"), "sa", "");
    pool.setMaxConnections(30);
    return pool;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
