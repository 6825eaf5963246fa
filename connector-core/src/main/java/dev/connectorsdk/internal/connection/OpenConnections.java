package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.internal.cache.FreshCache;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Finds connections by id, from memory where possible. Safe for several threads. */
public final class OpenConnections {

  private final FreshCache<ConnectionId, Optional<OpenConnection>> cache;

  OpenConnections(ConnectorStore store, ConnectionOpener opener, Clock clock, Duration freshness) {
    this.cache =
        new FreshCache<>(
            clock,
            freshness,
            id ->
                store
                    .findConnection(id)
                    .map(row -> new OpenConnection(opener, row, opener.snapshot(row))),
            OpenConnections::newer);
  }

  private static Optional<OpenConnection> newer(
      Optional<OpenConnection> before, Optional<OpenConnection> read) {
    return before.isPresent() && read.isPresent()
        ? Optional.of(OpenConnection.newer(before.get(), read.get()))
        : read;
  }

  /** Returns the connection with this id. */
  public Optional<OpenConnection> find(ConnectionId id) {
    return cache.get(id);
  }

  /**
   * Returns a connection as it is stored now.
   *
   * @throws NotFoundException if there is no such connection
   */
  OpenConnection present(ConnectionId id) {
    refresh(id);
    return find(id).orElseThrow(() -> Stored.deleted(id));
  }

  /** Has a connection read from the store by the next {@link #find}, keeping what still fits. */
  public void refresh(ConnectionId id) {
    cache.expire(id);
  }

  /** Drops the connection with its authenticator and everything in it. */
  void forget(ConnectionId id) {
    cache.forget(id);
  }
}
