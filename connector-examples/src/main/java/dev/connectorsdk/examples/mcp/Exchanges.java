package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests of each person have a thread of the server, whether it works for them or waits
 * for a client that does not read. Safe for use by several threads.
 */
final class Exchanges {

  private final int most;
  private final Map<Principal, Integer> inFlight = new HashMap<>();

  /**
   * @param most of one person at a time
   */
  Exchanges(int most) {
    this.most = most;
  }

  /** Takes up an exchange, which is to be ended; returns {@code false} if there are too many. */
  synchronized boolean begin(Principal person) {
    if (inFlight.getOrDefault(person, 0) >= most) {
      return false;
    }
    inFlight.merge(person, 1, Integer::sum);
    return true;
  }

  synchronized void end(Principal person) {
    inFlight.computeIfPresent(person, (one, count) -> count == 1 ? null : count - 1);
  }
}
