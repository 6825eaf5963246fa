package dev.connectorsdk.internal.connection;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import dev.connectorsdk.internal.cache.MadeOnce;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the first test of connections through gateways: when they are made, or else once a member of
 * the gateway is there. One process tests a connection at a time. Safe for several threads.
 */
final class FirstTests {

  private static final Logger log = LoggerFactory.getLogger(FirstTests.class);

  private static final String SLOT = "first test";

  /** Longer than any test takes. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  private static final int PAGE = 50;

  /** For how long a connection is left alone at most that cannot be tested, whoever is there. */
  private static final Duration LEFT_ALONE = Duration.ofHours(1);

  private static final int MOST_LEFT_ALONE = 10_000;

  private final ConnectorStore store;
  private final OpenConnections open;
  private final ConnectionTester tester;
  private final RuntimeServices services;
  private final MadeOnce<Map<ConnectionId, Long>> leftAlone; // In which version.

  FirstTests(
      ConnectorStore store,
      OpenConnections open,
      ConnectionTester tester,
      RuntimeServices services) {
    this.store = store;
    this.open = open;
    this.tester = tester;
    this.services = services;
    this.leftAlone = new MadeOnce<>(this::newLeftAlone);
  }

  private Map<ConnectionId, Long> newLeftAlone() {
    return Caffeine.newBuilder()
        .maximumSize(MOST_LEFT_ALONE)
        .expireAfterWrite(LEFT_ALONE)
        .executor(Runnable::run)
        .ticker(() -> Duration.ofMillis(services.ticker().getAsLong()).toNanos())
        .<ConnectionId, Long>build()
        .asMap();
  }

  /**
   * Tests a connection that its owner has just made or changed.
   *
   * @return what came of it; empty if another process does so at the moment
   */
  Optional<Outcome> test(StoredConnection row, Caller caller) {
    if (row.settings().gateway() == null) {
      return Optional.of(outcome(row, caller));
    }
    String owner = StoredVault.newOwner(services.random());
    if (!isTaken(row.id(), owner)) {
      return Optional.empty();
    }
    try {
      return Optional.of(outcome(row, caller));
    } finally {
      store.releaseLease(row.id(), SLOT, owner, false);
    }
  }

  private Outcome outcome(StoredConnection row, Caller caller) {
    return tester.testStored(open.present(row.id()), row.status(), caller.principal()).outcome();
  }

  private boolean isTaken(ConnectionId id, String owner) {
    LeaseAttempt attempt = store.acquireLease(id, SLOT, 0, owner, LEASE);
    return attempt == LeaseAttempt.ACQUIRED || attempt == LeaseAttempt.INHERITED;
  }

  /**
   * Tests the connections through a gateway that were never tested, one after another, until all
   * are or no member is there.
   */
  void testThrough(String gateway) {
    String after = "";
    List<StoredConnection> page = store.listUntestedConnections(gateway, after, PAGE);
    while (!page.isEmpty()) {
      for (StoredConnection row : page) {
        if (!goesOn(row, gateway)) {
          return;
        }
        after = row.id().value();
      }
      page = store.listUntestedConnections(gateway, after, PAGE);
    }
  }

  /** Returns whether the next one may be tested. */
  private boolean goesOn(StoredConnection row, String gateway) {
    Caller owner = new Caller(row.owner(), row.environment(), null);
    if (isLeftAlone(row) || !mayUse(owner, gateway)) {
      return true;
    }
    try {
      return !isUntested(row) || goesOn(row, test(row, owner));
    } catch (CallCancelledException | StoreException e) {
      throw e;
    } catch (ConnectorException e) {
      leaveAlone(row, e.getMessage());
      return true;
    }
  }

  private boolean goesOn(StoredConnection row, Optional<Outcome> outcome) {
    if (outcome.isEmpty() || !isUntested(row)) {
      return true;
    }
    if (outcome.get() == Outcome.NOT_REACHABLE) {
      return false;
    }
    leaveAlone(row, outcome.get().name());
    return true;
  }

  private boolean isLeftAlone(StoredConnection row) {
    Long version = leftAlone.get().get(row.id());
    return version != null && version == row.version();
  }

  private void leaveAlone(StoredConnection row, @Nullable String why) {
    log.debug("Connection {} cannot be tested: {}", row.id(), why);
    leftAlone.get().put(row.id(), row.version());
  }

  /** Whoever has no right any more, or is gone, has nothing tested. */
  private boolean mayUse(Caller owner, String gateway) {
    return services.gateways().mayUse(owner, gateway);
  }

  private boolean isUntested(StoredConnection row) {
    Optional<StoredConnection> now = store.findConnection(row.id());
    return now.filter(found -> found.status().reason() == Reason.NOT_TESTED).isPresent();
  }
}
