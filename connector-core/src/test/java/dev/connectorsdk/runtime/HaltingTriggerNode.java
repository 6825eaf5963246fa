package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.nio.charset.StandardCharsets;
import org.h2.jdbcx.JdbcConnectionPool;

/** A host on H2 that prints the ids of the events that it handles, and dies at a step. */
final class HaltingTriggerNode {

  /** How many events there are. */
  static final int EVENTS = 40;

  private static final String KEY = "q5f8Zr2mW9xK3vB7nL1cT6yH4jD0sGpA";

  private HaltingTriggerNode() {}

  /**
   * Runs it.
   *
   * @param args the JDBC URL, and at which step it dies
   */
  public static void main(String[] args) {
    var dying = new DyingStore(Integer.parseInt(args[1]), () -> Runtime.getRuntime().halt(7));
    var store = JdbcStore.builder(JdbcConnectionPool.create(args[0], "sa", "")).build();
    var counting = new Hooked();
    counting.last = EVENTS;
    counting.page = 10;
    Caller ada = Principal.user("ada").in("dev");
    Flow flow = Flow.of("desk", ada.principal());
    ConnectorRuntime node =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost").trigger(counting.trigger()).build())
            .store(dying.around(store), KeyRing.of("k", KEY.getBytes(StandardCharsets.US_ASCII)))
            .flows(FlowDirectory.of(flow))
            .handler("announce", Item.class, (item, event) -> say("handled " + event.id()))
            .stopped();
    if (node.connections().list(ada).isEmpty()) {
      var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
      var reference = ConnectionReference.embedded("team-tickets", "tickets");
      node.references().bind(ada, reference, node.connections().create(ada, spec).id());
      node.triggers()
          .subscribe(
              ada.running(flow),
              SubscriptionSpec.of(reference, "hooked", Nothing.NOTHING, "announce")
                  .starting(new Start.All()));
    }
    node.triggerModule().runDue();
    Runtime.getRuntime().halt(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
