package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.FindHandler;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.trigger.Lease.State;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes registrations at services: those that others have replaced, and all of a subscription
 * that ends. Safe for several threads.
 */
final class Removals {

  private static final Logger log = LoggerFactory.getLogger(Removals.class);

  /** How often it is tried to read what cannot be read. */
  private static final int MOST_TRIES = 5;

  /**
   * How often somebody may come who does not have the connector: this goes on for most of a day.
   */
  private static final int MOST_WITHOUT_CONNECTOR = 30;

  private final Turns.Parts parts;
  private final RegistrationCalls calls;
  private final Clock clock;
  private final Duration within;

  /**
   * @param within which time it is tried to remove a registration
   */
  Removals(Turns.Parts parts, RegistrationCalls calls, Duration within) {
    this.within = within;
    this.parts = parts;
    this.calls = calls;
    this.clock = parts.pace().clock();
  }

  /**
   * Tries to remove what is to be removed, with the connection that has made it.
   *
   * @return the registrations after that
   */
  Leases leave(HeldLeases held, Leases leases) throws Exception {
    Leases left = leases;
    for (Lease lease : leases.in(State.LEAVING)) {
      if (lease.isDue(clock.instant())) {
        left = left.with(lease, left(held.row(), lease, Watch.LIMIT));
        held.write(left);
      }
    }
    return left;
  }

  /**
   * Tries once to remove a registration.
   *
   * @param limit how long that may take
   * @return the registration after that; {@code null} if the service does not have it any more
   */
  @Nullable Lease left(StoredSubscription row, Lease lease, Duration limit)
      throws InterruptedException {
    Instant now = clock.instant();
    try {
      return isRemoved(row, lease, limit) ? null : lease.stillThere(now, within);
    } catch (OperationUnsupportedException e) {
      return lease.orphaned();
    }
  }

  private boolean isRemoved(StoredSubscription row, Lease lease, Duration limit)
      throws InterruptedException {
    try {
      Optional<OpenConnection> connection = calls.connection(lease);
      if (connection.isEmpty()) {
        return false;
      }
      calls.unsubscribe(
          row,
          parts.sources().webhook(row),
          lease.remote().registration(),
          connection.get(),
          limit);
      return true;
    } catch (InterruptedException | CallCancelledException | OperationUnsupportedException e) {
      throw e;
    } catch (ServiceException e) {
      return RegistrationCalls.isGone(e);
    } catch (Exception | LinkageError | StackOverflowError e) { // It holds nothing else up.
      log.debug("A registration of {} could not be removed", row.id(), e);
      return false;
    }
  }

  /** Removes what is left of a subscription that has ended, then the subscription. */
  Turn end(HeldLeases held) throws Exception {
    try {
      parts.sources().webhook(held.row());
    } catch (NotFoundException e) {
      return end(held.row(), e, MOST_WITHOUT_CONNECTOR);
    }
    Leases left = leave(held, look(held, ending(held.leases())));
    if (left.in(State.LEAVING).isEmpty() && left.in(State.INTENDED).isEmpty()) {
      return ended(held.row(), left);
    }
    Duration next = Duration.between(clock.instant(), left.nextAt());
    return held.release(next.isNegative() || next.isZero() ? SubscriptionChanges.LOOK_AGAIN : next);
  }

  private Leases ending(Leases leases) {
    Instant now = clock.instant();
    return leases.map(State.LIVE, lease -> lease.leaving(now));
  }

  /**
   * Looks for what attempts have made whose outcome nobody has noted. One that is under way when
   * its subscription ends notes its result yet.
   */
  private Leases look(HeldLeases held, Leases leases) throws Exception {
    Leases left = leases;
    for (Lease lease : leases.in(State.INTENDED)) {
      if (lease.isDue(clock.instant())) {
        left = left.with(lease, looked(held.row(), left, lease));
        held.write(left);
      }
    }
    return left;
  }

  /**
   * Looks for what an attempt has made whose outcome nobody has noted.
   *
   * @return the registration after that; {@code null} if the service does not have it
   */
  @Nullable Lease looked(StoredSubscription row, Leases leases, Lease lease)
      throws InterruptedException {
    try {
      return found(row, leases, lease, parts.sources().webhook(row));
    } catch (InterruptedException | CallCancelledException e) {
      throw e;
    } catch (Exception e) {
      log.debug("A registration of {} could not be looked for", row.id(), e);
      return again(lease);
    }
  }

  /** Returns a registration after it could not be looked for: given up once that was often. */
  Lease again(Lease lease) {
    return lease.stillThere(clock.instant(), within);
  }

  /**
   * Looks once for what an attempt has made whose outcome nobody has noted. It is given up if
   * nothing can look for it.
   *
   * @return the registration after that; {@code null} if the service does not have it
   * @throws Exception whatever the trigger throws
   */
  <C> @Nullable Lease found(
      StoredSubscription row, Leases leases, Lease lease, WebhookTrigger<C, ?> trigger)
      throws Exception {
    Optional<FindHandler<C>> finder = trigger.finder();
    Optional<OpenConnection> connection = calls.connection(lease);
    if (finder.isEmpty() || connection.isEmpty()) {
      return lease.orphaned();
    }
    Instant now = clock.instant();
    return calls
        .find(finder.get(), trigger, row, leases, lease, connection.get().toEndAccess())
        .map(found -> lease.live(found, now).leaving(now))
        .orElse(null);
  }

  /**
   * Ends a subscription whose registrations cannot be read, and so cannot be removed.
   *
   * @throws SecretUnreadableException the given one, to be counted, as long as there are more tries
   */
  Turn end(StoredSubscription row, SecretUnreadableException e) {
    return end(row, e, MOST_TRIES);
  }

  private Turn end(StoredSubscription row, ConnectorException e, int tries) {
    if (row.outcome().failures() + 1 < tries) {
      throw e;
    }
    String reason = "Registrations may be left at the service: " + e.getMessage();
    return parts.changes().move(row, Signal.UNREGISTERED, Problems.storable(reason)).isPresent()
        ? Turn.MOVED
        : Turn.FENCED;
  }

  private Turn ended(StoredSubscription row, Leases left) {
    int orphans = left.in(State.ORPHANED).size();
    if (orphans > 0) {
      String reason = orphans + " registration(s) may be left at the service";
      StoredSubscription next =
          SubscriptionChanges.after(row, Signal.UNREGISTERED, reason)
              .with(parts.subscriptions().seal(row.id(), left));
      return parts.changes().write(row, next).isPresent() ? Turn.MOVED : Turn.FENCED;
    }
    if (!parts.store().deleteSubscription(row.id(), row.version())) {
      return Turn.FENCED;
    }
    parts.changes().tellEnded(row);
    return Turn.MOVED;
  }
}
