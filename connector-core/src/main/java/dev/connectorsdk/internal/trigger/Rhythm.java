package dev.connectorsdk.internal.trigger;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How regularly events come.
 *
 * @param last when the last one came, or {@code null} if none has come
 * @param pauses how many pauses there were between events, as far as that counts
 * @param longest the longest pause of late
 * @param told whether somebody was told that it is silent since the last one
 */
record Rhythm(@Nullable Instant last, int pauses, Duration longest, boolean told) {

  static final Rhythm NONE = new Rhythm(null, 0, Duration.ZERO, false);

  /** Before so many pauses nothing is unusual. */
  private static final int ENOUGH = 10;

  /** How long it takes until half of a long pause is forgotten. */
  private static final double HALF_LIFE_MILLIS = Duration.ofDays(14).toMillis();

  /**
   * Returns the rhythm when it is known again which event is the last one.
   *
   * @param event when it came, or {@code null} if none is known
   */
  Rhythm with(@Nullable Instant event) {
    if (event == null || (last != null && !event.isAfter(last))) {
      return this;
    }
    if (last == null) {
      return new Rhythm(event, 0, Duration.ZERO, false);
    }
    Duration pause = Duration.between(last, event);
    double kept = longest.toMillis() * Math.pow(0.5, pause.toMillis() / HALF_LIFE_MILLIS);
    Duration faded = Duration.ofMillis((long) kept);
    return new Rhythm(
        event, Math.min(pauses + 1, ENOUGH), pause.compareTo(faded) < 0 ? faded : pause, false);
  }

  /** Returns whether it is silent for longer than usual. */
  boolean isBroken(Instant now) {
    return last != null
        && pauses == ENOUGH
        && Duration.between(last, now).compareTo(longest.multipliedBy(2)) > 0;
  }

  Rhythm toldOf() {
    return new Rhythm(last, pauses, longest, true);
  }
}
