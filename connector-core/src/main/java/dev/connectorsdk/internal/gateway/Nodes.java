package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GatewayStore.StoredNode;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.gateway.NodeJson.Line;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of the host and the lines that each holds, by what each says of itself in the
 * store. Safe for several threads; no lock is held while the store is asked.
 */
final class Nodes {

  /** As often as this process says that it is there, if anybody asks at all. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** A process that says nothing for so long is not there. */
  private static final Duration THERE = Duration.ofSeconds(15);

  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(Nodes.class);

  private final GatewayStore store;
  private final Clock clock;
  private final String own;
  private final FreshValue<List<StoredNode>> known;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private final AtomicInteger news = new AtomicInteger();
  private volatile Instant saidAt = Instant.MIN;
  private final AtomicBoolean left = new AtomicBoolean();

  /**
   * @param own which process of the host this is
   */
  Nodes(GatewayStore store, Clock clock, String own) {
    this.store = store;
    this.clock = clock;
    this.own = own;
    this.known =
        new FreshValue<>(
            clock, Duration.ofSeconds(1), before -> store.listNodes(THERE), (before, now) -> {});
  }

  String id() {
    return own;
  }

  /** Returns the processes that take lines, this one included, which says so. */
  Set<String> all() {
    if (!clock.instant().isBefore(saidAt.plus(BEAT))) {
      say();
    }
    Set<String> all = new TreeSet<>(Set.of(own));
    known.get().forEach(node -> all.add(node.id()));
    return all;
  }

  /** This process holds a line from now on. */
  void opened(Line line) {
    lines.put(line.facts().id(), line);
    say();
  }

  /** A line that this process holds lives. */
  void renew(Line line) {
    lines.computeIfPresent(line.facts().id(), (id, before) -> line);
  }

  /**
   * This process does not hold a line any more.
   *
   * @return whether it did
   */
  boolean closed(Line line) {
    boolean wasHere = lines.remove(line.facts().id()) != null;
    if (wasHere) {
      say();
    }
    return wasHere;
  }

  /**
   * Says that this process is there, and which lines it holds. Who comes while another thread does
   * so has that one do it once more.
   */
  private void say() {
    if (left.get() || news.getAndIncrement() > 0) {
      return;
    }
    boolean said = false;
    try {
      int told;
      do {
        told = news.get();
        write();
      } while (news.addAndGet(-told) > 0);
      said = true;
    } finally {
      if (!said) {
        news.set(0);
        saidAt = Instant.MIN; // Whoever asks next says it.
      }
    }
  }

  private void write() {
    saidAt = clock.instant();
    store.writeNode(new StoredNode(own, NodeJson.write(lines.values())));
    store.forgetNodes(FORGOTTEN);
    if (left.get()) {
      store.deleteNode(own);
    }
  }

  /** Returns the lines at all processes: here as they are now, elsewhere as was said lately. */
  List<Line> lines() {
    return with(known.get());
  }

  /** Returns the lines at other processes, as far as these have said so by now. */
  List<Line> elsewhereNow() {
    return elsewhere(known.reread()).toList();
  }

  /** Returns the lines that this process holds. */
  List<Line> ownLines() {
    return List.copyOf(lines.values());
  }

  private List<Line> with(List<StoredNode> nodes) {
    return Stream.concat(lines.values().stream(), elsewhere(nodes)).toList();
  }

  private Stream<Line> elsewhere(List<StoredNode> nodes) {
    return nodes.stream()
        .filter(node -> !node.id().equals(own))
        .flatMap(node -> NodeJson.read(node).stream());
  }

  /** Says that this process is there no more, and nothing after that. */
  void leave() {
    left.set(true);
    try {
      store.deleteNode(own);
    } catch (StoreException e) {
      log.warn("Members dial this process for up to {}: {}", THERE, e.getMessage());
    }
  }
}
