package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.AuthenticationException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a token endpoint is left alone after it has failed: 5 s at first, twice as long after
 * each further failure, at most a minute, and a little longer at random; or as long as it asked
 * for, up to an hour. Not safe for use by several threads.
 */
final class CoolDown {

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration LONGEST_WISH = Duration.ofHours(1);

  private final RandomGenerator random;
  private @Nullable StepFailure failure;
  private long millis;
  private long began;
  private long length;

  CoolDown(RandomGenerator random) {
    this.random = random;
  }

  /** Begins, or goes on for longer. */
  void failed(StepFailure failure, long now) {
    this.failure = failure;
    millis = millis == 0 ? FIRST.toMillis() : Math.min(2 * millis, LONGEST.toMillis());
    long wish = failure.retryAfter().orElse(Duration.ZERO).toMillis();
    long least = Math.max(millis, Math.min(wish, LONGEST_WISH.toMillis()));
    began = now;
    length = least + random.nextLong(millis / 10 + 1);
  }

  /**
   * Lasts as long as nobody is asked anyway, and becomes no longer by that. At most a minute: what
   * an endpoint asked of others may be over before.
   */
  void postponed(StepFailure failure, long now) {
    this.failure = failure;
    began = now;
    length = Math.min(failure.retryAfter().orElse(FIRST).toMillis(), LONGEST.toMillis());
  }

  /** Ends: there is a token. */
  void passed() {
    failure = null;
    millis = 0;
    length = 0;
  }

  /** Returns in how many milliseconds the endpoint may be asked again. */
  long left(long now) {
    return Pauses.left(began, length, now);
  }

  /** Returns what a caller gets who comes meanwhile, or {@code null} if it is over. */
  @Nullable AuthenticationException inForce(ConnectionId connection, long now) {
    StepFailure last = failure;
    long left = left(now);
    return last == null || left == 0 ? null : last.forCaller(connection, left);
  }
}
