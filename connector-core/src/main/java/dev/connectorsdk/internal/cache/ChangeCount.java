package dev.connectorsdk.internal.cache;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the changes that this process makes or hears of to what a runtime keeps in memory. What
 * was made of several things that were looked up holds no longer than the count that was there
 * before the first look-up. Safe for several threads.
 */
public final class ChangeCount {

  private final AtomicLong changes = new AtomicLong();

  /** Returns how many there were. */
  public long get() {
    return changes.get();
  }

  /** Something was changed: whoever looks it up from now on finds that, or reads it again. */
  void changed() {
    changes.incrementAndGet();
  }
}
