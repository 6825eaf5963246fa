package dev.connectorsdk.store;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.BindingStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What references of one process lead to. */
final class InMemoryBindings implements BindingStore {

  private final Map<ReferenceKey, Map<BindingKey, StoredBinding>> bindings = new HashMap<>();

  @Override
  public synchronized List<StoredBinding> findBindings(ReferenceKey reference) {
    return List.copyOf(bindings.getOrDefault(reference, Map.of()).values());
  }

  @Override
  public synchronized List<StoredBinding> listBindings(Environment environment) {
    return bindings.values().stream()
        .flatMap(ofOne -> ofOne.values().stream())
        .filter(binding -> binding.key().reference().environment().equals(environment))
        .sorted(comparing(StoredBinding::key))
        .toList();
  }

  @Override
  public synchronized void writeBindings(
      Collection<StoredBinding> written, Collection<BindingKey> removed) {
    List<StoredBinding> all = List.copyOf(written);
    List.copyOf(removed).forEach(this::deleteBinding);
    for (StoredBinding binding : all) {
      bindings
          .computeIfAbsent(binding.key().reference(), reference -> new HashMap<>())
          .put(binding.key(), binding);
    }
  }

  @Override
  public synchronized boolean deleteBinding(BindingKey key) {
    Map<BindingKey, StoredBinding> ofOne = bindings.get(key.reference());
    if (ofOne == null || ofOne.remove(key) == null) {
      return false;
    }
    if (ofOne.isEmpty()) {
      bindings.remove(key.reference());
    }
    return true;
  }
}
