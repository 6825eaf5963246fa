package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The connections that a caller may bind a reference to, and why not others. */
final class BindingChoices {

  /** Some order that stays, since a preview is compared with a later one. */
  private static final Comparator<StoredConnection> OLDEST_FIRST =
      Comparator.comparing((StoredConnection row) -> row.revision().createdAt())
          .thenComparing(row -> row.id().value());

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
    boolean toOwnReference = binder.keys(caller, reference).get(0).flow() == null;
    return Stream.concat(
            own(caller, reference).map(resolver::choice),
            lent(caller, reference)
                .map(connection -> toOwnReference ? resolver.choice(connection) : kept(connection)))
        .toList();
  }

  /** Returns them, or none if the caller may not bind the reference. */
  List<Candidate> offered(Caller caller, ConnectionReference reference) {
    try {
      return of(caller, reference);
    } catch (ResolutionException e) {
      return List.of();
    }
  }

  private Stream<OpenConnection> own(Caller caller, ConnectionReference reference) {
    var mine =
        new ConnectionFilter(caller.environment(), caller.principal(), reference.connector());
    return open(
        store.listConnections(mine).stream().sorted(OLDEST_FIRST).map(StoredConnection::id));
  }

  private Stream<OpenConnection> lent(Caller caller, ConnectionReference reference) {
    Stream<ConnectionId> granted =
        store.grants().listGrants(caller.environment()).stream()
            .filter(grant -> grant.on().owner() == null)
            .filter(grant -> mayBeTo(caller.principal(), grant.grant().grantee()))
            .map(grant -> grant.on().name())
            .distinct()
            .sorted()
            .map(ConnectionId::of);
    return open(granted)
        .filter(connection -> !Disclosure.isOwn(caller, connection.view()))
        .filter(connection -> connection.view().connector().equals(reference.connector()))
        .filter(connection -> resolver.mayUse(caller.principal(), connection));
  }

  /** Connections that others alone were granted need not be opened. */
  private static boolean mayBeTo(Principal caller, Principal grantee) {
    return grantee.equals(caller) || grantee.isGroup();
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
