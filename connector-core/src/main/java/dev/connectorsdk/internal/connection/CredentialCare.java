package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialExpiring;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after credentials that nobody uses, of all connections. Safe for several threads. */
public final class CredentialCare {

  private static final Logger log = LoggerFactory.getLogger(CredentialCare.class);

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
    Set<ConnectionId> expiring = new HashSet<>();
    int renewed = 0;
    for (StoredConnection row : store.listConnections(new ConnectionFilter(null, null, null))) {
      if (expiresSoon(row, now)) {
        expiring.add(row.id());
        announce(row, now);
      }
      if (row.status().isConnected() && isRenewed(row.id(), now.minus(unusedFor))) {
        renewed++;
      }
    }
    announced.keySet().retainAll(expiring);
    return renewed;
  }

  private boolean isRenewed(ConnectionId id, Instant lastUsedBefore) {
    try {
      OpenConnection connection = open.find(id).orElse(null);
      Authenticator authenticator =
          connection == null ? null : connection.endpoint().authenticator();
      return authenticator != null && authenticator.keepAlive(lastUsedBefore);
    } catch (CallCancelledException e) {
      throw e;
    } catch (RuntimeException e) {
      log.debug(
          "Connection {}: not kept alive: {}",
          id,
          e instanceof ConnectorException ? e.getMessage() : e.getClass().getName());
      return false;
    }
  }

  private static boolean expiresSoon(StoredConnection row, Instant now) {
    Instant end = row.settings().credentialExpiresAt();
    return end != null && end.isAfter(now) && end.isBefore(now.plus(EXPIRES_SOON));
  }

  private void announce(StoredConnection row, Instant now) {
    Instant end = row.settings().credentialExpiresAt();
    Instant before = announced.get(row.id());
    boolean again = before == null || !now.isBefore(before.plus(NOTIFY_AGAIN));
    if (end != null && again && !events.isQuiet()) {
      announced.put(row.id(), now);
      events.publish(new CredentialExpiring(now, row.id(), row.connector(), end));
    }
  }
}
