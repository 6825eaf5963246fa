package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Effect;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one call of an action may still spend, and what it has spent. Belongs to one call; used by
 * its thread only.
 */
public final class CallBudget {

  private final Clock clock;
  private final long deadlineMillis;
  private final long mostMillis;
  private final Effect effect;
  private final @Nullable String idempotencyHeader;
  private final @Nullable String idempotencyKey;
  private volatile int inFlight; // written under this
  private @Nullable Caller caller;
  private long mostFileBytes;
  private int exchanges;
  private int keyedRequests;

  /** Returns a budget that ends {@code timeout} from now. */
  public CallBudget(
      Clock clock,
      Duration timeout,
      Effect effect,
      @Nullable String idempotencyHeader,
      @Nullable String idempotencyKey) {
    this(clock, clock.millis(), timeout, effect, idempotencyHeader, idempotencyKey);
  }

  /**
   * Returns a budget that ends {@code timeout} from {@code now}.
   *
   * @param now by the clock, in milliseconds
   */
  public CallBudget(
      Clock clock,
      long now,
      Duration timeout,
      Effect effect,
      @Nullable String idempotencyHeader,
      @Nullable String idempotencyKey) {
    this.clock = clock;
    this.mostMillis = timeout.toMillis();
    this.deadlineMillis = now + mostMillis;
    this.effect = effect;
    this.idempotencyHeader = idempotencyHeader;
    this.idempotencyKey = idempotencyKey;
  }

  /** Says for whom the call is made. */
  public CallBudget of(Caller caller) {
    this.caller = caller;
    return this;
  }

  /** Says how large a file may be that the call downloads. */
  public void allowFile(long mostBytes) {
    mostFileBytes = mostBytes;
  }

  /**
   * Returns how large answers may be that somebody reads as they come.
   *
   * @param otherwise how large others may be
   */
  long mostBytes(long otherwise) {
    return Math.max(mostFileBytes, otherwise);
  }

  /** Returns what the call does at the service. */
  public Effect effect() {
    return effect;
  }

  @Nullable Caller caller() {
    return caller;
  }

  /** Returns no more than there was at first, even if the clock was set back. */
  long remainingMillis() {
    return remainingMillis(clock, deadlineMillis, mostMillis);
  }

  private static long remainingMillis(Clock clock, long deadlineMillis, long mostMillis) {
    return Math.min(mostMillis, deadlineMillis - clock.millis());
  }

  /** Returns how much remains of a timeout that counts from {@code began}, in milliseconds. */
  public static Duration remaining(Clock clock, long began, Duration timeout) {
    long most = timeout.toMillis();
    return Duration.ofMillis(remainingMillis(clock, began + most, most));
  }

  /** Returns how long the call may still take; nothing or less if its time is over. */
  public Duration remaining() {
    return Duration.ofMillis(remainingMillis());
  }

  Instant deadline() {
    return Instant.ofEpochMilli(deadlineMillis);
  }

  @Nullable String idempotencyHeader() {
    return idempotencyHeader;
  }

  /** Returns the key by which the service can recognise a repetition, or {@code null}. */
  public @Nullable String idempotencyKey() {
    return idempotencyKey;
  }

  /**
   * Returns the key for the next request that changes something, or {@code null}. The first one has
   * the call's key itself; further ones have keys of their own, so that a service does not take
   * them for repetitions.
   */
  @Nullable String nextRequestKey() {
    if (idempotencyKey == null) {
      return null;
    }
    keyedRequests++;
    return keyedRequests == 1 ? idempotencyKey : idempotencyKey + "-" + keyedRequests;
  }

  /** Returns whether an exchange of the call is under way whose answer is still being read. */
  boolean isInFlight() {
    return inFlight > 0;
  }

  synchronized void began() {
    inFlight++;
  }

  synchronized void ended() {
    inFlight--;
  }

  void countExchange() {
    exchanges++;
  }

  /** Returns how many requests were sent. */
  public int exchanges() {
    return exchanges;
  }

  /** Returns whether a request may be sent again although it may have been carried out. */
  boolean repeatable(String method) {
    return Methods.isSafe(method)
        || effect.isRepeatable()
        || (effect == Effect.DESTRUCTIVE && method.equals("DELETE"))
        || (idempotencyHeader != null && idempotencyKey != null);
  }
}
