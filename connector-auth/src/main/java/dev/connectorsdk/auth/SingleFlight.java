package dev.connectorsdk.auth;

import dev.connectorsdk.api.error.CallCancelledException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time do a piece of work, on that thread, while the others wait and share
 * what comes of it. What one piece of work wrote, the next one sees.
 */
final class SingleFlight<T> {

  private final AtomicReference<@Nullable CompletableFuture<T>> running = new AtomicReference<>();

  /** Returns whether a thread is at work. */
  boolean isBusy() {
    return running.get() != null;
  }

  /**
   * Does the work, or waits for the thread that is at it.
   *
   * @param what what is waited for, for the message of an interruption
   * @return the result of this work, or of the work that another thread had begun
   * @throws CallCancelledException if this thread is interrupted while it waits. Another thread's
   *     interruption is not passed on: one of those who waited does the work.
   */
  T join(String what, Supplier<T> work) {
    while (true) {
      CompletableFuture<T> mine = new CompletableFuture<>();
      CompletableFuture<T> others = running.compareAndExchange(null, mine);
      if (others == null) {
        return lead(mine, work);
      }
      try {
        return others.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CallCancelledException(what);
      } catch (ExecutionException e) {
        Throwable failure = e.getCause();
        if (failure instanceof RuntimeException exception
            && !(failure instanceof CallCancelledException)) {
          throw exception;
        }
        if (failure instanceof Error error) {
          throw error;
        }
      }
    }
  }

  private T lead(CompletableFuture<T> mine, Supplier<T> work) {
    try {
      T result = work.get();
      running.set(null);
      mine.complete(result);
      return result;
    } catch (RuntimeException | Error e) {
      running.set(null);
      mine.completeExceptionally(e);
      throw e;
    }
  }
}
