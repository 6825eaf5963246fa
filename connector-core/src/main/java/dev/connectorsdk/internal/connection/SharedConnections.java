package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.connection.SharedConnection;
import dev.connectorsdk.internal.sharing.GrantedGroups;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the connections of others on which callers have a right. Safe for several threads. */
final class SharedConnections {

  private static final int PAGE = 100;

  private final ConnectorStore store;
  private final Grants grants;
  private final ConnectionOpener opener;

  SharedConnections(ConnectorStore store, Grants grants, ConnectionOpener opener) {
    this.store = store;
    this.grants = grants;
    this.opener = opener;
  }

  /** What was granted by name comes before what was granted to groups. */
  SharedConnection.Page list(Caller caller, int limit) {
    List<SharedConnection> found = new ArrayList<>();
    Set<String> looked = new HashSet<>();
    add(caller, caller.principal(), limit, looked, found);
    if (found.size() == limit) {
      return new SharedConnection.Page(found, true);
    }
    GrantedGroups groups = GrantedGroups.in(store.grants(), caller.environment());
    for (Principal group : groups.first()) {
      if (found.size() < limit && grants.isMember(group, caller.principal())) {
        add(caller, group, limit, looked, found);
      }
    }
    return new SharedConnection.Page(found, groups.isAll() || found.size() == limit);
  }

  /** Goes page by page, since some of what was granted may not hold any more. */
  private void add(
      Caller caller,
      Principal grantee,
      int limit,
      Set<String> looked,
      List<SharedConnection> found) {
    String after = "";
    while (found.size() < limit) {
      List<StoredGrant> page =
          store.grants().listConnectionGrants(caller.environment(), grantee, after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      for (StoredGrant grant : page) {
        after = grant.on().name();
        if (found.size() < limit && looked.add(after)) {
          store
              .findConnection(ConnectionId.of(after))
              .flatMap(row -> shared(caller, row))
              .ifPresent(found::add);
        }
      }
    }
  }

  private Optional<SharedConnection> shared(Caller caller, StoredConnection row) {
    Principal user = caller.principal();
    return row.owner().equals(user)
        ? Optional.empty()
        : Stream.of(Right.OWN, Right.MANAGE, Right.USE)
            .filter(right -> grants.has(user, right, row.owner(), GrantSubject.of(row)))
            .findFirst()
            .map(right -> shared(opener.shown(row), right));
  }

  private static SharedConnection shared(Connection connection, Right right) {
    return new SharedConnection(
        connection.id(),
        connection.connector(),
        connection.displayName(),
        connection.account(),
        connection.owner(),
        connection.status().state(),
        right);
  }
}
