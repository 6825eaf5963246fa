package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.benchmark.Tickets.TicketQuery;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a reference to its connection: calls of an action that sends nothing. Finding the action,
 * checking its input and keeping its budget are in it too, so resolution itself costs less.
 *
 * <p>Budget: less than 1 µs and 200 bytes, with {@code -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ResolveBenchmark {

  private final Principal ada = Principal.user("ada");
  private final Principal bob = Principal.user("bob");
  private final Flow flow = Flow.of("report", ada).runnableBy(bob);
  private final Caller owner = ada.in("prod").running(flow);
  private final Caller user = bob.in("prod").running(flow);
  private final ConnectionReference shared =
      ConnectionReference.embedded("team-tickets", "tickets");
  private final ConnectionReference own = ConnectionReference.invoker("my-tickets", "tickets");
  private final ConnectionReference only = ConnectionReference.invoker("any-tickets", "tickets");
  private final TicketQuery query = new TicketQuery("facilities", "T-20481", 5);
  private ConnectorRuntime runtime;

  /** Makes a connection of the flow's owner and one of its user, and binds both. */
  @Setup
  public void start() {
    runtime = ConnectorRuntime.builder().connector(Tickets.CONNECTOR).build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    Connection owners = runtime.connections().create(owner, spec);
    Connection users = runtime.connections().create(user, spec);
    runtime.references().bind(owner, shared, owners.id());
    runtime.references().bind(user, own, users.id());
  }

  /** Ends the runtime's threads. */
  @TearDown
  public void stop() {
    runtime.close();
  }

  /** The user runs the flow on its owner's connection. */
  @Benchmark
  public String embedded() {
    return runtime.invoke(user, shared, Tickets.CONNECTION_NAME, query);
  }

  /** The user runs the flow on the connection that the user has chosen. */
  @Benchmark
  public String invoker() {
    return runtime.invoke(user, own, Tickets.CONNECTION_NAME, query);
  }

  /** The user runs the flow on the only connection that the user has. */
  @Benchmark
  public String invokerUnbound() {
    return runtime.invoke(user, only, Tickets.CONNECTION_NAME, query);
  }
}
