package dev.connectorsdk.auth;

import dev.connectorsdk.api.error.CallCancelledException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has one piece of work done at a time, on a thread of its own, while those who need it wait and
 * share what comes of it. That one of them gives up does not end the work. What one piece of work
 * wrote, the next one sees.
 */
final class SingleFlight<T> {

  private final String what;
  private final Executor executor;
  private final AtomicReference<@Nullable CompletableFuture<T>> running = new AtomicReference<>();

  /**
   * @param what what is waited for, for messages
   */
  SingleFlight(String what, Executor executor) {
    this.what = what;
    this.executor = executor;
  }

  /** Has the work done without waiting for it, unless some is being done. */
  void start(Supplier<T> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    if (running.compareAndSet(null, mine)) {
      lead(mine, work);
    }
  }

  /**
   * Has the work done, or joins what is being done, and waits.
   *
   * @return the result of this work, or of the work that somebody else had begun
   * @throws TimeoutException if there is none after {@code atMost}; the work goes on
   * @throws CallCancelledException if this thread is interrupted while it waits, and the work goes
   *     on; or if no work is begun any more
   */
  T join(Supplier<T> work, Duration atMost) throws TimeoutException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      CompletableFuture<T> mine = new CompletableFuture<>();
      CompletableFuture<T> others = running.compareAndExchange(null, mine);
      if (others == null) {
        lead(mine, work);
      }
      try {
        CompletableFuture<T> flight = others == null ? mine : others;
        return flight.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CallCancelledException("Waiting for " + what);
      } catch (ExecutionException e) {
        if (others == null || !(e.getCause() instanceof CallCancelledException)) {
          throw rethrown(e.getCause());
        }
        // Somebody else's work was cancelled, which is no answer to us.
      }
    }
  }

  private void lead(CompletableFuture<T> mine, Supplier<T> work) {
    try {
      executor.execute(() -> run(mine, work));
    } catch (RejectedExecutionException e) {
      running.set(null);
      mine.completeExceptionally(new CallCancelledException("Getting " + what));
    } catch (Throwable e) {
      // Such as that there are too many threads: the next one tries again.
      running.set(null);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private void run(CompletableFuture<T> mine, Supplier<T> work) {
    try {
      T result = work.get();
      running.set(null);
      mine.complete(result);
    } catch (RuntimeException | Error e) {
      running.set(null);
      mine.completeExceptionally(e);
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }
}
