package dev.connectorsdk.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2HostTransactionTest extends HostTransactionContract {

  @TempDir private Path folder;
  private JdbcConnectionPool pool;

  @Override
  DataSource emptyDatabase() {
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("store"), "sa", "");
    pool.setMaxConnections(30);
    return pool;
  }

  @Override
  int many() {
    return 300;
  }

  @Test
  void whoWaitsForAConnectionOfThePoolDoesNotHoldTheTurn() throws Exception {
    JdbcConnectionPool one = JdbcConnectionPool.create("jdbc:h2:mem:turns", "sa", "");
    one.setMaxConnections(1);
    one.setLoginTimeout(3);
    Database database = new Database(one, H2Durability.of(new Database(one)));
    AtomicBoolean isChanged = new AtomicBoolean();
    Thread other = new Thread(() -> isChanged.set(database.change("A change", db -> true)));

    boolean isHandled =
        database.changeHere(
            "Handling",
            db -> {
              other.start();
              while (other.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              return true;
            },
            db -> true);
    other.join();

    assertThat(isHandled).isTrue();
    assertThat(isChanged).isTrue();
    one.dispose();
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
