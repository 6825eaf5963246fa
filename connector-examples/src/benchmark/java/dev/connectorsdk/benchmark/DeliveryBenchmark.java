package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.secret.KeyRing;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Deliveries that are on the disk: encrypted and stored in the inbox of one of 1,000 subscriptions,
 * in PostgreSQL with {@code fsync} on, next to an INSERT of the same payload in a transaction of
 * its own, over the same pool.
 *
 * <p>Goal: at least 0.7 times as many.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Threads(8)
@Fork(1)
public class DeliveryBenchmark {

  private static final int SUBSCRIPTIONS = 1_000;
  private static final Load MOST = new Load(10_000, 100_000_000);
  private static final String PAYLOAD = "{\"id\": 4711, \"title\": \"" + "x".repeat(1000) + "\"}";

  private final KeyRing keys = KeyRing.random();
  private DurablePostgres postgres;
  private DataSource pool;
  private TriggerStore store;

  /** Starts the server, and makes the tables and the subscriptions. */
  @Setup
  public void start() throws IOException, SQLException {
    postgres = DurablePostgres.start(10);
    pool = postgres.pool();
    postgres.execute("CREATE TABLE by_hand (id VARCHAR(40) PRIMARY KEY, payload TEXT NOT NULL)");
    store = JdbcStore.builder(pool).build().triggers();
    for (int i = 0; i < SUBSCRIPTIONS; i++) {
      store.insertSubscription(subscription("s" + i), null);
    }
  }

  private static StoredSubscription subscription(String id) {
    Subject subject =
        new Subject(
            Environment.of("prod"),
            "triage",
            ConnectorId.of("tickets"),
            "team-tickets",
            "changed",
            "log",
            "");
    return new StoredSubscription(
        id,
        1,
        subject,
        "{}",
        new Life("ACTIVE", "", true),
        Sealed.NONE,
        Progress.NONE,
        Outcome.NONE);
  }

  /** Begins with empty tables. */
  @Setup(Level.Iteration)
  public void empty() throws SQLException {
    postgres.execute("TRUNCATE connector_event, by_hand", "CHECKPOINT");
  }

  /** Stops the server. */
  @TearDown
  public void stop() throws IOException {
    postgres.close();
  }

  /** A delivery as the library stores it. */
  @Benchmark
  public int delivery() {
    String subscription = "s" + ThreadLocalRandom.current().nextInt(SUBSCRIPTIONS);
    String id = UUID.randomUUID().toString();
    Sealed payload = Sealed.of(keys, Secret.of(PAYLOAD), Kind.PAYLOAD.of(subscription, id));
    return store.deliver(subscription, List.of(new NewEvent(id, id, payload)), MOST);
  }

  /** The payload as it is, by hand. */
  @Benchmark
  public int byHand() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      int stored;
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO by_hand (id, payload) VALUES (?, ?)")) {
        insert.setString(1, UUID.randomUUID().toString());
        insert.setString(2, PAYLOAD);
        stored = insert.executeUpdate();
      }
      connection.commit();
      connection.setAutoCommit(true);
      return stored;
    }
  }
}
