package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.spi.ConnectorStore;
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

  private static final int TRIES = 5;

  /**
   * Reads what is stored. A secret must not meet the address that was there before it: if the
   * connection was changed since {@code known} was read, the present row is taken. One that is
   * deleted is not changed any more.
   */
  static Configured read(ConnectorStore store, StoredConnection known) {
    StoredConnection row = known;
    for (int i = 0; i < TRIES; i++) {
      Stored.requireUnderstood(row);
      StoredCredential entered =
          store.findCredential(row.id(), ConnectionOpener.ENTERED).orElse(null);
      long signIn = Stored.version(store, row.id(), SignInRecord.SLOT);
      StoredConnection present = row.isDeleted() ? row : Stored.connection(store, row.id());
      if (present.version() == row.version()) {
        return new Configured(row, entered, signIn);
      }
      row = present;
    }
    throw new ConflictException("Connection '" + known.id() + "'");
  }

  long enteredVersion() {
    return entered == null ? 0 : entered.version();
  }

  Fit fit() {
    return Fit.of(row, enteredVersion(), signIn);
  }
}
