package dev.connectorsdk.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class H2OpenTransactionTest extends OpenTransactionContract {

  @TempDir private Path folder;
  private JdbcConnectionPool pool;

  @Override
  DataSource emptyDatabase() {
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("store"), "sa", "");
    return pool;
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
