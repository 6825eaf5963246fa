package dev.connectorsdk.internal.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has done what waits for a member of a gateway. Safe for several threads. */
final class PresentGateways {

  private static final Logger log = LoggerFactory.getLogger(PresentGateways.class);

  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Nodes nodes;
  private final Executor work;
  private final Clock clock;
  private final Map<String, Instant> begun = new ConcurrentHashMap<>();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private volatile Consumer<String> then = gateway -> {};

  PresentGateways(Nodes nodes, Executor work, Clock clock) {
    this.nodes = nodes;
    this.work = work;
    this.clock = clock;
  }

  void whilePresent(Consumer<String> then) {
    this.then = then;
  }

  /** A member of a gateway has a line to this process. */
  void opened(String gateway) {
    begin(gateway);
  }

  /** Looks which gateways have members with a line to this process. */
  void look() {
    Instant now = clock.instant();
    Set<String> present =
        nodes.ownLines().stream().map(line -> line.member().gateway()).collect(Collectors.toSet());
    begun.keySet().retainAll(present);
    for (String gateway : present) {
      if (!now.isBefore(begun.getOrDefault(gateway, Instant.MIN).plus(PAUSE))) {
        begin(gateway);
      }
    }
  }

  private void begin(String gateway) {
    begun.put(gateway, clock.instant());
    if (running.add(gateway)) {
      try {
        work.execute(() -> run(gateway));
      } catch (RejectedExecutionException e) {
        running.remove(gateway); // Closing.
      }
    }
  }

  private void run(String gateway) {
    try {
      then.accept(gateway);
    } catch (RuntimeException e) {
      log.info("What waits for gateway {} is done later: {}", gateway, e.getMessage());
    } finally {
      running.remove(gateway);
    }
  }
}
