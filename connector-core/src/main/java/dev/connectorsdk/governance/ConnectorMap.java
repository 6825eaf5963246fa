package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a policy says of single connectors. Case does not count in an id, nor does {@code shared_},
 * which the platform puts in front of it.
 */
final class ConnectorMap<V> {

  private static final String PREFIX = "shared_";

  private final Map<String, Entry<V>> entries;

  /**
   * @param id the connector as it was written
   */
  record Entry<V>(String id, V value) {}

  ConnectorMap() {
    this.entries = new HashMap<>();
  }

  ConnectorMap(ConnectorMap<V> from) {
    this.entries = new HashMap<>(from.entries);
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

  /** Returns all that is said, ordered by id. */
  List<Entry<V>> entries() {
    return entries.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  List<String> ids() {
    return entries().stream().map(Entry::id).toList();
  }
}
