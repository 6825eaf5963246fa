package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.internal.trigger.TriggerThreads;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine as it runs in a host: by its own thread and the system's clock. */
@Timeout(60)
class RunningTriggersTest extends RunningHostTest {

  private final InMemoryStore kept = new InMemoryStore(Clock.systemUTC());

  private SubscriptionSpec handledBy(String name) {
    return SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, name);
  }

  @Test
  void pollsAndHandsOverByItself() throws Exception {
    try (ConnectorRuntime running = announcing(kept).build()) {
      Subscription subscription = subscribe(running, handledBy("announce"));

      assertAnnounced("T-1", "T-2", "T-3");

      hooked.last = 4;
      running.triggers().pollNow(ADAS_FLOW, subscription.id());
      assertAnnounced("T-4");
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
    try (ConnectorRuntime running = announcing(kept).handler("hang", Item.class, hangs).build()) {
      subscribe(running, handledBy("hang"));
      assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();

      subscribe(running, handledBy("announce"));

      assertThat(announced(hooked.last)).doesNotContainNull();
      assertThat(begun).hasValue(most);
      go.countDown();
      assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingWaitsForThePollThatRunsAndLosesNothing() throws Exception {
    closeDuringAPoll(announcing(kept), handledBy("announce"));

    try (ConnectorRuntime next = announcing(kept).build()) {
      assertAnnounced("T-1", "T-2", "T-3");
      assertThat(next.triggers().list(ADAS_FLOW)).hasSize(1);
    }
  }

  @Test
  void afterADrainNothingIsPolledAndTheRestGoesOn() throws Exception {
    Subscription subscription;
    try (ConnectorRuntime running = announcing(kept).build()) {
      subscription = subscribe(running, handledBy("announce"));
      assertAnnounced("T-1", "T-2", "T-3");

      running.drain();
      running.drain();
      hooked.last = 4;
      running.triggers().pollNow(ADAS_FLOW, subscription.id());

      assertThat(running.triggers().inspect(ADAS_FLOW, subscription.id()).phase())
          .isEqualTo(Subscription.Phase.ACTIVE);
    }

    assertThat(kept.triggers().listEvents(subscription.id(), null, 0, 10)).hasSize(3);
    try (ConnectorRuntime next = announcing(kept).build()) {
      assertAnnounced("T-4");
      assertThat(next.triggers().list(ADAS_FLOW)).hasSize(1);
    }
  }
}
