package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who may bind which reference to which connection, and where the binding holds. */
final class Binder {

  private final ConnectorStore store;
  private final OpenConnections connections;
  private final Resolver resolver;
  private final Grants grants;

  Binder(ConnectorStore store, OpenConnections connections, Resolver resolver, Grants grants) {
    this.store = store;
    this.connections = connections;
    this.resolver = resolver;
    this.grants = grants;
  }

  /**
   * What is to be stored of one reference.
   *
   * @param bound the new binding, or {@code null} if the one that holds everywhere stays
   * @param removed other bindings, which end
   */
  record Change(
      ReferenceKey reference,
      ConnectorId connector,
      @Nullable StoredBinding bound,
      List<BindingKey> removed) {}

  /**
   * Returns the change by which a caller binds a reference to an own connection, or an own
   * reference to one that the caller may use.
   *
   * @throws ResolutionException if the caller may not
   */
  Change change(Caller caller, ConnectionReference reference, ConnectionId id) {
    List<BindingKey> keys = keys(caller, reference);
    boolean isOwnReference = keys.get(0).flow() == null;
    Connection own =
        present(id)
            .filter(
                connection ->
                    Disclosure.isOwn(caller, connection.view())
                        || (isOwnReference && resolver.mayUse(caller.principal(), connection)))
            .map(OpenConnection::view)
            .orElseThrow(() -> new ResolutionException.Foreign(reference, caller, List.of()));
    String misfit = Resolver.misfit(caller.environment(), reference, own);
    if (misfit != null) {
      throw new ResolutionException.Foreign(
          reference, caller, resolver.disclosure().trail(caller, own, true, misfit));
    }
    return change(keys, reference, id);
  }

  /**
   * Returns the change by which an administrator binds an embedded reference of a flow: one of
   * somebody else in this flow alone, since that one's other flows are not the administrator's.
   *
   * @throws NotFoundException if there is no such connection that the flow may use, or the
   *     reference was not granted
   */
  Change change(
      Environment environment, Flow flow, ConnectionReference reference, ConnectionId id) {
    ReferenceKey key = embedded(environment, flow, reference);
    boolean isGranted = !key.principal().equals(flow.owner());
    if (isGranted) {
      requireGrant(key, flow);
      if (isEverywhere(key, id)) {
        return new Change(key, reference.connector(), null, List.of(inFlow(key, flow)));
      }
    }
    OpenConnection connection =
        present(id)
            .filter(one -> Resolver.misfit(environment, reference, one.view()) == null)
            .orElseThrow(() -> missing(reference, id));
    if (!isGranted && resolver.mayUse(flow.owner(), connection)) {
      return change(List.of(BindingKey.everywhere(key), inFlow(key, flow)), reference, id);
    }
    if (!resolver.roles().mayChange(flow, connection.view().owner())) {
      throw missing(reference, id);
    }
    return change(List.of(inFlow(key, flow)), reference, id);
  }

  private static NotFoundException missing(ConnectionReference reference, ConnectionId id) {
    return new NotFoundException(
        "connection",
        id.value(),
        "The owners of the flow have no such connection of connector '"
            + reference.connector()
            + "' in this environment.");
  }

  private static Change change(
      List<BindingKey> keys, ConnectionReference reference, ConnectionId id) {
    BindingKey first = keys.get(0);
    return new Change(
        first.reference(),
        reference.connector(),
        new StoredBinding(first, reference.connector(), id),
        keys.subList(1, keys.size()));
  }

  private void requireGrant(ReferenceKey key, Flow flow) {
    if (!isGranted(key, flow)) {
      throw new NotFoundException(
          "reference",
          key.logicalName(),
          "It is somebody else's, who has not granted it to the owner of the flow.");
    }
  }

  private boolean isEverywhere(ReferenceKey key, ConnectionId id) {
    StoredBinding everywhere =
        ReferenceBindings.of(store.bindings().findBindings(key)).everywhere();
    return everywhere != null && everywhere.connection().equals(id);
  }

  private Optional<OpenConnection> present(ConnectionId id) {
    connections.refresh(id);
    return connections.find(id);
  }

