package dev.connectorsdk.internal.registration;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionVersion;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.internal.connection.Connectors;
import dev.connectorsdk.internal.registration.StoredDefinitions.Loaded;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All stored definitions of one moment, and the connectors that there are with them. Immutable. */
final class LoadedDefinitions {

  private final TreeMap<DefinitionKey, Loaded> byKey = new TreeMap<>();
  private final Map<DefinitionKey, String> taken = new HashMap<>();
  private final Connectors connectors;

  /**
   * An id that two processes have given away at the same time is the public connector's.
   *
   * @param fixed the connectors that nothing stored replaces
   */
  LoadedDefinitions(Connectors fixed, Collection<Loaded> all) {
    all.forEach(one -> byKey.put(one.row().key(), one));
    Connectors.Builder builder = new Connectors.Builder(fixed);
    byKey.values().forEach(one -> add(builder, one));
    this.connectors = builder.build();
  }

  private void add(Connectors.Builder builder, Loaded one) {
    Definition definition = one.definition();
    if (definition != null) {
      DefinitionKey key = one.row().key();
      try {
        builder.add(definition.connector(), environments(key), definition.report().reach());
      } catch (IllegalArgumentException e) {
        taken.put(key, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Set<Environment> environments(DefinitionKey key) {
    Environment environment = key.environment();
    return environment == null ? Set.of() : Set.of(environment);
  }

  /**
   * Checks that a definition may be saved.
   *
   * @param fixed the connectors that nothing stored replaces
   * @throws IllegalArgumentException if its id is taken
   */
  void requireFree(Connectors fixed, DefinitionKey key, Connector connector) {
    Connectors.Builder others = new Connectors.Builder(fixed);
    for (DefinitionKey other : byKey.keySet()) {
      Connector there = connector(other);
      if (!other.equals(key) && there != null) {
        others.add(there, environments(other));
      }
    }
    others.add(connector, environments(key));
  }

  Connectors connectors() {
    return connectors;
  }

  /** Returns all definitions that are there, ordered by key. */
  List<Loaded> all() {
    return byKey.values().stream().filter(one -> !one.row().isDeleted()).toList();
  }

  /** Returns a definition, or {@code null} if it was never saved, or was deleted. */
  @Nullable Loaded find(DefinitionKey key) {
    Loaded one = byKey.get(key);
    return one == null || one.row().isDeleted() ? null : one;
  }

  /** Returns the version that is stored of a definition, or of its deletion; 0 if there is none. */
  long version(DefinitionKey key) {
    Loaded one = byKey.get(key);
    return one == null ? 0 : one.row().version();
  }

  /** Returns whether these are the definitions of such a list. */
  boolean isOf(List<DefinitionVersion> rows) {
    return byKey.values().stream().map(Loaded::row).toList().equals(rows);
  }

  /** Returns why a definition cannot be used, or {@code null} if it can. */
  @Nullable String problem(Loaded one) {
    return one.problem() == null ? taken.get(one.row().key()) : one.problem();
  }

  /** Returns whose connector is another one than before, there or gone. */
  @SuppressWarnings("ReferenceEquality") // what was loaded anew is another one
  Set<DefinitionKey> changesSince(LoadedDefinitions before) {
    Set<DefinitionKey> changed = new TreeSet<>(byKey.keySet());
    changed.addAll(before.byKey.keySet());
    changed.removeIf(key -> connector(key) == before.connector(key));
    return changed;
  }

  private @Nullable Connector connector(DefinitionKey key) {
    Loaded one = byKey.get(key);
    return one == null || taken.containsKey(key) ? null : one.connector();
  }
}
