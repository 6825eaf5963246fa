package dev.connectorsdk.internal.trigger;

import java.time.Duration;

/**
 * Says whose turn it is, and lets one process at a time take it. {@link #look} and {@link #nap} are
 * called by one thread, again and again; the rest by any.
 */
public interface Schedule extends AutoCloseable {

  /** Returns how much it has found to do, without waiting until that is done. */
  int look();

  /** Returns how long it is until there may be something to look for. */
  Duration nap();

  /** Says that something may be due that was not. */
  void stir();

  /** Has nothing begin any more. What has begun goes on. */
  void pause();

  /** Ends, once it is paused and what has begun has ended. */
  @Override
  void close();
}
