package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.GrantedGroups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The connections that a caller may bind a reference to, and why not others. */
final class BindingChoices {

  /** Some order that stays, since a preview is compared with a later one. */
  private static final Comparator<StoredConnection> OLDEST_FIRST =
      Comparator.comparing((StoredConnection row) -> row.revision().createdAt())
          .thenComparing(row -> row.id().value());

  /** More than that are not shown by a preview. */
  private static final int SHOWN = 100;

  private static final int PAGE = 100;

  private final ConnectorStore store;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;

  BindingChoices(
      ConnectorStore store, OpenConnections connections, Resolver resolver, Binder binder) {
    this.store = store;
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
  }

  /**
   * Returns them, own ones first.
   *
   * @throws ResolutionException if the caller may not bind the reference
   */
  List<Candidate> of(Caller caller, ConnectionReference reference) {
    return of(caller, reference, Integer.MAX_VALUE);
  }

  /** Returns at most so many of them. */
  List<Candidate> of(Caller caller, ConnectionReference reference, int limit) {
    boolean toOwnReference = binder.keys(caller, reference).get(0).flow() == null;
    List<Candidate> all =
        new ArrayList<>(own(caller, reference, limit).map(resolver::choice).limit(limit).toList());
    if (all.size() < limit) {
      for (OpenConnection lent : lent(caller, reference, limit - all.size())) {
        all.add(toOwnReference ? resolver.choice(lent) : kept(lent));
      }
    }
    return List.copyOf(all);
  }

  /** Returns the first of them, or none if the caller may not bind the reference. */
  List<Candidate> offered(Caller caller, ConnectionReference reference) {
    try {
      return of(caller, reference, SHOWN);
    } catch (ResolutionException e) {
      return List.of();
    }
  }

  private Stream<OpenConnection> own(Caller caller, ConnectionReference reference, int limit) {
    ConnectionQuery page =
        ConnectionQuery.all()
            .in(caller.environment())
            .ownedBy(caller.principal())
            .of(reference.connector());
    List<StoredConnection> mine = new ArrayList<>();
    List<StoredConnection> rows;
    do {
      rows = store.listConnections(page);
      mine.addAll(rows);
      page = rows.isEmpty() ? page : page.after(OpenConnections.place(rows.get(rows.size() - 1)));
    } while (!rows.isEmpty() && mine.size() < limit);
    return open(mine.stream().sorted(OLDEST_FIRST).map(StoredConnection::id));
  }

  private List<OpenConnection> lent(Caller caller, ConnectionReference reference, int limit) {
    Map<ConnectionId, OpenConnection> found = new LinkedHashMap<>();
    found(caller, reference, caller.principal(), limit, found);
    if (found.size() < limit) {
      for (Principal group : groups(caller)) {
        if (found.size() < limit && mayBeMember(group, caller.principal())) {
          found(caller, reference, group, limit, found);
        }
      }
    }
    return List.copyOf(found.values());
  }

  /** Finds what was granted to one, page by page. */
  private void found(
      Caller caller,
      ConnectionReference reference,
      Principal grantee,
      int limit,
      Map<ConnectionId, OpenConnection> found) {
    String after = "";
    List<StoredGrant> page;
    do {
      page = store.grants().listConnectionGrants(caller.environment(), grantee, after, PAGE);
      for (StoredGrant grant : page) {
        if (found.size() == limit) {
          return;
        }
        after = grant.on().name();
        connections
            .find(ConnectionId.of(after))
            .filter(connection -> isLent(caller, reference, connection))
            .ifPresent(connection -> found.put(connection.id(), connection));
      }
    } while (!page.isEmpty());
  }

  private boolean isLent(Caller caller, ConnectionReference reference, OpenConnection connection) {
    return !Disclosure.isOwn(caller, connection.view())
        && connection.view().connector().equals(reference.connector())
        && resolver.mayUse(caller.principal(), connection);
  }

  /** Returns the first groups by which a connection may have been granted, in order. */
  private List<Principal> groups(Caller caller) {
    return GrantedGroups.in(store.grants(), caller.environment()).first();
  }

  /** What cannot be told is told of each connection that it matters for. */
  private boolean mayBeMember(Principal group, Principal caller) {
    try {
      return resolver.roles().isAmong(Set.of(group), caller);
    } catch (MembershipException e) {
      return true;
    }
  }

  private Stream<OpenConnection> open(Stream<ConnectionId> ids) {
    return ids.map(connections::find).flatMap(Optional::stream);
  }

  private static Candidate kept(OpenConnection connection) {
    return new Candidate(
        connection.id(),
        Disclosure.names(connection.view())
            + " is somebody else's, as the reference is: only its owner brings it there");
  }
}
