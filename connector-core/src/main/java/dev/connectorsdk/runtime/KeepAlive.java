package dev.connectorsdk.runtime;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.connection.CredentialCare;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after credentials that nobody uses, now and then, on a thread of its own. */
final class KeepAlive implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KeepAlive.class);

  private static final long LONGEST_GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(3);

  /**
   * @param unusedFor how long a credential may lie idle
   * @param interval how long to wait between two looks
   */
  record Plan(Duration unusedFor, Duration interval) {}

  private final Thread thread;
  private volatile boolean closed;

  KeepAlive(Plan plan, CredentialCare care, Sleeper sleeper, RandomGenerator random) {
    // A process that is restarted more often than it looks must look all the same.
    Duration first = Duration.ofMillis(random.nextLong(plan.interval().toMillis()) + 1);
    thread = new Thread(() -> run(plan, first, care, sleeper), "connector-runtime-keep-alive");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Plan plan, Duration first, CredentialCare care, Sleeper sleeper) {
    try {
      for (Duration pause = first; !closed; pause = plan.interval()) {
        sleeper.sleep(pause);
        look(plan, care);
      }
    } catch (InterruptedException | CallCancelledException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void look(Plan plan, CredentialCare care) {
    try {
      int renewed = care.keepAlive(plan.unusedFor());
      log.debug("Kept {} idle credentials alive", renewed);
    } catch (CallCancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("Idle credentials were not looked after: {}", e.getClass().getName());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      thread.join(LONGEST_GOODBYE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
