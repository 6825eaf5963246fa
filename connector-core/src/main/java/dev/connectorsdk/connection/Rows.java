package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Versions of a connection's row. */
final class Rows {

  private Rows() {}

  static StoredConnection with(StoredConnection row, String parameters, Instant now) {
    return new StoredConnection(
        row.id(),
        row.connector(),
        row.environment(),
        row.owner(),
        row.displayName(),
        row.authOption(),
        parameters,
        row.status(),
        row.account(),
        row.credentialExpiresAt(),
        row.createdAt(),
        now,
        row.version() + 1);
  }

  static StoredConnection with(
      StoredConnection row, ConnectionStatus status, @Nullable Account account, Instant now) {
    return new StoredConnection(
        row.id(),
        row.connector(),
        row.environment(),
        row.owner(),
        row.displayName(),
        row.authOption(),
        row.parameters(),
        status,
        account,
        row.credentialExpiresAt(),
        row.createdAt(),
        now,
        row.version() + 1);
  }

  /** Returns the same version with the end of its credential. */
  static StoredConnection expiring(StoredConnection row, Instant credentialExpiresAt) {
    return new StoredConnection(
        row.id(),
        row.connector(),
        row.environment(),
        row.owner(),
        row.displayName(),
        row.authOption(),
        row.parameters(),
        row.status(),
        row.account(),
        credentialExpiresAt,
        row.createdAt(),
        row.updatedAt(),
        row.version());
  }
}
