package dev.connectorsdk.invocation;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say about one call. Immutable.
 *
 * <pre>{@code
 * CallOptions.standard().within(Duration.ofSeconds(5)).idempotencyKey(stepId)
 * }</pre>
 */
public final class CallOptions {

  private static final CallOptions STANDARD = new CallOptions(null, null);

  private final @Nullable Duration timeout;
  private final @Nullable String idempotencyKey;

  private CallOptions(@Nullable Duration timeout, @Nullable String idempotencyKey) {
    this.timeout = timeout;
    this.idempotencyKey = idempotencyKey;
  }

  /** Returns the options of a call about which nothing is said. */
  public static CallOptions standard() {
    return STANDARD;
  }

  /**
   * Returns a copy that gives the call this much time, token refresh, pauses and repetitions
   * included. The default is the call timeout of the runtime's limits.
   */
  public CallOptions within(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("Timeout must be positive, but was " + timeout);
    }
    return new CallOptions(timeout, idempotencyKey);
  }

  /**
   * Returns a copy with a key by which the service recognises a repetition of this call, such as
   * the id of a workflow's step. It has an effect if the action declares how the key is sent; the
   * default is then a random one for each call.
   */
  public CallOptions idempotencyKey(String idempotencyKey) {
    return new CallOptions(timeout, Objects.requireNonNull(idempotencyKey, "idempotencyKey"));
  }

  @Nullable Duration timeout() {
    return timeout;
  }

  @Nullable String idempotencyKey() {
    return idempotencyKey;
  }
}
