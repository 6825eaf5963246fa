package dev.connectorsdk.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.spi.ConnectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FileStoreTest extends JdbcStoreContract {

  @TempDir private Path directory;
  private JdbcConnectionPool pool;

  @Override
  protected DataSource emptyDatabase() {
    return open();
  }

  private JdbcConnectionPool open() {
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + directory.resolve("store"), "sa", "");
    pool.setMaxConnections(30);
    return pool;
  }

  /** Closes the database and returns the bytes of all its files. */
  @Override
  protected String everythingStored() throws Exception {
    pool.dispose();
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void findsEverythingInAFileThatWasClosedAndOpenedAgain() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    store.insertKeyCheck("check");
    pool.dispose();

    ConnectorStore reopened = JdbcStore.builder(open()).build();

    assertThat(reopened.findConnection(ConnectionId.of("c1"))).contains(connection("c1"));
    assertThat(reopened.findCredential(ConnectionId.of("c1"), "tokens"))
        .contains(credential("c1", "tokens", 1));
    assertThat(reopened.findKeyCheck()).contains("check");
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
