package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.auth.AuthStrategy.Revocation;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a service end the credentials of a connection that is about to be deleted. */
final class CredentialRevoker {

  private static final Logger log = LoggerFactory.getLogger(CredentialRevoker.class);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final ConnectorStore store;
  private final ConnectionOpener opener;
  private final EventHub events;
  private final Clock clock;

  CredentialRevoker(ConnectorStore store, ConnectionOpener opener, EventHub events, Clock clock) {
    this.store = store;
    this.opener = opener;
    this.events = events;
    this.clock = clock;
  }

  /** Does its best: nothing that goes wrong here keeps a connection from being deleted. */
  void revoke(StoredConnection row) {
    ConnectionAuth<?> auth = null;
    try {
      auth = opener.auth(row);
      if (auth.revoke(LONGEST) != Revocation.NONE) {
        publish(row, true);
      }
    } catch (RuntimeException e) {
      if (auth == null && store.findCredential(row.id(), StoredVault.ACQUIRED).isEmpty()) {
        return;
      }
      log.warn(
          "Connection {}: whether its credentials were revoked is unconfirmed, {}",
          row.id(),
          e instanceof ConnectorException ? e.getMessage() : e.getClass().getName());
      publish(row, false);
    }
  }

  private void publish(StoredConnection row, boolean confirmed) {
    if (!events.isQuiet()) {
      events.publish(new CredentialRevoked(clock.instant(), row.id(), row.connector(), confirmed));
    }
  }
}
