package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that holds a claim: keeps the claim alive while the work goes on, and ends the work when its
 * time is up or the claim is lost, whatever its code does. Safe for several threads.
 */
final class Watch {

  /** How long a claim lasts that nobody renews. */
  static final Duration LEASE = Duration.ofSeconds(60);

  static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** How long a poll or a handler may take. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private final LongSupplier ticker;
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

  /**
   * @param ticker milliseconds, by a clock that nobody sets
   */
  Watch(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** What work holds. */
  interface Held {

    /** Returns whether it is held still, and for {@link #LEASE} from now. */
    boolean renew();

    /** Gives it back because the work does not end in time. */
    void abandon();
  }

  /** Why work was ended. */
  enum End {
    TIMED_OUT,
    CLAIM_LOST,
    CLOSED
  }

  /** Work of the current thread. */
  final class Task implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final Held held;
    private final long beganMillis = ticker.getAsLong();
    private long renewedMillis = beganMillis; // of the thread that ticks
    private boolean left; // guarded by this
    private @Nullable End end; // guarded by this

    private Task(Held held) {
      this.held = held;
    }

    /** Returns why the work was ended, or {@code null} if it was not. */
    synchronized @Nullable End end() {
      return end;
    }

    Duration age() {
      return Duration.ofMillis(ticker.getAsLong() - beganMillis);
    }

    private synchronized boolean interrupt(End why) {
      if (left || end != null) {
        return false;
      }
      end = why;
      thread.interrupt();
      return true;
    }

    /** The thread goes on with something else, which the interrupt is not meant for. */
    @Override
    public void close() {
      tasks.remove(this);
      synchronized (this) {
        left = true;
        if (end != null) {
          Thread.interrupted();
        }
      }
    }

    private void tick() {
      long now = ticker.getAsLong();
      if (now - beganMillis >= LIMIT.toMillis()) {
        if (interrupt(End.TIMED_OUT)) {
          held.abandon();
        }
      } else if (now - renewedMillis >= HEARTBEAT.toMillis() && !renew(now)) {
        interrupt(End.CLAIM_LOST);
      }
    }

    private boolean renew(long now) {
      try {
        boolean renewed = held.renew();
        renewedMillis = now;
        return renewed;
      } catch (StoreException e) {
        return now - renewedMillis < LEASE.toMillis();
      }
    }
  }

  /** Says that the current thread begins work, which ends with {@link Task#close}. */
  Task begin(Held held) {
    Task task = new Task(held);
    tasks.add(task);
    return task;
  }

  /** Looks after all work. To be called every few seconds, by one thread at a time. */
  void tick() {
    tasks.forEach(Task::tick);
  }

  /** Ends all work. */
  void end() {
    tasks.forEach(task -> task.interrupt(End.CLOSED));
  }

  boolean isIdle() {
    return tasks.isEmpty();
  }
}
