package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "poll",
    description = {
      "Prints what a trigger would find now, each event as a line of JSON.",
      "",
      "It asks for all that the service has, if the trigger can. Nothing is kept: the",
      "same is found again. To have new events come, see: connectors help listen"
    },
    footer = {
      "",
      "Examples:",
      "  connectors poll connectors/library WhenABookComes --preview",
      "  connectors poll connectors/library WhenABookComes --preview \\",
      "      --connect api_key=env:LIBRARY_KEY | jq .event.id"
    })
final class PollCommand extends TriggerCommand {

  private static final int MOST = 1_000;

  @SuppressWarnings("UnusedVariable") // It has to be given, and that is all.
  @Option(names = "--preview", required = true, description = "Show what would come.")
  private boolean preview;

  PollCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  void check(Trigger<?, ?> trigger) {
    if (!(trigger instanceof PollingTrigger)) {
      throw new FailedException(
          "trigger '"
              + trigger.id()
              + "' is called by the service, and asks for nothing; see: connectors help listen");
    }
  }

  @Override
  void run(Asked asked, Way way) {
    PollingTrigger<?, ?, ?> trigger = (PollingTrigger<?, ?, ?>) trigger(asked);
    Caller subscriber = subscriber(way);
    SubscriptionSpec spec =
        SubscriptionSpec.of(way.reference(), trigger.id(), asked.given().input(), "nobody");
    if (trigger.starts().contains(Start.All.class)) {
      spec = spec.starting(new Start.All());
    }
    try (ConnectorRuntime runtime = way.open()) {
      String id = runtime.triggers().subscribe(subscriber, spec).id();
      try {
        show(runtime.triggers().preview(subscriber, id, MOST));
      } finally {
        runtime.triggers().unsubscribe(subscriber, id);
      }
    }
  }

  private void show(List<Event<JsonNode>> events) {
    events.forEach(event -> EventLines.print(terminal(), event.id(), event.payload()));
    if (events.isEmpty()) {
      hint("There are no events");
    }
  }
}
