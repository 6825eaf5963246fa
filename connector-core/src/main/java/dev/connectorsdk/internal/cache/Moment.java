package dev.connectorsdk.internal.cache;

import java.time.Clock;

/**
 * What time it is for what is looked up in memory one after the other: a look at the clock takes
 * longer than a look-up. Whoever waits in between, such as for the store, {@linkplain #renew
 * renews} it. Belongs to one thread.
 */
public final class Moment {

  private final Clock clock;
  private long millis;

  /** Begins now. */
  public Moment(Clock clock) {
    this.clock = clock;
    this.millis = clock.millis();
  }

  /** Returns the time in milliseconds, as it was when somebody looked last. */
  public long millis() {
    return millis;
  }

  /** Looks at the clock, because something was waited for. */
  public void renew() {
    millis = clock.millis();
  }
}
