package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Who may do what with a stored connection, and how that changes. Safe for several threads. */
public final class ConnectionAccess {

  private final ConnectorStore store;
  private final Grants grants;
  private final BiFunction<Caller, StoredConnection, ConnectionUsage> usages;

  /**
   * @param usages finds what uses a connection
   */
  public ConnectionAccess(
      ConnectorStore store,
      Grants grants,
      BiFunction<Caller, StoredConnection, ConnectionUsage> usages) {
    this.store = store;
    this.grants = grants;
    this.usages = usages;
  }

  ConnectionUsage usage(Caller caller, ConnectionId id) {
    return usages.apply(caller, require(caller, id, Right.OWN));
  }

  /** Returns a connection with which the caller may do this, in the caller's environment. */
  Optional<StoredConnection> find(Caller caller, ConnectionId id, Right right) {
    return store
        .findConnection(id)
        .filter(row -> row.environment().equals(caller.environment()))
        .filter(row -> grants.hasNow(caller.principal(), right, row.owner(), subject(row)));
  }

  /**
   * Returns a connection with which the caller may do this.
   *
   * @throws NotFoundException if there is none in the caller's environment
   */
  StoredConnection require(Caller caller, ConnectionId id, Right right) {
    return find(caller, id, right).orElseThrow(() -> missing(id));
  }

  private static NotFoundException missing(ConnectionId id) {
    return new NotFoundException(
        "connection", id.value(), "The caller has no such connection in this environment.");
  }

  void grant(Caller caller, ConnectionId id, Grant grant) {
    StoredConnection row = grantable(caller, id);
    grants.grant(caller, row.owner(), subject(row), grant);
  }

  boolean revoke(Caller caller, ConnectionId id, Principal grantee) {
    StoredConnection row = grantable(caller, id);
    return grants.revoke(caller, row.owner(), subject(row), grantee);
  }

  List<Grant> list(Caller caller, ConnectionId id) {
    StoredConnection row = grantable(caller, id);
    return grants.list(row.owner(), subject(row));
  }

  private StoredConnection grantable(Caller caller, ConnectionId id) {
    return store
        .findConnection(id)
        .filter(row -> row.environment().equals(caller.environment()))
        .filter(row -> grants.mayGrant(caller.principal(), row.owner(), subject(row)))
        .orElseThrow(() -> missing(id));
  }

  private static GrantSubject subject(StoredConnection row) {
    return new GrantSubject(row.environment(), null, row.id().value());
  }
}
