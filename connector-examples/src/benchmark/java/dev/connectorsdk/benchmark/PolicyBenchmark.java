package dev.connectorsdk.benchmark;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.benchmark.Tickets.TicketQuery;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
 * What 50 data policies over 1,000 connectors add to a call of an action that sends nothing, and
 * what a change of one of them costs with 10,000 flows of five connectors each.
 *
 * <p>Budgets: {@code policed} takes no longer than {@code free} and one {@code cacheRead} together,
 * and no byte more, with {@code -prof gc}; {@code change} takes at most three times as long as
 * {@code lookups}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PolicyBenchmark {

  private static final int CONNECTORS = 1_000;
  private static final int POLICIES = 50;
  private static final int FLOWS = 10_000;
  private static final int USES = 5;

  private final Principal ada = Principal.user("ada");
  private final Administrator root = Administrator.ofRuntime(Principal.user("root"));
  private final Administrator ofProd = Administrator.of(Principal.user("dee"), "prod");
  private final ConnectionReference tickets = ConnectionReference.embedded("tickets", "tickets");
  private final Caller caller =
      ada.in("prod").running(using(Flow.of("report", ada).calling(tickets, "connectionName"), 0));
  private final TicketQuery query = new TicketQuery("facilities", "T-20481", 5);
  private final TreeMap<String, Flow> flows = new TreeMap<>();
  private final Map<ConnectorId, Integer> known = new HashMap<>();
  private final Cache<Flow, Integer> cache = Caffeine.newBuilder().maximumSize(10_000).build();
  private final DataPolicy changed = policy(0).toBuilder().blocked("connector-1").build();
  private ConnectorRuntime free;
  private ConnectorRuntime policed;

  /**
   * Half of the connectors are in Business, the same in all policies, so that flows are allowed.
   */
  private static DataPolicy policy(int number) {
    DataPolicy.Builder policy = DataPolicy.named("policy-" + number).business("tickets");
    for (int i = 0; i < CONNECTORS; i++) {
      if (i % 2 == 0) {
        policy.business("connector-" + i);
      }
    }
    return policy.build();
  }

  private static Flow using(Flow flow, int first) {
    Flow using = flow;
    for (int i = 1; i < USES; i++) {
      String connector = "connector-" + (first + 2 * i) % CONNECTORS;
      using = using.calling(ConnectionReference.embedded(connector, connector), "list");
    }
    return using;
  }

  /** Makes a runtime without policies and one with 50, and 10,000 flows. */
  @Setup
  public void start() {
    for (int i = 0; i < CONNECTORS; i++) {
      known.put(ConnectorId.of("connector-" + i), i);
    }
    for (int i = 0; i < FLOWS; i++) {
      Flow flow = using(Flow.of("flow-" + i, ada), i);
      flows.put(flow.id(), flow);
    }
    cache.put(caller.flow(), 1);
    free = runtime();
    policed = runtime();
    for (int i = 0; i < POLICIES; i++) {
      policed.policies().save(root, policy(i), 0);
    }
  }

  private ConnectorRuntime runtime() {
    ConnectorRuntime runtime =
        ConnectorRuntime.builder().connector(Tickets.CONNECTOR).flows(directory()).build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    Connection connection = runtime.connections().create(caller, spec);
    runtime.references().bind(caller, tickets, connection.id());
    return runtime;
  }

  private FlowDirectory directory() {
    return new FlowDirectory() {
      @Override
      public Optional<Flow> find(String id) {
        return Optional.ofNullable(flows.get(id));
      }

      @Override
      public List<Flow> list(Filter filter, String after, int limit) {
        List<Flow> page = new ArrayList<>(limit);
        for (Flow flow : flows.tailMap(after, false).values()) {
          if (page.size() == limit) {
            break;
          }
          page.add(flow);
        }
        return page;
      }
    };
  }

  /** Ends the threads of the runtimes. */
  @TearDown
  public void stop() {
    free.close();
    policed.close();
  }

  /** A call without policies. */
  @Benchmark
  public String free() {
    return free.invoke(caller, tickets, Tickets.CONNECTION_NAME, query);
  }

  /** The same under 50 policies. */
  @Benchmark
  public String policed() {
    return policed.invoke(caller, tickets, Tickets.CONNECTION_NAME, query);
  }

  /** One read of a cache. */
  @Benchmark
  public Integer cacheRead() {
    return cache.getIfPresent(caller.flow());
  }

  /** What a change of a policy would do to all flows. */
  @Benchmark
  public PolicyDifference change() {
    return policed.policies().whatIf(ofProd, changed);
  }

  /** Looks up each connector that a flow declares. */
  @Benchmark
  public long lookups() {
    long sum = 0;
    for (Flow flow : flows.values()) {
      for (ConnectionReference reference : flow.references()) {
        sum += known.getOrDefault(reference.connector(), 0);
      }
    }
    return sum;
  }
}
