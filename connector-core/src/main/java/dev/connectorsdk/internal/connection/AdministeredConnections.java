package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.internal.connection.ConnectionDrafts.Draft;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What administrators do with connections of others. Nothing here opens a connection for them, and
 * nothing that they are given has a parameter.
 */
final class AdministeredConnections {

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final ShownConnections pages;
  private final ConnectionAccess access;
  private final ConnectionOpener opener;
  private final ConnectionDrafts drafts;
  private final Deletions deletions;
  private final ConnectionChanges changes;

  AdministeredConnections(
      ConnectorStore store,
      ConnectionAccess access,
      ConnectionOpener opener,
      ConnectionDrafts drafts,
      Deletions deletions,
      ConnectionChanges changes) {
    this.store = store;
    this.pages = new ShownConnections(store);
    this.access = access;
    this.opener = opener;
    this.drafts = drafts;
    this.deletions = deletions;
    this.changes = changes;
  }

  List<Connection> list(Administrator administrator, ConnectionQuery query) {
    ConnectionQuery permitted = access.permitted(administrator, query);
    return pages.list(permitted, this::shown);
  }

  Connection get(Administrator administrator, ConnectionId id) {
    return shown(access.require(administrator, id, "connection shown"));
  }

  private Connection shown(StoredConnection row) {
    return opener.shown(row).withoutParameters();
  }

  Connection disable(Administrator administrator, ConnectionId id, String why) {
    if (why.isBlank()) {
      throw new IllegalArgumentException("Say why, in one sentence for the owner");
    }
    Principal by = administrator.principal();
    return switched(
        administrator,
        require(administrator, id, "connection disabled"),
        row -> drafts.disabled(row, by, why));
  }

  Connection enable(Administrator administrator, ConnectionId id) {
    StoredConnection row = require(administrator, id, "connection enabled");
    return row.access().disabled() == null
        ? shown(row)
        : switched(administrator, row, drafts::enabled);
  }

  private Connection switched(
      Administrator administrator, StoredConnection row, Function<StoredConnection, Draft> change) {
    changes.requireRoom();
    StoredConnection next = replaced(row, change);
    changes.switched(next, administrator.principal());
    return shown(next);
  }

  boolean delete(Administrator administrator, ConnectionId id) {
    Optional<StoredConnection> row = access.find(administrator, id, "connection deleted");
    return row.isPresent() && deletions.delete(row.get(), administrator.principal());
  }

  /**
   * The references go first, and the owner last: if this breaks off in between, nobody can use the
   * connection by them, and it can be repeated.
   */
  Connection handOver(Administrator administrator, ConnectionId id, Principal newOwner) {
    StoredConnection row = require(administrator, id, "connection handed over");
    if (!newOwner.mayOwn() || row.owner().equals(newOwner)) {
      throw new IllegalArgumentException(
          "Hand the connection over to another user or service than " + newOwner);
    }
    changes.requireRoom();
    deletions.release(row);
    changes.handingOver(row, newOwner);
    StoredConnection next = replaced(row, present -> drafts.handedOver(present, newOwner));
    changes.handedOver(row, next, administrator.principal());
    return shown(next);
  }

  private StoredConnection replaced(
      StoredConnection row, Function<StoredConnection, Draft> change) {
    StoredConnection present = row;
    for (int i = 0; i < TRIES; i++) {
      Draft draft = change.apply(present);
      if (store.updateConnection(draft.row(), present.version(), draft.credentials())) {
        return draft.row();
      }
      present = Stored.connection(store, row.id());
      if (!present.identity().equals(row.identity())) {
        break;
      }
    }
    throw new ConflictException("Connection '" + row.id() + "'");
  }

  /**
   * Returns what uses a connection.
   *
   * @throws NotFoundException if the administrator looks after no such connection
   */
  ConnectionUsage usage(Administrator administrator, ConnectionId id, int most) {
    return access.usage(require(administrator, id, "usage of the connection"), most);
  }

  private StoredConnection require(Administrator administrator, ConnectionId id, String what) {
    StoredConnection row = access.require(administrator, id, what);
    Stored.requireUnderstood(row);
    return row;
  }
}
