package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A host that prints the ids of the events that it handles, or writes them into a table in the
 * transaction in which they are accepted, and dies at a step.
 */
final class HaltingTriggerNode {

  /** In place of a step: the host runs until it is killed. */
  static final String RUNNING = "running";

  private static final String KEY = "q5f8Zr2mW9xK3vB7nL1cT6yH4jD0sGpA";

  private final DyingStore dying;

  private HaltingTriggerNode(int step) {
    dying = new DyingStore(step, () -> Runtime.getRuntime().halt(7));
  }

  /**
   * Runs it.
   *
   * @param args the JDBC URL, at which step it dies, how many events there are, and whether the
   *     handler is transactional
   */
  public static void main(String[] args) throws InterruptedException {
    boolean isRunning = args[1].equals(RUNNING);
    var host = new HaltingTriggerNode(isRunning ? Integer.MAX_VALUE : Integer.parseInt(args[1]));
    JdbcStore store = JdbcStore.builder(pool(args[0])).build();
    EventHandler<Item> handler =
        Boolean.parseBoolean(args[3]) ? store.inTransaction(host::write) : host::print;
    RuntimeBuilder builder =
        builder(isRunning ? store : host.dying.around(store), Integer.parseInt(args[2]))
            .handler("announce", Item.class, handler);
    if (isRunning) {
      builder.build();
      Thread.currentThread().join();
    }
    subscribe(builder(store, 0).stopped()); // What is dying is not yet there.
    builder.stopped().triggerModule().runDue();
    Runtime.getRuntime().halt(0);
  }

  static JdbcConnectionPool pool(String url) {
    if (url.startsWith("jdbc:h2:")) {
      return JdbcConnectionPool.create(url, "sa", "");
    }
    var source = new PGConnectionPoolDataSource();
    source.setUrl(url);
    return JdbcConnectionPool.create(source);
  }

  private static RuntimeBuilder builder(ConnectorStore store, int events) {
    var counting = new Hooked();
    counting.last = events;
    counting.page = Math.max(10, events / 10);
    return ConnectorRuntime.builder()
        .connector(Tickets.builder("http://localhost").trigger(counting.trigger()).build())
        .store(store, KeyRing.of("k", KEY.getBytes(StandardCharsets.US_ASCII)))
        .flows(FlowDirectory.of(flow()));
  }

  private static Caller ada() {
    return Principal.user("ada").in("dev");
  }

  private static Flow flow() {
    return Flow.of("desk", ada().principal());
  }

  private static void subscribe(ConnectorRuntime node) {
    if (node.connections().list(ada()).isEmpty()) {
      var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
      var reference = ConnectionReference.embedded("team-tickets", "tickets");
      node.references().bind(ada(), reference, node.connections().create(ada(), spec).id());
      node.triggers()
          .subscribe(
              ada().running(flow()),
              SubscriptionSpec.of(reference, "hooked", Nothing.NOTHING, "announce")
                  .starting(new Start.All())
                  .atMostPerMinute(1_000_000));
    }
  }

  private void print(Item item, HandledEvent event) {
    say("handled " + event.id());
    dying.step();
  }

  private void write(Item item, HandledEvent event, Connection database) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement("INSERT INTO received (id) VALUES (?)")) {
      insert.setString(1, event.id());
      insert.executeUpdate();
    }
    say("written " + event.id());
    dying.step();
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
