package dev.connectorsdk.examples.cli;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.examples.webhooks.JdkWebhooks;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "listen",
    description = {
      "Prints each event of a trigger as a line of JSON, until Ctrl+C ends it.",
      "",
      "A service that calls back is told a URL on this machine. One that is elsewhere",
      "needs a tunnel to the port, whose address is given with --public-url. What is",
      "registered at the service is removed at the end; after a crash, when somebody",
      "listens again with the same stored connection."
    },
    footer = {
      "",
      "Examples:",
      "  connectors listen connectors/library WhenABookComes --every 60",
      "  connectors listen connectors/rooms WhenRoomIsFree --port 8090 \\",
      "      --public-url https://example.tunnel.test --events 1"
    })
final class ListenCommand extends TriggerCommand {

  @Option(names = "--all", description = "Begin with all that the service has, if the trigger can.")
  private boolean all;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description = "How long to wait between two polls (default: as short as the trigger allows).")
  private @Nullable Integer every;

  @Option(
      names = "--port",
      paramLabel = "NUMBER",
      description = "The port on 127.0.0.1 where the service calls back (default: any free one).")
  private @Nullable Integer port;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "The address by which the service reaches that port.")
  private @Nullable String publicUrl;

  @Option(names = "--events", paramLabel = "NUMBER", description = "End after this many events.")
  private long events = Long.MAX_VALUE;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "End after this time, which begins when it listens.")
  private long seconds = Long.MAX_VALUE;

  ListenCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  void check() {
    super.check();
    if (events < 1 || seconds < 1) {
      throw new UsageException("--events and --for must be at least 1");
    }
    if (port != null) {
      FreePort.check("--port", port);
    }
  }

  @Override
  void check(Trigger<?, ?> trigger) {
    if (trigger instanceof WebhookTrigger && (all || every != null)) {
      throw new UsageException(
          "trigger '" + trigger.id() + "' is called by the service: no --all and no --every");
    }
    if (trigger instanceof PollingTrigger && (port != null || publicUrl != null)) {
      throw new UsageException(
          "trigger '" + trigger.id() + "' asks the service: no --port and no --public-url");
    }
  }

  @Override
  void run(Asked asked, Way way) throws IOException {
    Trigger<?, ?> trigger = trigger(asked);
    EventLines lines = new EventLines(terminal(), events);
    String handler = "listen-" + UUID.randomUUID();
    way.builder().handler(handler, JsonNode.class, lines);
    SubscriptionSpec spec = spec(way, trigger, asked.given().input(), handler);
    Listening listening =
        new Listening(subscriber(way), lines, Duration.ofSeconds(seconds), this::hint);
    Goodbye goodbye = Goodbye.beginning(lines::end);
    try {
      if (trigger instanceof WebhookTrigger) {
        listenToCalls(way, listening, spec);
      } else {
        try (ConnectorRuntime runtime = way.open()) {
          listening.run(runtime.triggers(), spec, null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted");
    } finally {
      goodbye.end();
    }
  }

  private SubscriptionSpec spec(
      Way way, Trigger<?, ?> trigger, JsonNode configuration, String handler) {
    SubscriptionSpec spec =
        SubscriptionSpec.of(way.reference(), trigger.id(), configuration, handler)
            .inOrder()
            .atMostPerMinute(Integer.MAX_VALUE);
    if (trigger instanceof PollingTrigger<?, ?, ?> polling) {
      spec = spec.every(every == null ? polling.minimumInterval() : Duration.ofSeconds(every));
    }
    return all ? spec.starting(new Start.All()) : spec;
  }

  private void listenToCalls(Way way, Listening listening, SubscriptionSpec spec)
      throws IOException, InterruptedException {
    HttpServer server = server();
    try {
      String url =
          publicUrl == null ? "http://127.0.0.1:" + server.getAddress().getPort() : publicUrl;
      publish(way, url);
      try (ConnectorRuntime runtime = way.open()) {
        server.createContext("/", new JdkWebhooks(runtime));
        server.start();
        listening.run(runtime.triggers(), spec, url);
      }
    } finally {
      server.stop(0);
    }
  }

  private HttpServer server() throws IOException {
    int wanted = port == null ? 0 : port;
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
    } catch (BindException e) {
      throw new FailedException("port " + wanted + " is taken: choose another --port");
    }
  }

  private static void publish(Way way, String url) {
    try {
      way.builder().publicAddress(url);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--public-url must be https, or http on this machine, without user and query");
    }
  }
}
