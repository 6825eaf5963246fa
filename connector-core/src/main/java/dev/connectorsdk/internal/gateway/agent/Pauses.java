package dev.connectorsdk.internal.gateway.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the host is dialled again: longer after each failure up to a limit, by
 * chance, so that many members do not come back at once. Not for several threads at once.
 */
final class Pauses {

  /** Long enough to spare a host that is down, and a member is back soon after it. */
  private static final long LONGEST_MILLIS = 4_000;

  private static final long FIRST_MILLIS = 250;

  /** After a line has lived so long all is well again. */
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  /** Short enough that a process of the host that is back has a line within some seconds. */
  private static final int SEARCHES_BEFORE_LONGER = 12;

  private final RandomGenerator random;
  private final int before;
  private int failures;

  private Pauses(RandomGenerator random, int before) {
    this.random = random;
    this.before = before;
  }

  /** Returns pauses for a host that does not answer. */
  static Pauses forFaults(RandomGenerator random) {
    return new Pauses(random, 1);
  }

  /** Returns pauses for one more process of a host that does answer. */
  static Pauses forSearches(RandomGenerator random) {
    return new Pauses(random, SEARCHES_BEFORE_LONGER);
  }

  /** Returns the next pause in milliseconds. */
  long next() {
    long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures / before, 10));
    failures++;
    return most / 2 + random.nextLong(most / 2 + 1);
  }

  /** Returns whether they have not become longer yet. */
  boolean areShort() {
    return failures < before;
  }

  /** Begins with short pauses again. */
  void reset() {
    failures = 0;
  }

  /** Notes that a line has ended. Returns whether it had lived long enough for all to be well. */
  boolean endedHealthy(Duration age) {
    boolean healthy = age.compareTo(HEALTHY) >= 0;
    if (healthy) {
      reset();
    }
    return healthy;
  }
}
