package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A host whose triggers run by threads of their own and the system's clock. */
abstract class RunningHostTest extends TriggerHostTest {

  final Hooked hooked = new Hooked();
  final PollingTrigger<Nothing, Integer, Item> trigger = hooked.trigger();
  private final BlockingQueue<String> announced = new LinkedBlockingQueue<>();

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger).build();
  }

  /** Returns a process of the host, which has no handler yet. */
  final RuntimeBuilder process(ConnectorStore shared) {
    return ConnectorRuntime.builder()
        .connector(connector())
        .store(shared, keys)
        .flows(FlowDirectory.of(FLOW));
  }

  /** Returns a process of the host, whose handler announces. */
  final RuntimeBuilder announcing(ConnectorStore shared) {
    return process(shared)
        .handler("announce", Item.class, (item, event) -> announced.add(item.id()));
  }

  /** Subscribes with a new connection of Ada's. */
  static Subscription subscribe(ConnectorRuntime process, SubscriptionSpec spec) {
    var key = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
    process.references().bind(ADA, SHARED, process.connections().create(ADA, key).id());
    return process.triggers().subscribe(ADAS_FLOW, spec);
  }

  /** Returns what is announced next. */
  final List<String> announced(int count) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(announced.poll(30, TimeUnit.SECONDS));
    }
    return all;
  }

  final void assertAnnounced(String... ids) throws InterruptedException {
    assertThat(announced(ids.length)).containsExactlyInAnyOrder(ids);
  }

  /** Starts a process, subscribes, and closes it while it polls for the first time. */
  final void closeDuringAPoll(RuntimeBuilder builder, SubscriptionSpec spec)
      throws InterruptedException {
    var polling = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    hooked.during =
        poll -> {
          hooked.during = later -> {};
          polling.countDown();
          go.await();
        };
    ConnectorRuntime process = builder.build();
    subscribe(process, spec);
    polling.await();

    Thread closing = new Thread(process::close);
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
  }
}
