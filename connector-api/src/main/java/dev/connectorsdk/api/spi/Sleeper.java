package dev.connectorsdk.api.spi;

import java.time.Duration;

/** Waits. A seam for tests, so that a pause before a retry costs no time. */
@FunctionalInterface
public interface Sleeper {

  /**
   * Returns after {@code pause}.
   *
   * @throws InterruptedException if the thread is interrupted before or meanwhile
   */
  void sleep(Duration pause) throws InterruptedException;
}
