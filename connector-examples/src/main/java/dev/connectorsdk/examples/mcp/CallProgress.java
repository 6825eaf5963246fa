package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients every few seconds that their calls go on. The clients of one person are told one
 * after the other, on one thread: one that does not read what it is told has that person's others
 * wait until it does, and nobody else's. Safe for use by several threads.
 */
final class CallProgress implements AutoCloseable {

  private final Duration pause;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(work -> thread(work, "tool-progress"));
  private final ExecutorService telling =
      Executors.newCachedThreadPool(work -> thread(work, "tool-progress-telling"));

  /** Whom a thread tells something now, with what comes after that. Guarded by itself. */
  private final Map<Principal, Set<Telling>> waiting = new HashMap<>();

  CallProgress(Duration pause) {
    this.pause = pause;
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to tell a client of a person, if it wants to hear. */
  Call begin(Principal person, ToolClient client) {
    if (!client.hearsProgress()) {
      return () -> {};
    }
    Telling one = new Telling(client);
    long millis = pause.toMillis();
    ScheduledFuture<?> running =
        clock.scheduleWithFixedDelay(
            () -> tell(person, one), millis, millis, TimeUnit.MILLISECONDS);
    return () -> {
      one.end();
      running.cancel(false);
      forget(person, one);
    };
  }

  /** A call that goes on. */
  interface Call {

    /** Has its client be told no more. */
    void end();
  }

  private void tell(Principal person, Telling one) {
    synchronized (waiting) {
      Set<Telling> others = waiting.get(person);
      if (others != null) {
        others.add(one);
        return;
      }
      telling.execute(() -> tellAll(person, one));
      waiting.put(person, new LinkedHashSet<>());
    }
  }

  private void forget(Principal person, Telling one) {
    synchronized (waiting) {
      Set<Telling> others = waiting.get(person);
      if (others != null) {
        others.remove(one);
      }
    }
  }

  private void tellAll(Principal person, Telling first) {
    Telling one = first;
    try {
      while (one != null) {
        tell(one);
        one = next(person);
      }
    } finally {
      if (one != null) {
        // An error of the JVM ends this thread; the next step of a call begins another.
        stopped(person);
      }
    }
  }

  private static void tell(Telling one) {
    try {
      one.next();
    } catch (RuntimeException e) {
      FailureWords.log(e);
    }
  }

  private void stopped(Principal person) {
    synchronized (waiting) {
      waiting.remove(person);
    }
  }

  private @Nullable Telling next(Principal person) {
    synchronized (waiting) {
      Set<Telling> others = waiting.getOrDefault(person, Set.of());
      if (others.isEmpty()) {
        waiting.remove(person);
        return null;
      }
      Telling next = others.iterator().next();
      others.remove(next);
      return next;
    }
  }

  /** One call's client. */
  private static final class Telling {

    private final ToolClient client;
    private volatile boolean ended;
    private int step; // of the one thread that tells its person something

    private Telling(ToolClient client) {
      this.client = client;
    }

    void next() {
      if (!ended) {
        client.progress(++step);
      }
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
