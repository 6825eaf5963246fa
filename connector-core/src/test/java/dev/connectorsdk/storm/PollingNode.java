package dev.connectorsdk.storm;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.trigger.HandledEvent;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host in a process of its own that runs triggers, and writes each event into a table in the
 * transaction in which it is accepted. It closes at SIGTERM, and ends when its input does.
 */
final class PollingNode {

  private static final int CONNECTIONS = 8;

  static final Flow FLOW = Flow.of("desk", StormNode.ada("dev").principal());

  record Watched(int number) {}

  record Position(int after) {}

  record Item(String id) {}

  record Page(List<Item> items, int next) {}

  private PollingNode() {}

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, the URL of the service, and by how many minutes
   *     the clock is wrong
   */
  public static void main(String[] args) throws IOException {
    JdbcConnectionPool pool = StormNode.pool(Integer.parseInt(args[0]), args[1]);
    pool.setMaxConnections(CONNECTIONS);
    JdbcStore store = JdbcStore.builder(pool).build();
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(
                Tickets.builder(args[2])
                    .trigger(items(String.valueOf(ProcessHandle.current().pid())))
                    .build())
            .store(store, StormNode.KEYS)
            .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(Long.parseLong(args[3]))))
            .flows(FlowDirectory.of(FLOW))
            .handler("receive", Item.class, store.inTransaction(PollingNode::receive))
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(runtime::close));
    System.out.println("ready");
    System.out.flush();
    while (System.in.read() >= 0) {
      // Whoever has started this process lives.
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * Returns a trigger of items that are numbered from 1.
   *
   * @param node is told to the service
   */
  static PollingTrigger<Watched, Position, Item> items(String node) {
    return PollingTrigger.builder("items", Watched.class, Position.class, Item.class)
        .titled("When there is an item")
        .minimumInterval(Duration.ofSeconds(1))
        .poll(
            (poll, call) -> {
              Position last = poll.cursor();
              Page page =
                  call.http()
                      .get("/items")
                      .query("watched", poll.configuration().number())
                      .query("after", last == null ? 0 : last.after())
                      .query("node", node)
                      .fetch(Page.class);
              List<Event<Item>> events =
                  page.items().stream().map(item -> new Event<>(item.id(), item)).toList();
              return new Batch<>(events, new Position(page.next()), false);
            });
  }

  private static void receive(Item item, HandledEvent event, Connection database)
      throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement("INSERT INTO received (id) VALUES (?)")) {
      insert.setString(1, item.id());
      insert.executeUpdate();
    }
  }
}
