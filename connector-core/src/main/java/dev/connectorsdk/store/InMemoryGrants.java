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

  /** Those of few environments on many subjects. */
  private final Map<Environment, Map<GrantSubject, List<StoredGrant>>> grants = new HashMap<>();

  @Override
  public synchronized List<StoredGrant> listGrants(GrantSubject on) {
    return in(on.environment()).getOrDefault(on, List.of());
  }

  @Override
  public synchronized List<StoredGrant> listGrants(Environment environment) {
    return in(environment).values().stream().flatMap(List::stream).toList();
  }

  private Map<GrantSubject, List<StoredGrant>> in(Environment environment) {
    return grants.getOrDefault(environment, Map.of());
  }

  @Override
  public synchronized boolean replaceGrants(
      GrantSubject on, Collection<StoredGrant> before, Collection<StoredGrant> after) {
    boolean isExpected = Set.copyOf(listGrants(on)).equals(Set.copyOf(before));
    if (isExpected && after.isEmpty()) {
      remove(on);
    } else if (isExpected) {
      grants
          .computeIfAbsent(on.environment(), environment -> new HashMap<>())
          .put(on, List.copyOf(after));
    }
    return isExpected;
  }

  /** Removes all grants on a connection. */
  synchronized void deleteOn(ConnectionId connection) {
    for (Environment environment : List.copyOf(grants.keySet())) {
      remove(new GrantSubject(environment, null, connection.value()));
    }
  }

  private void remove(GrantSubject on) {
    grants.computeIfPresent(
        on.environment(),
        (environment, present) -> {
          present.remove(on);
          return present.isEmpty() ? null : present;
        });
  }
}
