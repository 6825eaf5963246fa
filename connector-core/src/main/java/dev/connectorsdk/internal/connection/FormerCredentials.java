package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Credentials that a version stored which bound them to nothing but their row. */
final class FormerCredentials {

  private static final Logger log = LoggerFactory.getLogger(FormerCredentials.class);

  private final ConnectorStore store;
  private final CredentialBox box;
  private final Clock clock;

  FormerCredentials(ConnectorStore store, CredentialBox box, Clock clock) {
    this.store = store;
    this.box = box;
    this.clock = clock;
  }

  /** Binds them to the connections as these are now. What is not bound is left as it is. */
  void bind() {
    int bound = 0;
    int left = 0;
    for (StoredConnection row : store.listConnections(new ConnectionFilter(null, null, null))) {
      List<StoredCredential> stored = store.listCredentials(row.id());
      long former = stored.stream().filter(credential -> credential.context().isEmpty()).count();
      if (former == 0 && !stored.isEmpty()) {
        continue;
      }
      if (former == stored.size() && isBound(row, stored)) {
        bound++;
      } else {
        left++;
        sayIfMixed(row, former, stored.size());
      }
    }
    if (bound + left > 0) {
      log.atLevel(left > 0 ? Level.WARN : Level.INFO)
          .log(
              "Of connections that an earlier version stored, bound the credentials of {} and left"
                  + " those of {}",
              bound,
              left);
    }
  }

  /** Somebody may have put the former ones there since; whose they are nobody knows. */
  private static void sayIfMixed(StoredConnection row, long former, int all) {
    if (former < all) {
      log.warn(
          "Connection {}: left as it is, since {} of its {} credentials are bound already",
          row.id(),
          all - former,
          all);
    }
  }

  private boolean isBound(StoredConnection row, List<StoredCredential> stored) {
    ConnectionBox own = box.anew(row, 1, Map.of());
    List<StoredCredential> bound = new ArrayList<>();
    try {
      for (StoredCredential credential : stored) {
        Map<String, Secret> values = box.open(credential);
        bound.add(
            own.seal(credential.slot(), credential.version() + 1, values)
                .with(credential.renewal()));
      }
    } catch (SecretUnreadableException e) {
      log.warn("Connection {}: left as an earlier version stored it: {}", row.id(), e.getMessage());
      return false;
    }
    if (bound.stream().noneMatch(c -> c.slot().equals(ConnectionOpener.ENTERED))) {
      bound.add(own.sealEntered(1));
    }
    boolean written = store.updateConnection(row.next(clock.instant()), row.version(), bound);
    if (!written) {
      log.warn("Connection {}: left as it is, since somebody else changes it", row.id());
    }
    return written;
  }
}
