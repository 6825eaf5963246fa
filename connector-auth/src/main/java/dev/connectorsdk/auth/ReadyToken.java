package dev.connectorsdk.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A token set as requests need it. Times are milliseconds of the epoch, so that comparing them
 * creates nothing.
 *
 * @param version the first version of the vault that holds its access token, as far as it is known
 * @param tokens what the vault held at that version
 * @param renewable whether there can be another token without a person
 * @param refreshAt when it is to be replaced; {@code Long.MAX_VALUE} for not before it is refused
 * @param expiresAt when it stops working; {@code Long.MAX_VALUE} if that is unknown
 */
record ReadyToken(
    long version,
    TokenSet tokens,
    Injection injection,
    boolean renewable,
    long refreshAt,
    long expiresAt) {

  static ReadyToken of(
      TokenSet tokens,
      long version,
      Injection injection,
      boolean renewable,
      @Nullable Duration margin,
      RandomGenerator random) {
    Instant expiresAt = tokens.expiresAt();
    if (expiresAt == null) {
      return new ReadyToken(version, tokens, injection, renewable, Long.MAX_VALUE, Long.MAX_VALUE);
    }
    Instant refreshAt =
        renewable ? RefreshTime.of(tokens.obtainedAt(), expiresAt, margin, random) : expiresAt;
    return new ReadyToken(
        version, tokens, injection, renewable, refreshAt.toEpochMilli(), expiresAt.toEpochMilli());
  }

  /** Returns whether these hold the same access token, got at the same time. */
  boolean hasAccessTokenOf(TokenSet others) {
    return tokens.accessToken().equals(others.accessToken())
        && tokens.obtainedAt().equals(others.obtainedAt());
  }

  boolean isDue(long now) {
    return now >= refreshAt;
  }

  boolean hasExpired(long now) {
    return now >= expiresAt;
  }

  /**
   * Returns a copy that is not replaced right now, because that has just failed.
   *
   * @param notBefore when trying again makes sense at all
   */
  ReadyToken afterFailure(long now, long notBefore) {
    return dueAt(Math.max(RefreshTime.afterFailure(now, expiresAt), notBefore));
  }

  /** Returns a copy that is to be replaced at another time. */
  ReadyToken dueAt(long millis) {
    return new ReadyToken(
        version, tokens, injection, renewable, Math.min(millis, expiresAt), expiresAt);
  }
}
