package dev.connectorsdk.internal.definition.document;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of a JSON object that has few: they are looked for one after the other, and take a
 * third of the memory that a hash table does. In the order in which they came. For one thread at a
 * time, or for several that only read.
 */
final class CompactMembers extends AbstractMap<String, JsonNode> {

  /** How many are found as fast as by a hash. */
  static final int MOST = 12;

  private static final int NONE = -1;

  private String[] names;
  private JsonNode[] values;

  /** Takes names, each of which comes once, and the values at the same places. */
  CompactMembers(String[] names, JsonNode[] values) {
    this.names = names;
    this.values = values;
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public @Nullable JsonNode get(@Nullable Object name) {
    int at = place(name);
    return at == NONE ? null : values[at];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return place(name) != NONE;
  }

  private int place(@Nullable Object name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return NONE;
  }

  @Override
  public @Nullable JsonNode put(String name, JsonNode value) {
    Objects.requireNonNull(value, "value");
    int at = place(name);
    if (at == NONE) {
      names = Arrays.copyOf(names, names.length + 1);
      values = Arrays.copyOf(values, names.length);
      names[names.length - 1] = name;
      values[names.length - 1] = value;
      return null;
    }
    JsonNode before = values[at];
    values[at] = value;
    return before;
  }

  @Override
  public @Nullable JsonNode remove(@Nullable Object name) {
    int at = place(name);
    if (at == NONE) {
      return null;
    }
    JsonNode before = values[at];
    names = without(at, names);
    values = without(at, values);
    return before;
  }

  private static <T> T[] without(int at, T[] all) {
    T[] rest = Arrays.copyOf(all, all.length - 1);
    System.arraycopy(all, at + 1, rest, at, rest.length - at);
    return rest;
  }

  @Override
  public Set<Map.Entry<String, JsonNode>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return names.length;
      }

      @Override
      public Iterator<Map.Entry<String, JsonNode>> iterator() {
        return entries();
      }
    };
  }

  private Iterator<Map.Entry<String, JsonNode>> entries() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < names.length;
      }

      @Override
      public Map.Entry<String, JsonNode> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int at = next++;
        return Map.entry(names[at], values[at]);
      }

      @Override
      public void remove() {
        next--;
        CompactMembers.this.remove(names[next]);
      }
    };
  }
}
