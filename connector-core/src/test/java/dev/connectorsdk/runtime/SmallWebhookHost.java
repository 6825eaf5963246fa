package dev.connectorsdk.runtime;

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
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * A process with little memory that is called back. Says where and with which secret, and once its
 * input ends, how many events it has stored.
 */
final class SmallWebhookHost {

  private static final int WEB_THREADS = 16;

  private SmallWebhookHost() {}

  public static void main(String[] arguments) throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Caller ada = Principal.user("ada").in("dev");
    Flow flow = Flow.of("desk", ada.principal());
    var reference = ConnectionReference.embedded("team-tickets", "tickets");
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost").trigger(hook()).build())
            .flows(FlowDirectory.of(flow))
            .publicAddress("http://localhost:" + web.getAddress().getPort() + "/hooks")
            .handler("announce", Item.class, (item, event) -> {})
            .stopped();
    var key = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
    runtime.references().bind(ada, reference, runtime.connections().create(ada, key).id());
    Subscription subscription =
        runtime
            .triggers()
            .subscribe(
                ada.running(flow),
                SubscriptionSpec.of(reference, "hook", Nothing.NOTHING, "announce")
                    .atMostPerMinute(1_000_000));
    web.setExecutor(Executors.newFixedThreadPool(WEB_THREADS));
    web.createContext("/hooks", exchange -> WebhookHostTest.answer(exchange, () -> runtime));
    web.start();
    runtime.triggerModule().runDue();
    while (System.in.read() >= 0) {
      // Whoever has started this process goes on.
    }
    say("stored " + runtime.triggers().inspect(ada.running(flow), subscription.id()).waiting());
    Runtime.getRuntime().halt(0);
  }

  private static WebhookTrigger<Nothing, Item> hook() {
    return WebhookTrigger.builder("hook", Nothing.class, Item.class)
        .signature(WebhookHostTest.SIGNATURE)
        .subscribe(
            (none, callback, call) -> {
              say("told " + callback.url() + " " + callback.secret().reveal());
              return Registration.of("h-1");
            })
        .unsubscribe((registration, call) -> {})
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
