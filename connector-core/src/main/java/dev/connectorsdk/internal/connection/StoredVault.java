package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.observation.Observations.What;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a connection's acquired credentials in the store, encrypted. */
final class StoredVault implements CredentialVault {

  /** The slot of what a strategy acquired, such as tokens. */
  static final String ACQUIRED = "acquired";

  private static final Logger log = LoggerFactory.getLogger(StoredVault.class);

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final ConnectorStore store;
  private final ConnectionBox box;
  private final ConnectionId connection;
  private final ConnectorId connector;
  private final RuntimeServices services;
  private final Function<Map<String, Secret>, Renewal> renewal;
  private final Runnable stored;
  private final Consumer<ConnectionWithCredentials> requireStillFor;

  /** What was encrypted last, until the next read: whoever reads it back need not decrypt it. */
  private final AtomicReference<@Nullable Sealed> sealed = new AtomicReference<>();

  private record Sealed(StoredCredential row, Map<String, Secret> values) {

    boolean is(StoredCredential other) {
      return row.version() == other.version()
          && row.keyId().equals(other.keyId())
          && row.ciphertext().equals(other.ciphertext());
    }
  }

  /**
   * @param renewal says when values that are to be stored were renewed
   * @param stored runs whenever something was stored
   * @param requireStillFor throws if the connection as it is now is another than this is for
   */
  StoredVault(
      ConnectorStore store,
      ConnectionBox box,
      ConnectionId connection,
      ConnectorId connector,
      RuntimeServices services,
      Function<Map<String, Secret>, Renewal> renewal,
      Runnable stored,
      Consumer<ConnectionWithCredentials> requireStillFor) {
    this.store = store;
    this.box = box;
    this.connection = connection;
    this.connector = connector;
    this.services = services;
    this.renewal = renewal;
    this.stored = stored;
    this.requireStillFor = requireStillFor;
  }

  /** Whoever changes the connection later than it is looked at changes the version, too. */
  @Override
  public Credentials read() {
    ConnectionWithCredentials present = store.findWithCredentials(connection).orElse(null);
    if (present != null) {
      requireStillFor.accept(present);
    }
    StoredCredential row =
        present == null
            ? store.findCredential(connection, ACQUIRED).orElse(null)
            : present.credential(ACQUIRED);
    Sealed last = sealed.getAndSet(null);
    if (row == null) {
      return new Credentials(0, Map.of());
    }
    Map<String, Secret> values = last != null && last.is(row) ? last.values() : box.open(row);
    return new Credentials(row.version(), values);
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    boolean written = store.writeCredential(sealed(expectedVersion + 1, values), expectedVersion);
    if (written) {
      stored.run();
    }
    return written;
  }

  private StoredCredential sealed(long version, Map<String, Secret> values) {
    StoredCredential row = box.sealAcquired(version, values, renewal.apply(values));
    sealed.set(new Sealed(row, Map.copyOf(values)));
    return row;
  }

  /** Asks again and again, with a spread so that those who wait do not ask together. */
  @Override
  public Optional<Lease> lease(long version, Duration atMost) {
    String owner = newOwner(services.random());
    long began = services.clock().millis();
    long paused = 0;
    Claim claim = claim(version, owner);
    for (long pause = FIRST_PAUSE_MILLIS; claim.isPending(); ) {
      long waited = Math.max(paused, services.clock().millis() - began);
      requireMoreTime(waited, atMost, claim);
      long spread = pause / 2 + services.random().nextLong(pause);
      sleep(spread);
      paused += spread;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      claim = claimAgain(version, owner);
    }
    return Optional.ofNullable(claim.lease()).map(this::observed);
  }

  private Lease observed(Lease lease) {
    return new ObservedLease(
        lease, services.observations().begin(What.REFRESH, null, connector, "token"));
  }

  /**
   * What came of asking for a lease.
   *
   * @param isPending whether to ask again
   * @param lease {@code null} if there is none
   * @param failure why the store could not say, or {@code null} if it could
   */
  private record Claim(
      boolean isPending, @Nullable Lease lease, @Nullable StoreException failure) {}

  private Claim claim(long version, String owner) {
    LeaseAttempt attempt =
        store.acquireLease(connection, ACQUIRED, version, owner, StoredLease.DURATION);
    return switch (attempt) {
      case ACQUIRED -> new Claim(false, unlessOutdated(lease(owner, false), version), null);
      case INHERITED -> new Claim(false, unlessOutdated(lease(owner, true), version), null);
      case HELD -> new Claim(true, null, null);
      case OUTDATED -> new Claim(false, null, null);
      case GONE -> throw Stored.deleted(connection);
    };
  }

  /** A database that is restarted meanwhile is back before the time is over. */
  private Claim claimAgain(long version, String owner) {
    try {
      return claim(version, owner);
    } catch (StoreException e) {
      if (!e.isRetryable()) {
        throw e;
      }
      log.debug("Connection {}: asks for its lease again: {}", connection, e.getMessage());
      giveBack(owner);
      return new Claim(true, null, e);
    }
  }

  /** It may have been given although that was not heard; nothing was done with it. */
  private void giveBack(String owner) {
    try {
      store.releaseLease(connection, ACQUIRED, owner, true);
    } catch (StoreException e) {
      log.debug("Connection {}: a lease may run out by itself: {}", connection, e.getMessage());
    }
  }

  private void requireMoreTime(long waitedMillis, Duration atMost, Claim claim) {
    if (waitedMillis < atMost.toMillis()) {
      return;
    }
    StoreException failure = claim.failure();
    if (failure != null) {
      throw failure;
    }
    throw new AuthenticationException(
        connection,
        AuthenticationException.Reason.TEMPORARY,
        "another process has been renewing its credential for longer than this one waits");
  }

  private StoredLease lease(String owner, boolean inherited) {
    return new StoredLease(
        store, this::sealed, connection, owner, inherited, services.workers(), stored);
  }

  /** Somebody may have stored something between the look at the version and the lease. */
  private @Nullable Lease unlessOutdated(StoredLease lease, long version) {
    boolean keep = false;
    try {
      keep = Stored.version(store, connection, ACQUIRED) == version;
    } finally {
      if (!keep) {
        lease.close();
      }
    }
    return keep ? lease : null;
  }

  private void sleep(long millis) {
    try {
      services.sleeper().sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException("Waiting for the credential of '" + connection + "'");
    }
  }

  /** Returns what tells a holder of a lease from all others. */
  static String newOwner(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
