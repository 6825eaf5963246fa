package dev.connectorsdk.examples.mcp;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells clients every few seconds that their calls go on. A client that does not read what it is
 * told is told no more until it does, and keeps nobody else from hearing. Safe for use by several
 * threads.
 */
final class CallProgress implements AutoCloseable {

  /** So many clients may leave unread what they are told, before others hear nothing either. */
  static final int MOST_AT_ONCE = 64;

  private static final int IDLE_SECONDS = 30;

  private final Duration pause;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(work -> thread(work, "tool-progress"));
  private final ExecutorService telling =
      new ThreadPoolExecutor(
          0,
          MOST_AT_ONCE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> thread(work, "tool-progress-telling"),
          (work, full) -> ((Telling) work).skip());

  CallProgress(Duration pause) {
    this.pause = pause;
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to tell a client, if it wants to hear. */
  Call begin(ToolClient client) {
    if (!client.hearsProgress()) {
      return () -> {};
    }
    Telling one = new Telling(client);
    long millis = pause.toMillis();
    ScheduledFuture<?> running =
        clock.scheduleWithFixedDelay(
            () -> one.next(telling), millis, millis, TimeUnit.MILLISECONDS);
    return () -> {
      one.end();
      running.cancel(false);
    };
  }

  /** A call that goes on. */
  interface Call {

    /** Has its client be told no more. */
    void end();
  }

  /** One call's client, which is told one thing after the other. */
  private static final class Telling implements Runnable {

    private final ToolClient client;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean ended;
    private int step; // of whoever has set busy

    private Telling(ToolClient client) {
      this.client = client;
    }

    void next(ExecutorService threads) {
      if (busy.compareAndSet(false, true)) {
        threads.execute(this);
      }
    }

    @Override
    public void run() {
      try {
        if (!ended) {
          client.progress(++step);
        }
      } finally {
        busy.set(false);
      }
    }

    void skip() {
      busy.set(false);
    }

    void end() {
      ended = true;
    }
  }

  /** Ends its threads. */
  @Override
  public void close() {
    clock.shutdownNow();
    telling.shutdownNow();
  }
}
