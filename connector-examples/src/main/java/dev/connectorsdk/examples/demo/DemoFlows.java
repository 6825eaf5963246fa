package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.OpenedTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Priority;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The flows of the console's demo: one that runs, one that a data policy suspends, one that tickets
 * start, and an app. Ada owns them. Another is Ben's, who lets her run it.
 */
final class DemoFlows {

  static final String ALARM_HANDLER = "alarm";

  private static final ConnectionReference TEAM =
      ConnectionReference.embedded("team-desk", "helpdesk");
  private static final ConnectionReference HOUSE = ConnectionReference.embedded("house", "rooms");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-desk", "helpdesk");

  private static final Principal ADA = Principal.user("ada");
  private static final Principal BEN = Principal.user("ben");
  private static final Principal CLEO = Principal.user("cleo");

  private static final Flow REPORT =
      Flow.of("morning-report", ADA)
          .coOwnedBy(BEN)
          .runnableBy(CLEO)
          .calling(TEAM, "listTickets", "openTicket")
          .calling(HOUSE, "FindRooms")
          .calling(MINE, "openTicket");
  private static final Flow BOOKING =
      Flow.of("room-booking", ADA).runnableBy(BEN, CLEO).calling(HOUSE, "FindRooms", "BookRoom");
  private static final Flow ALARM =
      Flow.of("ticket-alarm", ADA).startedOnlyBy(Flow.Start.TRIGGERS).calling(TEAM, "ticketOpened");
  private static final Flow PAD =
      Flow.app("room-pad", ADA).runnableBy(CLEO).calling(HOUSE, "FindRooms");

  private static final Flow DIGEST =
      Flow.of("desk-digest", BEN).runnableBy(ADA).calling(MINE, "listTickets");

  static final FlowDirectory ALL = FlowDirectory.of(REPORT, BOOKING, ALARM, PAD, DIGEST);

  private DemoFlows() {}

  /** Returns what fails with the first try of each alarm, so that there is something to replay. */
  static EventHandler<OpenedTicket> alarm() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    return (ticket, event) -> {
      if (seen.add(event.id())) {
        throw new IllegalStateException("The pager does not answer");
      }
    };
  }

  /** Binds what the flows use, has policies made by an administrator, and has an alarm go off. */
  static void make(ConnectorRuntime runtime, String environment, Principal administrator) {
    Caller ada = ADA.in(environment);
    for (Connection connection : runtime.connections().list(ada)) {
      if (connection.displayName().equals("Team desk")) {
        runtime.references().bind(ada, TEAM, connection.id());
      } else if (connection.connector().value().equals("rooms")) {
        runtime.references().bind(ada, HOUSE, connection.id());
      }
    }
    policies(runtime, Administrator.ofRuntime(administrator));
    Caller reporting = ada.running(REPORT);
    runtime.invoke(
        reporting, TEAM, Helpdesk.OPEN_TICKET, new NewTicket("The lift is stuck", Priority.HIGH));
    SubscriptionSpec opened =
        SubscriptionSpec.of(TEAM, Helpdesk.TICKET_OPENED, Nothing.NOTHING, ALARM_HANDLER)
            .starting(new Start.All())
            .parkingAfter(1);
    runtime.triggers().subscribe(ada.running(ALARM), opened);
  }

  private static void policies(ConnectorRuntime runtime, Administrator root) {
    DataPolicy house =
        DataPolicy.named("house-rules")
            .titled("House rules")
            .business("helpdesk", "rooms")
            .actions("rooms", ActionRules.blocking("BookRoom"))
            .build();
    runtime.policies().save(root, house, 0);
    runtime
        .policies()
        .save(
            root,
            DataPolicy.named("house-rules-candidate")
                .titled("House rules (candidate)")
                .mode(Mode.AUDIT)
                .insteadOf("house-rules")
                .business("helpdesk")
                .build(),
            0);
  }
}
