package dev.connectorsdk.storm;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.h2.jdbcx.JdbcConnectionPool;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * A host in a process of its own. It reads lines: {@code go <environment> <threads>} has so many
 * threads call the service there at once, with a new runtime, and is answered by {@code done
 * <environment> <outcome>=<count> ...}. It ends when its input does.
 */
public final class StormNode {

  static final ConnectionReference MINE = ConnectionReference.invoker("my-tickets", "tickets");
  private static final byte[] KEY = HexFormat.of().parseHex("0123456789abcdef".repeat(4));

  private StormNode() {}

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, the URL of the provider, and {@code hang} to
   *     hang, after saying {@code storing <connection>}, when a new token is to be stored
   */
  public static void main(String[] args) throws IOException {
    JdbcConnectionPool pool = pool(Integer.parseInt(args[0]), args[1]);
    String url = args[2];
    boolean hangs = args.length > 3 && args[3].equals("hang");
    ConnectorStore store = JdbcStore.builder(pool).build();
    ConnectorStore used = hangs ? hanging(store) : store;
    say("ready");
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      Thread round =
          new Thread(() -> round(used, url, words[1], Integer.parseInt(words[2])), "round");
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
        .store(store, KeyRing.of("k1", KEY));
  }

  static Caller ada(String environment) {
    return Principal.user("ada").in(environment);
  }

  private static void round(ConnectorStore store, String url, String environment, int threads) {
    try (ConnectorRuntime runtime = builder(store, url).build()) {
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

  /** A store that has an answer and cannot get rid of it. */
  private static ConnectorStore hanging(ConnectorStore store) {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            StormNode.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("writeCredential") && arguments.length == 3) {
                say("storing " + ((ConnectorStore.StoredCredential) arguments[0]).connection());
                await(new CountDownLatch(1));
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
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
