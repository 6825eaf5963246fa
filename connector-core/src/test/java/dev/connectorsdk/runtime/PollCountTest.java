package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How often processes that share a store poll, all together. */
class PollCountTest extends TriggerHostTest {

  private static final int TRIGGERS = 50;
  private static final Duration STEP = Duration.ofMillis(20);
  private static final int STEPS_OF_A_MINUTE = 3_000;
  private static final int WARM_UP = 500;

  record Watched(int number) {}

  private final Map<Integer, Integer> polls = new TreeMap<>();
  private final Set<Integer> polled = new HashSet<>();
  private final Set<Integer> overlapping = new HashSet<>();
  private final Random random = new Random(7);
  private List<ConnectorRuntime> nodes = List.of();

  private final PollingTrigger<Watched, Integer, Item> ticks =
      PollingTrigger.builder("ticks", Watched.class, Integer.class, Item.class)
          .titled("When it ticks")
          .minimumInterval(Duration.ofSeconds(1))
          .poll(
              (poll, call) -> {
                Integer last = poll.cursor();
                int next = last == null ? 1 : last + 1;
                count(poll.configuration().number());
                return Batch.of(List.of(new Event<>("T-" + next, new Item("", ""))), next);
              });

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(ticks).build();
  }

  /** Sometimes another node looks for what is due while this one polls. */
  private void count(int number) {
    if (!polled.add(number)) {
      overlapping.add(number);
    }
    polls.merge(number, 1, Integer::sum);
    if (polled.size() == 1 && random.nextInt(5) == 0) {
      nodes.get(random.nextInt(nodes.size())).triggerModule().runDue();
    }
    polled.remove(number);
  }

  @Test
  @DisplayName("G12: 3 nodes poll each of 50 triggers 60 times a minute, and none twice at once")
  @Tag("G12")
  void eachIsPolledOnceAnInterval() {
    bindAdasConnection();
    for (int i = 0; i < TRIGGERS; i++) {
      subscribe(
          SubscriptionSpec.of(SHARED, ticks, new Watched(i), "announce")
              .every(Duration.ofSeconds(1)));
    }
    try (ConnectorRuntime second = node();
        ConnectorRuntime third = node()) {
      nodes = List.of(runtime, second, third);
      run(WARM_UP);
      polls.clear();

      run(STEPS_OF_A_MINUTE);
    }

    assertThat(polls).hasSize(TRIGGERS);
    assertThat(polls.values()).allSatisfy(count -> assertThat(count).isBetween(57, 63));
    assertThat(overlapping).isEmpty();
  }

  private void run(int steps) {
    for (int step = 0; step < steps; step++) {
      clock.advance(STEP);
      nodes.forEach(node -> node.triggerModule().runDue());
    }
  }
}
