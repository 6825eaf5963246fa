package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.internal.reference.Binder.Change;
import dev.connectorsdk.internal.sharing.RightsLog;
import java.util.List;
import java.util.Objects;

/** Stores bindings, and tells who has to know. Safe for several threads. */
final class BindingWriter {

  private final BindingStore bindings;
  private final Resolver resolver;
  private final RightsLog rights;

  BindingWriter(BindingStore bindings, Resolver resolver, RightsLog rights) {
    this.bindings = bindings;
    this.resolver = resolver;
    this.rights = rights;
  }

  /** Makes all changes or none. */
  void write(Caller by, List<Change> changes) {
    rights.requireRoom();
    bindings.writeBindings(
        changes.stream().map(Change::bound).filter(Objects::nonNull).toList(),
        changes.stream().flatMap(change -> change.removed().stream()).toList());
    for (Change change : changes) {
      StoredBinding bound = change.bound();
      resolver.bindingsChanged(change.reference());
      rights.bound(
          by,
          change.connector(),
          change.reference().logicalName(),
          bound == null ? null : bound.connection());
    }
  }
}
