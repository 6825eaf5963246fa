package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRenewed;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.event.EventHub;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves connections from one status to another, and tells listeners. Safe for several threads. */
final class StatusKeeper {

  private static final Logger log = LoggerFactory.getLogger(StatusKeeper.class);

  private static final int TRIES = 5;
  private static final int LONGEST_MESSAGE = 500;

  private final ConnectorStore store;
  private final Clock clock;
  private final EventHub events;
  private Consumer<ConnectionId> changed = id -> {};

  StatusKeeper(ConnectorStore store, Clock clock, EventHub events) {
    this.store = store;
    this.clock = clock;
    this.events = events;
  }

  /** Says who is told that a connection was changed. Called once, before any use. */
  void onChange(Consumer<ConnectionId> changed) {
    this.changed = changed;
  }

  /** Moves a connection that cannot be used, and says why. */
  void move(ConnectionId id, State state, Reason reason, String message) {
    move(id, ConnectionStatus.notConnected(state, reason, message, clock.instant()), null);
  }

  /** Moves a connection that works, and keeps what is known of its account. */
  void connected(ConnectionId id, @Nullable Account account) {
    move(id, ConnectionStatus.connected(clock.instant()), account);
  }

  /** Moves a connection whose credential is gone for good; a passing failure changes nothing. */
  void follow(ConnectionId id, AuthenticationException failure) {
    switch (failure.reason()) {
      case GRANT_ENDED ->
          move(id, State.UNAUTHENTICATED, Reason.GRANT_ENDED, sentence(failure.problem()));
      case EXPIRED ->
          move(
              id,
              State.UNAUTHENTICATED,
              Reason.CREDENTIALS_EXPIRED,
              "The credentials have expired");
      case CONFIGURATION, REJECTED, TEMPORARY, CONSENT_PENDING, INSUFFICIENT_SCOPE -> {}
    }
  }

  private static String sentence(String problem) {
    String text =
        problem.length() > LONGEST_MESSAGE ? problem.substring(0, LONGEST_MESSAGE) : problem;
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /**
   * Notes that a credential could not be replaced. That it cannot be noted must not hide what was
   * noted.
   */
  void refreshFailed(ConnectionId id, ConnectorId connector, ConnectorException failure) {
    if (failure instanceof AuthenticationException authentication) {
      try {
        follow(id, authentication);
      } catch (StoreException e) {
        log.warn("Connection {}: status not moved: {}", id, e.getMessage());
      }
    }
  }

  /** Tells that a connection goes on with another credential. */
  void credentialRenewed(ConnectionId id, ConnectorId connector) {
    if (!events.isQuiet()) {
      events.publish(new CredentialRenewed(clock.instant(), id, connector));
    }
  }

  private void move(ConnectionId id, ConnectionStatus to, @Nullable Account account) {
    for (int i = 0; i < TRIES; i++) {
      Optional<StoredConnection> found = store.findConnection(id);
      if (found.isEmpty()) {
        return;
      }
      StoredConnection row = found.get();
      Account known = account == null ? row.account() : account;
      if (isSame(row.status(), to) && java.util.Objects.equals(row.account(), known)) {
        return;
      }
      StoredConnection next = Rows.with(row, to, known, clock.instant());
      if (store.updateConnection(next, row.version(), List.of())) {
        announce(row, next);
        return;
      }
    }
    log.warn("Connection {}: status not moved to {}, others keep changing it", id, to);
  }

  private static boolean isSame(ConnectionStatus from, ConnectionStatus to) {
    return from.state() == to.state() && from.reason() == to.reason();
  }

  /** Tells everybody concerned that a row was replaced. */
  void announce(StoredConnection before, StoredConnection after) {
    changed.accept(after.id());
    if (!isSame(before.status(), after.status())) {
      log.debug("Connection {}: {} -> {}", after.id(), before.status(), after.status());
      events.publish(
          new StatusChanged(
              clock.instant(), after.id(), after.connector(), before.status(), after.status()));
    }
  }
}
