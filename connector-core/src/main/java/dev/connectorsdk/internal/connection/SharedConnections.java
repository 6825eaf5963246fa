package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
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
import java.util.function.BooleanSupplier;
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
    Search search = new Search(caller, limit);
    search.add(caller.principal());
    if (search.isOver()) {
      return search.page();
    }
    GrantedGroups groups = GrantedGroups.in(store.grants(), caller.environment());
    search.isWhole &= groups.isAll();
    groups.first().forEach(search::addIfMember);
    return search.page();
  }

  /** The search for what a caller has a right on. What cannot be told makes it less than whole. */
  private final class Search {

    private final Caller caller;
    private final int limit;
    private final Set<String> looked = new HashSet<>();
    private final List<SharedConnection> found = new ArrayList<>();
    private boolean isWhole = true;

    Search(Caller caller, int limit) {
      this.caller = caller;
      this.limit = limit;
    }

    boolean isOver() {
      return found.size() >= limit;
    }

    SharedConnection.Page page() {
      return new SharedConnection.Page(found, isWhole);
    }

    void addIfMember(Principal group) {
      if (!isOver() && isKnown(() -> grants.isMember(group, caller.principal()))) {
        add(group);
      }
    }

    /** Goes page by page, since some of what was granted may not hold any more. */
    void add(Principal grantee) {
      String after = "";
      while (!isOver()) {
        List<StoredGrant> page =
            store.grants().listConnectionGrants(caller.environment(), grantee, after, PAGE);
        if (page.isEmpty()) {
          return;
        }
        for (StoredGrant grant : page) {
          after = grant.on().name();
          if (!isOver() && looked.add(after)) {
            store
                .findConnection(ConnectionId.of(after))
                .flatMap(this::shared)
                .ifPresent(found::add);
          }
        }
      }
    }

    private Optional<SharedConnection> shared(StoredConnection row) {
      Principal user = caller.principal();
      return row.owner().equals(user)
          ? Optional.empty()
          : Stream.of(Right.OWN, Right.MANAGE, Right.USE)
              .filter(
                  right ->
                      isKnown(() -> grants.has(user, right, row.owner(), GrantSubject.of(row))))
              .findFirst()
              .map(right -> SharedConnections.shared(opener.shown(row), right));
    }

    private boolean isKnown(BooleanSupplier fact) {
      try {
        return fact.getAsBoolean();
      } catch (MembershipException e) {
        isWhole = false;
        return false;
      }
    }
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
