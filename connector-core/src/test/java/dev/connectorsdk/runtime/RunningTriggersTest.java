package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.internal.trigger.TriggerThreads;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine as it runs in a host: by its own thread and the system's clock. */
@Timeout(60)
class RunningTriggersTest extends TriggerHostTest {

  private final Hooked hooked = new Hooked();
  private final PollingTrigger<Nothing, Integer, Item> trigger = hooked.trigger();
  private final BlockingQueue<String> announced = new LinkedBlockingQueue<>();
  private final InMemoryStore kept = new InMemoryStore(Clock.systemUTC());

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger).build();
  }

  private ConnectorRuntime running() {
    return host().build();
  }

  private RuntimeBuilder host() {
    return ConnectorRuntime.builder()
        .connector(connector())
        .store(kept, keys)
        .flows(FlowDirectory.of(FLOW))
        .handler("announce", Item.class, (item, event) -> announced.add(item.id()));
  }

  private static Subscription subscribe(
      ConnectorRuntime running, PollingTrigger<Nothing, Integer, Item> trigger) {
    return subscribe(running, trigger, "announce");
  }

  private static Subscription subscribe(
      ConnectorRuntime running, PollingTrigger<Nothing, Integer, Item> trigger, String handler) {
    running.references().bind(ADA, SHARED, running.connections().create(ADA, key()).id());
    return running
        .triggers()
        .subscribe(ADAS_FLOW, SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, handler));
  }

  private static dev.connectorsdk.connection.ConnectionSpec key() {
    return dev.connectorsdk.connection.ConnectionSpec.of("tickets", "apiKey")
        .secret("api_key", dev.connectorsdk.api.Secret.of("k"));
  }

  private List<String> announced(int count) throws InterruptedException {
    List<String> all = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(announced.poll(30, TimeUnit.SECONDS));
    }
    return all;
  }

  @Test
  void pollsAndHandsOverByItself() throws Exception {
    try (ConnectorRuntime running = running()) {
      Subscription subscription = subscribe(running, trigger);

      assertThat(announced(3)).containsExactlyInAnyOrder("T-1", "T-2", "T-3");

      hooked.last = 4;
      running.triggers().pollNow(ADAS_FLOW, subscription.id());
      assertThat(announced(1)).containsExactly("T-4");
    }
  }

  @Test
  void handlersThatHangHoldUpTheirOwnSubscriptionAlone() throws Exception {
    int most = TriggerThreads.room() / 4;
    hooked.last = most + 1;
    var hanging = new CountDownLatch(most);
    var begun = new AtomicInteger();
    var go = new CountDownLatch(1);
    var accepted = new CountDownLatch(hooked.last);
    EventHandler<Item> hangs =
        (item, event) -> {
          begun.incrementAndGet();
          hanging.countDown();
          go.await();
          accepted.countDown();
        };
    try (ConnectorRuntime running = host().handler("hang", Item.class, hangs).build()) {
      subscribe(running, trigger, "hang");
      assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();

      subscribe(running, trigger);

      assertThat(announced(hooked.last)).doesNotContainNull();
      assertThat(begun).hasValue(most);
      go.countDown();
      assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingWaitsForThePollThatRunsAndLosesNothing() throws Exception {
    var polling = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    hooked.during =
        poll -> {
          hooked.during = later -> {};
          polling.countDown();
          go.await();
        };
    ConnectorRuntime running = running();
    subscribe(running, trigger);
    polling.await();

    Thread closing = new Thread(running::close);
    closing.start();
    while (closing.getState() == Thread.State.RUNNABLE || closing.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    go.countDown();
    closing.join();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("connector-triggers")) {
        thread.join(5_000); // A pool has ended a moment before its last thread has.
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }

    try (ConnectorRuntime next = running()) {
      assertThat(announced(3)).containsExactlyInAnyOrder("T-1", "T-2", "T-3");
      assertThat(next.triggers().list(ADAS_FLOW)).hasSize(1);
    }
  }
}
