package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.internal.reference.Binder.Change;
import dev.connectorsdk.internal.sharing.RightsLog;
import java.util.List;
import java.util.Objects;

/** Stores bindings, and tells who has to know. Safe for several threads. */
final class BindingWriter {

  private final ConnectorStore store;
  private final Resolver resolver;
  private final RightsLog rights;

  BindingWriter(ConnectorStore store, Resolver resolver, RightsLog rights) {
    this.store = store;
    this.resolver = resolver;
    this.rights = rights;
  }

  /** Makes all changes or none. */
  void write(Caller by, List<Change> changes) {
    rights.requireRoom();
    store
        .bindings()
        .joining()
        .writeBindings(
            changes.stream().map(Change::bound).filter(Objects::nonNull).toList(),
            changes.stream().flatMap(change -> change.removed().stream()).toList());
    store.whenCommitted(() -> changes.forEach(change -> tell(by, change)));
  }

  private void tell(Caller by, Change change) {
    StoredBinding bound = change.bound();
    resolver.bindingsChanged(change.reference());
    rights.bound(
        by,
        change.connector(),
        change.reference().logicalName(),
        bound == null ? null : bound.connection());
  }

  /**
   * Removes the last of these bindings that there is.
   *
   * @return whether there was one
   */
  boolean remove(Caller by, ConnectionReference reference, List<BindingKey> keys) {
    rights.requireRoom();
    boolean removed = false;
    for (int i = keys.size() - 1; i >= 0 && !removed; i--) {
      removed = store.bindings().joining().deleteBinding(keys.get(i));
    }
    if (removed) {
      store.whenCommitted(
          () -> {
            resolver.bindingsChanged(keys.get(0).reference());
            rights.bound(by, reference.connector(), reference.logicalName(), null);
          });
    } else {
      resolver.bindingsChanged(keys.get(0).reference());
    }
    return removed;
  }
}
