package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.ClientRefused;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRecovered;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRenewed;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves connections from one status to another, and notifies listeners. Safe for several threads.
 */
final class StatusKeeper {

  private static final Logger log = LoggerFactory.getLogger(StatusKeeper.class);

  private static final int TRIES = 5;
  private static final int LONGEST_MESSAGE = 500;

  private final Set<ConnectionId> failing = ConcurrentHashMap.newKeySet();
  private final Set<RefusedClient> refusedClients = ConcurrentHashMap.newKeySet();
  private final ConnectorStore store;
  private final Registry registry;
  private final Clock clock;
  private final EventHub events;
  private final ConnectionChanges changes;

  /**
   * A client that does not work.
   *
   * @param user the connection that brought it; {@code null} for a client of the host, which may
   *     serve thousands of connections that all notice
   */
  private record RefusedClient(ClientKey key, @Nullable ConnectionId user) {}

  StatusKeeper(
      ConnectorStore store,
      Registry registry,
      Clock clock,
      EventHub events,
      ConnectionChanges changes) {
    this.store = store;
    this.registry = registry;
    this.clock = clock;
    this.events = events;
    this.changes = changes;
  }

  /** Moves a connection that cannot be used, and says why. */
  void move(ConnectionId id, State state, Reason reason, String message) {
    move(id, null, notConnected(state, reason, message), null);
  }

  /**
   * Moves a connection that failed, unless its owner has entered something else or signed in again
   * since.
   *
   * @param fit what it failed with
   */
  void moveIfStill(ConnectionId id, Fit fit, State state, Reason reason, String message) {
    move(id, fit, notConnected(state, reason, message), null);
  }

  /** Moves a connection like {@link #moveIfStill(ConnectionId, Fit, State, Reason, String)}. */
  void moveIfStill(ConnectionId id, Fit fit, ConnectionStatus to) {
    move(id, fit, to, null);
  }

  /** Moves a connection. */
  void move(ConnectionId id, ConnectionStatus to) {
    move(id, null, to, null);
  }

  private ConnectionStatus notConnected(State state, Reason reason, String message) {
    return ConnectionStatus.notConnected(state, reason, message, clock.instant());
  }

  /** Moves a connection that works, and keeps what is known of its account. */
  void connected(ConnectionId id, @Nullable Account account) {
    move(id, null, ConnectionStatus.connected(clock.instant()), account);
  }

  /**
   * Moves a connection whose credential is gone for good; a passing failure changes nothing. That
   * the status cannot be moved now must not hide the failure.
   *
   * @param fit what the connection failed with
   */
  void follow(ConnectionId id, Fit fit, AuthenticationException failure) {
    try {
      switch (failure.reason()) {
        case GRANT_ENDED -> grantEnded(id, fit, failure);
        case EXPIRED -> expired(id, fit);
        case CONFIGURATION,
            REJECTED,
            TEMPORARY,
            CONSENT_PENDING,
            INSUFFICIENT_SCOPE,
            DISABLED,
            GATEWAY_NOT_SHARED -> {}
      }
    } catch (StoreException e) {
      log.warn("Connection {}: status not moved: {}", id, e.getMessage());
    }
  }

  private void expired(ConnectionId id, Fit fit) {
    moveIfStill(
        id, fit, State.UNAUTHENTICATED, Reason.CREDENTIALS_EXPIRED, "The credentials have expired");
  }

  /**
   * Moves a connection unless another credential is stored by now. One that is stored between the
   * look and the move is found by the second look, or finds the move.
   */
  private void grantEnded(ConnectionId id, Fit fit, AuthenticationException failure) {
    String problem = sentence(failure.problem());
    if (failure.endedVersion().isEmpty()) {
      moveIfStill(id, fit, State.UNAUTHENTICATED, Reason.GRANT_ENDED, problem);
      return;
    }
    long version = failure.endedVersion().getAsLong();
    if (isStored(id, version)) {
      move(id, State.UNAUTHENTICATED, Reason.GRANT_ENDED, problem);
      if (!isStored(id, version)) {
        credentialStored(id);
      }
    }
  }

  private boolean isStored(ConnectionId id, long version) {
    return Stored.version(store, id, StoredVault.ACQUIRED) == version;
  }

  /** Moves a connection back that waits for somebody whom it no longer needs. */
  void credentialStored(ConnectionId id) {
    try {
      boolean waits =
          store
              .findConnection(id)
              .map(row -> row.access().status().reason())
              .filter(reason -> reason == Reason.GRANT_ENDED || reason == Reason.CONFIGURATION)
              .isPresent();
      if (waits) {
        log.info("Connection {}: goes on with a credential that was stored late", id);
        move(id, null, ConnectionStatus.connected(clock.instant()), null);
      }
    } catch (StoreException e) {
      log.warn("Connection {}: status not moved: {}", id, e.getMessage());
    }
  }

