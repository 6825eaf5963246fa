package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ShareStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What run-only users get under embedded references, in one process. */
final class InMemoryShares implements ShareStore {

  private final Map<BindingKey, StoredShare> shares = new HashMap<>();

  @Override
  public synchronized List<StoredShare> listShares(ReferenceKey reference) {
    return shares.values().stream().filter(s -> s.in().reference().equals(reference)).toList();
  }

  @Override
  public synchronized void writeShare(StoredShare share) {
    shares.put(share.in(), share);
  }

  @Override
  public synchronized boolean deleteShare(BindingKey in) {
    return shares.remove(in) != null;
  }
}
