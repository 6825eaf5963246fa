package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GatewayStore.StoredNode;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.gateway.relay.LineDirectory;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.relay.Peer;
import dev.connectorsdk.internal.gateway.seal.Membership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The lines of this process of the host, and which other processes there are: by what each says of
 * itself in the store. Safe for several threads.
 */
final class HostLines implements LineDirectory {

  /** As often as this process says that it is there, if anybody asks at all. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** A process that says nothing for so long is not there. */
  private static final Duration THERE = Duration.ofSeconds(15);

  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(HostLines.class);

  private final GatewayStore store;
  private final StoredGateways gateways;
  private final Enrolment enrolment;
  private final Clock clock;
  private final String node;
  private final FreshValue<List<StoredNode>> others;
  private final Map<String, NodeJson.Line> lines = new ConcurrentHashMap<>();
  private Instant saidAt = Instant.MIN; // guarded by this
  private boolean left; // guarded by this

  HostLines(
      GatewayStore store,
      StoredGateways gateways,
      Enrolment enrolment,
      Clock clock,
      RandomGenerator random) {
    this.store = store;
    this.gateways = gateways;
    this.enrolment = enrolment;
    this.clock = clock;
    this.node = GatewayRecord.newId(random);
    this.others =
        new FreshValue<>(
            clock, Duration.ofSeconds(1), before -> store.listNodes(THERE), (before, now) -> {});
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public Set<String> nodes() {
    say(false);
    Set<String> all = new TreeSet<>(Set.of(node));
    others.get().forEach(other -> all.add(other.id()));
    return all;
  }

  /** Says that this process is there, and which lines it holds. */
  private synchronized void say(boolean isNew) {
    Instant now = clock.instant();
    if (!left && (isNew || !now.isBefore(saidAt.plus(BEAT)))) {
      saidAt = now;
      store.writeNode(new StoredNode(node, NodeJson.write(lines.values())));
      store.forgetNodes(FORGOTTEN);
    }
  }

  @Override
  public Optional<LineMember> member(String gateway, String member) {
    return gateways.find(gateway).flatMap(record -> member(record, member));
  }

  private static Optional<LineMember> member(GatewayRecord gateway, String id) {
    return gateway
        .member(id)
        .map(
            member ->
                new LineMember(
                    gateway.id(),
                    id,
                    member.keys().identity(),
                    gateway.members().indexOf(member),
                    gateway.about().spread(),
                    member.confirmed()));
  }

  @Override
  public boolean hasMembers(String gateway) {
    return gateways
        .find(gateway)
        .filter(record -> record.members().stream().anyMatch(GatewayMemberRecord::confirmed))
        .isPresent();
  }

  @Override
  public JsonNode control(Peer peer, String method, JsonNode arguments) {
    LineMember member = peer.member();
    if (member != null) {
      return enrolment.answer(member.gateway(), member.id(), method, arguments);
    }
    if (!method.equals(Membership.REGISTER)) {
      throw new IllegalArgumentException("Whoever is no member can ask for nothing but to be one");
    }
    return enrolment.register(peer.proven(), arguments);
  }

  @Override
  public void opened(LineMember member, LineFacts facts) {
    lines.put(facts.id(), NodeJson.Line.of(member, facts));
    say(true);
  }

  @Override
  public void seen(LineMember member, LineFacts facts) {
    lines.computeIfPresent(facts.id(), (id, before) -> NodeJson.Line.of(member, facts));
  }

  @Override
  public void closed(LineMember member, LineFacts facts, String why) {
    if (lines.remove(facts.id()) != null) {
      say(true);
    }
  }

  /** Returns the lines of a gateway at all processes of the host, as far as they have said so. */
  List<NodeJson.Line> lines(String gateway) {
    return others.get().stream()
        .flatMap(other -> NodeJson.read(other).stream())
        .filter(line -> line.gateway().equals(gateway))
        .toList();
  }

  /** Says that this process is there no more, and nothing after that. */
  synchronized void leave() {
    left = true;
    try {
      store.deleteNode(node);
    } catch (StoreException e) {
      log.warn("Members dial this process for up to {}: {}", THERE, e.getMessage());
    }
  }
}
