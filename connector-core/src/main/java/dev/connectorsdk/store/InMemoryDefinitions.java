package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.DefinitionStore;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Connectors that are data, of one process. */
final class InMemoryDefinitions implements DefinitionStore {

  private final TreeMap<DefinitionKey, StoredDefinition> definitions = new TreeMap<>();

  @Override
  public synchronized List<DefinitionVersion> listDefinitions() {
    return definitions.values().stream().map(StoredDefinition::head).toList();
  }

  @Override
  public synchronized Optional<StoredDefinition> findDefinition(DefinitionKey key) {
    return Optional.ofNullable(definitions.get(key));
  }

  @Override
  public synchronized boolean writeDefinition(StoredDefinition next, long expectedVersion) {
    InMemoryStore.requireNext(next.version(), expectedVersion);
    boolean isExpected = version(next.key()) == expectedVersion;
    if (isExpected) {
      definitions.put(next.key(), next);
    }
    return isExpected;
  }

  private long version(DefinitionKey key) {
    StoredDefinition stored = definitions.get(key);
    return stored == null ? 0 : stored.version();
  }
}
