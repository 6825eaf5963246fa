package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.PolicyStore;
import java.util.List;
import java.util.TreeMap;

/** Data policies of one process. */
final class InMemoryPolicies implements PolicyStore {

  private final TreeMap<String, StoredPolicy> policies = new TreeMap<>();

  @Override
  public synchronized List<StoredPolicy> listPolicies() {
    return List.copyOf(policies.values());
  }

  @Override
  public synchronized boolean writePolicy(StoredPolicy next, long expectedVersion) {
    PolicyStore.requireNext(next, expectedVersion);
    boolean isExpected = version(next.name()) == expectedVersion;
    if (isExpected) {
      policies.put(next.name(), next);
    }
    return isExpected;
  }

  private long version(String name) {
    StoredPolicy stored = policies.get(name);
    return stored == null ? 0 : stored.version();
  }
}
