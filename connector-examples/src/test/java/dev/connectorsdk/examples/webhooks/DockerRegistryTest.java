package dev.connectorsdk.examples.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of a service that nobody here wrote, which sends each again until it has success. */
@ExtendWith(DockerRegistry.Installed.class)
@Timeout(120)
class DockerRegistryTest {

  private record Target(String repository, String digest, String tag) {}

  private record Notice(String id, String action, Target target) {}

  private record Notices(List<Notice> events) {}

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final ConnectionReference IMAGES =
      ConnectionReference.embedded("images", "registry");
  private static final Flow FLOW = Flow.of("deploy", ADA.principal()).using(IMAGES);

  @TempDir Path folder;
  private final KeyRing keys = KeyRing.random();
  private final CompletableFuture<WebhookTrigger.Callback> registered = new CompletableFuture<>();
  private final BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
  private final List<Integer> answers = new CopyOnWriteArrayList<>();
  private final Set<String> deliveries = ConcurrentHashMap.newKeySet();
  private JdbcConnectionPool database;
  private int port;

  @BeforeEach
  void open() {
    database = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("host"), "sa", "");
    port = LocalServer.freePort();
  }

  @AfterEach
  void close() {
    database.dispose();
  }

  /** What the registry calls stands in its configuration: a person registers it there. */
  private WebhookTrigger<Nothing, Notice> imagePushed() {
    return WebhookTrigger.builder("imagePushed", Nothing.class, Notice.class)
        .titled("When an image is pushed")
        .signature(Signature.token().in(Place.bearer()).build())
        .subscribe(
            (nothing, callback, call) -> {
              registered.complete(callback);
              return Registration.of("configured");
            })
        .unsubscribe((registration, call) -> {})
        .receive(DockerRegistryTest::read);
  }

  private static Received<Notice> read(Delivery delivery) {
    return Received.events(
        delivery.as(Notices.class).events().stream()
            .filter(notice -> notice.action().equals("push") && notice.target().tag() != null)
            .map(notice -> new Event<>(notice.id(), notice))
            .toList());
  }

  private ConnectorRuntime runtime() {
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("registry", "http://localhost")
                .titled("Registry")
                .version("1.0")
                .auth(AuthOption.none())
                .trigger(imagePushed())
                .build())
        .store(JdbcStore.builder(database).build(), keys)
        .flows(FlowDirectory.of(FLOW))
        .handler(
            "deploy",
            Notice.class,
            (notice, event) ->
                pushed.add(notice.target().repository() + ":" + notice.target().tag()))
        .publicAddress("http://127.0.0.1:" + port + "/hooks")
        .build();
  }

  private static void subscribe(ConnectorRuntime runtime) {
    Connection connection =
        runtime.connections().create(ADA, ConnectionSpec.of("registry", "none").untested());
    runtime.references().bind(ADA, IMAGES, connection.id());
    runtime
        .triggers()
        .subscribe(
            ADA.running(FLOW),
            SubscriptionSpec.of(IMAGES, "imagePushed", Nothing.NOTHING, "deploy"));
  }

  /** Serves deliveries, and loses the first answer to each: the registry hears of an error. */
  private HttpServer serve(ConnectorRuntime runtime) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/hooks",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status =
                runtime
                    .triggers()
                    .receive(
                        new WebhookRequest(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            exchange.getRequestURI().getRawQuery(),
                            exchange.getRequestHeaders(),
                            new ByteArrayInputStream(body)))
                    .status();
            answers.add(status);
            boolean isRepeated = !deliveries.add(new String(body, UTF_8));
            exchange.sendResponseHeaders(isRepeated || status != 200 ? status : 500, -1);
          }
        });
    server.start();
    return server;
  }

  @Test
  @DisplayName("G4: what is sent again because an answer was lost is handled once")
  void handlesOnceWhatIsSentAgain() throws Exception {
    try (ConnectorRuntime runtime = runtime()) {
      HttpServer server = serve(runtime);
      subscribe(runtime);
      try (DockerRegistry registry = DockerRegistry.start(folder, registered.get())) {
        registry.push("tools/hello", "v1");
        registry.push("tools/hello", "v2");
        registry.push("tools/bye", "v1");

        assertThat(List.of(next(), next(), next()))
            .containsExactlyInAnyOrder("tools/hello:v1", "tools/hello:v2", "tools/bye:v1");
        // It sends one after another: all before this one were sent again by then.
        registry.push("tools/last", "v1");
        assertThat(next()).isEqualTo("tools/last:v1");
        assertThat(pushed).isEmpty();
        assertThat(answers).containsOnly(200).hasSizeGreaterThan(deliveries.size());
      } finally {
        server.stop(0);
      }
    }
  }

  @Test
  @DisplayName("G4: what is sent while the host is down comes after its restart, once")
  void losesNothingWhileTheHostIsDown() throws Exception {
    WebhookTrigger.Callback callback;
    try (ConnectorRuntime runtime = runtime()) {
      subscribe(runtime);
      callback = registered.get();
    }
    try (DockerRegistry registry = DockerRegistry.start(folder, callback)) {
      registry.push("tools/hello", "v1");
      try (ConnectorRuntime runtime = runtime()) {
        HttpServer server = serve(runtime);
        assertThat(next()).isEqualTo("tools/hello:v1");
        server.stop(0);
      }
    }
    assertThat(pushed).isEmpty();
  }

  private @Nullable String next() throws InterruptedException {
    return pushed.poll(60, TimeUnit.SECONDS);
  }
}
