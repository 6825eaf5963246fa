package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Spreads over a while what is overdue when the process starts. Safe for several threads. */
final class Catchup {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Clock clock;
  private final Instant began;

  Catchup(Clock clock) {
    this.clock = clock;
    this.began = clock.instant();
  }

  /**
   * Returns how long a poll has to wait for its turn; zero if it may begin.
   *
   * @param every how long it is between two polls of the subscription
   */
  Duration pause(StoredSubscription row, Duration every) {
    Instant now = clock.instant();
    Instant complete = row.progress().completeUpTo();
    if (complete == null || complete.plus(every.multipliedBy(2)).isAfter(began)) {
      return Duration.ZERO;
    }
    Duration window = every.compareTo(LONGEST) < 0 ? every : LONGEST;
    long turn = Math.floorMod(row.id().hashCode(), Math.max(1, window.toMillis()));
    Duration left = Duration.between(now, began.plusMillis(turn));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
