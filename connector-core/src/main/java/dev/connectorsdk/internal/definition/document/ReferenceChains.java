package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How deep the schemas of a document lead into each other. Schemas may go in a circle, which is
 * noticed when it closes; but a chain that is too long would exhaust the stack of whoever follows
 * it.
 */
final class ReferenceChains {

  private final Map<String, Set<String>> references = new HashMap<>();

  /** Notes that {@code owner}, such as {@code #/definitions/Order}, refers to {@code target}. */
  void add(String owner, String target) {
    references.computeIfAbsent(owner, key -> new LinkedHashSet<>()).add(target);
  }

  /**
   * Checks the longest chain.
   *
   * @throws DefinitionException if it is too long
   */
  void check(String file) {
    Map<String, Integer> depths = new HashMap<>();
    for (String owner : references.keySet()) {
      if (depth(owner, depths) > DefinitionLimits.REFERENCE_CHAIN) {
        throw DefinitionLimits.chainTooLong(file, owner);
      }
    }
  }

  private static final class Visit {
    final String owner;
    final Iterator<String> targets;
    int deepest;

    Visit(String owner, Iterator<String> targets) {
      this.owner = owner;
      this.targets = targets;
    }
  }

  /** Goes down without recursion, which is what this protects from. */
  private int depth(String start, Map<String, Integer> depths) {
    Deque<Visit> path = new ArrayDeque<>();
    enter(start, path, depths);
    while (!path.isEmpty()) {
      Visit visit = path.peek();
      if (visit.targets.hasNext()) {
        String target = visit.targets.next();
        Integer known = depths.get(target);
        if (known != null) {
          visit.deepest = Math.max(visit.deepest, known);
        } else if (references.containsKey(target)) {
          enter(target, path, depths);
        }
      } else {
        path.pop();
        int depth = visit.deepest + 1;
        depths.put(visit.owner, depth);
        if (!path.isEmpty()) {
          path.peek().deepest = Math.max(path.peek().deepest, depth);
        }
      }
    }
    return depths.getOrDefault(start, 0);
  }

  /** Counts as nothing while it is open: that is a circle. */
  private void enter(String owner, Deque<Visit> path, Map<String, Integer> depths) {
    if (depths.putIfAbsent(owner, 0) == null) {
      path.push(new Visit(owner, references.getOrDefault(owner, Set.of()).iterator()));
    }
  }
}
