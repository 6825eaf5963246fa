package dev.connectorsdk.internal.cache;

import java.time.Clock;

/**
 * What time it is for what is looked up in memory one after the other, since a look at the clock
 * takes longer than a look-up, and for how long all of that holds. Whoever waits in between, such
 * as for the store, {@linkplain #renew renews} it. Belongs to one thread.
 */
public final class Moment {

  private final Clock clock;
  private long millis;
  private long end = Long.MAX_VALUE;

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

  /**
   * Says that something that was looked up may be different from then on, or may have been before.
   *
   * @param then in milliseconds
   */
  public void changesAt(long then) {
    if (then >= millis) {
      end = Math.min(end, then);
    }
  }

  /** Says that something counts for once, such as an answer that somebody else has to give. */
  public void holdsNoLonger() {
    end = Long.MIN_VALUE;
  }

  /** Returns until when all holds that was looked up, in milliseconds, exclusively. */
  public long end() {
    return end;
  }
}
