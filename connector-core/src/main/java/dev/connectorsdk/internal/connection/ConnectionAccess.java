package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who may do what with a stored connection, and how that changes. Safe for several threads. */
public final class ConnectionAccess {

  private final ConnectorStore store;
  private final Grants grants;
  private final UsageFinder usages;
  private final Auditor auditor;

  /** Finds what uses a connection. */
  @FunctionalInterface
  public interface UsageFinder {

    /**
     * Returns what uses a connection.
     *
     * @param reader who may see flows that the reader may change; {@code null} for an
     *     administrator, who may see all
     * @param most how many flows are looked for
     */
    ConnectionUsage of(@Nullable Principal reader, StoredConnection row, int most);
  }

  /**
   * @param usages finds what uses a connection
   */
  public ConnectionAccess(
      ConnectorStore store, Grants grants, UsageFinder usages, Auditor auditor) {
    this.store = store;
    this.grants = grants;
    this.usages = usages;
    this.auditor = auditor;
  }

  ConnectionUsage usage(Caller caller, ConnectionId id, int most) {
    return usages.of(caller.principal(), require(caller, id, ConnectionAct.SHOW_USAGE), most);
  }

  /** Returns what uses a connection, as an administrator may know it. */
  ConnectionUsage usage(StoredConnection row, int most) {
    return usages.of(null, row, most);
  }

  /** Returns a connection with which the caller may do this, in the caller's environment. */
  Optional<StoredConnection> find(Caller caller, ConnectionId id, ConnectionAct act) {
    return find(
        caller,
        id,
        attempt(caller, act),
        row -> grants.hasNow(caller.principal(), act.right(), row.owner(), GrantSubject.of(row)));
  }

  private static Attempt attempt(Caller caller, ConnectionAct act) {
    return new Attempt(act.kind(), caller, null, act.what(), null);
  }

  private Optional<StoredConnection> find(
      Caller caller, ConnectionId id, Attempt attempt, Predicate<StoredConnection> isPermitted) {
    return find(
        id,
        attempt,
        missing(id),
        row -> row.environment().equals(caller.environment()) && isPermitted.test(row));
  }

  /** Returns a connection if it is permitted; that it is not looks as if there were none. */
  private Optional<StoredConnection> find(
      ConnectionId id,
      Attempt attempt,
      NotFoundException missing,
      Predicate<StoredConnection> isPermitted) {
    Optional<StoredConnection> row = store.findConnection(id);
    Optional<StoredConnection> permitted = row.filter(isPermitted);
    if (row.isPresent() && permitted.isEmpty()) {
      Attempt known = attempt.on(row.get().connector(), id).through(row.get().settings().gateway());
      auditor.denied(known, missing);
    }
    return permitted;
  }

  /**
   * Returns a connection that an administrator looks after.
   *
   * @param what what is to be done with it
   */
  Optional<StoredConnection> find(Administrator administrator, ConnectionId id, String what) {
    return find(
        id,
        Attempt.toAdminister(administrator, what),
        unadministered(id),
        row -> administrator.environment().map(row.environment()::equals).orElse(true));
  }

  /**
   * Returns a connection that an administrator looks after.
   *
   * @param what what is to be done with it
   * @throws NotFoundException if there is none
   */
  StoredConnection require(Administrator administrator, ConnectionId id, String what) {
    return find(administrator, id, what).orElseThrow(() -> unadministered(id));
  }

  private static NotFoundException unadministered(ConnectionId id) {
    return new NotFoundException(
        "connection", id.value(), "The administrator's environment has none.");
  }

  /**
   * Returns a query for connections of which an administrator may know.
   *
   * @throws PermissionDeniedException if the query is for another environment
   */
  ConnectionQuery permitted(Administrator administrator, ConnectionQuery query) {
    Environment wanted = query.environment();
    Administrator permitted =
        wanted == null
            ? administrator
            : auditor.attempt(
                Attempt.toAdminister(administrator, "connections listed"),
                () -> administrator.in(wanted));
    return permitted.environment().map(query::in).orElse(query);
  }

  /**
   * Returns a connection with which the caller may do this.
   *
   * @throws NotFoundException if there is none in the caller's environment
   */
  StoredConnection require(Caller caller, ConnectionId id, ConnectionAct act) {
    Optional<StoredConnection> found = find(caller, id, act);
    if (found.isEmpty()) {
      throw missing(id);
    }
    return found.get();
  }

  /**
   * Returns a connection with which the caller may do this, unless it is disabled.
   *
   * @throws NotFoundException if there is none in the caller's environment
   * @throws dev.connectorsdk.api.error.AuthenticationException if an administrator has disabled it
   */
  StoredConnection requireUsable(Caller caller, ConnectionId id, ConnectionAct act) {
    StoredConnection row = require(caller, id, act);
    return auditor.attempt(
        attempt(caller, act).on(row.connector(), id).through(row.settings().gateway()),
        () -> {
          Stored.requireUsable(row);
          return row;
        });
  }

  private static NotFoundException missing(ConnectionId id) {
    return new NotFoundException(
        "connection", id.value(), "The caller has no such connection in this environment.");
  }

  void grant(Caller caller, ConnectionId id, Grant grant) {
    StoredConnection row = grantable(caller, id, "right granted");
    grants.grant(caller, row.owner(), row.connector(), GrantSubject.of(row), grant);
  }

  boolean revoke(Caller caller, ConnectionId id, Principal grantee) {
    StoredConnection row = grantable(caller, id, "right revoked");
    return grants.revoke(caller, row.owner(), row.connector(), GrantSubject.of(row), grantee);
  }

  List<Grant> list(Caller caller, ConnectionId id) {
    StoredConnection row = grantable(caller, id, "rights listed");
    return grants.list(row.owner(), GrantSubject.of(row));
  }

  /** Returns what is granted on connections. */
  Grants granted() {
    return grants;
  }

  boolean mayGrant(Caller caller, ConnectionId id) {
    return store
        .findConnection(id)
        .filter(row -> row.environment().equals(caller.environment()) && mayGrant(caller, row))
        .isPresent();
  }

  private boolean mayGrant(Caller caller, StoredConnection row) {
    return grants.mayGrant(caller.principal(), row.owner(), GrantSubject.of(row));
  }

  private StoredConnection grantable(Caller caller, ConnectionId id, String what) {
    return find(
            caller,
            id,
            new Attempt(Kind.CHANGE, caller, null, what, null),
            row -> mayGrant(caller, row))
        .orElseThrow(() -> missing(id));
  }
}
