package dev.connectorsdk.auth;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one piece of work that several threads wait for, each for a time of its own.
 *
 * <p>Only one of them has a timer, and wakes those whose time is over: a timer for each of a
 * thousand virtual threads, to be set and taken back, costs more than the rest of their wait. Who
 * is woken by the result wakes others too, so that the last one has it soon.
 */
final class SharedResult<T> {

  /** Later than any time that somebody waits for. */
  private static final long FAR = Long.MAX_VALUE / 2;

  /** How many others each of those wakes who got the result. */
  private static final int WOKEN_BY_EACH = 2;

  private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Waiter> timed = new AtomicReference<>();
  private volatile long nextLook; // written by who is timed
  private volatile @Nullable Outcome<T> outcome;

  /**
   * One of both.
   *
   * @param failure {@code null} if there is a value
   */
  record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {}

  private static final class Waiter {

    private final Thread thread = Thread.currentThread();
    private final long end;

    Waiter(long end) {
      this.end = end;
    }

    void wake() {
      LockSupport.unpark(thread);
    }
  }

  /** Gives everybody the result, now and later. To be called once. */
  void settle(Outcome<T> result) {
    outcome = result;
    while (wakeNext()) {
      // Those who were woken help, and may be done first.
    }
  }

  private boolean wakeNext() {
    Waiter next = waiting.poll();
    if (next == null) {
      return false;
    }
    next.wake();
    return true;
  }

  /**
   * Waits for the result.
   *
   * @param end until when, by {@link System#nanoTime}
   * @throws TimeoutException if there is none by then
   * @throws InterruptedException if this thread is interrupted
   */
  Outcome<T> await(long end) throws TimeoutException, InterruptedException {
    Outcome<T> known = outcome;
    if (known != null) {
      return known;
    }
    Waiter me = new Waiter(end);
    waiting.add(me);
    try {
      for (known = outcome; known == null; known = outcome) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (end - System.nanoTime() <= 0) {
          throw new TimeoutException();
        }
        pause(me);
      }
    } finally {
      if (known == null) {
        leave(me);
      }
    }
    for (int i = 0; i < WOKEN_BY_EACH; i++) {
      wakeNext();
    }
    return known;
  }

  private void pause(Waiter me) {
    if (timed.get() == me || timed.compareAndSet(null, me)) {
      LockSupport.parkNanos(this, look(me));
    } else {
      if (me.end - nextLook < 0) {
        wake(timed.get());
      }
      LockSupport.park(this);
    }
  }

  /**
   * Wakes those whose time is over.
   *
   * @return in how many nanoseconds the next one's is
   */
  private long look(Waiter me) {
    long now = System.nanoTime();
    nextLook = now + FAR; // Who comes while this looks wakes it, since it may have missed them.
    long earliest = me.end;
    for (Waiter other : waiting) {
      if (other.end - now <= 0) {
        other.wake();
      } else if (other.end - earliest < 0) {
        earliest = other.end;
      }
    }
    nextLook = earliest;
    return earliest - now;
  }

  /** Stops waiting, and leaves the timer to another one. */
  private void leave(Waiter me) {
    waiting.remove(me);
    if (timed.compareAndSet(me, null) || timed.get() == null) {
      wake(waiting.peek());
    }
  }

  private static void wake(@Nullable Waiter waiter) {
    if (waiter != null) {
      waiter.wake();
    }
  }
}
