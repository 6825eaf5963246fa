package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Subscriptions of the library, of 100 connections. */
final class PollsOfLibrary implements PollRate.Engine {

  private static final Duration INTERVAL = Duration.ofMillis(PollLog.INTERVAL_MILLIS);

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
    postgres.empty();
    return JdbcStore.builder(postgres.pool()).build();
  }

  @Override
  public AutoCloseable start(PolledService service, PollLog log) throws SQLException {
    PollingHost host = new PollingHost(service, log::begun);
    ConnectorRuntime runtime = host.start(newStore(), KeyRing.random());
    host.connect(runtime, Math.min(PollingHost.CONNECTIONS, log.triggers()));
    for (int i = 0; i < log.triggers(); i++) {
      host.subscribe(runtime, i, INTERVAL);
    }
    return runtime;
  }
}
