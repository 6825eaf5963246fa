package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease in the store. It is short, so that a holder that crashes is noticed soon, and renewed
 * while it is held, so that one that waits for a slow service keeps it; but not for ever.
 */
final class StoredLease implements Lease {

  static final Duration DURATION = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(StoredLease.class);

  private static final Duration RENEWAL = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final ConnectorStore store;
  private final Sealing sealing;
  private final ConnectionId connection;
  private final String owner;
  private final boolean inherited;
  private final LongSupplier nanos;
  private final long began;
  private final ScheduledFuture<?> renewal;
  private final Runnable stored;
  private boolean leavesMark;

  /** Encrypts what was acquired. */
  @FunctionalInterface
  interface Sealing {
    StoredCredential seal(long version, Map<String, Secret> values);
  }

  StoredLease(
      ConnectorStore store,
      Sealing sealing,
      ConnectionId connection,
      String owner,
      boolean inherited,
      Workers workers,
      Runnable stored) {
    this(store, sealing, connection, owner, inherited, workers, stored, System::nanoTime);
  }

  /**
   * @param nanos the time, by a clock that nobody sets
   */
  StoredLease(
      ConnectorStore store,
      Sealing sealing,
      ConnectionId connection,
      String owner,
      boolean inherited,
      Workers workers,
      Runnable stored,
      LongSupplier nanos) {
    this.store = store;
    this.sealing = sealing;
    this.connection = connection;
    this.owner = owner;
    this.inherited = inherited;
    this.stored = stored;
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.renewal = workers.every(RENEWAL, this::renew);
  }

  private boolean hasLastedTooLong() {
    return nanos.getAsLong() - began > LONGEST.minus(DURATION).toNanos();
  }

  /** Is called every 5 s while it is held. */
  void renew() {
    if (hasLastedTooLong()) {
      renewal.cancel(false);
      return;
    }
    try {
      if (!store.renewLease(connection, StoredVault.ACQUIRED, owner, DURATION)) {
        renewal.cancel(false);
      }
    } catch (StoreException e) {
      log.debug("Connection {}: a lease was not renewed: {}", connection, e.getMessage());
    }
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    boolean written =
        store.writeCredential(sealing.seal(expectedVersion + 1, values), expectedVersion, owner);
    if (written) {
      stored.run();
    }
    return written;
  }

  @Override
  public boolean confirm(long version) {
    if (hasLastedTooLong()
        || !store.renewLease(connection, StoredVault.ACQUIRED, owner, DURATION)) {
      return false;
    }
    if (Stored.version(store, connection, StoredVault.ACQUIRED) != version) {
      return false;
    }
    // That of a deleted connection serves until what was registered with it is removed.
    Optional<StoredConnection> row = store.findConnection(connection);
    row.ifPresent(Stored::requireUsable);
    Optional<ConnectionStatus> status = row.map(StoredConnection::status);
    if (status.isPresent() && status.get().reason() == ConnectionStatus.Reason.GRANT_ENDED) {
      throw AuthenticationException.grantEnded(
          connection, version, StatusKeeper.problem(status.get()), null);
    }
    return true;
  }

  @Override
  public boolean isInherited() {
    return inherited;
  }

  @Override
  public void leaveMark() {
    leavesMark = true;
  }

  @Override
  public void close() {
    renewal.cancel(false);
    try {
      store.releaseLease(connection, StoredVault.ACQUIRED, owner, leavesMark);
    } catch (StoreException e) {
      log.debug("Connection {}: a lease was not given back: {}", connection, e.getMessage());
    }
  }
}