  /** Returns a problem as the message of a status. */
  static String sentence(String problem) {
    String text =
        problem.length() > LONGEST_MESSAGE ? problem.substring(0, LONGEST_MESSAGE) : problem;
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Returns the problem that a status was made of by {@link #follow}. */
  static String problem(ConnectionStatus status) {
    String text = status.message() == null ? "" : status.message();
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  /**
   * Notes that a credential could not be replaced.
   *
   * @param hostsClient whether the connection shares the client of the host with others
   */
  void refreshFailed(
      StoredConnection row, Fit fit, boolean hostsClient, ConnectorException failure) {
    String problem = failure.getClass().getSimpleName();
    if (failure instanceof AuthenticationException authentication) {
      problem = authentication.problem();
      if (authentication.reason() == AuthenticationException.Reason.CONFIGURATION) {
        if (!isOfAddress(authentication)) {
          clientRefused(row, hostsClient, problem);
        }
        misconfigured(row.id(), fit, hostsClient, authentication);
      }
      follow(row.id(), fit, authentication);
    }
    failing.add(row.id());
    if (!events.isQuiet()) {
      Instant now = clock.instant();
      boolean passing = failure.isRetryable();
      events.publish(new CredentialRefreshFailed(now, row.id(), row.connector(), problem, passing));
    }
  }

  /**
   * Moves a connection that its owner has to mend. The client of the host is for the host to mend,
   * and then all its connections go on. What may be a fault of the service counts only for a
   * connection that has never got a credential.
   */
  private void misconfigured(
      ConnectionId id, Fit fit, boolean hostsClient, AuthenticationException failure) {
    try {
      boolean mayPass = failure.retryAfter().isPresent();
      if (!isForHost(failure, hostsClient)
          && !(mayPass && Stored.version(store, id, StoredVault.ACQUIRED) > 0)) {
        moveIfStill(id, fit, State.ERROR, Reason.CONFIGURATION, sentence(failure.problem()));
      }
    } catch (StoreException e) {
      log.warn("Connection {}: status not moved: {}", id, e.getMessage());
    }
  }

  /** Returns whether it is the host that has to mend a configuration, and not the owner. */
  static boolean isForHost(AuthenticationException failure, boolean hostsClient) {
    return hostsClient && !isOfAddress(failure);
  }

  /** Returns whether the token endpoint was not there or not allowed, so that no client failed. */
  private static boolean isOfAddress(AuthenticationException failure) {
    return failure.getCause() instanceof NotFoundException
        || failure.getCause() instanceof HostNotAllowedException;
  }

  private void clientRefused(StoredConnection row, boolean hostsClient, String problem) {
    ClientKey key = registry.clientKey(row.environment(), row.connector(), row.authOption());
    if (!refusedClients.add(new RefusedClient(key, hostsClient ? null : row.id()))) {
      return;
    }
    log.warn(
        "Connector {}: the client of auth option '{}' does not work, as connection {} noticed: {}",
        row.connector(),
        row.authOption(),
        row.id(),
        problem);
    if (!events.isQuiet()) {
      events.publish(
          new ClientRefused(clock.instant(), row.connector(), row.authOption(), row.id(), problem));
    }
  }

  /**
   * Hears that a connection goes on with another credential than the one that it had here.
   *
   * @param isNew whether it was got meanwhile, and not only found in the store
   */
  void credentialUsed(Fit fit, boolean isNew) {
    ConnectionId id = fit.identity().id();
    ConnectorId connector = fit.identity().connector();
    boolean recovered = failing.remove(id);
    if (!refusedClients.isEmpty()) {
      ClientKey key = registry.clientKey(fit.identity().environment(), connector, fit.authOption());
      refusedClients.remove(new RefusedClient(key, null));
      refusedClients.remove(new RefusedClient(key, id));
    }
    if (events.isQuiet()) {
      return;
    }
    if (isNew) {
      events.publish(new CredentialRenewed(clock.instant(), id, connector));
    }
    if (recovered) {
      events.publish(new CredentialRecovered(clock.instant(), id, connector));
    }
  }

  /** Forgets what was noted of a connection that is gone. */
  void forget(ConnectionId id) {
    failing.remove(id);
    refusedClients.removeIf(client -> id.equals(client.user()));
  }

  /** Notes which scopes the credential of a connection has, unless that is another one by now. */
  void granted(ConnectionId id, Fit fit, List<String> scopes) {
    boolean isKnown =
        store
            .findConnection(id)
            .map(row -> Set.copyOf(row.access().grantedScopes()).equals(Set.copyOf(scopes)))
            .orElse(true);
    if (!isKnown) {
      change(id, fit, access -> access.withGrantedScopes(scopes));
    }
  }

  private void move(
      ConnectionId id, @Nullable Fit fit, ConnectionStatus to, @Nullable Account account) {
    change(
        id,
        fit,
        access -> {
          Access named = account == null ? access : access.withAccount(account);
          return isSame(access.status(), to) ? named : named.withStatus(to);
        });
  }

  /**
   * Changes what is known of a connection.
   *
   * @param fit what the connection has to be still, or {@code null}
   */
  private void change(ConnectionId id, @Nullable Fit fit, UnaryOperator<Access> change) {
    for (int i = 0; i < TRIES; i++) {
      Optional<StoredConnection> found = store.findConnection(id);
      if (found.isEmpty() || isChanged(found.get(), fit, change)) {
        return;
      }
    }
    log.warn("Connection {}: not changed, others keep changing it", id);
  }

  /** Returns whether there is nothing more to do to a connection. */
  private boolean isChanged(StoredConnection row, @Nullable Fit fit, UnaryOperator<Access> change) {
    if (fit != null && !fit.equals(Fit.of(row, store))) {
      changes.outdated(row.id());
      return true;
    }
    Access access = change.apply(row.access());
    if (access.equals(row.access())) {
      return true;
    }
    StoredConnection next = row.next(clock.instant()).with(access);
    boolean moved = store.updateConnection(next, row.version(), List.of());
    if (moved) {
      announce(row, next);
    }
    return moved;
  }

  private static boolean isSame(ConnectionStatus from, ConnectionStatus to) {
    return from.state() == to.state() && from.reason() == to.reason();
  }

  /** Notifies everybody concerned that a row was replaced. */
  void announce(StoredConnection before, StoredConnection after) {
    changes.changed(after.id());
    if (!isSame(before.status(), after.status())) {
      log.debug("Connection {}: {} -> {}", after.id(), before.status(), after.status());
      events.publish(
          new StatusChanged(
              clock.instant(), after.id(), after.connector(), before.status(), after.status()));
    }
  }
}
