package host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.Map;

/** Finds the plugin, connects to the site that it is given, and prints a ticket. */
public final class Main {

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
            .build()) {
      runtime.connections().create(ada, spec);
      ConnectionReference tickets = ConnectionReference.invoker("tickets", "tickets");
      System.out.println(runtime.invoke(ada, tickets, "getTicket", Map.of("id", "1")));
    }
  }
}
