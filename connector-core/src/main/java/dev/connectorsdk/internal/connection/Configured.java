package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import org.jspecify.annotations.Nullable;

/**
 * A connection's row and what its owner entered, from one moment.
 *
 * @param entered {@code null} if nothing is stored
 * @param signIn the version of what is known of the last sign-in
 */
record Configured(StoredConnection row, @Nullable StoredCredential entered, long signIn) {

  /**
   * Reads what is stored. A secret must not meet the address that was there before it: if the
   * connection was changed since {@code known} was read, the present row is taken. One that is
   * deleted is not changed any more.
   */
  static Configured read(ConnectorStore store, StoredConnection known) {
    return known.isDeleted()
        ? of(new ConnectionWithCredentials(known, store.listCredentials(known.id())))
        : read(store, known.id());
  }

  /**
   * Reads what is stored.
   *
   * @throws NotFoundException if there is no such connection, or it is deleted
   */
  static Configured read(ConnectorStore store, ConnectionId id) {
    return of(store.findWithCredentials(id).orElseThrow(() -> Stored.deleted(id)));
  }

  private static Configured of(ConnectionWithCredentials stored) {
    Stored.requireUnderstood(stored.connection());
    StoredCredential signIn = stored.credential(SignInRecord.SLOT);
    return new Configured(
        stored.connection(),
        stored.credential(ConnectionOpener.ENTERED),
        signIn == null ? 0 : signIn.version());
  }

  long enteredVersion() {
    return entered == null ? 0 : entered.version();
  }

  Fit fit() {
    return Fit.of(row, enteredVersion(), signIn);
  }
}
