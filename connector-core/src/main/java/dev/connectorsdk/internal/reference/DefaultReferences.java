package dev.connectorsdk.internal.reference;

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
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.reference.Resolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bindings as rows of the store. */
public final class DefaultReferences implements References {

  private final ConnectorStore store;
  private final Registry registry;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final RuntimeServices services;
  private final EventHub events;

  public DefaultReferences(
      ConnectorStore store,
      Registry registry,
      OpenConnections connections,
      Resolver resolver,
      RuntimeServices services,
      EventHub events) {
    this.store = store;
    this.registry = registry;
    this.connections = connections;
    this.resolver = resolver;
    this.services = services;
    this.events = events;
  }

  @Override
  public void bind(Caller caller, ConnectionReference reference, ConnectionId connection) {
    store.writeBinding(checked(caller, reference, connection));
    resolver.bindingChanged(Resolver.key(caller, reference));
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
    return new StoredBinding(Resolver.key(caller, reference), reference.connector(), connection);
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

  @Override
  public boolean unbind(Caller caller, ConnectionReference reference) {
    requireMayChange(caller, reference);
    BindingKey key = Resolver.key(caller, reference);
    boolean removed = store.deleteBinding(key);
    resolver.bindingChanged(key);
    return removed;
  }

  @Override
  public Optional<ConnectionId> binding(Caller caller, ConnectionReference reference) {
    return store.findBinding(Resolver.key(caller, reference)).map(StoredBinding::connection);
  }

  @Override
  public Resolution resolve(Caller caller, ConnectionReference reference) {
    registry.connector(reference.connector());
    OpenConnection found = resolver.resolve(caller, reference);
    return new FoundConnection(
        found,
        resolver.trail(caller, reference, found),
        (operation, effect) ->
            new UnwrappedCalls(
                    resolver,
                    services,
                    events,
                    new UnwrappedCalls.Purpose(caller, reference, operation, effect))
                .client());
  }

  @Override
  public void apply(
      Caller caller, DeploymentSettings settings, Collection<ConnectionReference> references) {
    List<Fault> faults = new ArrayList<>();
    List<StoredBinding> bindings = new ArrayList<>();
    for (DeploymentSettings.Binding entry : settings.connectionReferences()) {
      String path = "/ConnectionReferences/" + entry.logicalName();
      ConnectionReference reference = embedded(references, entry.logicalName());
      if (reference == null) {
        faults.add(new Fault(path, "no embedded reference of this name is declared"));
      } else if (!entry.isFor(reference.connector())) {
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

  @Override
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

  @Override
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

  @Override
  public List<ReferenceReadiness> readiness(
      Caller caller, Collection<ConnectionReference> references) {
    return references.stream().map(reference -> readiness(caller, reference)).toList();
  }

  @Override
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
