package dev.connectorsdk.storm;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.h2.jdbcx.JdbcConnectionPool;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A host in a process of its own. It reads lines: {@code go <environment> <threads>} has so many
 * threads call the service there at once, and is answered by {@code done <environment>
 * <outcome>=<count> ...}. With the name of a {@link Point} at its end, it says {@code at
 * <environment>} when it gets there, and stays until it reads {@code continue}. It ends when its
 * input does.
 */
public final class StormNode {

  static final ConnectionReference MINE = ConnectionReference.invoker("my-tickets", "tickets");
  static final KeyRing KEYS =
      KeyRing.of("k1", HexFormat.of().parseHex("0123456789abcdef".repeat(4)));

  /** Where a refresh can be held up on this side. */
  enum Point {
    /** There is no lease yet. */
    BEFORE_LEASE,
    /** There is a lease, and nothing was sent. */
    LEASED,
    /** The answer is there, and nothing is stored. */
    ANSWERED,
    /** The new tokens are stored, and nobody was told. */
    STORED
  }

  private static final CountDownLatch goOn = new CountDownLatch(1);
  private static final Map<String, Point> points = new ConcurrentHashMap<>();

  private StormNode() {}

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, the URL of the provider, and by how many
   *     minutes the clock is wrong
   */
  public static void main(String[] args) throws IOException {
    JdbcConnectionPool pool = pool(Integer.parseInt(args[0]), args[1]);
    String url = args[2];
    ConnectorStore store = JdbcStore.builder(pool).build();
    ConnectorRuntime runtime =
        builder(stopping(store), url)
            .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(Long.parseLong(args[3]))))
            .build();
    say("ready");
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("continue")) {
        goOn.countDown();
        continue;
      }
      if (words.length > 3) {
        points.put(words[1], Point.valueOf(words[3]));
      }
      Thread round =
          new Thread(() -> round(runtime, words[1], Integer.parseInt(words[2])), "round");
      round.setDaemon(true);
      round.start();
    }
    Runtime.getRuntime().halt(0);
  }

  static JdbcConnectionPool pool(int port, String schema) {
    PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setCurrentSchema(schema);
    JdbcConnectionPool pool = JdbcConnectionPool.create(source);
    pool.setMaxConnections(3);
    return pool;
  }

  /** Returns a runtime like that of each node; it leaves the store open. */
  static RuntimeBuilder builder(ConnectorStore store, String url) {
    return ConnectorRuntime.builder()
        .connector(Tickets.builder(url).build())
        .client("tickets", "signIn", ClientRegistration.of("app", Secret.of("s3cret")))
        .store(store, KEYS);
  }

  static Caller ada(String environment) {
    return Principal.user("ada").in(environment);
  }

  private static void round(ConnectorRuntime runtime, String environment, int threads) {
    try {
      CountDownLatch ready = new CountDownLatch(threads);
      CountDownLatch go = new CountDownLatch(1);
      Map<String, Integer> outcomes = new TreeMap<>();
      List<Thread> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Thread call =
            new Thread(
                () -> {
                  ready.countDown();
                  await(go);
                  String outcome = call(runtime, environment);
                  synchronized (outcomes) {
                    outcomes.merge(outcome, 1, Integer::sum);
                  }
                });
        calls.add(call);
        call.start();
      }
      await(ready);
      go.countDown();
      for (Thread call : calls) {
        call.join();
      }
      StringBuilder line = new StringBuilder("done ").append(environment);
      outcomes.forEach((outcome, count) -> line.append(' ').append(outcome + "=" + count));
      say(line.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String call(ConnectorRuntime runtime, String environment) {
    try {
      runtime.invoke(ada(environment), MINE, Tickets.GET, new TicketId("1"));
      return "OK";
    } catch (AuthenticationException e) {
      return e.reason().name();
    } catch (ConnectorException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** A store on the way to which, or back from which, a refresh is held up. */
  private static ConnectorStore stopping(ConnectorStore store) {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            StormNode.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              boolean leasing = method.getName().equals("acquireLease");
              boolean storing = method.getName().equals("writeCredential") && arguments.length == 3;
              String environment = "";
              if (leasing || storing) {
                environment = environment(store, arguments[0]);
              }
              Point point = points.get(environment);
              if ((leasing && point == Point.BEFORE_LEASE)
                  || (storing && point == Point.ANSWERED)) {
                hold(environment);
              }
              Object result;
              try {
                result = method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if ((leasing && point == Point.LEASED) || (storing && point == Point.STORED)) {
                hold(environment);
              }
              return result;
            });
  }

  private static String environment(ConnectorStore store, Object subject) {
    ConnectionId connection =
        subject instanceof StoredCredential credential
            ? credential.connection()
            : (ConnectionId) subject;
    return store.findConnection(connection).orElseThrow().environment().name();
  }

  private static void hold(String environment) {
    say("at " + environment);
    await(goOn);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
