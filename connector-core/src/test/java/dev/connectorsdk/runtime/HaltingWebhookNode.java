package dev.connectorsdk.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host that is called back, hands over what it got after every third delivery, and dies at a
 * point. It prints where it is called, and what it handles.
 */
final class HaltingWebhookNode {

  private static final String KEY = "q5f8Zr2mW9xK3vB7nL1cT6yH4jD0sGpA";
  private static final int PER_ROUND = 3;

  /** Where between its receipt and its acceptance a delivery is. */
  enum Point {
    NOWHERE("", false, 0),
    RECEIVED("listSubscriptionsAt", false, 2),
    TO_BE_STORED("deliver", false, 2),
    STORED("deliver", true, 2),
    CLAIMED("claimEvents", true, 1),
    HANDLED("accept", false, 2);

    private final String method;
    private final boolean after;
    private final int call;

    /**
     * @param method of the store
     * @param after whether it was called already
     * @param call which one
     */
    Point(String method, boolean after, int call) {
      this.method = method;
      this.after = after;
      this.call = call;
    }
  }

  private final Point point;
  private final AtomicInteger calls = new AtomicInteger();
  private ConnectorRuntime runtime;
  private int received;

  private HaltingWebhookNode(Point point) {
    this.point = point;
  }

  /**
   * Runs it until it dies, or its input ends.
   *
   * @param args the JDBC URL, and the {@link Point}
   */
  public static void main(String[] args) throws Exception {
    new HaltingWebhookNode(Point.valueOf(args[1])).run(args[0]);
  }

  private void run(String url) throws Exception {
    JdbcStore store = JdbcStore.builder(HaltingTriggerNode.pool(url)).build();
    ConnectorRuntime registering = node(store);
    subscribe(registering);
    registering.triggerModule().runDue();
    runtime = node(dying(store));
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext("/hooks", this::receive);
    web.start();
    say("port " + web.getAddress().getPort());
    while (System.in.read() >= 0) {
      // Whoever has started this process goes on.
    }
    runtime.triggerModule().runDue();
    Runtime.getRuntime().halt(0);
  }

  /** The server has one thread. */
  private void receive(HttpExchange exchange) throws IOException {
    WebhookHostTest.answer(exchange, () -> runtime);
    if (++received % PER_ROUND == 0) {
      runtime.triggerModule().runDue();
    }
  }

  private static Caller ada() {
    return Principal.user("ada").in("dev");
  }

  private static Flow flow() {
    return Flow.of("desk", ada().principal());
  }

  private static ConnectorRuntime node(ConnectorStore store) {
    return ConnectorRuntime.builder()
        .connector(Tickets.builder("http://localhost").trigger(hook()).build())
        .store(store, KeyRing.of("k", KEY.getBytes(StandardCharsets.US_ASCII)))
        .flows(FlowDirectory.of(flow()))
        .publicAddress("https://host.test/hooks")
        .handler("announce", Item.class, (item, event) -> say("handled " + item.id()))
        .stopped();
  }

  private static WebhookTrigger<Nothing, Item> hook() {
    return WebhookTrigger.builder("hook", Nothing.class, Item.class)
        .signature(Signature.unsigned().build())
        .subscribe(
            (none, callback, call) -> {
              say("path " + callback.url().getPath());
              return Registration.of("h-1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  private static void subscribe(ConnectorRuntime node) {
    if (node.connections().list(ada()).isEmpty()) {
      var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
      var reference = ConnectionReference.embedded("team-tickets", "tickets");
      node.references().bind(ada(), reference, node.connections().create(ada(), spec).id());
      node.triggers()
          .subscribe(
              ada().running(flow()),
              SubscriptionSpec.of(reference, "hook", Nothing.NOTHING, "announce"));
    }
  }

  private ConnectorStore dying(ConnectorStore store) {
    TriggerStore triggers = store.triggers();
    TriggerStore dying =
        proxy(TriggerStore.class, (method, arguments) -> call(triggers, method, arguments));
    return proxy(
        ConnectorStore.class,
        (method, arguments) ->
            method.getName().equals("triggers") ? dying : method.invoke(store, arguments));
  }

  private Object call(TriggerStore triggers, Method method, Object[] arguments) throws Exception {
    boolean isIt = method.getName().equals(point.method) && calls.incrementAndGet() == point.call;
    if (isIt && !point.after) {
      Runtime.getRuntime().halt(7);
    }
    Object result = method.invoke(triggers, arguments);
    if (isIt) {
      Runtime.getRuntime().halt(7);
    }
    return result;
  }

  private interface Way {
    Object call(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Way way) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return way.call(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
