package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.error.CallCancelledException;
import java.time.Duration;

/** Waiting between attempts. */
final class Pauses {

  private Pauses() {}

  /**
   * Returns how much is left of a pause; nothing, if the clock was set to before it began.
   *
   * @param began in milliseconds, as {@code now}
   */
  static long left(long began, long millis, long now) {
    long passed = now - began;
    return passed < 0 ? 0 : Math.max(0, millis - passed);
  }

  /**
   * Waits.
   *
   * @throws CallCancelledException if the thread is interrupted meanwhile, with the flag set
   */
  static void sleep(AuthContext context, Duration pause) {
    try {
      context.sleeper().sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException(
          "Getting a token of connection '" + context.connection() + "'");
    }
  }
}
