package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A flow as it is, and as it is to be. */
record FlowChange(Flow before, Flow after) {

  FlowChange {
    if (!before.id().equals(after.id()) || !before.owner().equals(after.owner())) {
      throw new IllegalArgumentException(
          "The changed flow '"
              + after.id()
              + "' of "
              + after.owner()
              + " is another than '"
              + before.id()
              + "' of "
              + before.owner());
    }
  }

  /** Returns the co-owners whom it has more, groups as such. */
  Set<Principal> newCoOwners() {
    Set<Principal> more = new HashSet<>(after.coOwners());
    more.removeAll(before.coOwners());
    return more;
  }

  /**
   * Returns the operations that it declares more, by the logical name of their reference. A new
   * reference is there, even without operations.
   */
  Map<String, Set<String>> newOperations() {
    Map<String, Set<String>> more = new TreeMap<>();
    for (ConnectionReference reference : after.references()) {
      Set<String> operations = new HashSet<>(after.operations(reference));
      boolean isKnown = before.references().contains(reference);
      if (isKnown) {
        operations.removeAll(before.operations(reference));
      }
      if (!isKnown || !operations.isEmpty()) {
        more.put(reference.logicalName(), operations);
      }
    }
    return more;
  }
}
