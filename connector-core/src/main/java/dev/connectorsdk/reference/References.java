package dev.connectorsdk.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.BindingKey;
import dev.connectorsdk.api.spi.ConnectorStore.StoredBinding;
import dev.connectorsdk.connection.OpenConnection;
import dev.connectorsdk.connection.OpenConnections;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Binds references to connections, and tells which are ready. Safe for use by several threads. All
 * methods use the store, and may throw {@link dev.connectorsdk.api.error.StoreException}.
 */
public final class References {

  private final ConnectorStore store;
  private final OpenConnections connections;
  private final Resolver resolver;

  /** For the runtime, which hosts get this object from. */
  public References(ConnectorStore store, OpenConnections connections, Resolver resolver) {
    this.store = store;
    this.connections = connections;
    this.resolver = resolver;
  }

  /**
   * Binds a reference to a connection in the caller's environment, replacing an earlier binding.
   *
   * <p>An embedded reference is bound for everybody. The connection must be the caller's own, or
   * belong to an owner of the flow that the caller owns. Without a flow a caller cannot replace a
   * binding to somebody else's connection. An invoker reference is bound for the caller alone, to
   * an own connection.
   *
   * @throws ResolutionException if the connection does not exist or may not be used; nothing
   *     changes
   */
  public void bind(Caller caller, ConnectionReference reference, ConnectionId connection) {
    store.writeBinding(checked(caller, reference, connection));
    resolver.bindingChanged(key(caller, reference));
  }

  private StoredBinding checked(
      Caller caller, ConnectionReference reference, ConnectionId connection) {
    requireMayChange(caller, reference);
    connections.refresh(connection);
    Optional<OpenConnection> found = connections.find(connection);
    String objection =
        found
            .map(c -> Resolver.objection(caller, reference, c.view()))
            .orElse(found.isPresent() ? null : "does not exist");
    if (objection != null) {
      throw new ResolutionException.Foreign(
          reference, caller, List.of(new Candidate(connection, objection)));
    }
    return new StoredBinding(key(caller, reference), reference.connector(), connection);
  }

  private void requireMayChange(Caller caller, ConnectionReference reference) {
    if (reference.source() != Source.EMBEDDED) {
      return;
    }
    var flow = caller.flow();
    if (flow == null) {
      requireNotBoundBySomebodyElse(caller, reference);
    } else if (!flow.owners().contains(caller.principal())) {
      throw new ResolutionException.Denied(
          reference, caller, "only an owner of the flow may bind its embedded references.");
    }
  }

