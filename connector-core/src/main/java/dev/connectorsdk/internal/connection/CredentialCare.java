package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.CareDue;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after credentials that nobody uses, of all connections. Safe for several threads. */
public final class CredentialCare {

  private static final Logger log = LoggerFactory.getLogger(CredentialCare.class);

  private static final int PAGE = 200;
  private static final Duration EXPIRES_SOON = Duration.ofDays(14);

  /** A little less than a day, so that whoever looks once a day is notified each time. */
  private static final Duration NOTIFY_AGAIN = Duration.ofHours(23);

  private final ConnectorStore store;
  private final OpenConnections open;
  private final EventHub events;
  private final Clock clock;
  private final Map<ConnectionId, Instant> announced = new ConcurrentHashMap<>();

  CredentialCare(ConnectorStore store, OpenConnections open, EventHub events, Clock clock) {
    this.store = store;
    this.open = open;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Renews what was not renewed for so long, and announces what ends by itself soon.
   *
   * @return how many credentials were renewed
   * @throws CallCancelledException if the thread is interrupted
   */
  public int keepAlive(Duration unusedFor) {
    Instant now = clock.instant();
    announceExpiring(now);
    Instant lastUsedBefore = now.minus(unusedFor);
    return each(
        after -> store.listUnrenewed(StoredVault.ACQUIRED, lastUsedBefore, after, PAGE),
        due -> isRenewed(due, lastUsedBefore));
  }

  /** Returns for how many of all pages something was done. */
  private static int each(
      Function<@Nullable CareDue, List<CareDue>> next, Predicate<CareDue> isDone) {
    int done = 0;
    for (List<CareDue> page = next.apply(null);
        !page.isEmpty();
        page = next.apply(page.get(page.size() - 1))) {
      for (CareDue due : page) {
        done += isDone.test(due) ? 1 : 0;
      }
    }
    return done;
  }

  private boolean isRenewed(CareDue due, Instant lastUsedBefore) {
    OpenConnection connection = null;
    try {
      // What is known to be due is renewed, by the same authenticator as calls have.
      connection =
          (due.at().equals(CareDue.UNKNOWN)
                  ? open.passing(due.connection())
                  : open.find(due.connection()))
              .orElse(null);
      if (connection == null || !connection.row().status().isConnected()) {
        return false;
      }
      boolean renewed = connection.keepAlive(lastUsedBefore);
      if (!renewed && due.at().equals(CareDue.UNKNOWN)) {
        connection.noteRenewal(store);
      }
      return renewed;
    } catch (CallCancelledException e) {
      keep(connection);
      throw e;
    } catch (RuntimeException e) {
      keep(connection);
      log.debug(
          "Connection {}: not kept alive: {}",
          due.connection(),
          e instanceof ConnectorException ? e.getMessage() : e.getClass().getName());
      return false;
    }
  }

  /** Its authenticator may have got what it could not store. */
  private void keep(@Nullable OpenConnection connection) {
    if (connection != null) {
      open.keep(connection);
    }
  }

  private void announceExpiring(Instant now) {
    Set<ConnectionId> expiring = new HashSet<>();
    each(
        after -> store.listExpiring(now, now.plus(EXPIRES_SOON), after, PAGE),
        due -> {
          expiring.add(due.connection());
          return isAnnounced(due, now);
        });
    announced.keySet().retainAll(expiring);
  }

  private boolean isAnnounced(CareDue due, Instant now) {
    Instant before = announced.get(due.connection());
    if (events.isQuiet() || (before != null && now.isBefore(before.plus(NOTIFY_AGAIN)))) {
      return false;
    }
    Optional<StoredConnection> row = store.findConnection(due.connection());
    row.ifPresent(
        found -> {
          announced.put(found.id(), now);
          events.publish(new CredentialExpiring(now, found.id(), found.connector(), due.at()));
        });
    return row.isPresent();
  }
}
