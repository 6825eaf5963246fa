package dev.connectorsdk.internal.gateway.relay;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Does one thing after another, on threads that are lent. Safe for several threads. */
final class InOrder {

  /** More waits only for a peer that says more than anybody can take in. */
  private static final int MOST = 16;

  private final Executor threads;
  private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
  private boolean isBusy; // guarded by this

  InOrder(Executor threads) {
    this.threads = threads;
  }

  /**
   * Has something done after all that was added before.
   *
   * @param task throws nothing
   * @return {@code false} if it is not done, for too much waits already
   */
  synchronized boolean add(Runnable task) {
    if (waiting.size() >= MOST) {
      return false;
    }
    waiting.add(task);
    if (!isBusy) {
      isBusy = true;
      threads.execute(this::run);
    }
    return true;
  }

  private void run() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    isBusy = next != null;
    return next;
  }
}
