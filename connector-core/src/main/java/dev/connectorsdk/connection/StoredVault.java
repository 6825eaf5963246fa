package dev.connectorsdk.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.spi.ConnectorStore;
import java.util.Map;

/** Keeps a connection's acquired credentials in the store, encrypted. */
final class StoredVault implements CredentialVault {

  /** The slot of what a strategy acquired, such as tokens. */
  static final String ACQUIRED = "acquired";

  private final ConnectorStore store;
  private final CredentialBox box;
  private final ConnectionId connection;

  StoredVault(ConnectorStore store, CredentialBox box, ConnectionId connection) {
    this.store = store;
    this.box = box;
    this.connection = connection;
  }

  @Override
  public Credentials read() {
    return store
        .findCredential(connection, ACQUIRED)
        .map(row -> new Credentials(row.version(), box.open(row)))
        .orElseGet(() -> new Credentials(0, Map.of()));
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    return store.writeCredential(
        box.seal(connection, ACQUIRED, expectedVersion + 1, values), expectedVersion);
  }
}
