package dev.connectorsdk.http;

import java.time.Duration;

/**
 * How many HTTP exchanges may be in flight at the same time. An exchange that finds no room waits
 * for its turn, first come, first served; the wait is part of the time of its call. One that waited
 * too long ends with a {@code TransportException} of kind {@code BUSY}, and nothing was sent.
 *
 * <p>Exchanges are counted and not calls: a call that renews its credential, pauses or computes has
 * none, and one that needs several has them one after another. Requests for tokens have limits of
 * their own, {@link HttpLimits#forTokens}, so that neither kind keeps the other waiting.
 *
 * <p>An exchange of an unwrapped client ends when its answer has been read to the end or closed.
 * Until then, further exchanges of the same call need not find room; those of others wait, and if
 * all room is taken by answers that are kept open, they end with {@code BUSY} too, and its message
 * says how many are.
 *
 * <p>No connection has more than {@code perConnection} exchanges that wait for room at a host or in
 * the runtime; the others wait for these. So a burst of one connection passes at the pace of its
 * own exchanges, and the others get their turn between them.
 *
 * @param perConnection of one connection
 * @param perHost to one origin, of all connections
 * @param total of the runtime
 * @param longestWait how long an exchange waits at most; zero refuses at once. It never waits
 *     longer than its call may take.
 * @param maxFailures how many exchanges of one connection with one origin may fail in a row. After
 *     that only one each 10 s is sent, and the others end with a {@code TransportException} of kind
 *     {@code PAUSED}, until one is answered. A failure is no whole answer, or one with status 500,
 *     502, 503 or 504; none is that the time of the whole call was over. Zero is for any number;
 *     requests for tokens have rules of their own.
 */
public record InFlightLimits(
    int perConnection, int perHost, int total, Duration longestWait, int maxFailures) {

  public InFlightLimits {
    requirePositive("perConnection", perConnection);
    requirePositive("perHost", perHost);
    requirePositive("total", total);
    if (longestWait.isNegative()) {
      throw new IllegalArgumentException(
          "longestWait must not be negative, but was " + longestWait);
    }
    if (maxFailures < 0) {
      throw new IllegalArgumentException("maxFailures must not be negative: " + maxFailures);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
    }
  }

  /**
   * Returns the defaults: 16, 128, 512, 60 s, 20. A host has room for several connections, so that
   * one whose exchanges take long does not take all of it.
   */
  public static InFlightLimits standard() {
    return new InFlightLimits(16, 128, 512, Duration.ofSeconds(60), 20);
  }

  /** Returns a copy with another limit of one connection. */
  public InFlightLimits withPerConnection(int perConnection) {
    return new InFlightLimits(perConnection, perHost, total, longestWait, maxFailures);
  }

  /** Returns a copy with another limit to one origin. */
  public InFlightLimits withPerHost(int perHost) {
    return new InFlightLimits(perConnection, perHost, total, longestWait, maxFailures);
  }

  /** Returns a copy with another limit of the runtime. */
  public InFlightLimits withTotal(int total) {
    return new InFlightLimits(perConnection, perHost, total, longestWait, maxFailures);
  }

  /** Returns a copy with another longest wait. */
  public InFlightLimits withLongestWait(Duration longestWait) {
    return new InFlightLimits(perConnection, perHost, total, longestWait, maxFailures);
  }

  /** Returns a copy with another number of failures in a row. */
  public InFlightLimits withMaxFailures(int maxFailures) {
    return new InFlightLimits(perConnection, perHost, total, longestWait, maxFailures);
  }
}
