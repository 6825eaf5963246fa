package dev.connectorsdk.store;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.GrantStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who may do what with a connection or a reference, in one process. */
final class InMemoryGrants implements GrantStore {

  private final Map<GrantSubject, Map<Principal, StoredGrant>> grants = new HashMap<>();

  @Override
  public synchronized List<StoredGrant> listGrants(GrantSubject on) {
    return List.copyOf(grants.getOrDefault(on, Map.of()).values());
  }

  @Override
  public synchronized List<StoredGrant> listGrants(Environment environment) {
    return grants.values().stream()
        .flatMap(all -> all.values().stream())
        .filter(grant -> grant.on().environment().equals(environment))
        .toList();
  }

  @Override
  public synchronized void writeGrants(
      Collection<StoredGrant> written, Collection<GrantKey> removed) {
    for (GrantKey key : removed) {
      grants.computeIfPresent(
          key.on(),
          (on, all) -> {
            all.remove(key.grantee());
            return all.isEmpty() ? null : all;
          });
    }
    for (StoredGrant grant : written) {
      grants.computeIfAbsent(grant.on(), on -> new HashMap<>()).put(grant.grant().grantee(), grant);
    }
  }

  /** Removes all grants on a connection. */
  synchronized void deleteOn(ConnectionId connection) {
    grants.keySet().removeIf(on -> on.owner() == null && on.name().equals(connection.value()));
  }
}
