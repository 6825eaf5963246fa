package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps a connection's acquired credentials in the store, encrypted. */
final class StoredVault implements CredentialVault {

  /** The slot of what a strategy acquired, such as tokens. */
  static final String ACQUIRED = "acquired";

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final ConnectorStore store;
  private final CredentialBox box;
  private final ConnectionId connection;
  private final RuntimeServices services;
  private final Runnable stored;
  private final Consumer<StoredConnection> requireStillFor;

  /**
   * @param stored told whenever something was stored
   * @param requireStillFor throws if the connection as it is now is another than this is for
   */
  StoredVault(
      ConnectorStore store,
      CredentialBox box,
      ConnectionId connection,
      RuntimeServices services,
      Runnable stored,
      Consumer<StoredConnection> requireStillFor) {
    this.store = store;
    this.box = box;
    this.connection = connection;
    this.services = services;
    this.stored = stored;
    this.requireStillFor = requireStillFor;
  }

  /** Whoever changes the connection later than it is looked at changes the version, too. */
  @Override
  public Credentials read() {
    Optional<StoredCredential> read = store.findCredential(connection, ACQUIRED);
    store.findConnection(connection).ifPresent(requireStillFor);
    return read.map(row -> new Credentials(row.version(), box.open(row)))
        .orElseGet(() -> new Credentials(0, Map.of()));
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    boolean written =
        store.writeCredential(
            box.seal(connection, ACQUIRED, expectedVersion + 1, values), expectedVersion);
    if (written) {
      stored.run();
    }
    return written;
  }

  /** Asks again and again, with a spread so that those who wait do not ask together. */
  @Override
  public Optional<Lease> lease(long version, Duration atMost) {
    String owner = newOwner();
    LeaseAttempt attempt = attempt(version, owner);
    long waited = 0;
    for (long pause = FIRST_PAUSE_MILLIS; attempt == LeaseAttempt.HELD; ) {
      requireMoreTime(waited, atMost);
      long spread = pause / 2 + services.random().nextLong(pause);
      sleep(spread);
      waited += spread;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      attempt = attempt(version, owner);
    }
    return switch (attempt) {
      case ACQUIRED -> unlessOutdated(lease(owner, false), version);
      case INHERITED -> unlessOutdated(lease(owner, true), version);
      case OUTDATED -> Optional.empty();
      case GONE, HELD -> throw Stored.deleted(connection);
    };
  }

  private LeaseAttempt attempt(long version, String owner) {
    return store.acquireLease(connection, ACQUIRED, version, owner, StoredLease.DURATION);
  }

  private void requireMoreTime(long waitedMillis, Duration atMost) {
    if (waitedMillis >= atMost.toMillis()) {
      throw new AuthenticationException(
          connection,
          AuthenticationException.Reason.TEMPORARY,
          "another process has been renewing its credential for longer than this one waits");
    }
  }

  private StoredLease lease(String owner, boolean inherited) {
    return new StoredLease(store, box, connection, owner, inherited, services.workers(), stored);
  }

  /** Somebody may have stored something between the look at the version and the lease. */
  private Optional<Lease> unlessOutdated(StoredLease lease, long version) {
    boolean keep = false;
    try {
      keep = Stored.version(store, connection, ACQUIRED) == version;
    } finally {
      if (!keep) {
        lease.close();
      }
    }
    return keep ? Optional.of(lease) : Optional.empty();
  }

  private void sleep(long millis) {
    try {
      services.sleeper().sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException("Waiting for the credential of '" + connection + "'");
    }
  }

  private String newOwner() {
    byte[] bytes = new byte[16];
    services.random().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
