package dev.connectorsdk.internal.connection;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds connections by id, from memory where possible. Safe for several threads. */
public final class OpenConnections {

  /** How many of one owner and connector are {@linkplain #own listed} at most. */
  public static final int MOST_OWN = 1_000;

  private final ConnectorStore store;
  private final ConnectionOpener opener;
  private final FreshCache<ConnectionId, Optional<OpenConnection>> cache;

  OpenConnections(ConnectorStore store, ConnectionOpener opener, StoreChanges changes) {
    this.store = store;
    this.opener = opener;
    this.cache = new FreshCache<>(changes, this::read, OpenConnections::newer);
  }

  private Optional<OpenConnection> read(ConnectionId id) {
    return store.findConnection(id).map(row -> new OpenConnection(opener, row));
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

  /** Returns the same, and renews the moment if it was not in memory. */
  public Optional<OpenConnection> find(ConnectionId id, Moment at) {
    return cache.get(id, at);
  }

  /**
   * Returns the connection with this id without keeping it in memory, unless it is there already.
   */
  Optional<OpenConnection> passing(ConnectionId id) {
    return cache.holds(id) ? cache.get(id) : read(id);
  }

  /** Keeps a connection that was opened in passing, with what its authenticator still holds. */
  void keep(OpenConnection connection) {
    cache.keep(connection.id(), Optional.of(connection));
  }

  /**
   * Returns the connections of an owner to a connector in an environment, ordered by id, but no
   * more than {@link #MOST_OWN}. Each is kept in memory.
   */
  public List<ConnectionId> own(ConnectionFilter filter) {
    FreshCache.Reading began = cache.begin();
    List<StoredConnection> rows = rows(filter);
    if (rows.size() > 1) {
      rows.sort(comparing(row -> row.id().value()));
    }
    List<ConnectionId> ids = new ArrayList<>(rows.size());
    for (StoredConnection row : rows) {
      ids.add(row.id());
      if (!cache.holds(row.id())) {
        cache.keep(row.id(), Optional.of(new OpenConnection(opener, row)), began);
      }
    }
    return List.copyOf(ids);
  }

  /** A page that is not full need not be the last one. */
  private List<StoredConnection> rows(ConnectionFilter filter) {
    List<StoredConnection> rows = new ArrayList<>();
    ConnectionQuery.Place after = null;
    while (rows.size() < MOST_OWN) {
      List<StoredConnection> page =
          store.listConnections(
              new ConnectionQuery(
                  filter.environment(),
                  filter.owner(),
                  filter.connector(),
                  null,
                  ConnectionQuery.Order.CONNECTOR,
                  after,
                  MOST_OWN - rows.size()));
      if (page.isEmpty()) {
        break;
      }
      rows.addAll(page);
      after = place(page.get(page.size() - 1));
    }
    return rows;
  }

  /** Returns where a connection stands among those that are listed page by page. */
  public static ConnectionQuery.Place place(StoredConnection row) {
    return new ConnectionQuery.Place(
        row.revision().createdAt(), row.owner(), row.connector(), row.id());
  }

  private static boolean isOf(
      OpenConnection open, @Nullable Environment environment, ConnectorId connector) {
    return open.row().connector().equals(connector)
        && (environment == null || open.row().environment().equals(environment));
  }

  /**
   * Returns a connection as it is stored now.
   *
   * @throws NotFoundException if there is no such connection
   */
  OpenConnection present(ConnectionId id) {
    refresh(id);
    Optional<OpenConnection> found = find(id);
    if (found.isEmpty()) {
      throw Stored.deleted(id);
    }
    return found.get();
  }

  /** Has a connection read from the store by the next {@link #find}, keeping what still fits. */
  public void refresh(ConnectionId id) {
    cache.expire(id);
  }

  /**
   * Drops the connections of a connector, because it is another one now, there or gone.
   *
   * @param environment in which it is a custom connector; {@code null} for a public one
   */
  public void forget(@Nullable Environment environment, ConnectorId connector) {
    cache.forgetIf(found -> found.filter(open -> isOf(open, environment, connector)).isPresent());
  }

  /** Drops the connection with its authenticator and everything in it. */
  void forget(ConnectionId id) {
    cache.forget(id);
  }
}
