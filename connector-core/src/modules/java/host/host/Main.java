package host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the plugin, subscribes to its trigger, connects to the site that it is given, and prints a
 * ticket.
 */
public final class Main {

  private static final Flow FLOW = Flow.of("desk", Principal.user("ada"));

  private static final class Flows implements FlowDirectory {

    @Override
    public Optional<Flow> find(String id) {
      return Optional.of(FLOW);
    }

    @Override
    public List<Flow> list(Filter filter, String after, int limit) {
      return FlowDirectory.of(FLOW).list(filter, after, limit);
    }
  }

  private Main() {}

  public static void main(String[] arguments) {
    Caller ada = Principal.user("ada").in("dev");
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "oauth2")
            .with("site", arguments[0])
            .with("client_id", "app")
            .secret("client_secret", Secret.of("s3cret"));
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .discover(Main.class.getClassLoader())
            .addressPolicy(AddressPolicy.allowAll())
            .flows(new Flows())
            .publicAddress("https://app.example.com/hooks")
            .build()) {
      ConnectionReference shared = ConnectionReference.embedded("shared", "tickets");
      runtime
          .triggers()
          .subscribe(
              ada.running(FLOW), SubscriptionSpec.of(shared, "newTicket", Map.of(), "announce"));
      runtime.connections().create(ada, spec);
      ConnectionReference tickets = ConnectionReference.invoker("tickets", "tickets");
      System.out.println(runtime.invoke(ada, tickets, "getTicket", Map.of("id", "1")));
    }
  }
}
