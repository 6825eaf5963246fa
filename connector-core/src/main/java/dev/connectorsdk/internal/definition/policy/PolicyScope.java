package dev.connectorsdk.internal.definition.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which operations something is over.
 *
 * @param operations their ids
 * @param all whether no id means all operations
 */
record PolicyScope(List<String> operations, boolean all) {

  PolicyScope {
    operations = List.copyOf(operations);
  }

  /**
   * Reads a list.
   *
   * @param list {@code null} for none
   */
  static PolicyScope of(@Nullable JsonNode list, boolean all) {
    List<String> names = new ArrayList<>();
    if (list != null) {
      for (JsonNode name : list.isString() ? List.of(list) : list) {
        if (name.isString()) {
          names.add(name.stringValue().trim());
        }
      }
    }
    return new PolicyScope(names, all);
  }

  /**
   * Returns whether it is over an operation. A name that differs in case counts: running an
   * operation without its policy is worse than not running it.
   */
  boolean covers(String operation) {
    return operations.isEmpty() ? all : operations.stream().anyMatch(operation::equalsIgnoreCase);
  }
}
