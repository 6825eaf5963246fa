package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.internal.trigger.Lease.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what was registered with a connection before it is deleted, as long as there is its
 * credential. Safe for several threads.
 */
final class DeletedConnections {

  private static final Logger log = LoggerFactory.getLogger(DeletedConnections.class);

  private final Turns.Parts parts;
  private final Removals removals;
  private final Clock clock;
  private final Duration longest;

  /**
   * @param longest how long whoever deletes a connection waits
   */
  DeletedConnections(Turns.Parts parts, Removals removals, Duration longest) {
    this.parts = parts;
    this.removals = removals;
    this.clock = parts.pace().clock();
    this.longest = longest;
  }

  /** Does its best; what cannot be removed now is given up, since nobody can remove it later. */
  void leave(StoredConnection connection) {
    Instant end = clock.instant().plus(longest);
    var filter =
        new SubscriptionFilter(connection.environment(), null, connection.connector(), null);
    Pages.forEach(
        (after, limit) -> parts.store().listSubscriptions(filter, after, limit),
        row -> leave(row, connection.id().value(), end));
  }

  private void leave(StoredSubscription found, String connection, Instant end) {
    Set<String> removed = new HashSet<>();
    parts
        .changes()
        .persist(
            found,
            row ->
                row.isEmpty() || isLeft(row.get(), connection, end, removed)
                    ? Optional.of(found)
                    : Optional.empty());
  }

  /**
   * Returns whether none of a subscription's registrations is the connection's any more, as far as
   * this row tells.
   *
   * @param removed the keys of those that were removed at the service
   */
  private boolean isLeft(
      StoredSubscription row, String connection, Instant end, Set<String> removed) {
    if (row.registration().isEmpty()) {
      return true;
    }
    Leases left;
    try {
      left = parts.subscriptions().leases(row);
    } catch (SecretUnreadableException e) {
      log.warn("The registrations of {} cannot be read, nor removed", row.id());
      return true;
    }
    boolean any = false;
    for (Lease lease : left.all()) {
      if (lease.home().connection().equals(connection) && !lease.is(State.ORPHANED)) {
        any = true;
        left = isGone(row, lease, end, removed) ? left.without(lease) : left.with(lease.orphaned());
      }
    }
    if (!any) {
      return true;
    }
    StoredSubscription next =
        row.next()
            .with(parts.subscriptions().seal(row.id(), left))
            .with(row.subject().at(address(row, left)));
    // Until the connection is deleted, nobody is to register again with it.
    return parts.changes().write(row, next, SubscriptionChanges.LOOK_AGAIN).isPresent();
  }

  /** The account of a connection that is no more is nobody's. */
  private static String address(StoredSubscription row, Leases left) {
    return left.live() == null ? Callbacks.hash(left.address()) : row.subject().address();
  }

  /** What nobody knows to be registered cannot be removed by its id. */
  private boolean isGone(StoredSubscription row, Lease lease, Instant end, Set<String> removed) {
    if (removed.contains(lease.key())) {
      return true;
    }
    Duration time = Duration.between(clock.instant(), end);
    boolean gone = !lease.is(State.INTENDED) && time.toMillis() > 0 && isRemoved(row, lease, time);
    if (gone) {
      removed.add(lease.key());
    }
    return gone;
  }

  /** Whatever a trigger does, its connection is deleted. */
  private boolean isRemoved(StoredSubscription row, Lease lease, Duration time) {
    try {
      return removals.isRemoved(row, lease, time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CallCancelledException e) {
      log.debug("A registration of {} could not be removed", row.id(), e);
    }
    return false;
  }
}
