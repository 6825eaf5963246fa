package dev.connectorsdk.internal.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often the requests of one connection may be repeated while most of them fail: a bucket of
 * tokens, of which a repetition takes more than a success gives back.
 *
 * <p>Each connection has its own, so that one whose requests all fail takes no repetitions from
 * others at the same service.
 */
final class RetryBudget {

  private static final int COST = 5;

  private final int most;
  private final AtomicInteger tokens;

  RetryBudget(int most) {
    this.most = most;
    this.tokens = new AtomicInteger(most);
  }

  /** Takes a repetition. Returns {@code false} if there is none left. */
  boolean take() {
    for (int left = tokens.get(); left >= COST; left = tokens.get()) {
      if (tokens.compareAndSet(left, left - COST)) {
        return true;
      }
    }
    return false;
  }

  void succeeded() {
    int left = tokens.get();
    if (left < most) {
      tokens.compareAndSet(left, left + 1); // who loses this race leaves it to the other
    }
  }
}
