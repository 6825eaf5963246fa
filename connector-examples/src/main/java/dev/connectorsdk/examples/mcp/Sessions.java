package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose a session is. The one that was not used for longest is forgotten where there are too many,
 * first of one owner; its client has to begin another. Safe for use by several threads.
 */
final class Sessions {

  private static final int MOST = 10_000;
  private static final int MOST_OF_ONE = 100;

  private final Map<String, Principal> owners = new LinkedHashMap<>(16, 0.75f, true);

  /** Takes up a session, and returns those that are forgotten for it. */
  synchronized List<String> begin(String session, Principal owner) {
    owners.put(session, owner);
    List<String> own =
        owners.entrySet().stream()
            .filter(one -> one.getValue().equals(owner))
            .map(Map.Entry::getKey)
            .toList();
    List<String> forgotten = new ArrayList<>();
    own.stream().limit(Math.max(0, own.size() - MOST_OF_ONE)).forEach(forgotten::add);
    if (forgotten.isEmpty() && owners.size() > MOST) {
      forgotten.add(owners.keySet().iterator().next());
    }
    forgotten.forEach(owners::remove);
    return forgotten;
  }

  synchronized boolean isOf(String session, Principal caller) {
    return caller.equals(owners.get(session));
  }

  synchronized void end(String session) {
    owners.remove(session);
  }
}
