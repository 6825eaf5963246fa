package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.benchmark.Tickets.TicketQuery;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/**
 * What 100,000 connections in memory, each of another user, cost next to 1,000 in the same run: the
 * first call of a user, a call after the freshness ended, and a look of the keep-alive over as many
 * refresh tokens of which none is due. By processor time, the median of the rounds.
 *
 * <p>Goals: calls take at most 1.5 times as long, the look at most 2 times and 32 MB of the heap.
 */
public final class ManyConnections {

  private static final int FEW = 1_000;
  private static final int MANY = 100_000;
  private static final int CALLS = 40;
  private static final int ROUNDS = 25;
  private static final Duration STALE = Duration.ofSeconds(10);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ConnectionReference OWN = ConnectionReference.invoker("mine", "tickets");
  private static final TicketQuery QUERY = new TicketQuery("facilities", "T-20481", 5);

  private final ConnectorRuntime runtime;
  private Clock clock = Clock.systemUTC();
  private int nextUser;

  private ManyConnections(int connections) {
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.CONNECTOR)
            .clock(new LateClock(() -> clock))
            .build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    for (int i = 0; i < connections; i++) {
      runtime.connections().create(user(i), spec);
    }
  }

  private static Caller user(int number) {
    return Principal.user("user-" + number).in("prod");
  }

  /** Measures. */
  public static void main(String[] args) {
    var few = new ManyConnections(FEW);
    var many = new ManyConnections(MANY);
    double[][] rounds = new double[ROUNDS][];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] =
          new double[] {
            few.firstCalls(), many.firstCalls(),
            few.lateCalls(), many.lateCalls()
          };
    }
    tell("first call of a user", rounds, 0);
    tell("call after the freshness", rounds, 2);
    few.runtime.close();
    many.runtime.close();
    looks();
  }

  private static void looks() {
    try (var few = new IdleTokens(FEW);
        var many = new IdleTokens(MANY)) {
      double[][] rounds = new double[ROUNDS][];
      for (int i = 0; i < ROUNDS; i++) {
        rounds[i] = new double[] {few.look(), many.look()};
      }
      tell("look of the keep-alive", rounds, 0);
      System.out.printf(
          "it takes %.3f MB of the heap with %,d, %.3f MB with %,d connections%n",
          few.bytesOfALook() / 1e6, FEW, many.bytesOfALook() / 1e6, MANY);
    }
  }

  private static void tell(String what, double[][] rounds, int column) {
    double few = median(rounds, column);
    double many = median(rounds, column + 1);
    System.out.printf(
        "%s: %.1f us with %,d, %.1f us with %,d connections, %.2f times%n",
        what, few, FEW, many, MANY, many / few);
  }

  private static double median(double[][] rounds, int column) {
    double[] sorted = Arrays.stream(rounds).mapToDouble(round -> round[column]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Returns how many microseconds a call takes of users who have not called in this round. */
  private double firstCalls() {
    nextUser = (nextUser + CALLS) % FEW;
    clock = Clock.offset(clock, STALE);
    return calls();
  }

  private double lateCalls() {
    clock = Clock.offset(clock, STALE);
    return calls();
  }

  private double calls() {
    long began = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < CALLS; i++) {
      runtime.invoke(user(nextUser + i), OWN, Tickets.CONNECTION_NAME, QUERY);
    }
    return (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / CALLS;
  }
}
