package dev.connectorsdk.internal.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store what was changed twice in each freshness, as long as somebody uses what was read,
 * and for a minute after. Nothing runs before, and nothing has to be ended: the threads belong to
 * others.
 */
public final class ChangeWatch {

  private static final Logger log = LoggerFactory.getLogger(ChangeWatch.class);

  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final StoreChanges changes;
  private final long pauseMillis;
  private final Executor executor;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile boolean used;
  private long lastUsed; // by the one that asks
  private boolean failed; // by the one that asks

  private ChangeWatch(StoreChanges changes, Duration freshness, Executor executor) {
    this.changes = changes;
    this.pauseMillis = Math.max(1, freshness.toMillis() / 2);
    this.executor = executor;
  }

  /**
   * Has a store asked from now on.
   *
   * @param executor on whose threads; none is kept in between
   */
  public static void over(StoreChanges changes, Duration freshness, Executor executor) {
    if (changes.hasFeed()) {
      changes.onUse(new ChangeWatch(changes, freshness, executor)::use);
    }
  }

  private void use() {
    if (!used) {
      used = true;
    }
    if (!isAsking.get() && isAsking.compareAndSet(false, true)) {
      lastUsed = System.nanoTime();
      execute(this::read);
    }
  }

  private void execute(Runnable reading) {
    try {
      executor.execute(reading);
    } catch (RejectedExecutionException e) {
      // Closing.
    }
  }

  private void read() {
    try {
      changes.read();
      failed = false;
    } catch (RuntimeException e) {
      if (!failed) {
        log.warn(
            "The store does not say what was changed; each thing is read again by itself: {}",
            e.getMessage());
      }
      failed = true;
    } finally {
      goOn();
    }
  }

  private void goOn() {
    if (used) {
      used = false;
      lastUsed = System.nanoTime();
    }
    if (System.nanoTime() - lastUsed < IDLE_NANOS) {
      CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS, this::execute)
          .execute(this::read);
    } else {
      isAsking.set(false);
    }
  }
}
