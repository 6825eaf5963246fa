package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.GatewayStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gateways of one process. */
final class InMemoryGateways implements GatewayStore {

  private final Clock clock;
  private final TreeMap<String, StoredGateway> gateways = new TreeMap<>();
  private final TreeMap<String, Seen> nodes = new TreeMap<>();

  private final Map<Of, StoredPresence> presences = new HashMap<>();

  private record Of(String gateway, String member) {}

  private record Seen(StoredNode node, Instant at) {}

  InMemoryGateways(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized List<StoredGateway> listGateways() {
    return List.copyOf(gateways.values());
  }

  @Override
  public synchronized boolean writeGateway(StoredGateway next, long expectedVersion) {
    InMemoryStore.requireNext(next.version(), expectedVersion);
    StoredGateway stored = gateways.get(next.id());
    boolean isExpected = (stored == null ? 0 : stored.version()) == expectedVersion;
    if (isExpected) {
      gateways.put(next.id(), next);
    }
    return isExpected;
  }

  @Override
  public synchronized boolean deleteGateway(String id) {
    return gateways.remove(id) != null;
  }

  @Override
  public synchronized void writeNode(StoredNode node) {
    nodes.put(node.id(), new Seen(node, clock.instant()));
  }

  @Override
  public synchronized List<StoredNode> listNodes(Duration within) {
    Instant since = clock.instant().minus(within);
    return nodes.values().stream()
        .filter(seen -> !seen.at().isBefore(since))
        .map(Seen::node)
        .toList();
  }

  @Override
  public synchronized void forgetNodes(Duration longerThan) {
    Instant since = clock.instant().minus(longerThan);
    nodes.values().removeIf(seen -> seen.at().isBefore(since));
  }

  @Override
  public synchronized void deleteNode(String id) {
    nodes.remove(id);
  }

  @Override
  public synchronized Optional<StoredPresence> findPresence(String gateway, String member) {
    return Optional.ofNullable(presences.get(new Of(gateway, member)));
  }

  @Override
  public synchronized List<StoredPresence> listPresences() {
    return List.copyOf(presences.values());
  }

  @Override
  public synchronized boolean writePresence(StoredPresence next, long expectedVersion) {
    InMemoryStore.requireNext(next.version(), expectedVersion);
    Of of = new Of(next.gateway(), next.member());
    StoredPresence stored = presences.get(of);
    boolean isExpected = (stored == null ? 0 : stored.version()) == expectedVersion;
    if (isExpected) {
      presences.put(of, next);
    }
    return isExpected;
  }

  @Override
  public synchronized void deletePresence(String gateway, String member) {
    presences.remove(new Of(gateway, member));
  }
}
