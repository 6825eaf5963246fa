package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.List;
import java.util.Objects;

/**
 * A host with a console in which there is something to look after. Ada owns the flows; Ben co-owns
 * the triage and Eve may run it. Root administers. Nobody's service is called.
 */
final class Office implements AutoCloseable {

  static final Principal ADA = Principal.user("ada");
  static final Principal BEN = Principal.user("ben");
  static final Principal EVE = Principal.user("eve");
  static final Caller ADAS = ADA.in("dev");
  static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));

  static final ConnectionReference DESK = ConnectionReference.embedded("desk", "tickets");
  static final ConnectionReference CHAT = ConnectionReference.embedded("room", "chat");
  static final ConnectionReference MINE = ConnectionReference.invoker("mine", "tickets");
  static final Flow TRIAGE =
      Flow.of("triage", ADA)
          .coOwnedBy(BEN)
          .runnableBy(EVE)
          .calling(DESK, "ticketOpened")
          .using(MINE);
  static final Flow DIGEST = Flow.of("digest", ADA).calling(CHAT, "post");
  static final Flow WATCH =
      Flow.of("watch", ADA).coOwnedBy(BEN).runnableBy(EVE).calling(DESK, "ticketOpened");
  static final Flow APP = Flow.app("pad", ADA).runnableBy(EVE).calling(DESK, "ticketOpened");

  /** Its connector is not there, and nobody starts it. */
  static final Flow PAYROLL =
      Flow.of("payroll", ADA)
          .runnableBy(EVE)
          .startedOnlyBy(Flow.Start.TRIGGERS)
          .using(ConnectionReference.invoker("pay", "payroll"));

  record Ticket(String title) {}

  static final PollingTrigger<Nothing, Integer, Ticket> OPENED =
      PollingTrigger.builder("ticketOpened", Nothing.class, Integer.class, Ticket.class)
          .titled("When a ticket is opened")
          .poll(
              (poll, call) ->
                  Batch.of(
                      Objects.equals(poll.cursor(), 1)
                          ? List.of(new Event<>("T-1", new Ticket("Printer on fire")))
                          : List.of(),
                      poll.cursor() == null ? 1 : 2));

  private final ConsoleHost host;
  private boolean handles;

  Office() {
    this(null);
  }

  /**
   * @param people {@code null} if the host does not say who people are
   */
  Office(People people) {
    host =
        new ConsoleHost(
            address ->
                ConnectorRuntime.builder()
                    .connector(connector("tickets"))
                    .connector(connector("chat"))
                    .flows(FlowDirectory.of(TRIAGE, DIGEST, WATCH, APP, PAYROLL))
                    .audit(AuditSettings.inStore())
                    .handler("announce", Ticket.class, (ticket, event) -> handle())
                    .triggersByHand()
                    .build(),
            FlowDirectory.of(TRIAGE, DIGEST, WATCH, APP, PAYROLL),
            people);
  }

  static Connector connector(String id) {
    return Connector.builder(id, "http://localhost:1")
        .titled(id.equals("chat") ? "Chat" : "Tickets")
        .auth(AuthOption.apiKeyHeader("X-Api-Key"))
        .trigger(OPENED)
        .build();
  }

  private void handle() {
    if (!handles) {
      throw new IllegalStateException("The printer is out of paper");
    }
  }

  ConnectorRuntime runtime() {
    return host.runtime();
  }

  ConsoleBrowser browserOf(String user) {
    return host.browserOf(user);
  }

  /** Makes a connection with a parameter and a secret that no page shows. */
  Connection connect(Principal owner, String connector, String name) {
    return runtime()
        .connections()
        .create(
            owner.in("dev"),
            ConnectionSpec.of(connector, "apiKey")
                .named(name)
                .secret("api_key", Secret.of("hidden-key")));
  }

  /** Makes a connection of Ada's that her flows use. */
  Connection connectDesk() {
    Connection desk = connect(ADA, "tickets", "Ada's desk");
    runtime().references().bind(ADAS, DESK, desk.id());
    return desk;
  }

  /** Blocks the chat, so that the digest is suspended. */
  void blockChat() {
    runtime().policies().save(ROOT, DataPolicy.named("no-chat").blocked("chat").build(), 0);
  }

  /** Blocks the tickets, so that the flows that others may run are suspended. */
  void blockTickets() {
    runtime().policies().save(ROOT, DataPolicy.named("no-tickets").blocked("tickets").build(), 0);
  }

  /** Has a flow watch tickets, with one that could not be handled. */
  Subscription parkTicket() {
    Subscription subscription = watchTickets();
    runtime().runDueTriggers();
    runtime().triggers().pollNow(ADAS.running(WATCH), subscription.id());
    runtime().runDueTriggers();
    return subscription;
  }

  /** Has a flow watch tickets. */
  Subscription watchTickets() {
    SubscriptionSpec spec =
        SubscriptionSpec.of(DESK, OPENED, Nothing.NOTHING, "announce").parkingAfter(1);
    return runtime().triggers().subscribe(ADAS.running(WATCH), spec);
  }

  /** Has events handled from now on. */
  void mendHandler() {
    handles = true;
  }

  @Override
  public void close() {
    host.close();
  }
}
