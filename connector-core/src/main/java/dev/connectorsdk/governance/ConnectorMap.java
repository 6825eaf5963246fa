package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a policy says of single connectors, ordered by their ids. Case does not count in an id, nor
 * does {@code shared_}, which the platform puts in front of it.
 */
final class ConnectorMap<V> {

  private static final String PREFIX = "shared_";

  private final TreeMap<String, Entry<V>> entries = new TreeMap<>();

  /**
   * @param id the connector as it was written
   */
  record Entry<V>(String id, V value) {}

  ConnectorMap() {}

  ConnectorMap(ConnectorMap<V> from) {
    entries.putAll(from.entries);
  }

  /** Returns the one spelling of an id. */
  static String key(String connector) {
    String key = connector.toLowerCase(Locale.ROOT);
    return key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
  }

  /** Replaces what was said of a connector. */
  void put(String connector, V value) {
    entries.put(key(connector), new Entry<>(ConnectorId.of(connector).value(), value));
  }

  @Nullable V get(String connector) {
    Entry<V> entry = entries.get(key(connector));
    return entry == null ? null : entry.value();
  }

  Collection<Entry<V>> entries() {
    return entries.values();
  }

  List<String> ids() {
    return entries.values().stream().map(Entry::id).toList();
  }
}
