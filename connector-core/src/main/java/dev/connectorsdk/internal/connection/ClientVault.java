package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.util.Map;

/** Keeps the client that a connection's sign-in has registered, encrypted. */
final class ClientVault implements CredentialVault {

  /** The slot of a connection's credentials in which it is kept. */
  static final String SLOT = "client";

  private final ConnectorStore store;
  private final ConnectionBox box;
  private final ConnectionId connection;

  ClientVault(ConnectorStore store, ConnectionBox box, ConnectionId connection) {
    this.store = store;
    this.box = box;
    this.connection = connection;
  }

  @Override
  public Credentials read() {
    return store
        .findCredential(connection, SLOT)
        .map(row -> new Credentials(row.version(), values(row)))
        .orElseGet(() -> new Credentials(0, Map.of()));
  }

  /** A client that cannot be read is lost, and another one can be registered. */
  private Map<String, Secret> values(StoredCredential row) {
    try {
      return box.open(row);
    } catch (SecretUnreadableException e) {
      return Map.of();
    }
  }

  @Override
  public boolean replace(long expectedVersion, Map<String, Secret> values) {
    return store.writeCredential(box.seal(SLOT, expectedVersion + 1, values), expectedVersion);
  }
}
