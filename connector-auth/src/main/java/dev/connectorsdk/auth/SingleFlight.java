package dev.connectorsdk.auth;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.auth.SharedResult.Outcome;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
  private final AtomicReference<@Nullable SharedResult<T>> running = new AtomicReference<>();

  /**
   * @param what what is waited for, for messages
   */
  SingleFlight(String what, Executor executor) {
    this.what = what;
    this.executor = executor;
  }

  /** Has the work done without waiting for it, unless some is being done. */
  void start(Supplier<T> work) {
    SharedResult<T> mine = new SharedResult<>();
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
      SharedResult<T> mine = new SharedResult<>();
      SharedResult<T> others = running.compareAndExchange(null, mine);
      if (others == null) {
        lead(mine, work);
      }
      try {
        Outcome<T> outcome = (others == null ? mine : others).await(end);
        T result = outcome.value();
        if (result != null) {
          return result;
        }
        if (others == null || !(outcome.failure() instanceof CallCancelledException)) {
          throw rethrown(outcome.failure());
        }
        // Somebody else's work was cancelled, which is no answer to us.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CallCancelledException("Waiting for " + what);
      }
    }
  }

  private void lead(SharedResult<T> mine, Supplier<T> work) {
    try {
      executor.execute(() -> run(mine, work));
    } catch (RejectedExecutionException e) {
      running.set(null);
      mine.settle(failed(new CallCancelledException("Getting " + what)));
    } catch (Throwable e) {
      // Such as that there are too many threads: the next one tries again.
      running.set(null);
      mine.settle(failed(e));
      throw e;
    }
  }

  private void run(SharedResult<T> mine, Supplier<T> work) {
    try {
      T result = work.get();
      running.set(null);
      mine.settle(new Outcome<>(result, null));
    } catch (RuntimeException | Error e) {
      running.set(null);
      mine.settle(failed(e));
    }
  }

  private static <T> Outcome<T> failed(Throwable failure) {
    return new Outcome<>(null, failure);
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
