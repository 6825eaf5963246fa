package dev.connectorsdk.internal.trigger;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** Counts what there is of each minute, such as events. Safe for several threads. */
final class Guard {

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final LongSupplier ticker;
  private final ConcurrentMap<String, Minute> minutes = new ConcurrentHashMap<>();

  private record Minute(long begun, long events) {}

  /**
   * @param ticker milliseconds, by a clock that nobody sets
   */
  Guard(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Returns how many events there have been of one in this minute up to these; 0 for none. */
  long count(String of, int events) {
    if (events == 0) {
      return 0;
    }
    long now = ticker.getAsLong();
    return minutes
        .merge(
            of,
            new Minute(now, events),
            (before, added) ->
                now - before.begun() < MINUTE
                    ? new Minute(before.begun(), before.events() + added.events())
                    : added)
        .events();
  }

  /**
   * Counts events of a subscription that were stored.
   *
   * @param most how many may come in a minute
   * @return why the subscription is to be paused, if there have been more in this one
   */
  Optional<String> flood(String subscription, int events, int most) {
    return count(subscription, events) > most
        ? Optional.of("More than " + most + " events came within a minute")
        : Optional.empty();
  }

  /** Forgets what is over, so that nothing is kept of what is quiet. */
  void forgetPast() {
    long now = ticker.getAsLong();
    minutes.values().removeIf(minute -> now - minute.begun() >= MINUTE);
  }
}
