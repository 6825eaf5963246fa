package dev.connectorsdk.internal.gateway;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a member of a gateway at all processes of the host.
 *
 * @param holder whose lines count, or {@code null} if nobody's do
 * @param isThere whether it was said last that the member has returned, and not that it was lost
 * @param since when that was said, or {@code null} if neither was ever
 * @param seen when it had a line last, to a minute, or {@code null} if it never had one
 * @param claim who else shows the member's key and waits, or {@code null}
 * @param copy who has shown it last and was refused, or {@code null}
 */
record Presence(
    @Nullable Holder holder,
    boolean isThere,
    @Nullable Instant since,
    @Nullable Instant seen,
    @Nullable Claim claim,
    @Nullable Copy copy) {

  /** A member that was never there. */
  static final Presence NEVER = new Presence(null, false, null, null, null, null);

  /**
   * A process that uses a member's key.
   *
   * @param instance which process of the member it is
   * @param address where it was seen first
   */
  record Holder(String instance, String address, Instant at) {}

  /**
   * A process that would like to use a key which another one has.
   *
   * @param at when it was made, or else when it was refused
   * @param refused whether the other one has given a sign of life since
   */
  record Claim(String instance, String address, Instant at, boolean refused) {}

  /** A process that was refused, for another one uses the same key. */
  record Copy(String address, Instant at) {}

  /** Returns whether a process may hold lines. */
  boolean isHeldBy(String instance) {
    return holder != null && holder.instance().equals(instance);
  }

  /** Returns whether a process waits, or was refused, and has not heard of it. */
  boolean isClaimedBy(String instance) {
    return claim != null && claim.instance().equals(instance);
  }

  /** Returns whether there was no line for some time, as far as is known. */
  boolean isAwayFor(Duration time, Instant now) {
    return seen == null || !now.isBefore(seen.plus(time));
  }

  Presence heldBy(Holder other) {
    return new Presence(other, isThere, since, seen, null, copy);
  }

  Presence claimed(@Nullable Claim other) {
    return new Presence(holder, isThere, since, seen, other, copy);
  }

  Presence copied(Copy other) {
    return new Presence(holder, isThere, since, seen, null, other);
  }

  Presence seenAt(Instant now) {
    return new Presence(holder, isThere, since, now, claim, copy);
  }

  Presence returned(Instant now) {
    return new Presence(holder, true, isThere ? since : now, now, claim, copy);
  }

  Presence lost(Instant now) {
    return new Presence(null, false, now, seen, null, copy);
  }
}
