package dev.connectorsdk.internal.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * Cancels calls whose thread was interrupted or whose time is up.
 *
 * <p>OkHttp does not notice an interrupt while it waits for a socket, and a timer for each call
 * costs more than the rest of a call's bookkeeping. So one daemon thread looks through the running
 * calls every few milliseconds. It starts with the first call and ends when there has been none for
 * a while, or on {@link #close}. {@code this} guards its start and end.
 *
 * <p>When a process wakes that was stopped for longer than a call may take, the answer may have
 * arrived meanwhile, and hold what exists nowhere else. So calls then have a moment to read it.
 *
 * <p>An error of the JVM, such as a lack of memory that anything in the process has caused, must
 * not end all time limits: the thread goes on, and where it cannot, the next call starts another.
 */
final class InFlightCalls implements AutoCloseable {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final int IDLE_LOOKS = 200;

  /** A look that is as late as this one says that the whole process did not run. */
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** For reading an answer that has arrived while the process did not run. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Why a call was cancelled. */
  enum Reason {
    INTERRUPTED,
    TIMEOUT,
    CLOSED
  }

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread watcher; // written under this
  private long before; // of the watcher
  private volatile boolean closed;
  private volatile boolean onlyTokens;

  /** A running call of the current thread. Call {@link #leave} when it is over. */
  final class Entry {
    private final Thread thread = Thread.currentThread();
    private final Call call;
    private long deadline; // of the watcher
    private final boolean forTokens;
    private volatile @Nullable Reason cancelled;
    private volatile boolean stopped;

    private Entry(Call call, long deadline, boolean forTokens) {
      this.call = call;
      this.deadline = deadline;
      this.forTokens = forTokens;
    }

    private boolean isOver() {
      return closed || (onlyTokens && !forTokens);
    }

    private void lastAtLeastUntil(long nanos) {
      if (nanos - deadline > 0) {
        deadline = nanos;
      }
    }

    private @Nullable Reason reasonToCancel(long now) {
      if (thread.isInterrupted()) {
        return Reason.INTERRUPTED;
      }
      return now - deadline >= 0 ? Reason.TIMEOUT : null;
    }

    private void cancel(Reason reason) {
      cancelled = reason;
      call.cancel();
      stopped = true;
    }

    /** An identity hash of its own would have to be made for each call, which takes longer. */
    @Override
    public int hashCode() {
      return thread.hashCode();
    }

    void leave() {
      entries.remove(this);
    }

    /** Returns why the call was cancelled, or {@code null} if it was not, or not by this. */
    @Nullable Reason cancelled() {
      return cancelled;
    }

    /** Returns whether the call was cancelled, and not by this. */
    boolean wasCut() {
      return cancelled == null && call.isCanceled();
    }
  }

  /**
   * Watches a call that the current thread is about to execute.
   *
   * @param deadlineNanos by {@link System#nanoTime}
   * @param forTokens whether its answer may replace what is spent by then
   */
  Entry enter(Call call, long deadlineNanos, boolean forTokens) {
    Entry entry = new Entry(call, deadlineNanos, forTokens);
    entries.add(entry);
    if (watcher == null) {
      try {
        startWatching();
      } catch (Throwable e) {
        entry.leave();
        throw e;
      }
    }
    if (entry.isOver()) {
      entry.cancel(Reason.CLOSED);
    }
    return entry;
  }

  private synchronized void startWatching() {
    if (watcher == null && !closed) {
      Thread thread = new Thread(this::watch, "connector-runtime-watch");
      thread.setDaemon(true);
      thread.start(); // Fails if the process has too many threads; the next call tries again.
      watcher = thread;
    }
  }

  private void watch() {
    before = System.nanoTime();
    try {
      int idle = 0;
      while (!closed) {
        LockSupport.parkNanos(LOOK_NANOS);
        idle = entries.isEmpty() ? idle + 1 : 0;
        if (idle > IDLE_LOOKS && stopIfIdle()) {
          return;
        }
        lookAtAll();
      }
    } finally {
      forget(Thread.currentThread());
    }
  }

  private void lookAtAll() {
    try {
      long now = System.nanoTime();
      boolean late = now - before > LATE_NANOS;
      before = now;
      for (Entry entry : entries) {
        if (late) {
          entry.lastAtLeastUntil(now + GRACE_NANOS);
        }
        look(entry, now);
      }
    } catch (Throwable e) {
      // Saying so may fail for the same reason.
    }
  }

  /** What fails for one call is tried again at the next look, and keeps no other from its end. */
  private static void look(Entry entry, long now) {
    try {
      Reason reason = entry.cancelled == null ? entry.reasonToCancel(now) : entry.cancelled;
      if (reason != null && !entry.stopped) {
        entry.cancel(reason);
      }
    } catch (Throwable e) {
      // As above.
    }
  }

  private synchronized void forget(Thread ended) {
    if (watcher == ended) {
      watcher = null;
    }
  }

  private synchronized boolean stopIfIdle() {
    watcher = null;
    if (entries.isEmpty()) {
      return true;
    }
    watcher = Thread.currentThread();
    return false;
  }

  /** Cancels what is not for tokens, now and later. */
  void leaveOnlyTokens() {
    onlyTokens = true;
    cancelWhatIsOver();
  }

  private void cancelWhatIsOver() {
    for (Entry entry : entries) {
      if (entry.isOver()) {
        entry.cancel(Reason.CLOSED);
      }
    }
  }

  /** Cancels what runs, and everything that starts later. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = watcher;
    }
    cancelWhatIsOver();
    if (running != null) {
      LockSupport.unpark(running);
      joinQuietly(running);
    }
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
