package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.benchmark.PolledService.Position;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/** A host whose subscriptions poll one service by up to 100 connections. */
final class PollingHost {

  static final int CONNECTIONS = 100;

  private static final Principal ADA = Principal.user("ada");
  private static final Flow FLOW = Flow.of("triage", ADA);
  private static final Caller CALLER = ADA.in("prod").running(FLOW);

  private final PolledService service;
  private final PollingTrigger<Watched, Position, Change> trigger;

  /** What a subscription watches. */
  record Watched(int trigger) {}

  /** What it would get. */
  record Change(long number) {}

  /**
   * @param begun is told which trigger begins a poll
   */
  PollingHost(PolledService service, IntConsumer begun) {
    this.service = service;
    this.trigger =
        PollingTrigger.builder("changed", Watched.class, Position.class, Change.class)
            .minimumInterval(Duration.ofSeconds(1))
            .poll(
                (poll, call) -> {
                  begun.accept(poll.configuration().trigger());
                  Position cursor = poll.cursor();
                  Position next = service.poll(cursor == null ? new Position(0) : cursor, call);
                  return Batch.of(List.of(), next);
                });
  }

  /** Starts it. */
  ConnectorRuntime start(ConnectorStore store, KeyRing keys) {
    return ConnectorRuntime.builder()
        .store(store, keys)
        .connector(
            Connector.builder("tickets", service.url())
                .auth(AuthOption.none())
                .trigger(trigger)
                .build())
        .flows(FlowDirectory.of(FLOW))
        .handler("log", Change.class, (change, event) -> {})
        .build();
  }

  /** Makes as many of the connections. */
  void connect(ConnectorRuntime runtime, int connections) {
    for (int i = 0; i < connections; i++) {
      var connection = runtime.connections().create(CALLER, ConnectionSpec.of("tickets", "none"));
      runtime.references().bind(CALLER, reference(i), connection.id());
    }
  }

  /** Subscribes to one trigger. */
  void subscribe(ConnectorRuntime runtime, int number, Duration every) {
    runtime
        .triggers()
        .subscribe(
            CALLER,
            SubscriptionSpec.of(reference(number), trigger, new Watched(number), "log")
                .every(every));
  }

  private static ConnectionReference reference(int trigger) {
    return ConnectionReference.embedded("tickets-" + trigger % CONNECTIONS, "tickets");
  }
}
