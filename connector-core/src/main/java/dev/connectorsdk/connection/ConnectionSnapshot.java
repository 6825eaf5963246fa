package dev.connectorsdk.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection as hosts and connectors see it. */
record ConnectionSnapshot(
    ConnectionId id,
    ConnectorId connector,
    Environment environment,
    Principal owner,
    String displayName,
    String authOption,
    Map<String, Object> parameters,
    ConnectionStatus status,
    @Nullable Account account,
    @Nullable Instant credentialExpiresAt,
    Instant createdAt,
    Instant updatedAt,
    long version,
    List<String> grantedScopes)
    implements Connection {

  static ConnectionSnapshot of(StoredConnection row, Map<String, Object> parameters) {
    return new ConnectionSnapshot(
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
        row.updatedAt(),
        row.version(),
        row.grantedScopes());
  }
}
