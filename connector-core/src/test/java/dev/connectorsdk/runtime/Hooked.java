package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.runtime.Feed.Item;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A trigger that counts, with a place where a test does what happens during a poll. */
final class Hooked {

  /** What happens during a poll. */
  @FunctionalInterface
  interface Hook {
    void run(Poll<Nothing, Integer> poll) throws Exception;
  }

  Hook during = poll -> {};
  int last = 3;
  int page = 100;
  LostCursor whenLost = new LostCursor.Stop();

  /** Returns a trigger whose first poll finds the first events, and the next those after them. */
  PollingTrigger<Nothing, Integer, Item> trigger() {
    return PollingTrigger.builder("hooked", Nothing.class, Integer.class, Item.class)
        .minimumInterval(Duration.ofSeconds(1))
        .starts(Start.Now.class, Start.All.class, Start.Since.class)
        .whenCursorIsLost(whenLost)
        .poll((poll, call) -> poll(poll));
  }

  private Batch<Integer, Item> poll(Poll<Nothing, Integer> poll) throws Exception {
    during.run(poll);
    Integer cursor = poll.cursor();
    int from = cursor == null ? 0 : cursor;
    int to = Math.min(last, from + page);
    List<Event<Item>> events =
        IntStream.rangeClosed(from + 1, to)
            .mapToObj(n -> new Event<>("T-" + n, new Item("T-" + n, "")))
            .toList();
    return new Batch<>(events, to, to < last);
  }
}
