package dev.connectorsdk.internal.trigger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has work of one kind done by threads, so much at once. What is begun beyond that waits for a
 * thread that has come to the end of other work, which costs less than to wake one. Safe for
 * several threads; the object's monitor guards all that it holds.
 */
final class Lane {

  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  /** To wake the thread that looks for each that leaves would keep it busy. */
  private static final int GOOD_PART = 4;

  private final ExecutorService threads;
  private final int places = TriggerThreads.room();
  private final int ahead;
  private final Runnable left;
  private final Queue<Work> waiting = new ArrayDeque<>();
  private int running;
  private boolean wasFull;
  private boolean closed;

  /**
   * @param ahead how much may wait
   * @param left is run when there is room again for a good part of what may run at once
   */
  Lane(ExecutorService threads, int ahead, Runnable left) {
    this.threads = threads;
    this.ahead = ahead;
    this.left = left;
  }

  /** Work, and what becomes of it. */
  private final class Work implements Runnable {

    private final Consumer<Runnable> work;
    private final Runnable ended;
    private final Runnable giveBack;
    private boolean inside = true; // guarded by the lane
    private boolean isLate; // guarded by the lane

    Work(Consumer<Runnable> work, Runnable ended, Runnable giveBack) {
      this.work = work;
      this.ended = ended;
      this.giveBack = giveBack;
    }

    @Override
    public void run() {
      Work next = this;
      while (next != null) {
        next.take();
        next = next.leave();
      }
    }

    private void take() {
      try {
        work.accept(this::giveUp);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }

    /** Its claim runs out by itself. */
    private void failed(Throwable e) {
      log.warn("A trigger's work failed: {}", e.getClass().getName());
      log.debug("It failed", e);
    }

    /** Makes room although its thread goes on. */
    private void giveUp() {
      Work next = leave();
      if (next != null) {
        start(next);
      }
    }

    /** Returns what is to be done in its place, if this has not left before. */
    private @Nullable Work leave() {
      Work next;
      boolean isRoom;
      synchronized (Lane.this) {
        if (!inside) {
          return null;
        }
        inside = false;
        next = waiting.poll();
        running -= next == null ? 1 : 0;
        isRoom = wasFull && free() >= places / GOOD_PART;
      }
      ended.run();
      if (isRoom) {
        left.run();
      }
      return next;
    }

    void giveBack() {
      ended.run();
      leaveToOthers();
    }

    /** One that cannot be given back keeps no other from that. */
    private void leaveToOthers() {
      try {
        giveBack.run();
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  private synchronized int free() {
    return places + ahead - running - waiting.size();
  }

  /** Returns how much more can be begun. */
  synchronized int room() {
    int free = free();
    wasFull = free <= 0;
    return Math.max(0, free);
  }

  /**
   * Begins work, or has it wait. Never waits itself.
   *
   * @param work is given what makes room, to be run if it does not come to its end
   * @param ended is run once, when the work leaves
   * @param giveBack is run after that if the work was not begun: somebody else may do it
   */
  void begin(Consumer<Runnable> work, Runnable ended, Runnable giveBack) {
    Work begun = new Work(work, ended, giveBack);
    boolean waits;
    synchronized (this) {
      waits = !closed && running >= places;
      if (waits) {
        waiting.add(begun);
      } else {
        running++;
      }
    }
    if (!waits) {
      start(begun);
    }
  }

  private void start(Work begun) {
    try {
      threads.execute(begun);
    } catch (RejectedExecutionException e) {
      Work next = begun.leave();
      begun.leaveToOthers(); // Closing: somebody else may do it.
      if (next != null) {
        start(next);
      }
    } catch (Throwable e) { // Such as that there is no memory for a thread.
      begun.giveUp();
      throw e;
    }
  }

  /**
   * Gives back what waits since before the last time: whatever it waits for may hang. To be called
   * every second.
   */
  void tick() {
    List<Work> late = new ArrayList<>();
    synchronized (this) {
      waiting.removeIf(work -> work.isLate && late.add(work));
      waiting.forEach(work -> work.isLate = true);
    }
    late.forEach(Work::giveBack);
  }

  /** Gives back what waits. */
  void close() {
    List<Work> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(waiting);
      waiting.clear();
    }
    all.forEach(Work::giveBack);
  }
}
