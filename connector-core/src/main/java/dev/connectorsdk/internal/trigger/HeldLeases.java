package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.Leases.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The registrations of a subscription for the turn that has claimed it. For one thread. */
final class HeldLeases {

  private final Turns.Parts parts;
  private final Hold hold;
  private Leases leases;

  /** The claim of a turn, which is a new one after each write. */
  interface Hold {

    Claim claim();

    void replace(Claim claim);
  }

  /**
   * Reads them.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if they cannot be decrypted
   */
  HeldLeases(Turns.Parts parts, Hold hold) {
    this.parts = parts;
    this.hold = hold;
    this.leases = parts.subscriptions().leases(row());
  }

  StoredSubscription row() {
    return hold.claim().subscription();
  }

  /** Returns since when nobody else takes a turn, by the store's clock. */
  Instant claimedAt() {
    return hold.claim().at();
  }

  Leases leases() {
    return leases;
  }

  boolean needs(Need one) {
    return leases.needs(one);
  }

  /** Stores them, and keeps the claim. */
  void write(Leases next) throws Fenced {
    write(next, row().life(), row().subject().address());
  }

  /** Stores them with the phase and the address of their subscription, and keeps the claim. */
  void write(Leases next, Life life, String address) throws Fenced {
    StoredSubscription row = row();
    StoredSubscription written =
        row.next()
            .with(parts.subscriptions().seal(row.id(), next))
            .with(life)
            .with(row.subject().at(address));
    if (parts.changes().write(row, written, Watch.LEASE).isEmpty()) {
      throw new Fenced();
    }
    Claim again = parts.store().claim(row.id(), Watch.LEASE).orElseThrow(Fenced::new);
    hold.replace(again);
    if (again.subscription().version() != written.version()) {
      throw new Fenced();
    }
    leases = next;
  }

  /**
   * Stores how far the service has been read, and what was found.
   *
   * @return how many of the events were new
   */
  int commit(Progress progress, List<NewEvent> events) throws Fenced {
    int stored = parts.store().commit(hold.claim(), progress, events);
    if (stored < 0) {
      throw new Fenced();
    }
    return stored;
  }

  /** Gives the claim back after what went well. */
  Turn release(Duration next) {
    return parts.store().release(hold.claim(), Outcome.NONE, next)
        ? new Turn.Stored(0, next)
        : Turn.FENCED;
  }

  /** Gives the claim back after what did not go well. */
  boolean release(Outcome outcome, Duration next) {
    return parts.store().release(hold.claim(), outcome, next);
  }
}
