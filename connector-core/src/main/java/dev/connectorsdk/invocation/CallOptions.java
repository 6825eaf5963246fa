package dev.connectorsdk.invocation;

import dev.connectorsdk.api.file.FileTarget;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings for one call. Immutable: each method that sets something returns a copy.
 *
 * <pre>{@code
 * CallOptions.standard().within(Duration.ofSeconds(5)).idempotencyKey(stepId)
 * CallOptions.standard().collectingPages(500)
 * CallOptions.standard().saveTo(FileTarget.of(Path.of("report.pdf")))
 * }</pre>
 */
public final class CallOptions {

  private static final int MOST_ITEMS = 100_000;
  private static final CallOptions STANDARD = new CallOptions(null, null, 0, true, null);

  private final @Nullable Duration timeout;
  private final @Nullable String idempotencyKey;
  private final int items;
  private final boolean waiting;
  private final @Nullable FileTarget target;

  private CallOptions(
      @Nullable Duration timeout,
      @Nullable String idempotencyKey,
      int items,
      boolean waiting,
      @Nullable FileTarget target) {
    this.timeout = timeout;
    this.idempotencyKey = idempotencyKey;
    this.items = items;
    this.waiting = waiting;
    this.target = target;
  }

  /** Returns the defaults. */
  public static CallOptions standard() {
    return STANDARD;
  }

  /**
   * Returns a copy that limits the time of the whole call, including token refresh, pauses and
   * repetitions. The default is the call timeout of the runtime's limits.
   *
   * @throws IllegalArgumentException if the time is not positive
   */
  public CallOptions within(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("Timeout must be positive, but was " + timeout);
    }
    return new CallOptions(timeout, idempotencyKey, items, waiting, target);
  }

  /**
   * Returns a copy with a key by which the service recognises a repetition of this call, such as
   * the id of a workflow's step. It is sent if the action declares a header for it. The default is
   * then a random key for each call. A key that this runtime has used within a day for another
   * input of the action on the connection is refused with {@link
   * dev.connectorsdk.api.error.InvalidInputException}: the service would take the call for the
   * earlier one.
   */
  public CallOptions idempotencyKey(String idempotencyKey) {
    Objects.requireNonNull(idempotencyKey, "idempotencyKey");
    return new CallOptions(timeout, idempotencyKey, items, waiting, target);
  }

  /**
   * Returns a copy that has a pageable operation of a definition ({@code x-ms-pageable}) follow its
   * next links until there are this many items or the list ends. By default it returns its first
   * page, link included. Links to hosts that the connection may not go to are refused. Actions that
   * are code page as their code says.
   *
   * @param minimumItems at least 1, at most 100,000
   */
  public CallOptions collectingPages(int minimumItems) {
    if (minimumItems < 1 || minimumItems > MOST_ITEMS) {
      throw new IllegalArgumentException("1 to 100,000 items, not " + minimumItems);
    }
    return new CallOptions(timeout, idempotencyKey, minimumItems, waiting, target);
  }

  /**
   * Returns a copy that has an operation of a definition return an answer {@code 202} at once. By
   * default one with a {@code Location} is followed, as long as the call's time lasts, until the
   * work is done: its result is the operation's. Between looks the runtime waits as the service
   * asks in {@code Retry-After}, else 20 s.
   */
  public CallOptions withoutWaiting() {
    return new CallOptions(timeout, idempotencyKey, items, false, target);
  }

  /**
   * Returns a copy that says where a file goes that the call downloads. Give calls that move large
   * files as much time as they take, by {@link #within}. An action that downloads nothing does not
   * use it.
   */
  public CallOptions saveTo(FileTarget target) {
    Objects.requireNonNull(target, "target");
    return new CallOptions(timeout, idempotencyKey, items, waiting, target);
  }

  /** Returns the time for the call, or {@code null} for the runtime's. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  /** Returns how many items to collect, or 0 for what the connector does by itself. */
  public int items() {
    return items;
  }

  /** Returns where a downloaded file goes, or {@code null} if the caller does not say. */
  public @Nullable FileTarget target() {
    return target;
  }

  /** Returns whether the call waits for the result after an answer 202. */
  public boolean isWaiting() {
    return waiting;
  }

  /** Returns the key that all attempts of the call carry, or {@code null} for a new one. */
  public @Nullable String idempotencyKey() {
    return idempotencyKey;
  }
}
