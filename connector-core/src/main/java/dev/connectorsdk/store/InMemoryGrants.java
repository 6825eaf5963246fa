package dev.connectorsdk.store;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.GrantStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may do what with a connection or a reference, in one process. */
final class InMemoryGrants implements GrantStore {

  private final Map<GrantSubject, List<StoredGrant>> grants = new HashMap<>();

  @Override
  public synchronized List<StoredGrant> listGrants(GrantSubject on) {
    return grants.getOrDefault(on, List.of());
  }

  @Override
  public synchronized List<StoredGrant> listGrants(Environment environment) {
    return grants.values().stream()
        .flatMap(List::stream)
        .filter(grant -> grant.on().environment().equals(environment))
        .toList();
  }

  @Override
  public synchronized boolean replaceGrants(
      GrantSubject on, Collection<StoredGrant> before, Collection<StoredGrant> after) {
    boolean isExpected = Set.copyOf(listGrants(on)).equals(Set.copyOf(before));
    if (isExpected && after.isEmpty()) {
      grants.remove(on);
    } else if (isExpected) {
      grants.put(on, List.copyOf(after));
    }
    return isExpected;
  }

  /** Removes all grants on a connection. */
  synchronized void deleteOn(ConnectionId connection) {
    grants.keySet().removeIf(on -> on.owner() == null && on.name().equals(connection.value()));
  }
}
