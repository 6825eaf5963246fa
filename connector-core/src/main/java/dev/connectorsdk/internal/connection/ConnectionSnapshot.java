package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Sharing;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection as hosts and connectors see it.
 *
 * @param parameters those of the row, read
 */
record ConnectionSnapshot(StoredConnection row, Map<String, Object> parameters, Sharing sharing)
    implements Connection {

  /** Returns the same for those who may not know its parameters, which have been judged before. */
  ConnectionSnapshot withoutParameters() {
    return new ConnectionSnapshot(row.with(row.settings().withParameters("{}")), Map.of(), sharing);
  }

  @Override
  public ConnectionId id() {
    return row.id();
  }

  @Override
  public ConnectorId connector() {
    return row.connector();
  }

  @Override
  public Environment environment() {
    return row.environment();
  }

  @Override
  public Principal owner() {
    return row.owner();
  }

  @Override
  public String displayName() {
    return row.settings().displayName();
  }

  @Override
  public String authOption() {
    return row.authOption();
  }

  @Override
  public ConnectionStatus status() {
    return row.status();
  }

  @Override
  public @Nullable Account account() {
    return row.access().account();
  }

  @Override
  public List<String> grantedScopes() {
    return row.access().grantedScopes();
  }

  @Override
  public @Nullable String gateway() {
    return row.settings().gateway();
  }

  @Override
  public @Nullable Instant credentialExpiresAt() {
    return row.settings().credentialExpiresAt();
  }

  @Override
  public Instant createdAt() {
    return row.revision().createdAt();
  }

  @Override
  public Instant updatedAt() {
    return row.revision().updatedAt();
  }

  @Override
  public long version() {
    return row.version();
  }

  @Override
  public String toString() {
    return "Connection '" + id() + "' of " + owner() + " to " + connector() + ": " + status();
  }
}
