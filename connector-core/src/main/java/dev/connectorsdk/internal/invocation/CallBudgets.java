package dev.connectorsdk.internal.invocation;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.invocation.CallOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Says what calls may spend.
 *
 * @param callTimeout how long calls may take that do not say it
 */
record CallBudgets(Clock clock, RandomGenerator random, Duration callTimeout) {

  /** What is longer, such as for ever, cannot be counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  /**
   * Returns the budget of a call.
   *
   * @param began by the clock, in milliseconds
   */
  CallBudget of(Action<?, ?> action, CallOptions options, Caller caller, long began) {
    String header = action.idempotencyHeader().orElse(null);
    String key = options.idempotencyKey();
    if (key == null && header != null) {
      key = randomUuid();
    }
    CallBudget budget =
        new CallBudget(clock, began, timeout(options), action.effect(), header, key).of(caller);
    FileTarget target = options.target();
    if (target != null) {
      budget.allowFile(target.maxBytes());
    }
    return budget;
  }

  /** Returns how long a call may still take; nothing or less if its time is over. */
  Duration left(CallOptions options, long began) {
    return CallBudget.remaining(clock, began, timeout(options));
  }

  private Duration timeout(CallOptions options) {
    Duration timeout = options.timeout();
    Duration wanted = timeout == null ? callTimeout : timeout;
    return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
  }

  /** A UUID of version 4, RFC 9562 section 5.4. */
  private String randomUuid() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(0xC000L << 48)) | (0x8000L << 48);
    return new UUID(high, low).toString();
  }
}
