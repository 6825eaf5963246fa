package dev.connectorsdk.internal.definition.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What policies have set under which names, case ignored: a few at most. */
final class SetByPolicies {

  private record Entry(String name, boolean callerControlled) {}

  private final List<Entry> entries = new ArrayList<>(2);

  /** Notes that policies have set something, and whether the caller has a say in it. */
  void put(String name, boolean callerControlled) {
    entries.removeIf(entry -> entry.name().equalsIgnoreCase(name));
    entries.add(new Entry(name, callerControlled));
  }

  /** Returns whether the caller has a say in it, or {@code null} if no policy has set it. */
  @Nullable Boolean get(String name) {
    for (Entry entry : entries) {
      if (entry.name().equalsIgnoreCase(name)) {
        return entry.callerControlled();
      }
    }
    return null;
  }
}
