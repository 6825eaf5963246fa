package dev.connectorsdk.internal.cache;

import dev.connectorsdk.api.error.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * For how long something that was read may be used. It counts from when the reading began: what has
 * changed since then may not be in it. Safe for several threads.
 */
final class Freshness {

  private static final int TRIES = 2;

  /** A reading may take that long even where nothing is used a second time. */
  private static final long LEAST_MILLIS = 1_000;

  private final Clock clock;
  private final long millis;

  Freshness(Clock clock, Duration duration) {
    this.clock = clock;
    this.millis = duration.toMillis();
  }

  /** Returns the time in milliseconds. */
  long now() {
    return clock.millis();
  }

  /** Returns whether what was read then is used without another reading. */
  boolean isFresh(long readAt) {
    return isWithin(millis - 1, readAt);
  }

  /**
   * Returns whether what was read then is used at a moment without another reading, and if so, has
   * the moment know until when.
   */
  boolean holds(long readAt, Moment at) {
    return isWithin(millis - 1, readAt, at);
  }

  boolean isWithin(long longest, long readAt) {
    return isWithin(longest, readAt, clock.millis());
  }

  /** Has the moment know until when, if so. */
  static boolean isWithin(long longest, long readAt, Moment at) {
    boolean isWithin = isWithin(longest, readAt, at.millis());
    if (isWithin) {
      at.changesAt(readAt + longest + 1);
    }
    return isWithin;
  }

  /** The clock may have been set to before it was read. */
  private static boolean isWithin(long longest, long readAt, long now) {
    long age = now - readAt;
    return age >= 0 && age <= longest;
  }

  /**
   * Reads something. What took longer to read than it may be used is not used at all, but read once
   * more.
   *
   * @param readAt returns when the reading began that has led to a result
   * @throws StoreException if that takes too long, too
   */
  <R> R read(Supplier<R> reading, ToLongFunction<R> readAt) {
    long longest = Math.max(millis, LEAST_MILLIS);
    for (int i = 0; i < TRIES; i++) {
      R read = reading.get();
      if (isWithin(longest, readAt.applyAsLong(read))) {
        return read;
      }
    }
    throw new StoreException(
        "Reading took longer than the " + longest + " ms for which what was read holds",
        true,
        null);
  }
}
