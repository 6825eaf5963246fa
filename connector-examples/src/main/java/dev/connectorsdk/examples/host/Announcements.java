package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.examples.plugin.TasksPlugin;
import dev.connectorsdk.examples.plugin.TasksPlugin.Task;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.List;

/** A flow that announces each task that was done. */
final class Announcements {

  static final ConnectionReference TASKS = ConnectionReference.embedded("team-tasks", "tasks");

  private Announcements() {}

  // tag::handler[]
  static ConnectorRuntime start(
      RuntimeBuilder builder, FlowDirectory flows, EventHandler<Task> announce) {
    return builder.flows(flows).handler("announce", Task.class, announce).build();
  }

  // end::handler[]

  // tag::trigger[]
  static Subscription announceDoneTasks(ConnectorRuntime runtime, Caller ada, Flow flow) {
    var done = SubscriptionSpec.of(TASKS, TasksPlugin.TASK_DONE, Nothing.NOTHING, "announce");
    return runtime.triggers().subscribe(ada.running(flow), done);
  }

  // end::trigger[]

  static SubscriptionSpec settings() {
    // tag::subscription[]
    return SubscriptionSpec.of(TASKS, TasksPlugin.TASK_DONE, Nothing.NOTHING, "announce")
        .every(Duration.ofMinutes(1))
        .inOrderPerKey()
        .parkingAfter(3)
        .retaining(Duration.ofDays(2));
    // end::subscription[]
  }

  // tag::parked[]
  static int replayAll(ConnectorRuntime runtime, Caller caller, String subscription) {
    List<InboxEvent> parked =
        runtime.triggers().events(caller, subscription, EventStatus.PARKED, 0, 100);
    parked.forEach(event -> runtime.triggers().replay(caller, subscription, event.number()));
    return parked.size();
  }
  // end::parked[]
}
