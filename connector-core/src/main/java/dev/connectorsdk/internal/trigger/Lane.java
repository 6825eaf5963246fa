package dev.connectorsdk.internal.trigger;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has work of one kind done by threads, so much at once. Safe for several threads. */
final class Lane {

  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  /** To wake the thread that looks for each that leaves would keep it busy. */
  private static final int GOOD_PART = 4;

  private final ExecutorService threads;
  private final int places = TriggerThreads.room();
  private final Semaphore room = new Semaphore(places);
  private final Runnable left;
  private volatile boolean wasFull;

  /**
   * @param left is run when there is room again for a good part of what may run at once
   */
  Lane(ExecutorService threads, Runnable left) {
    this.threads = threads;
    this.left = left;
  }

  /** Returns how much more can be begun. */
  int room() {
    wasFull = true; // Whoever leaves from now on may be the one who makes room.
    int free = room.availablePermits();
    wasFull = free == 0;
    return free;
  }

  /**
   * Begins work, once there is room.
   *
   * @param work is given what makes room, to be run if it does not come to its end
   * @param ended is run once, when the work leaves
   * @param giveBack is run if no work can be begun any more
   */
  void begin(Consumer<Runnable> work, Runnable ended, Runnable giveBack) {
    room.acquireUninterruptibly();
    var inside = new AtomicBoolean(true);
    Runnable leave =
        () -> {
          if (inside.getAndSet(false)) {
            ended.run();
            room.release();
            if (wasFull && room.availablePermits() >= places / GOOD_PART) {
              left.run();
            }
          }
        };
    try {
      threads.execute(() -> run(work, leave));
    } catch (RejectedExecutionException e) {
      leave.run();
      giveBack.run(); // Closing: somebody else may do it.
    } catch (Throwable e) { // Such as that there is no memory for a thread.
      leave.run();
      throw e;
    }
  }

  private static void run(Consumer<Runnable> work, Runnable leave) {
    try {
      work.accept(leave);
    } catch (RuntimeException | Error e) {
      // The claim runs out by itself.
      log.warn("A trigger's work failed: {}", e.getClass().getName());
      log.debug("It failed", e);
    } finally {
      leave.run();
    }
  }
}
