package dev.connectorsdk.internal.gateway.line;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the lines of one side have in common.
 *
 * @param pingInterval after how long without a message a sign of life is asked for; after two the
 *     line is given up
 * @param streams how many streams the peer may have open at once
 * @param nanos as {@link System#nanoTime}
 * @param work begins at once whatever it is given
 * @param timer for what is done now and then
 */
public record LineSettings(
    Duration pingInterval,
    int streams,
    LongSupplier nanos,
    Executor work,
    ScheduledExecutorService timer) {

  /** Has something done later; at once if the timer has ended. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
  public void later(Duration pause, Runnable then) {
    try {
      timer.schedule(then, pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      then.run();
    }
  }
}
