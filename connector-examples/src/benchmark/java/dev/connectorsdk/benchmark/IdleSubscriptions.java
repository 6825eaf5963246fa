package dev.connectorsdk.benchmark;

import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * What 100,000 subscriptions in PostgreSQL cost that are not due: how long a runtime takes over
 * them from its start to the first poll, next to reading their rows by plain JDBC in the same run,
 * and how much of the heap it needs for each, before any of them was polled and after all were.
 *
 * <p>Goals: a start takes at most 3 times as long as reading the rows, and a subscription needs
 * less than 1 KB.
 */
public final class IdleSubscriptions {

  private static final int SUBSCRIPTIONS = 100_000;
  private static final int CONNECTIONS = 40;
  private static final int ROUNDS = 6;
  private static final int ROWS_AT_ONCE = 1_000;
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final DurablePostgres postgres;
  private final KeyRing keys = KeyRing.random();
  private final PollingHost host;
  private volatile CountDownLatch polls = new CountDownLatch(1);

  private IdleSubscriptions(DurablePostgres postgres) {
    this.postgres = postgres;
    this.host = new PollingHost(PolledService.still(), trigger -> polls.countDown());
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    try (DurablePostgres postgres = DurablePostgres.start(CONNECTIONS)) {
      new IdleSubscriptions(postgres).measure();
    }
  }

  private ConnectorRuntime start() {
    return host.start(JdbcStore.builder(postgres.pool()).build(), keys);
  }

  private void measure() throws Exception {
    long without = subscribe();
    copy();
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      int rows = read();
      double reading = (System.nanoTime() - began) / 1e6;
      makeDue("WHERE id NOT LIKE 'copy-%'");
      polls = new CountDownLatch(1);
      long starts = System.nanoTime();
      ConnectorRuntime runtime = start();
      try {
        polls.await();
        double starting = (System.nanoTime() - starts) / 1e6;
        System.out.printf(
            "start: %.0f ms, %d rows by JDBC: %.0f ms, %.2f times as long%n",
            starting, rows, reading, starting / reading);
        if (i == ROUNDS - 1) {
          tell("not polled yet", without);
          pollAll();
          tell("each polled once", without);
        }
      } finally {
        runtime.close();
      }
    }
  }

  /** Makes the first subscription, and returns what the heap needs for anything but the others. */
  private long subscribe() throws Exception {
    try (ConnectorRuntime runtime = start()) {
      host.connect(runtime, PollingHost.CONNECTIONS);
      host.subscribe(runtime, 0, INTERVAL);
      polls.await();
      return usedWhenQuiet();
    }
  }

  private void copy() throws SQLException {
    postgres.execute(
        """
        CREATE TEMPORARY TABLE copies ON COMMIT PRESERVE ROWS AS
          SELECT * FROM connector_subscription, generate_series(1, %d) AS number
        """
            .formatted(SUBSCRIPTIONS),
        """
        UPDATE copies SET id = 'copy-' || number, address = NULL, cursor_key = '',
          cursor_text = '', complete_up_to = NULL, proof = '',
          reference_name = 'tickets-' || number %% %d,
          due_at = now() + interval '1 hour' + number * interval '1 second'
        """
            .formatted(PollingHost.CONNECTIONS),
        "ALTER TABLE copies DROP COLUMN number",
        "INSERT INTO connector_subscription SELECT * FROM copies",
        "DROP TABLE copies",
        "VACUUM ANALYZE connector_subscription");
  }

  private void makeDue(String which) throws SQLException {
    postgres.execute("UPDATE connector_subscription SET due_at = now() " + which);
  }

  /** Reads all columns of all subscriptions, and returns how many there are. */
  private int read() throws SQLException {
    try (Connection connection = postgres.pool().getConnection()) {
      connection.setAutoCommit(false);
      try (Statement select = connection.createStatement()) {
        select.setFetchSize(ROWS_AT_ONCE);
        int count = 0;
        try (ResultSet rows = select.executeQuery("SELECT * FROM connector_subscription")) {
          int columns = rows.getMetaData().getColumnCount();
          for (; rows.next(); count++) {
            for (int i = 1; i <= columns; i++) {
              rows.getObject(i);
            }
          }
        }
        return count;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private void pollAll() throws Exception {
    polls = new CountDownLatch(SUBSCRIPTIONS);
    makeDue("WHERE id LIKE 'copy-%'");
    polls.await();
  }

  private static void tell(String what, long without) throws InterruptedException {
    double each = (double) (usedWhenQuiet() - without) / SUBSCRIPTIONS;
    System.out.printf("heap, %s: %.0f bytes for each%n", what, each);
  }

  /** Returns how many bytes are reachable, once what goes on has come to its end. */
  private static long usedWhenQuiet() throws InterruptedException {
    Thread.sleep(2_000);
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
