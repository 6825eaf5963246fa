package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Versions of a connection's row. */
final class Rows {

  private Rows() {}

  /** Returns the next version with other parameters. */
  static StoredConnection with(StoredConnection row, String parameters, Instant now) {
    return next(row, parameters, row.status(), row.account(), row.grantedScopes(), now);
  }

  /** Returns the next version with another status. */
  static StoredConnection with(
      StoredConnection row, ConnectionStatus status, @Nullable Account account, Instant now) {
    return next(row, row.parameters(), status, account, row.grantedScopes(), now);
  }

  /** Returns the next version, after somebody signed in. */
  static StoredConnection signedIn(
      StoredConnection row,
      String parameters,
      ConnectionStatus status,
      @Nullable Account account,
      List<String> grantedScopes,
      Instant now) {
    return next(row, parameters, status, account, grantedScopes, now);
  }

  private static StoredConnection next(
      StoredConnection row,
      String parameters,
      ConnectionStatus status,
      @Nullable Account account,
      List<String> grantedScopes,
      Instant now) {
    return new StoredConnection(
        row.id(),
        row.connector(),
        row.environment(),
        row.owner(),
        row.displayName(),
        row.authOption(),
        parameters,
        status,
        account,
        row.credentialExpiresAt(),
        row.createdAt(),
        now,
        row.version() + 1,
        grantedScopes);
  }

  /** Returns the same version with other parameters. */
  static StoredConnection told(StoredConnection row, String parameters) {
    return same(row, parameters, row.credentialExpiresAt());
  }

  /** Returns the same version with the end of its credential. */
  static StoredConnection expiring(StoredConnection row, Instant credentialExpiresAt) {
    return same(row, row.parameters(), credentialExpiresAt);
  }

  private static StoredConnection same(
      StoredConnection row, String parameters, @Nullable Instant credentialExpiresAt) {
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
        credentialExpiresAt,
        row.createdAt(),
        row.updatedAt(),
        row.version(),
        row.grantedScopes());
  }
}
