package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription that lasts as long as somebody listens. */
final class Listening {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final Caller subscriber;
  private final EventLines lines;
  private final Duration atMost;
  private final Consumer<String> hint;

  /**
   * @param atMost after which time nobody listens any more, from when it works
   * @param hint tells the person how it goes
   */
  Listening(Caller subscriber, EventLines lines, Duration atMost, Consumer<String> hint) {
    this.subscriber = subscriber;
    this.lines = lines;
    this.atMost = atMost;
    this.hint = hint;
  }

  /**
   * Subscribes, and unsubscribes once the lines are over or the time is.
   *
   * @param calledAt where the service calls, or {@code null} if it is asked
   * @throws FailedException if it does not begin to work, or cannot go on by itself
   */
  void run(Triggers triggers, SubscriptionSpec spec, @Nullable String calledAt)
      throws InterruptedException {
    // What another process has left that could not come to its end.
    triggers.list(subscriber).forEach(s -> triggers.unsubscribe(subscriber, s.id()));
    String id = triggers.subscribe(subscriber, spec).id();
    try {
      watch(triggers, id, calledAt);
    } finally {
      lines.end();
      triggers.unsubscribe(subscriber, id);
      awaitEnd(triggers);
    }
  }

  private void watch(Triggers triggers, String id, @Nullable String calledAt)
      throws InterruptedException {
    Subscription now = triggers.inspect(subscriber, id);
    while (!lines.isOver() && !works(now, calledAt)) {
      if (!problem(now).isEmpty()) {
        throw new FailedException(problem(now));
      }
      lines.await(LOOK);
      now = triggers.inspect(subscriber, id);
    }
    String where = calledAt == null ? "" : " at " + calledAt;
    hint.accept("Listening to " + now.trigger() + where + ". Ctrl+C ends it.");
    goOn(triggers, id);
  }

  private static boolean works(Subscription now, @Nullable String calledAt) {
    return now.phase() == Phase.ACTIVE && (calledAt != null || now.completeUpTo() != null);
  }

  private static String problem(Subscription now) {
    return now.reason().isEmpty() ? now.lastError() : now.reason();
  }

  private void goOn(Triggers triggers, String id) throws InterruptedException {
    long began = System.nanoTime();
    String told = "";
    while (!lines.isOver() && isWithin(atMost, began)) {
      Subscription now = triggers.inspect(subscriber, id);
      String problem = problem(now);
      if (isStuck(now)) {
        throw new FailedException(problem);
      }
      if (!problem.isEmpty() && !problem.equals(told)) {
        hint.accept(problem);
      }
      told = problem;
      lines.await(LOOK);
    }
  }

  private static boolean isWithin(Duration time, long began) {
    return Duration.ofNanos(System.nanoTime() - began).compareTo(time) < 0;
  }

  private static boolean isStuck(Subscription now) {
    return now.phase() == Phase.CURSOR_LOST || now.phase() == Phase.GUARDED;
  }

  /** Also of what another process has left. */
  private void awaitEnd(Triggers triggers) throws InterruptedException {
    long began = System.nanoTime();
    List<Subscription> left = triggers.list(subscriber);
    while (!left.stream().allMatch(Listening::hasEnded) && isWithin(LONGEST_END, began)) {
      Thread.sleep(LOOK.toMillis());
      left = triggers.list(subscriber);
    }
    if (!left.isEmpty()) {
      hint.accept("What was registered at the service may still be there.");
    }
    left.stream()
        .filter(Listening::hasEnded)
        .forEach(one -> triggers.unsubscribe(subscriber, one.id()));
  }

  private static boolean hasEnded(Subscription one) {
    return one.phase() == Phase.ENDED;
  }
}
