package dev.connectorsdk.jdbc;

import static dev.connectorsdk.fixtures.StoreRows.NOON;
import static dev.connectorsdk.fixtures.StoreRows.connection;
import static dev.connectorsdk.fixtures.StoreRows.credential;
import static dev.connectorsdk.fixtures.StoreRows.version;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.TicketStore.StoredTicket;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class H2FileStoreTest extends JdbcStoreContract {

  private static final int WRITES_EACH = 200;

  @TempDir private Path directory;
  private JdbcConnectionPool pool;

  @Override
  protected DataSource emptyDatabase() {
    return open();
  }

  private JdbcConnectionPool open() {
    pool = JdbcConnectionPool.create(url(), "sa", "");
    pool.setMaxConnections(30);
    return pool;
  }

  private String url() {
    return "jdbc:h2:file:" + directory.resolve("store");
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

  @Test
  @DisplayName("B14: what was written is in the file when the write returns, whatever the URL says")
  void whatWasWrittenIsInTheFileWhenTheWriteReturns() throws Exception {
    pool.dispose();
    pool = JdbcConnectionPool.create(url() + ";WRITE_DELAY=60000", "sa", "");
    ConnectorStore late = JdbcStore.builder(pool).build();
    ConnectionId id = ConnectionId.of("c1");

    late.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    assertThat(asACrashLeavesIt().listCredentials(id)).hasSize(1);

    late.acquireLease(id, "tokens", 1, "a", Duration.ofDays(1));
    assertThat(asACrashLeavesIt().acquireLease(id, "tokens", 1, "b", Duration.ofDays(1)))
        .isEqualTo(LeaseAttempt.HELD);

    late.writeCredential(credential("c1", "tokens", 2), 1, "a");
    assertThat(asACrashLeavesIt().findCredential(id, "tokens"))
        .contains(credential("c1", "tokens", 2));

    late.updateConnection(version(connection("c1"), 2), 1, List.of(credential("c1", "tokens", 4)));
    assertThat(asACrashLeavesIt().findCredential(id, "tokens"))
        .contains(credential("c1", "tokens", 4));

    late.tickets().insertTicket(new StoredTicket("t1", "sealed", NOON));
    late.tickets().takeTicket("t1");
    assertThat(asACrashLeavesIt().tickets().takeTicket("t1")).isEmpty();

    late.deleteConnection(id);
    assertThat(asACrashLeavesIt().findConnection(id)).isEmpty();
  }

  @Test
  @Timeout(120)
  @DisplayName("B14: a write that fails undoes none of somebody else's")
  void aWriteThatFailsUndoesNoneOfSomebodyElses() throws Exception {
    ConnectionId id = ConnectionId.of("c1");
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    Set<Long> written = ConcurrentHashMap.newKeySet();
    Queue<String> twice = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean alone = i < 6;
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < WRITES_EACH; n++) {
                  long next = store.findCredential(id, "tokens").orElseThrow().version() + 1;
                  if (isWritten(credential("c1", "tokens", next), alone) && !written.add(next)) {
                    twice.add("version " + next);
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(twice).isEmpty();
    assertThat(store.findCredential(id, "tokens").orElseThrow().version())
        .isEqualTo(written.size() + 1);
  }

  private boolean isWritten(StoredCredential next, boolean alone) {
    if (alone) {
      return store.writeCredential(next, next.version() - 1);
    }
    long version = store.findConnection(next.connection()).orElseThrow().version();
    return store.updateConnection(version(connection("c1"), version + 1), version, List.of(next));
  }

  @Test
  @DisplayName("B14: writes need one thread for all, not one each")
  void writesNeedOneThread() {
    long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
    store.insertConnection(connection("c1"), List.of());
    for (int i = 0; i < 50; i++) {
      store.tickets().insertTicket(new StoredTicket("t" + i, "sealed", NOON));
    }

    assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
        .isLessThan(25);
  }

  /** Returns a store on what is in the file at this moment. */
  private ConnectorStore asACrashLeavesIt() throws Exception {
    Path copy = Files.createTempFile(directory, "crashed", ".mv.db");
    Files.copy(directory.resolve("store.mv.db"), copy, StandardCopyOption.REPLACE_EXISTING);
    String url = "jdbc:h2:file:" + copy.toString().replace(".mv.db", "");
    return JdbcStore.builder(JdbcConnectionPool.create(url, "sa", "")).build();
  }

  @Test
  @DisplayName("B14: a user who cannot have H2 write at once is refused while H2 writes late")
  void aUserWhoCannotHaveH2WriteAtOnceIsRefusedWhileH2WritesLate() throws Exception {
    PostgresServer.execute(
        pool, "CREATE USER app PASSWORD 'app'", "GRANT ALL ON SCHEMA public TO app");
    JdbcConnectionPool limited = JdbcConnectionPool.create(url(), "app", "app");
    try {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> JdbcStore.builder(limited).build())
          .withMessage(
              "This H2 database writes to its file up to half a second late, so that a renewed"
                  + " credential is lost if the process ends before. Have an administrator of the"
                  + " database execute SET WRITE_DELAY 0, or let the store's user be one.")
          .matches(e -> !e.isRetryable());

      PostgresServer.execute(pool, "SET WRITE_DELAY 0");
      ConnectorStore allowed = JdbcStore.builder(limited).build();
      allowed.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
      assertThat(asACrashLeavesIt().findCredential(ConnectionId.of("c1"), "tokens")).isPresent();

      PostgresServer.execute(pool, "SET WRITE_DELAY 500");
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> allowed.writeCredential(credential("c1", "tokens", 2), 1))
          .withMessageStartingWith("This H2 database writes to its file up to half a second late");
      assertThat(allowed.findCredential(ConnectionId.of("c1"), "tokens"))
          .contains(credential("c1", "tokens", 1));
    } finally {
      limited.dispose();
    }
  }

  @Test
  @DisplayName("B15: what a full disk did not take is an error, and nobody reads it afterwards")
  void whatAFullDiskDidNotTakeIsAnError() throws Exception {
    FullDisk disk = FullDisk.register();
    JdbcConnectionPool onDisk = JdbcConnectionPool.create(disk.url(directory, "full"), "sa", "");
    ConnectorStore filling = JdbcStore.builder(onDisk).build();
    filling.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    try {
      disk.fill();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> filling.writeCredential(credential("c1", "tokens", 2), 1))
          .withMessageStartingWith("writeCredential failed in the database");
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> filling.findCredential(ConnectionId.of("c1"), "tokens"));
    } finally {
      disk.free();
      onDisk.dispose();
    }

    JdbcConnectionPool again = JdbcConnectionPool.create(disk.url(directory, "full"), "sa", "");
    assertThat(JdbcStore.builder(again).build().findCredential(ConnectionId.of("c1"), "tokens"))
        .contains(credential("c1", "tokens", 1));
    again.dispose();
  }

  @Test
  @DisplayName("F6: an interrupt while something is written harms neither it nor the database")
  void anInterruptWhileSomethingIsWrittenHarmsNothing() throws Exception {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    Thread writer = Thread.currentThread();
    for (int version = 2; version < 100; version++) {
      Thread interrupter = new Thread(writer::interrupt);
      interrupter.start();
      assertThat(store.writeCredential(credential("c1", "tokens", version), version - 1)).isTrue();
      while (interrupter.isAlive()) {
        Thread.onSpinWait();
      }
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 99));
  }

  @AfterEach
  void close() {
    pool.dispose();
  }
}
