package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;

/** A host with a flow of Ada's, whose triggers are run by hand. */
abstract class TriggerHostTest extends HostTest {

  static final Duration INTERVAL = Duration.ofMinutes(3);

  /** A little more than an interval, which is not kept to the second. */
  static final Duration ROUND = Duration.ofSeconds(200);

  static final Flow FLOW = Flow.of("desk", ADA.principal());
  static final Caller ADAS_FLOW = ADA.running(FLOW);

  final Map<String, Flow> flows = new ConcurrentHashMap<>(Map.of(FLOW.id(), FLOW));
  final List<String> handled = new CopyOnWriteArrayList<>();
  final List<HandledEvent> handedOver = new CopyOnWriteArrayList<>();
  final InMemoryStore store = new InMemoryStore(clock);
  final KeyRing keys = KeyRing.random();
  EventHandler<Item> handler = (item, event) -> {};
  private Runnable whileFlowsAreLookedFor = () -> {};

  @Override
  @BeforeEach
  void start() {
    service.resetAll();
    runtime = node();
  }

  /** Returns a process of the host, whose triggers are run by hand. */
  ConnectorRuntime node() {
    return inHost(builder()).handler("announce", Item.class, this::handle).stopped();
  }

  /** Makes a runtime one of the host's processes, which has no handler yet. */
  final RuntimeBuilder inHost(RuntimeBuilder builder) {
    return with(builder.store(store, keys).flows(directory()));
  }

  /** Goes on with another process, since a test has changed what the host is made of. */
  final void restart() {
    runtime.close();
    runtime = node();
  }

  final FlowDirectory directory() {
    return new FlowDirectory() {
      @Override
      public Optional<Flow> find(String id) {
        whileFlowsAreLookedFor.run();
        return Optional.ofNullable(flows.get(id));
      }

      @Override
      public List<Flow> list(Filter filter, String after, int limit) {
        return FlowDirectory.of(flows.values().toArray(Flow[]::new)).list(filter, after, limit);
      }
    };
  }

  /** Has something happen the next time that a flow is looked for, and nothing after that. */
  final void whenAFlowIsLookedFor(Runnable next) {
    whileFlowsAreLookedFor =
        () -> {
          whileFlowsAreLookedFor = () -> {};
          next.run();
        };
  }

  private void handle(Item item, HandledEvent event) throws Exception {
    handedOver.add(event);
    handler.handle(item, event);
    handled.add(item.id());
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(Feed.ITEMS).build();
  }

  /** Binds the reference of the flow to a new connection of Ada's. */
  Connection bindAdasConnection() {
    Connection connection = connect(ADA, "ada-key");
    runtime.references().bind(ADA, SHARED, connection.id());
    return connection;
  }

  static SubscriptionSpec spec() {
    return SubscriptionSpec.of(SHARED, Feed.ITEMS, new Project("p1"), "announce");
  }

  Subscription subscribe() {
    return subscribe(spec());
  }

  Subscription subscribe(SubscriptionSpec spec) {
    return runtime.triggers().subscribe(ADAS_FLOW, spec);
  }

  Subscription inspect(Subscription subscription) {
    return runtime.triggers().inspect(ADAS_FLOW, subscription.id());
  }

  /** Does all that is due. */
  void run() {
    runtime.triggerModule().runDue();
  }

  /** Lets so much time pass, and does all that is due then. */
  void runAfter(Duration time) {
    clock.advance(time);
    run();
  }
}
