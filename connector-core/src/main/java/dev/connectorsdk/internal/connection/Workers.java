package dev.connectorsdk.internal.connection;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one runtime, for work that must not end with the caller who began it, such as a
 * refresh that several wait for. They are started when there is work, end after 10 s without any,
 * and on {@link #close}. There are as many as there are connections whose credentials are being
 * replaced at the moment.
 */
public final class Workers implements Executor, AutoCloseable {

  private static final long IDLE_SECONDS = 10;

  /** For work that has spent a token and waits for the answer, or is about to store it. */
  private static final long LONGEST_GOODBYE_SECONDS = 10;

  private final ExecutorService threads;
  private final ScheduledThreadPoolExecutor timer;

  /** Starts no thread yet. */
  public Workers() {
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            named("connector-runtime-work-"));
    timer = new ScheduledThreadPoolExecutor(1, named("connector-runtime-timer-"));
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Has work done soon.
   *
   * @throws RejectedExecutionException once this is closed
   */
  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  /**
   * Has work done again and again, first after {@code period}, until what is returned is cancelled.
   */
  ScheduledFuture<?> every(Duration period, Runnable work) {
    long nanos = period.toNanos();
    return timer.scheduleWithFixedDelay(
        () -> {
          try {
            threads.execute(work);
          } catch (RejectedExecutionException e) {
            // Closing.
          }
        },
        nanos,
        nanos,
        TimeUnit.NANOSECONDS);
  }

  /**
   * Returns what has short work done now and then, on one thread; whoever blocks it holds up all.
   */
  public ScheduledExecutorService timer() {
    return timer;
  }

  /** Takes no more work, lets what runs come to its end for up to 10 s, and ends all threads. */
  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
