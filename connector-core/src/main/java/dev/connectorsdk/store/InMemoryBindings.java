package dev.connectorsdk.store;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.BindingStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What references of one process lead to. */
final class InMemoryBindings implements BindingStore {

  private final Map<ReferenceKey, Map<BindingKey, StoredBinding>> bindings = new HashMap<>();
  private final Map<ConnectionId, Set<BindingKey>> byConnection = new HashMap<>();

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
  public synchronized List<StoredBinding> listBindings(
      Environment environment, ConnectionId connection) {
    return byConnection.getOrDefault(connection, Set.of()).stream()
        .filter(key -> key.reference().environment().equals(environment))
        .sorted()
        .map(key -> requireNonNull(requireNonNull(bindings.get(key.reference())).get(key)))
        .toList();
  }

  @Override
  public synchronized void writeBindings(
      Collection<StoredBinding> written, Collection<BindingKey> removed) {
    List<StoredBinding> all = List.copyOf(written);
    List.copyOf(removed).forEach(this::deleteBinding);
    for (StoredBinding binding : all) {
      deleteBinding(binding.key());
      byConnection
          .computeIfAbsent(binding.connection(), connection -> new HashSet<>())
          .add(binding.key());
      bindings
          .computeIfAbsent(binding.key().reference(), reference -> new HashMap<>())
          .put(binding.key(), binding);
    }
  }

  @Override
  public synchronized boolean deleteBinding(BindingKey key) {
    Map<BindingKey, StoredBinding> ofOne = bindings.getOrDefault(key.reference(), Map.of());
    StoredBinding removed = ofOne.get(key);
    if (removed == null) {
      return false;
    }
    removeFrom(bindings, key.reference(), ofOne.keySet(), key);
    removeFrom(
        byConnection,
        removed.connection(),
        requireNonNull(byConnection.get(removed.connection())),
        key);
    return true;
  }

  /** Removes a key from those of one, and the one with the last of its keys. */
  private static <K> void removeFrom(Map<K, ?> all, K one, Set<BindingKey> keys, BindingKey key) {
    keys.remove(key);
    if (keys.isEmpty()) {
      all.remove(one);
    }
  }
}