  /** Without a flow nobody vouches for the caller, whose say is then over own connections only. */
  private void requireNotBoundBySomebodyElse(Caller caller, ConnectionReference reference) {
    boolean foreign =
        binding(caller, reference)
            .flatMap(connections::find)
            .filter(bound -> !bound.view().owner().equals(caller.principal()))
            .isPresent();
    if (foreign) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "it is bound to somebody else's connection; only an owner of a flow, running it, may"
              + " change that.");
    }
  }

  private static BindingKey key(Caller caller, ConnectionReference reference) {
    return new BindingKey(
        caller.environment(),
        reference.logicalName(),
        reference.source() == Source.EMBEDDED ? null : caller.principal());
  }

  /**
   * Removes the binding of a reference in the caller's environment; for an invoker reference, the
   * caller's own.
   *
   * @return whether there was one
   * @throws ResolutionException if the caller may not change it
   */
  public boolean unbind(Caller caller, ConnectionReference reference) {
    requireMayChange(caller, reference);
    BindingKey key = key(caller, reference);
    boolean removed = store.deleteBinding(key);
    resolver.bindingChanged(key);
    return removed;
  }

  /** Returns the connection that a reference is bound to for the caller. */
  public Optional<ConnectionId> binding(Caller caller, ConnectionReference reference) {
    return store.findBinding(key(caller, reference)).map(StoredBinding::connection);
  }

  /**
   * Binds embedded references as a settings file says, all or none.
   *
   * @param references the references that the work declares, matched by logical name
   * @throws InvalidInputException naming every entry that is wrong: an unknown logical name,
   *     another connector, a connection that does not exist here or may not be used
   */
  public void apply(
      Caller caller, DeploymentSettings settings, Collection<ConnectionReference> references) {
    List<Fault> faults = new ArrayList<>();
    List<StoredBinding> bindings = new ArrayList<>();
    for (DeploymentSettings.Binding entry : settings.connectionReferences()) {
      String path = "/ConnectionReferences/" + entry.logicalName();
      ConnectionReference reference = embedded(references, entry.logicalName());
      if (reference == null) {
        faults.add(new Fault(path, "no embedded reference of this name is declared"));
      } else if (!DeploymentSettings.namesConnector(entry.connectorId(), reference.connector())) {
        faults.add(
            new Fault(path, "the reference is for connector '" + reference.connector() + "'"));
      } else if (!entry.connectionId().isEmpty()) {
        try {
          bindings.add(checked(caller, reference, ConnectionId.of(entry.connectionId())));
        } catch (ResolutionException e) {
          faults.add(new Fault(path, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
          faults.add(new Fault(path, "ConnectionId is not a connection id"));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("the deployment settings in " + caller.environment(), faults);
    }
    store.writeBindings(bindings);
    bindings.forEach(binding -> resolver.bindingChanged(binding.key()));
  }

  /** Does the same for the references that the caller's flow declares. */
  public void apply(Caller caller, DeploymentSettings settings) {
    apply(caller, settings, declared(caller));
  }

  private static @Nullable ConnectionReference embedded(
      Collection<ConnectionReference> references, String logicalName) {
    return references.stream()
        .filter(r -> r.source() == Source.EMBEDDED && r.logicalName().equals(logicalName))
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the settings file of an environment: one entry for each embedded reference, with an
   * empty connection where it is not bound.
   */
  public DeploymentSettings export(
      Environment environment, Collection<ConnectionReference> references) {
    List<DeploymentSettings.Binding> bindings = new ArrayList<>();
    for (ConnectionReference reference : references) {
      if (reference.source() == Source.EMBEDDED) {
        BindingKey key = new BindingKey(environment, reference.logicalName(), null);
        String connection =
            store.findBinding(key).map(binding -> binding.connection().value()).orElse("");
        bindings.add(
            new DeploymentSettings.Binding(
                reference.logicalName(), connection, reference.connector().value()));
      }
    }
    return new DeploymentSettings(bindings);
  }

  /**
   * Returns for each reference whether the caller could use it now. Asks the store, not the
   * service.
   */
  public List<ReferenceReadiness> readiness(
      Caller caller, Collection<ConnectionReference> references) {
    return references.stream().map(reference -> readiness(caller, reference)).toList();
  }

  /** Returns the same for the references that the caller's flow declares. */
  public List<ReferenceReadiness> readiness(Caller caller) {
    return readiness(caller, declared(caller));
  }

  private static List<ConnectionReference> declared(Caller caller) {
    var flow = caller.flow();
    if (flow == null) {
      throw new IllegalArgumentException("The caller runs no flow; name the references instead");
    }
    return flow.references();
  }

  private ReferenceReadiness readiness(Caller caller, ConnectionReference reference) {
    try {
      Connection connection = resolver.resolve(caller, reference).view();
      return new ReferenceReadiness(reference, State.READY, connection.id(), "", "");
    } catch (ResolutionException e) {
      String explanation = String.valueOf(e.getMessage());
      return new ReferenceReadiness(reference, state(e), null, explanation, e.remedy());
    }
  }

  private static State state(ResolutionException e) {
    if (e instanceof ResolutionException.Unbound) {
      return State.UNBOUND;
    }
    if (e instanceof ResolutionException.ConnectionRequired) {
      return State.CONNECTION_REQUIRED;
    }
    if (e instanceof ResolutionException.Ambiguous) {
      return State.AMBIGUOUS;
    }
    return e instanceof ResolutionException.Broken || e instanceof ResolutionException.Deleted
        ? State.BROKEN
        : State.DENIED;
  }
}
