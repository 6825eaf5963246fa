package dev.connectorsdk.api;

/**
 * What running an action does at the service. It decides about retries and confirmations. An author
 * who is unsure declares the stronger effect. GET and HEAD requests are repeated in an action of
 * any effect, since they change nothing (RFC 9110 section 9.2.1).
 */
public enum Effect {
  /** Changes nothing. May be repeated and run in advance. */
  READ,
  /** Changes something, and doing it twice is the same as doing it once. May be repeated. */
  IDEMPOTENT_WRITE,
  /** Changes something each time. Repeated only if it was provably not carried out. */
  WRITE,
  /**
   * Removes or overwrites something that cannot be brought back. Repeated like {@link #WRITE}, but
   * for a DELETE request, which is idempotent (RFC 9110 section 9.2.2).
   */
  DESTRUCTIVE;

  /** Returns whether an attempt whose outcome is unknown may be repeated. */
  public boolean isRepeatable() {
    return this == READ || this == IDEMPOTENT_WRITE;
  }
}
