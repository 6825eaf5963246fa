package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.BindingKey;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.connection.FreshCache;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the connection behind a reference. Safe for several threads. Bindings and connections come
 * from memory; whether the caller may use them is decided anew each time.
 */
public final class Resolver {

  private final OpenConnections connections;
  private final Clock clock;
  private final FreshCache<BindingKey, Optional<StoredBinding>> bindings;
  private final FreshCache<ConnectionFilter, List<ConnectionId>> own;

  /** Returns a resolver over a store's bindings. */
  public Resolver(
      ConnectorStore store, OpenConnections connections, Clock clock, Duration freshness) {
    this.connections = connections;
    this.clock = clock;
    this.bindings = new FreshCache<>(clock, freshness, store::findBinding);
    this.own =
        new FreshCache<>(
            clock,
            freshness,
            filter -> store.listConnections(filter).stream().map(StoredConnection::id).toList());
  }

  void bindingChanged(BindingKey key) {
    bindings.forget(key);
  }

  /** Says that there is one connection more or less. */
  public void connectionsChanged(StoredConnection row) {
    own.forget(new ConnectionFilter(row.environment(), row.owner(), row.connector()));
  }

  /**
   * Returns the connection that the caller uses under this reference.
   *
   * @throws ResolutionException if there is not exactly one that the caller may use and that is
   *     ready
   */
  public OpenConnection resolve(Caller caller, ConnectionReference reference) {
    requireMayUse(caller, reference);
    Optional<StoredBinding> binding = bindings.get(key(caller, reference));
    OpenConnection connection;
    if (binding.isPresent()) {
      connection = bound(caller, reference, binding.get());
    } else if (reference.source() == Source.EMBEDDED) {
      throw new ResolutionException.Unbound(reference, caller);
    } else {
      connection = onlyOwn(caller, reference);
    }
    requireReady(caller, reference, connection.view());
    return connection;
  }

  /** Returns the key of the binding that counts for a caller. */
  static BindingKey key(Caller caller, ConnectionReference reference) {
    return new BindingKey(
        caller.environment(),
        reference.logicalName(),
        reference.source() == Source.EMBEDDED ? null : caller.principal());
  }

  /** Returns why this connection was chosen, and why others of the caller were not. */
  List<Candidate> trail(Caller caller, ConnectionReference reference, OpenConnection chosen) {
    if (bindings.get(key(caller, reference)).isPresent()) {
      return List.of(new Candidate(chosen.id(), "is bound to the reference"));
    }
    ConnectionFilter mine =
        new ConnectionFilter(caller.environment(), caller.principal(), reference.connector());
    return open(own.get(mine)).stream()
        .map(
            one ->
                one.id().equals(chosen.id())
                    ? new Candidate(one.id(), named(one) + "is the only one that is ready")
                    : candidate(one))
        .toList();
  }

  private static void requireMayUse(Caller caller, ConnectionReference reference) {
    Flow flow = caller.flow();
    if (flow == null) {
      return;
    }
    if (!flow.mayRun(caller.principal())) {
      throw new ResolutionException.Denied(
          reference, caller, "the caller is neither owner nor run-only user of the flow.");
    }
    if (!flow.references().isEmpty() && !flow.references().contains(reference)) {
      throw new ResolutionException.Denied(
          reference, caller, "the flow does not declare this reference.");
    }
  }

  private OpenConnection bound(
      Caller caller, ConnectionReference reference, StoredBinding binding) {
    Optional<OpenConnection> found = connections.find(binding.connection());
    if (found.isEmpty()) {
      throw new ResolutionException.Deleted(
          reference, caller, List.of(new Candidate(binding.connection(), "was deleted")));
    }
    OpenConnection connection = found.get();
    String objection = objection(caller, reference, connection.view());
    if (objection != null) {
      throw new ResolutionException.Foreign(
          reference, caller, List.of(new Candidate(connection.id(), objection)));
    }
    return connection;
  }

  /** Returns why a connection may not be used under a reference, or {@code null} if it may. */
  static @Nullable String objection(
      Caller caller, ConnectionReference reference, Connection connection) {
    if (!connection.connector().equals(reference.connector())) {
      return "is of connector '"
          + connection.connector()
          + "', not '"
          + reference.connector()
          + "'";
    }
    if (!connection.environment().equals(caller.environment())) {
      return "belongs to another environment";
    }
    Flow flow = caller.flow();
    if (reference.source() == Source.INVOKER || flow == null) {
      if (connection.owner().equals(caller.principal())) {
        return null;
      }
      return reference.source() == Source.INVOKER
          ? "belongs to somebody else"
          : "belongs to somebody else, and the call runs no flow";
    }
    return flow.owners().contains(connection.owner())
        ? null
        : "belongs to somebody who does not own the flow";
  }

  private OpenConnection onlyOwn(Caller caller, ConnectionReference reference) {
    List<ConnectionId> ids =
        own.get(
            new ConnectionFilter(caller.environment(), caller.principal(), reference.connector()));
    if (ids.size() == 1) {
      return connections
          .find(ids.get(0))
          .orElseThrow(() -> new ResolutionException.ConnectionRequired(reference, caller));
    }
    List<OpenConnection> own = open(ids);
    if (own.isEmpty()) {
      throw new ResolutionException.ConnectionRequired(reference, caller);
    }
    List<OpenConnection> ready = own.stream().filter(c -> problem(c.view()) == null).toList();
    if (ready.size() == 1) {
      return ready.get(0);
    }
    List<Candidate> trail = own.stream().map(this::candidate).toList();
    throw ready.isEmpty()
        ? new ResolutionException.Broken(reference, caller, trail)
        : new ResolutionException.Ambiguous(reference, caller, trail);
  }

  private List<OpenConnection> open(List<ConnectionId> ids) {
    return ids.stream().map(connections::find).flatMap(Optional::stream).toList();
  }

  /** The caller's own connections may be told apart by the names that the caller gave them. */
  private Candidate candidate(OpenConnection own) {
    String problem = problem(own.view());
    return new Candidate(own.id(), named(own) + (problem == null ? "fits, as others do" : problem));
  }

  private static String named(OpenConnection own) {
    return "'" + own.view().displayName() + "' ";
  }

  private void requireReady(Caller caller, ConnectionReference reference, Connection connection) {
    String problem = problem(connection);
    if (problem != null) {
      throw new ResolutionException.Broken(
          reference, caller, List.of(new Candidate(connection.id(), problem)));
    }
  }

  /** Returns why a connection is not ready for use, or {@code null} if it is. */
  private @Nullable String problem(Connection connection) {
    if (!connection.status().isConnected()) {
      return "is " + connection.status();
    }
    Instant end = connection.credentialExpiresAt();
    return end != null && !clock.instant().isBefore(end)
        ? "has a credential that expired at " + end
        : null;
  }
}
