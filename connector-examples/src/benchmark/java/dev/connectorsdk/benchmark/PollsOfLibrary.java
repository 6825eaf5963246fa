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
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Subscriptions of the library, of 100 connections. */
final class PollsOfLibrary implements PollRate.Engine {

  private static final int CONNECTIONS = 100;
  private static final Duration INTERVAL = Duration.ofMillis(PollLog.INTERVAL_MILLIS);

  /** What a subscription watches. */
  record Watched(int trigger) {}

  /** What it would get. */
  record Change(long number) {}

  private final @Nullable DurablePostgres postgres;

  private PollsOfLibrary(@Nullable DurablePostgres postgres) {
    this.postgres = postgres;
  }

  static PollsOfLibrary inMemory() {
    return new PollsOfLibrary(null);
  }

  static PollsOfLibrary in(DurablePostgres postgres) {
    return new PollsOfLibrary(postgres);
  }

  private ConnectorStore newStore() throws SQLException {
    if (postgres == null) {
      return new InMemoryStore(Clock.systemUTC());
    }
    postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
    return JdbcStore.builder(postgres.pool()).build();
  }

  @Override
  public AutoCloseable start(PolledService service, PollLog log) throws SQLException {
    PollingTrigger<Watched, Position, Change> trigger =
        PollingTrigger.builder("changed", Watched.class, Position.class, Change.class)
            .minimumInterval(INTERVAL)
            .poll(
                (poll, call) -> {
                  log.begun(poll.configuration().trigger());
                  Position cursor = poll.cursor();
                  Position next = service.poll(cursor == null ? new Position(0) : cursor, call);
                  return Batch.of(List.of(), next);
                });
    Principal ada = Principal.user("ada");
    Flow flow = Flow.of("triage", ada);
    Caller caller = ada.in("prod").running(flow);
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .store(newStore(), KeyRing.random())
            .connector(
                Connector.builder("tickets", service.url())
                    .auth(AuthOption.none())
                    .trigger(trigger)
                    .build())
            .flows(FlowDirectory.of(flow))
            .handler("log", Change.class, (change, event) -> {})
            .build();
    for (int i = 0; i < Math.min(CONNECTIONS, log.triggers()); i++) {
      var connection = runtime.connections().create(caller, ConnectionSpec.of("tickets", "none"));
      runtime.references().bind(caller, reference(i), connection.id());
    }
    for (int i = 0; i < log.triggers(); i++) {
      runtime
          .triggers()
          .subscribe(
              caller,
              SubscriptionSpec.of(reference(i), trigger, new Watched(i), "log").every(INTERVAL));
    }
    return runtime;
  }

  private static ConnectionReference reference(int trigger) {
    return ConnectionReference.embedded("tickets-" + trigger % CONNECTIONS, "tickets");
  }
}
