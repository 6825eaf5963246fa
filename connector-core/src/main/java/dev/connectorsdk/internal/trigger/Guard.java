package dev.connectorsdk.internal.trigger;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the events of each minute. Safe for several threads. */
final class Guard {

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final Clock clock;
  private final ConcurrentMap<String, Minute> minutes = new ConcurrentHashMap<>();

  private record Minute(long begun, long events) {}

  Guard(Clock clock) {
    this.clock = clock;
  }

  /** Returns how many events a subscription has had in this minute, these included. */
  long count(String subscription, int events) {
    long now = clock.millis();
    return minutes
        .merge(
            subscription,
            new Minute(now, events),
            (before, added) ->
                now - before.begun() < MINUTE
                    ? new Minute(before.begun(), before.events() + added.events())
                    : added)
        .events();
  }

  /** Forgets what is over, so that nothing is kept of a subscription that is quiet. */
  void forgetPast() {
    long now = clock.millis();
    minutes.values().removeIf(minute -> now - minute.begun() >= MINUTE);
  }
}
