package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of references, from memory where possible; where not, the moment is renewed. Safe
 * for several threads.
 */
final class StoredReferences {

  private final FreshCache<Key, ReferenceBindings> embedded;
  private final FreshCache<Key, ReferenceBindings> invoker;

  /**
   * A key of the store without its source, because one is made for each call.
   *
   * @param principal as in {@link ReferenceKey}
   */
  record Key(Environment environment, Principal principal, String logicalName) {

    static Key of(ReferenceKey key) {
      return new Key(key.environment(), key.principal(), key.logicalName());
    }

    ReferenceKey with(Source source) {
      return new ReferenceKey(environment, principal, logicalName, source);
    }

    // Written out: what the JVM makes for records costs a part of each start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that
          && that.logicalName.equals(logicalName)
          && that.principal.equals(principal)
          && that.environment.equals(environment);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * environment.hashCode() + principal.hashCode()) + logicalName.hashCode();
    }
  }

  StoredReferences(ConnectorStore store, StoreChanges changes) {
    this.embedded =
        new FreshCache<>(
            changes,
            key -> {
              ReferenceKey reference = key.with(Source.EMBEDDED);
              return ReferenceBindings.of(
                  store.bindings().findBindings(reference), store.shares().listShares(reference));
            });
    this.invoker =
        new FreshCache<>(
            changes,
            key -> ReferenceBindings.of(store.bindings().findBindings(key.with(Source.INVOKER))));
  }

  /** Returns the bindings of an embedded reference, and what run-only users get. */
  ReferenceBindings embedded(Key key, Moment at) {
    return embedded.get(key, at);
  }

  /** Returns what a caller chose for an invoker reference. */
  ReferenceBindings chosen(Key key, Moment at) {
    return invoker.get(key, at);
  }

  void changed(ReferenceKey key) {
    (key.source() == Source.EMBEDDED ? embedded : invoker).forget(Key.of(key));
  }
}
