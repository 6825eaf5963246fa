package dev.connectorsdk.storm;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.GatewayServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host of gateways in a process of its own. It says {@code port <number>}, where members dial,
 * and reads lines:
 *
 * <ul>
 *   <li>{@code read <order>} and {@code write <order>} are answered by {@code end <order> done}, or
 *       {@code end <order> failed <kind> unknown|known};
 *   <li>{@code load <threads>} has so many threads read and write until
 *   <li>{@code leave} has it close as hosts do, say {@code left <calls> <failures>}, and end.
 * </ul>
 */
final class GatewayHostNode {

  static final Caller ADA = StormNode.ada("prod");

  private static final ConnectionReference MINE = ConnectionReference.invoker("erp", "erp");
  private static final int CONNECTIONS = 8;

  record Order(String id) {}

  record Text(String text) {}

  private static final Action<Order, Text> READ =
      Action.builder("read", Effect.READ, Order.class, Text.class)
          .run((in, call) -> call.http().get("/orders/{id}", in.id()).fetch(Text.class));
  private static final Action<Order, Text> WRITE =
      Action.builder("write", Effect.WRITE, Order.class, Text.class)
          .run((in, call) -> call.http().post("/orders/{id}", in.id()).json(in).fetch(Text.class));

  private final ConnectorRuntime runtime;
  private final GatewayServer server;
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> load = new ArrayList<>();
  private volatile boolean leaving;

  private GatewayHostNode(ConnectorRuntime runtime) throws IOException {
    this.runtime = runtime;
    this.server = new GatewayServer(runtime.gateways().endpoint());
  }

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, and the URL of the service
   */
  public static void main(String[] args) throws Exception {
    JdbcConnectionPool pool = StormNode.pool(Integer.parseInt(args[0]), args[1]);
    pool.setMaxConnections(CONNECTIONS);
    new GatewayHostNode(runtime(pool, args[2])).run();
    Runtime.getRuntime().halt(0);
  }

  /** Returns a runtime like that of each node. */
  static ConnectorRuntime runtime(JdbcConnectionPool pool, String service) {
    Connector erp =
        Connector.builder("erp", service)
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .action(READ)
            .action(WRITE)
            .build();
    return ConnectorRuntime.builder()
        .connector(erp)
        .store(JdbcStore.builder(pool).build(), StormNode.KEYS)
        .build();
  }

  private void run() throws Exception {
    say("port " + server.port());
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "load" -> load(Integer.parseInt(words[1]));
        case "leave" -> {
          leave();
          return;
        }
        default -> begin(() -> say("end " + words[1] + " " + outcome(words[0], words[1])));
      }
    }
  }

  private static Thread begin(Runnable task) {
    Thread thread = new Thread(task, "caller");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private String outcome(String what, String order) {
    try {
      runtime.invoke(ADA, MINE, what.equals("read") ? READ : WRITE, new Order(order));
      return "done";
    } catch (TransportException e) {
      return "failed " + e.kind() + (e.isOutcomeUnknown() ? " unknown" : " known");
    } catch (ConnectorException e) {
      return "failed " + e.getClass().getSimpleName() + " known";
    }
  }

  private void load(int threads) {
    for (int i = 0; i < threads; i++) {
      load.add(begin(this::callUntilLeaving));
    }
  }

  private void callUntilLeaving() {
    while (!leaving) {
      int number = calls.incrementAndGet();
      String order = ProcessHandle.current().pid() + "-" + number;
      String outcome = outcome(number % 2 == 0 ? "read" : "write", order);
      if (!outcome.equals("done")) {
        failures.add(order + " " + outcome);
      }
    }
  }

  /** Takes no more, lets what runs come to its end, and closes. */
  private void leave() throws InterruptedException {
    runtime.gateways().endpoint().drain();
    leaving = true;
    for (Thread thread : load) {
      thread.join();
    }
    runtime.close();
    server.close();
    say("left " + calls + " " + failures);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
