package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;

/**
 * What an authenticator was made for. It fits a connection until the owner enters something else or
 * signs in again.
 *
 * @param entered the version of the secrets that the owner entered
 * @param signIn the version of what is known of the last sign-in
 */
record Fit(Identity identity, String parameters, String authOption, long entered, long signIn) {

  static Fit of(StoredConnection row, long entered, long signIn) {
    return new Fit(row.identity(), row.parameters(), row.authOption(), entered, signIn);
  }

  /** Returns what fits a connection that was read, and was not changed since. */
  static Fit of(StoredConnection row, ConnectorStore store) {
    return of(
        row,
        Stored.version(store, row.id(), ConnectionOpener.ENTERED),
        Stored.version(store, row.id(), SignInRecord.SLOT));
  }
}
