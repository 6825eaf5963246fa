package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ShareStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What run-only users get under embedded references, in one process. */
final class InMemoryShares implements ShareStore {

  private final Map<ReferenceKey, Map<BindingKey, StoredShare>> shares = new HashMap<>();

  @Override
  public synchronized List<StoredShare> listShares(ReferenceKey reference) {
    return List.copyOf(shares.getOrDefault(reference, Map.of()).values());
  }

  @Override
  public synchronized void writeShare(StoredShare share) {
    shares
        .computeIfAbsent(share.in().reference(), reference -> new HashMap<>())
        .put(share.in(), share);
  }

  @Override
  public synchronized boolean deleteShare(BindingKey in) {
    Map<BindingKey, StoredShare> ofOne = shares.get(in.reference());
    if (ofOne == null || ofOne.remove(in) == null) {
      return false;
    }
    if (ofOne.isEmpty()) {
      shares.remove(in.reference());
    }
    return true;
  }
}
