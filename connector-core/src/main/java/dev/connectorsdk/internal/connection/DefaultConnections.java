package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.connection.SharedConnection;
import dev.connectorsdk.internal.connection.ConnectionDrafts.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections as rows of the store, their secrets encrypted beside them. */
final class DefaultConnections implements Connections {

  private static final int TRIES = 5;
  private static final int ALL_FLOWS = Integer.MAX_VALUE;

  private static final Logger log = LoggerFactory.getLogger(DefaultConnections.class);

  private final ConnectorStore store;
  private final ConnectionAccess access;
  private final ConnectionDrafts drafts;
  private final ConnectionOpener opener;
  private final OpenConnections open;
  private final ConnectionTester tester;
  private final FirstTests firstTests;
  private final Deletions deletions;
  private final ConnectionChanges changes;
  private final AdministeredConnections administered;

  DefaultConnections(
      ConnectorStore store,
      ConnectionAccess access,
      ConnectionDrafts drafts,
      ConnectionOpener opener,
      OpenConnections open,
      ConnectionTester tester,
      FirstTests firstTests,
      Deletions deletions,
      ConnectionChanges changes) {
    this.store = store;
    this.access = access;
    this.drafts = drafts;
    this.opener = opener;
    this.open = open;
    this.tester = tester;
    this.firstTests = firstTests;
    this.deletions = deletions;
    this.changes = changes;
    this.administered =
        new AdministeredConnections(store, access, opener, drafts, deletions, changes);
  }

  @Override
  public String reach(Caller caller, ConnectorId connector, String authOption) {
    return drafts.reach(caller, connector, authOption);
  }

  @Override
  public SealRequest sealRequest(Caller caller, ConnectionSpec spec) {
    return drafts.sealRequest(caller, spec);
  }

  @Override
  public SealRequest sealRequest(Caller caller, ConnectionId id, ConnectionSpec spec) {
    return drafts.sealRequest(caller, access.requireUsable(caller, id, ConnectionAct.UPDATE), spec);
  }

  @Override
  public Connection create(Caller caller, ConnectionSpec spec) {
    changes.requireRoom();
    Draft draft = drafts.first(caller, spec);
    if (!store.insertConnection(draft.row(), draft.credentials())) {
      throw new ConflictException("Connection '" + draft.row().id() + "'");
    }
    changes.created(draft.row());
    return tested(caller, draft);
  }

  @Override
  public Connection update(Caller caller, ConnectionId id, ConnectionSpec spec) {
    changes.requireRoom();
    boolean isReleased = false;
    for (int i = 0; i < TRIES; i++) {
      StoredConnection row = access.requireUsable(caller, id, ConnectionAct.UPDATE);
      Draft draft = drafts.next(caller, row, spec);
      if (draft.leadsElsewhere() && !isReleased) {
        changes.deleting(row); // With the former credentials, at the former address.
        isReleased = true;
      }
      if (store.updateConnection(draft.row(), row.version(), draft.credentials())) {
        changes.updated(draft.row(), caller.principal(), draft.keepsSignIn());
        return tested(caller, draft);
      }
    }
    throw new ConflictException("Connection '" + id + "'");
  }

  private Connection tested(Caller caller, Draft draft) {
    if (draft.isTested()) {
      try {
        firstTests.test(draft.row(), caller);
      } catch (PolicyException e) {
        log.debug("Connection {} was not tested: {}", draft.row().id(), e.getMessage());
      }
    }
    return get(caller, draft.row().id());
  }

  @Override
  public Connection get(Caller caller, ConnectionId id) {
    return opener.shown(access.require(caller, id, ConnectionAct.SHOW));
  }

  @Override
  public List<Connection> list(Caller caller) {
    ConnectionFilter filter = new ConnectionFilter(caller.environment(), caller.principal(), null);
    List<Connection> connections = new ArrayList<>();
    store.listConnections(filter).forEach(row -> connections.add(opener.shown(row)));
    connections.sort(Comparator.comparing(Connection::createdAt));
    return connections;
  }

  @Override
  public List<Connection> list(Caller caller, ConnectionQuery query) {
    ConnectionQuery own = query.in(caller.environment()).ownedBy(caller.principal());
    return new ShownConnections(store).list(own, opener::shown);
  }

  @Override
  public ConnectionTestResult test(Caller caller, ConnectionId id) {
    StoredConnection row = access.requireUsable(caller, id, ConnectionAct.TEST);
    return row.status().reason() == Reason.HANDED_OVER
        ? new ConnectionTestResult(
            Outcome.NOT_AUTHENTICATED, null, "The new owner has to sign in or enter credentials")
        : test(row, caller);
  }

  private ConnectionTestResult test(StoredConnection row, Caller caller) {
    return tester.testStored(open.present(row.id()), row.status(), caller.principal());
  }

  @Override
  public boolean delete(Caller caller, ConnectionId id) {
    StoredConnection row = access.find(caller, id, ConnectionAct.DELETE).orElse(null);
    if (row == null) {
      return false;
    }
    return deletions.delete(row, caller.principal());
  }

  @Override
  public List<Connection> list(Administrator administrator, ConnectionQuery query) {
    return administered.list(administrator, query);
  }

  @Override
  public Connection get(Administrator administrator, ConnectionId id) {
    return administered.get(administrator, id);
  }

  @Override
  public Connection disable(Administrator administrator, ConnectionId id, String why) {
    return administered.disable(administrator, id, why);
  }

  @Override
  public Connection enable(Administrator administrator, ConnectionId id) {
    return administered.enable(administrator, id);
  }

  @Override
  public boolean delete(Administrator administrator, ConnectionId id) {
    return administered.delete(administrator, id);
  }

  @Override
  public Connection handOver(Administrator administrator, ConnectionId id, Principal newOwner) {
    return administered.handOver(administrator, id, newOwner);
  }

  @Override
  public ConnectionUsage usage(Caller caller, ConnectionId id) {
    return access.usage(caller, id, ALL_FLOWS);
  }

  @Override
  public ConnectionUsage usage(Caller caller, ConnectionId id, int most) {
    return access.usage(caller, id, requireSome(most));
  }

  @Override
  public ConnectionUsage usage(Administrator administrator, ConnectionId id) {
    return administered.usage(administrator, id, ALL_FLOWS);
  }

  @Override
  public ConnectionUsage usage(Administrator administrator, ConnectionId id, int most) {
    return administered.usage(administrator, id, requireSome(most));
  }

  private static int requireSome(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("At least 1 flow, not " + most);
    }
    return most;
  }

  @Override
  public void grant(Caller caller, ConnectionId id, Principal user, Right right) {
    access.grant(caller, id, new Grant(user, right, caller.principal(), null));
  }

  @Override
  public void grant(Caller caller, ConnectionId id, Principal user, Right right, Instant until) {
    access.grant(caller, id, new Grant(user, right, caller.principal(), until));
  }

  @Override
  public boolean revoke(Caller caller, ConnectionId id, Principal user) {
    return access.revoke(caller, id, user);
  }

  @Override
  public List<Grant> grants(Caller caller, ConnectionId id) {
    return access.list(caller, id);
  }

  @Override
  public SharedConnection.Page shared(Caller caller, int limit) {
    return new SharedConnections(store, access.granted(), opener).list(caller, limit);
  }

  @Override
  public boolean mayGrant(Caller caller, ConnectionId id) {
    return access.mayGrant(caller, id);
  }
}
