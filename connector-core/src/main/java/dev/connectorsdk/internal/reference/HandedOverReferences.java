package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.internal.sharing.Grants;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the references that a connection's owner has bound to it to the connection's new owner,
 * with what is granted on them, and has what is granted on the connection go on. Safe for several
 * threads.
 */
public final class HandedOverReferences {

  private static final Logger log = LoggerFactory.getLogger(HandedOverReferences.class);

  private final BindingStore bindings;
  private final UsingFlows flows;
  private final Grants grants;
  private final Resolver resolver;

  /** Returns what moves the references of a store. */
  public HandedOverReferences(
      BindingStore bindings, UsingFlows flows, Grants grants, Resolver resolver) {
    this.bindings = bindings;
    this.flows = flows;
    this.grants = grants;
    this.resolver = resolver;
  }

  /** Moves the references of a connection. One that is the new owner's already stays as it is. */
  public void move(StoredConnection connection, Principal newOwner) {
    bindings.listBindings(connection.environment(), connection.id()).stream()
        .filter(binding -> isOwners(binding, connection))
        .forEach(binding -> move(binding, newOwner));
    var itself = GrantSubject.of(connection);
    grants.handOver(connection.owner(), itself, newOwner, itself);
  }

  /** What holds in one flow alone was bound there by whoever may change that flow. */
  private static boolean isOwners(StoredBinding binding, StoredConnection connection) {
    BindingKey key = binding.key();
    return key.reference().source() == Source.EMBEDDED
        && key.reference().principal().equals(connection.owner())
        && key.flow() == null;
  }

  private void move(StoredBinding binding, Principal newOwner) {
    ReferenceKey before = binding.key().reference();
    ReferenceKey after = Binder.ofOwner(newOwner, before);
    if (bindings.findBindings(after).isEmpty() && isUsedByNone(after, binding)) {
      grants.handOver(before.principal(), Binder.subject(before), newOwner, Binder.subject(after));
      var key = new BindingKey(after, binding.key().flowOwner(), null);
      bindings.writeBindings(
          List.of(new StoredBinding(key, binding.connector(), binding.connection())),
          List.of(binding.key()));
      resolver.bindingsChanged(before);
      resolver.bindingsChanged(after);
    }
  }

  /** Flows that use it would begin to use the connection, and nobody has been shown that. */
  private boolean isUsedByNone(ReferenceKey reference, StoredBinding binding) {
    try {
      return flows.of(reference, binding.connector()).isEmpty();
    } catch (RuntimeException e) { // The connection is handed over all the same.
      log.warn(
          "Whether flows use reference '{}' of {} is not known, so it is not bound: {}",
          reference.logicalName(),
          reference.principal(),
          e.getClass().getName());
      return false;
    }
  }
}