  /**
   * Returns where a caller may bind a reference, and then which bindings end by that.
   *
   * @throws ResolutionException if the caller may not bind it
   */
  List<BindingKey> keys(Caller caller, ConnectionReference reference) {
    Flow flow = caller.flow();
    ReferenceKey key = key(caller, reference);
    if (reference.source() == Source.INVOKER) {
      return List.of(new BindingKey(key, flow == null ? null : flow.owner(), null));
    }
    if (flow != null && !resolver.roles().mayChange(flow, caller.principal())) {
      return List.of(keyOfRunOnlyUser(caller, flow, reference));
    }
    if (key.principal().equals(caller.principal())) {
      return flow == null
          ? List.of(BindingKey.everywhere(key))
          : List.of(BindingKey.everywhere(key), inFlow(key, flow));
    }
    if (flow == null || !isGranted(key, flow)) {
      throw Ownership.notGranted(caller, reference);
    }
    return List.of(inFlow(key, flow));
  }

  /** Returns whether a flow may use an embedded reference: its owner's, or a granted one. */
  boolean isGranted(ReferenceKey key, Flow flow) {
    Principal user = flow.owner();
    return grants.hasNow(user, Right.USE, key.principal(), subject(key));
  }

  private BindingKey keyOfRunOnlyUser(Caller caller, Flow flow, ConnectionReference reference) {
    ReferenceKey chosen = bindable(caller, reference);
    if (chosen.source() == Source.INVOKER && resolver.roles().mayRun(flow, caller.principal())) {
      return new BindingKey(chosen, flow.owner(), null);
    }
    throw new ResolutionException.Denied(
        reference,
        caller,
        "only an owner of the flow may bind its embedded references.",
        "Have an owner of the flow bind the reference.");
  }

  /** Returns the key under which the binding that a caller may change is stored. */
  ReferenceKey bindable(Caller caller, ConnectionReference reference) {
    ReferenceKey key = key(caller, reference);
    return key.source() == Source.EMBEDDED && resolver.runOnlyUsers().bringOwn(caller, stored(key))
        ? chosen(caller, reference)
        : key;
  }

  /** Returns what is stored of a reference now. */
  ReferenceBindings stored(ReferenceKey key) {
    return ReferenceBindings.of(store.bindings().findBindings(key), store.shares().listShares(key));
  }

  /** Returns the key of a reference as a caller uses it. */
  static ReferenceKey key(Caller caller, ConnectionReference reference) {
    return reference.source() == Source.INVOKER
        ? chosen(caller, reference)
        : new ReferenceKey(
            caller.environment(),
            Ownership.of(caller, reference),
            reference.logicalName(),
            Source.EMBEDDED);
  }

  /** Returns the key of a reference for which a caller brings a connection. */
  private static ReferenceKey chosen(Caller caller, ConnectionReference reference) {
    return new ReferenceKey(
        caller.environment(), caller.principal(), reference.logicalName(), Source.INVOKER);
  }

  /** Returns the key of an embedded reference that a flow uses. */
  static ReferenceKey embedded(Environment environment, Flow flow, ConnectionReference reference) {
    Principal named = reference.owner();
    return new ReferenceKey(
        environment,
        named == null ? flow.owner() : named,
        reference.logicalName(),
        Source.EMBEDDED);
  }

  /** Returns the key of the same reference of another owner. */
  static ReferenceKey ofOwner(Principal owner, ReferenceKey key) {
    return new ReferenceKey(key.environment(), owner, key.logicalName(), key.source());
  }

  /** Returns whether a flow declares an embedded reference. */
  static boolean isDeclared(Flow flow, ReferenceKey key) {
    return flow.reference(key.logicalName())
        .filter(reference -> reference.source() == Source.EMBEDDED)
        .filter(reference -> embedded(key.environment(), flow, reference).equals(key))
        .isPresent();
  }

  /** Returns whether a flow may use an embedded reference, as far as it declares any. */
  static boolean isInUse(Flow flow, ReferenceKey key) {
    return flow.references().isEmpty() || isDeclared(flow, key);
  }

  /** Returns what rights on a reference are granted on. */
  static GrantSubject subject(ReferenceKey key) {
    return new GrantSubject(key.environment(), key.principal(), key.logicalName());
  }

  private static BindingKey inFlow(ReferenceKey key, Flow flow) {
    return new BindingKey(key, flow.owner(), flow.id());
  }
}
