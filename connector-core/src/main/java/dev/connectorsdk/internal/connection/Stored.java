package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;

/** What is stored of a connection. */
final class Stored {

  private Stored() {}

  /**
   * Returns a connection that was there before.
   *
   * @throws NotFoundException if it was deleted since
   */
  static StoredConnection connection(ConnectorStore store, ConnectionId id) {
    return store.findConnection(id).orElseThrow(() -> deleted(id));
  }

  /**
   * Checks that a connection may be used and changed.
   *
   * @throws AuthenticationException if an administrator has disabled it
   * @throws StoreException if what is stored of it is not understood by this version
   */
  static void requireUsable(StoredConnection row) {
    ConnectionStatus disabled = row.access().disabled();
    if (disabled != null) {
      throw new AuthenticationException(
          row.id(),
          AuthenticationException.Reason.DISABLED,
          "an administrator has disabled it: " + disabled.message());
    }
    requireUnderstood(row);
  }

  /**
   * Checks that a connection may be changed by this version.
   *
   * @throws StoreException if what is stored of it is not understood
   */
  static void requireUnderstood(StoredConnection row) {
    if (row.status().reason() == ConnectionStatus.Reason.NOT_UNDERSTOOD) {
      throw new StoreException(
          "Connection '"
              + row.id()
              + "' cannot be used or changed by this version of the library: "
              + row.status().message(),
          false,
          null);
    }
  }

  static NotFoundException deleted(ConnectionId id) {
    return new NotFoundException("connection", id.value(), "It was deleted in the meantime.");
  }

  /** Returns the version of what a slot of its credentials holds, or 0 if it was never filled. */
  static long version(ConnectorStore store, ConnectionId connection, String slot) {
    return store.findCredential(connection, slot).map(StoredCredential::version).orElse(0L);
  }
}
