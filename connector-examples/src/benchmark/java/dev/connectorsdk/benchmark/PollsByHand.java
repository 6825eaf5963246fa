package dev.connectorsdk.benchmark;

import dev.connectorsdk.benchmark.PolledService.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A plain executor, with cursors in a map. */
final class PollsByHand implements PollRate.Engine {

  /** As many as the library uses. */
  static final int THREADS = Runtime.version().feature() >= 21 ? 1_000 : 32;

  @Override
  public AutoCloseable start(PolledService service, PollLog log) {
    Map<Integer, Position> cursors = new ConcurrentHashMap<>();
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(THREADS);
    for (int i = 0; i < log.triggers(); i++) {
      int trigger = i;
      long first = ThreadLocalRandom.current().nextLong(PollLog.INTERVAL_MILLIS);
      schedule(
          executor,
          TimeUnit.MILLISECONDS.toNanos(first),
          new Runnable() {
            @Override
            public void run() {
              long began = System.nanoTime();
              log.begun(trigger);
              try {
                Position cursor = cursors.getOrDefault(trigger, new Position(0));
                cursors.put(trigger, service.poll(cursor));
              } catch (Exception e) {
                if (!executor.isShutdown()) {
                  throw new IllegalStateException(e);
                }
              }
              long interval = TimeUnit.MILLISECONDS.toNanos(PollLog.INTERVAL_MILLIS);
              schedule(executor, interval - (System.nanoTime() - began), this);
            }
          });
    }
    return executor::shutdownNow;
  }

  private static void schedule(ScheduledThreadPoolExecutor executor, long nanos, Runnable poll) {
    if (!executor.isShutdown()) {
      var unused = executor.schedule(poll, nanos, TimeUnit.NANOSECONDS);
    }
  }
}
