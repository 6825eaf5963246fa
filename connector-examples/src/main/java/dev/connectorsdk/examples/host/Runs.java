package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Priority;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.List;

/**
 * A host of runs, on as many machines as you like: a desk where a person starts a run, and a
 * machine that starts runs by itself. They share a store, and so connections and bindings.
 */
public final class Runs implements AutoCloseable {

  static final ConnectionReference TEAM = ConnectionReference.embedded("team-desk", "helpdesk");
  static final ConnectionReference MINE = ConnectionReference.invoker("my-desk", "helpdesk");

  private final ConnectorRuntime runtime;
  private final Environment environment = Environment.of("prod");

  /** A machine of the host. All machines have the same store and the same keys. */
  public Runs(ConnectorStore store, SecretCipher keys) {
    this.runtime =
        ConnectorRuntime.builder()
            .provider(new Helpdesk())
            .addressPolicy(AddressPolicy.allowAll())
            .store(store, keys)
            .build();
  }

  // tag::attended[]
  /** A person starts the run: what is not embedded, the person brings. */
  List<Ticket> attended(Principal person, Flow flow) {
    return run(person.in(environment).running(flow), flow);
  }

  /** Nobody starts the run, on whatever machine: it uses embedded references, and no others. */
  List<Ticket> unattended(Flow flow) {
    return run(flow.in(environment), flow);
  }

  private List<Ticket> run(Caller caller, Flow flow) {
    runtime.references().requireReady(caller); // names every reference that is in the way
    List<Ticket> open =
        runtime.invoke(caller, TEAM, Helpdesk.LIST_TICKETS, new TicketQuery("open", 50));
    if (flow.references().contains(MINE)) {
      var report = new NewTicket(open.size() + " tickets are open", Priority.LOW);
      runtime.invoke(caller, MINE, Helpdesk.OPEN_TICKET, report);
    }
    return open;
  }

  // end::attended[]

  /** Returns the runtime, to make connections with and to bind references. */
  public ConnectorRuntime runtime() {
    return runtime;
  }

  @Override
  public void close() {
    runtime.close();
  }
}
