package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.internal.connection.Deletions;
import dev.connectorsdk.internal.connection.Deletions.Claim;
import dev.connectorsdk.internal.trigger.Lease.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what was registered with connections that their owners delete, as long as there are their
 * credentials: at once where the service lets us, else in further tries. Safe for several threads.
 */
final class DeletedConnections {

  private static final Logger log = LoggerFactory.getLogger(DeletedConnections.class);

  /** How long whoever deletes a connection waits at most. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Turns.Parts parts;
  private final Removals removals;
  private final Deletions deletions;
  private final Duration within;
  private final Clock clock;
  private final Watch watch;
  private final LongSupplier ticker;
  private long lookedMillis; // of the thread that looks
  private boolean hasLooked; // of the thread that looks

  /**
   * @param within which time it is tried to remove a registration; zero removes nothing
   * @param ticker milliseconds, by a clock that nobody sets
   */
  DeletedConnections(
      Turns.Parts parts,
      Removals removals,
      Deletions deletions,
      Duration within,
      LongSupplier ticker) {
    this.parts = parts;
    this.removals = removals;
    this.deletions = deletions;
    this.within = within;
    this.clock = parts.pace().clock();
    this.watch = parts.pace().watch();
    this.ticker = ticker;
  }

  /**
   * Tries to remove what was registered with a connection that is about to be deleted.
   *
   * @return whether there is nothing left to be removed
   */
  boolean isLeft(StoredConnection connection) {
    Duration wait = within.compareTo(LONGEST_WAIT) < 0 ? within : LONGEST_WAIT;
    return leave(connection, clock.instant().plus(wait)).isEmpty();
  }

  /** Claims the connections that are to be tried again, which is looked for once a minute. */
  List<Claim> claim(int limit) {
    long now = ticker.getAsLong();
    if (hasLooked && now - lookedMillis < SubscriptionChanges.LOOK_AGAIN.toMillis()) {
      return List.of();
    }
    hasLooked = true;
    lookedMillis = now;
    return deletions.claim(limit, Watch.LEASE);
  }

  /** Gives a claim back with which nothing was done. */
  void giveBack(Claim claim) {
    deletions.extend(claim, Duration.ZERO);
  }

  /**
   * Tries again, and has the connection deleted for good if nothing is left.
   *
   * @param givenUp is run if that does not end in time
   */
  void goOn(Claim claim, Runnable givenUp) {
    try (Watch.Task task = watch.begin(new HeldDeletion(claim, givenUp))) {
      Optional<Instant> next = leave(claim.connection(), clock.instant().plus(Watch.LIMIT));
      if (task.end() != null || !deletions.extend(claim, Watch.LEASE)) {
        return; // Somebody else goes on.
      }
      if (next.isPresent()) {
        Duration pause = Duration.between(clock.instant(), next.get());
        deletions.extend(claim, pause.isNegative() ? Duration.ZERO : pause);
      } else {
        deletions.end(claim);
      }
    }
  }

  private final class HeldDeletion implements Watch.Held {

    private final Claim claim;
    private final Runnable givenUp;

    HeldDeletion(Claim claim, Runnable givenUp) {
      this.claim = claim;
      this.givenUp = givenUp;
    }

    @Override
    public boolean renew() {
      return deletions.extend(claim, Watch.LEASE);
    }

    @Override
    public void abandon() {
      givenUp.run();
    }
  }

  /**
   * Tries what is due.
   *
   * @param end until when
   * @return when to go on; empty if nothing is left
   */
  private Optional<Instant> leave(StoredConnection connection, Instant end) {
    var filter =
        new SubscriptionFilter(connection.environment(), null, connection.connector(), null);
    var round = new Round(connection.id().value(), end);
    Pages.forEach(
        (after, limit) -> parts.store().listSubscriptions(filter, after, limit), round::leave);
    return Optional.ofNullable(round.next);
  }

  /** One try for each registration of a connection that is due. For one thread. */
  private final class Round {

    private final String connection;
    private final Instant end;

    /** What came of those that were tried, so that none is tried twice, by key. */
    private final Map<String, Optional<Lease>> tried = new HashMap<>();

    private @Nullable Instant next;

    Round(String connection, Instant end) {
      this.connection = connection;
      this.end = end;
    }

    void leave(StoredSubscription found) {
      Optional<Leases> left =
          parts
              .changes()
              .persist(
                  found,
                  row ->
                      row.isEmpty()
                          ? Optional.of(Leases.none(""))
                          : Optional.ofNullable(left(row.get())));
      Instant again =
          left.isEmpty()
              ? clock.instant().plus(SubscriptionChanges.LOOK_AGAIN)
              : left.get().all().stream()
                  .filter(this::isOurs)
                  .map(Lease::nextAt)
                  .min(Instant::compareTo)
                  .orElse(null);
      if (again != null && (next == null || again.isBefore(next))) {
        next = again;
      }
    }

    private boolean isOurs(Lease lease) {
      return lease.home().connection().equals(connection) && !lease.is(State.ORPHANED);
    }

    /** Returns the registrations of a subscription; {@code null} if it was changed meanwhile. */
    private @Nullable Leases left(StoredSubscription row) {
      Leases before;
      try {
        before = parts.subscriptions().leases(row);
      } catch (SecretUnreadableException e) {
        log.warn("The registrations of {} cannot be read, nor removed", row.id());
        return Leases.none("");
      }
      Leases left = before;
      for (Lease lease : before.all()) {
        if (isOurs(lease)) {
          left = left.with(lease, after(row, before, lease));
        }
      }
      return left.equals(before) || isWritten(row, left) ? left : null;
    }

    private boolean isWritten(StoredSubscription row, Leases left) {
      StoredSubscription next =
          row.next()
              .with(parts.subscriptions().seal(row.id(), left))
              .with(row.subject().at(address(row, left)));
      // Until the connection is deleted, nobody is to register again with it.
      return parts.changes().write(row, next, SubscriptionChanges.LOOK_AGAIN).isPresent();
    }

    private @Nullable Lease after(StoredSubscription row, Leases leases, Lease lease) {
      return tried
          .computeIfAbsent(lease.key(), key -> Optional.ofNullable(tried(row, leases, lease)))
          .orElse(null);
    }

    private @Nullable Lease tried(StoredSubscription row, Leases leases, Lease lease) {
      if (within.isZero()) {
        return lease.orphaned();
      }
      Instant now = clock.instant();
      Lease leaving = lease.is(State.LIVE) ? lease.leaving(now) : lease;
      if (!leaving.isDue(now) || !now.isBefore(end)) {
        return leaving;
      }
      try {
        return leaving.is(State.INTENDED)
            ? removals.looked(row, leases, leaving)
            : removals.left(row, leaving, Duration.between(now, end));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (CallCancelledException e) {
        log.debug("A registration of {} could not be removed", row.id(), e);
      }
      return leaving;
    }
  }

  /** The account of a connection that is no more is nobody's. */
  private static String address(StoredSubscription row, Leases left) {
    return left.live() == null ? Callbacks.hash(left.address()) : row.subject().address();
  }
}
