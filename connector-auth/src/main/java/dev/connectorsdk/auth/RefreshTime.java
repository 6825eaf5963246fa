package dev.connectorsdk.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When a token is replaced. */
final class RefreshTime {

  private static final long SHORTEST_MARGIN = Duration.ofMinutes(1).toMillis();
  private static final long LONGEST_MARGIN = Duration.ofMinutes(5).toMillis();

  private RefreshTime() {}

  /**
   * Returns when a token is due: ahead of its expiry by a tenth of its life, at least a minute, at
   * most five, never more than half of its life; and by up to a tenth of that more, so that a fleet
   * which got its tokens together does not renew them together.
   *
   * @param wish how long ahead a scheme wants it instead; {@code null} if it does not say
   */
  static Instant of(
      Instant obtainedAt, Instant expiresAt, @Nullable Duration wish, RandomGenerator random) {
    long life = Math.max(0, Duration.between(obtainedAt, expiresAt).toMillis());
    long margin =
        wish == null
            ? Math.min(Math.max(life / 10, SHORTEST_MARGIN), LONGEST_MARGIN)
            : wish.toMillis();
    margin = Math.min(margin, life / 2);
    return expiresAt.minusMillis(margin + random.nextLong(margin / 10 + 1));
  }

  /**
   * Returns when to try again after a token could not be replaced early: after a tenth of what is
   * left of its life, at least a second, and not later than its expiry.
   */
  static long afterFailure(long now, long expiresAt) {
    return Math.min(now + Math.max(1_000, (expiresAt - now) / 10), expiresAt);
  }
}
