package dev.connectorsdk.internal.trigger;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long to wait until something is done again. Safe for several threads. */
final class Backoff {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration LONGEST_ASKED = Duration.ofDays(1);
  private static final Duration FIRST_REPEAT = Duration.ofSeconds(10);
  private static final Duration LONGEST_REPEAT = Duration.ofMinutes(10);

  /** So many idle polls do not change the pace; twice as many on top make it half as fast. */
  private static final int PATIENCE = 20;

  private static final int SPREAD_PERCENT = 5;

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Returns when to poll after a poll that went well.
   *
   * @param least how long the service wants to be left alone between the beginnings of polls
   * @param idle how many polls have found nothing in a row
   * @param asked how long the service wants to be left alone, or {@code null}
   * @param took how long the poll has taken, which counts
   */
  Duration afterPoll(
      Duration interval, Duration least, int idle, @Nullable Duration asked, Duration took) {
    int slower = Math.min(2 * PATIENCE, Math.max(0, idle - PATIENCE));
    Duration stretched = interval.plus(interval.multipliedBy(slower).dividedBy(2 * PATIENCE));
    Duration spread = spread(stretched);
    Duration wait = (spread.compareTo(least) < 0 ? least : spread).minus(took);
    return atLeast(wait.isNegative() ? Duration.ZERO : wait, asked);
  }

  /**
   * Returns when to poll after a poll that failed.
   *
   * @param failures how many have failed in a row
   * @param asked how long the service wants to be left alone, or {@code null}
   */
  Duration afterFailure(int failures, @Nullable Duration asked) {
    return atLeast(longer(growing(FIRST_PAUSE, 2, failures, LONGEST_PAUSE)), asked);
  }

  /** Returns when to call a handler again after so many attempts. */
  Duration afterAttempt(int attempts) {
    return growing(FIRST_REPEAT, 4, attempts, LONGEST_REPEAT);
  }

  private static Duration growing(Duration first, int factor, int times, Duration longest) {
    Duration pause = first;
    for (int i = 1; i < times && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(factor);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  private static Duration atLeast(Duration pause, @Nullable Duration asked) {
    if (asked == null || asked.compareTo(pause) <= 0) {
      return pause;
    }
    return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
  }

  /** Returns about as long a time, so that what began together does not stay together. */
  Duration spread(Duration pause) {
    long most = pause.toMillis() * SPREAD_PERCENT / 100;
    return most == 0 ? pause : pause.plusMillis(random.nextLong(-most, most + 1));
  }

  private Duration longer(Duration pause) {
    long most = pause.toMillis() * SPREAD_PERCENT / 100;
    return pause.plusMillis(random.nextLong(most + 1));
  }
}
