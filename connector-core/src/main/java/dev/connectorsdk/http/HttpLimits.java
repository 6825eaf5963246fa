package dev.connectorsdk.http;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How long calls may take, how large answers may be, and how often a request is sent.
 *
 * <pre>{@code
 * HttpLimits.standard().withCallTimeout(Duration.ofSeconds(10)).withMaxAttempts(1)
 * }</pre>
 *
 * @param connectTimeout the time to establish a connection, TLS included
 * @param readTimeout the time until the next bytes arrive, or are accepted by the service
 * @param callTimeout the time of one call of an action with everything in it: bodies, redirects,
 *     token refresh, pauses and repetitions
 * @param maxResponseBytes the largest body of an answer, in bytes after decompression; less than 2
 *     GiB. What a service sends around it is limited as well, to 256 KiB and 2,000 lines of headers
 *     and trailers, of which HTTP/2 may send 64 KiB packed
 * @param maxAttempts how often one request is sent at most; at least 1
 * @param maxRetryAfter the longest pause that a service may ask for; if it asks for more, the call
 *     fails at once and says when to try again
 * @param retryBudget how many times more than usual one connection's requests may be repeated,
 *     times five: a repetition takes 5 of it, a success gives 1 back. Once it is used up, failures
 *     are final, until there are successes again.
 * @param inFlight how many exchanges there may be at the same time
 */
public record HttpLimits(
    Duration connectTimeout,
    Duration readTimeout,
    Duration callTimeout,
    long maxResponseBytes,
    int maxAttempts,
    Duration maxRetryAfter,
    int retryBudget,
    InFlightLimits inFlight) {

  public HttpLimits {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("readTimeout", readTimeout);
    requirePositive("callTimeout", callTimeout);
    if (maxResponseBytes < 1 || maxResponseBytes > Integer.MAX_VALUE - 16L) {
      throw new IllegalArgumentException(
          "maxResponseBytes must be between 1 and 2 GiB, but was " + maxResponseBytes);
    }
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, but was " + maxAttempts);
    }
    if (maxRetryAfter.isNegative()) {
      throw new IllegalArgumentException("maxRetryAfter must not be negative");
    }
    if (retryBudget < 0) {
      throw new IllegalArgumentException("retryBudget must not be negative: " + retryBudget);
    }
    Objects.requireNonNull(inFlight, "inFlight");
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, but was " + value);
    }
  }

  /**
   * Returns the defaults: 10 s, 30 s, 60 s, 10 MiB, 3 attempts, 60 s, a budget of 500, and {@link
   * InFlightLimits#standard}.
   */
  public static HttpLimits standard() {
    return new HttpLimits(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        10L * 1024 * 1024,
        3,
        Duration.ofSeconds(60),
        500,
        InFlightLimits.standard());
  }

  /**
   * Returns the defaults for requests to token endpoints and their like: 5 s, 20 s, 20 s, 256 KiB,
   * each request sent once. As many may be in flight as of calls, and do not count among those;
   * what finds no room waits 5 s for it.
   */
  public static HttpLimits forTokens() {
    return new HttpLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        256 * 1024,
        1,
        Duration.ZERO,
        0,
        InFlightLimits.standard().withLongestWait(Duration.ofSeconds(5)));
  }

  /** Returns a copy with another time to establish a connection. */
  public HttpLimits withConnectTimeout(Duration connectTimeout) {
    return with(draft -> draft.connectTimeout = connectTimeout);
  }

  /** Returns a copy with another time to wait for the next bytes. */
  public HttpLimits withReadTimeout(Duration readTimeout) {
    return with(draft -> draft.readTimeout = readTimeout);
  }

  /** Returns a copy with another time for a whole call. */
  public HttpLimits withCallTimeout(Duration callTimeout) {
    return with(draft -> draft.callTimeout = callTimeout);
  }

  /** Returns a copy with another largest body of an answer. */
  public HttpLimits withMaxResponseBytes(long maxResponseBytes) {
    return with(draft -> draft.maxResponseBytes = maxResponseBytes);
  }

  /** Returns a copy with another number of attempts. */
  public HttpLimits withMaxAttempts(int maxAttempts) {
    return with(draft -> draft.maxAttempts = maxAttempts);
  }

  /** Returns a copy with another longest pause. */
  public HttpLimits withMaxRetryAfter(Duration maxRetryAfter) {
    return with(draft -> draft.maxRetryAfter = maxRetryAfter);
  }

  /** Returns a copy with another budget for repetitions. */
  public HttpLimits withRetryBudget(int retryBudget) {
    return with(draft -> draft.retryBudget = retryBudget);
  }

  /** Returns a copy with other limits of exchanges in flight. */
  public HttpLimits withInFlight(InFlightLimits inFlight) {
    return with(draft -> draft.inFlight = inFlight);
  }

  private HttpLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  private static final class Draft {
    private Duration connectTimeout;
    private Duration readTimeout;
    private Duration callTimeout;
    private long maxResponseBytes;
    private int maxAttempts;
    private Duration maxRetryAfter;
    private int retryBudget;
    private InFlightLimits inFlight;

    Draft(HttpLimits limits) {
      this.connectTimeout = limits.connectTimeout;
      this.readTimeout = limits.readTimeout;
      this.callTimeout = limits.callTimeout;
      this.maxResponseBytes = limits.maxResponseBytes;
      this.maxAttempts = limits.maxAttempts;
      this.maxRetryAfter = limits.maxRetryAfter;
      this.retryBudget = limits.retryBudget;
      this.inFlight = limits.inFlight;
    }

    HttpLimits limits() {
      return new HttpLimits(
          connectTimeout,
          readTimeout,
          callTimeout,
          maxResponseBytes,
          maxAttempts,
          maxRetryAfter,
          retryBudget,
          inFlight);
    }
  }
}
