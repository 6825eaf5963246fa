package dev.connectorsdk.store;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.GrantStore;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Who may do what with a connection or a reference, in one process. */
final class InMemoryGrants implements GrantStore {

  /** Those of few environments on many subjects. */
  private final Map<Environment, Map<GrantSubject, List<StoredGrant>>> grants = new HashMap<>();

  private final Map<Grantee, NavigableMap<String, StoredGrant>> onConnections = new HashMap<>();
  private final Map<Grantee, Integer> ofGroupsOnConnections = new HashMap<>();

  /** Who was granted something in an environment. */
  private record Grantee(Environment environment, Principal principal) {

    static Grantee of(StoredGrant grant) {
      return new Grantee(grant.on().environment(), grant.grant().grantee());
    }
  }

  @Override
  public synchronized List<StoredGrant> listGrants(GrantSubject on) {
    return in(on.environment()).getOrDefault(on, List.of());
  }

  @Override
  public synchronized List<StoredGrant> listGrants(Environment environment) {
    return in(environment).values().stream().flatMap(List::stream).toList();
  }

  @Override
  public synchronized List<StoredGrant> listConnectionGrants(
      Environment environment, Principal grantee, String after, int limit) {
    NavigableMap<String, StoredGrant> granted =
        onConnections.getOrDefault(
            new Grantee(environment, grantee), Collections.emptyNavigableMap());
    return granted.navigableKeySet().tailSet(after, false).stream()
        .limit(limit)
        .map(granted::get)
        .flatMap(Stream::ofNullable)
        .toList();
  }

  @Override
  public synchronized List<Principal> listConnectionGroups(Environment environment) {
    return ofGroupsOnConnections.keySet().stream()
        .filter(group -> group.environment().equals(environment))
        .map(Grantee::principal)
        .toList();
  }

  private Map<GrantSubject, List<StoredGrant>> in(Environment environment) {
    return grants.getOrDefault(environment, Map.of());
  }

  @Override
  public synchronized boolean replaceGrants(
      GrantSubject on, Collection<StoredGrant> before, Collection<StoredGrant> after) {
    boolean isExpected = Set.copyOf(listGrants(on)).equals(Set.copyOf(before));
    if (isExpected) {
      remove(on);
    }
    if (isExpected && !after.isEmpty()) {
      grants
          .computeIfAbsent(on.environment(), environment -> new HashMap<>())
          .put(on, List.copyOf(after));
      after.forEach(this::index);
    }
    return isExpected;
  }

  private void index(StoredGrant grant) {
    Grantee grantee = Grantee.of(grant);
    if (grant.on().owner() == null) {
      onConnections.computeIfAbsent(grantee, one -> new TreeMap<>()).put(grant.on().name(), grant);
      if (grantee.principal().isGroup()) {
        ofGroupsOnConnections.merge(grantee, 1, Integer::sum);
      }
    }
  }

  private void unindex(StoredGrant grant) {
    Grantee grantee = Grantee.of(grant);
    if (grant.on().owner() == null) {
      onConnections.computeIfPresent(
          grantee,
          (one, some) -> {
            some.remove(grant.on().name());
            return some.isEmpty() ? null : some;
          });
      if (grantee.principal().isGroup()) {
        ofGroupsOnConnections.computeIfPresent(grantee, (one, many) -> many == 1 ? null : many - 1);
      }
    }
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
          List<StoredGrant> removed = present.remove(on);
          if (removed != null) {
            removed.forEach(this::unindex);
          }
          return present.isEmpty() ? null : present;
        });
  }
}
