package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GatewayStore.StoredGateway;
import dev.connectorsdk.internal.cache.FreshValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateways in a store: from memory for a second, so that what somebody has removed ends soon at
 * every process. Safe for several threads.
 */
final class StoredGateways {

  /** A member that was removed is noticed by its lines within 5 s. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private static final Duration MOMENT = Duration.ofMillis(100);

  private static final int TRIES = 20;

  private static final Logger log = LoggerFactory.getLogger(StoredGateways.class);

  private final GatewayStore store;
  private final Clock clock;
  private final FreshValue<Map<String, GatewayRecord>> known;
  private final AtomicReference<Instant> lookedAt = new AtomicReference<>(Instant.EPOCH);
  private volatile Set<String> damaged = Set.of(); // Those that were told of.

  StoredGateways(GatewayStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.known = new FreshValue<>(clock, FRESH, before -> read(), (before, now) -> {});
  }

  private Map<String, GatewayRecord> read() {
    Map<String, GatewayRecord> all = new LinkedHashMap<>();
    Set<String> unreadable = new HashSet<>();
    for (StoredGateway stored : store.listGateways()) {
      try {
        all.put(stored.id(), GatewayJson.read(stored));
      } catch (StoreException e) {
        unreadable.add(stored.id());
        if (!damaged.contains(stored.id())) {
          log.warn("A gateway is left out: {}", e.getMessage());
        }
      }
    }
    damaged = Set.copyOf(unreadable);
    return all;
  }

  /** Returns all gateways, as they were known lately. */
  List<GatewayRecord> list() {
    return List.copyOf(known.get().values());
  }

  /**
   * Returns all gateways, as they were stored a moment ago. Whoever asks again and again without
   * being known has them read no more often.
   */
  List<GatewayRecord> listLately() {
    Instant now = clock.instant();
    Instant before = lookedAt.get();
    boolean isDue = !now.isBefore(before.plus(MOMENT)) && lookedAt.compareAndSet(before, now);
    return isDue ? List.copyOf(known.reread().values()) : list();
  }

  /** Returns a gateway, as it was known lately. */
  Optional<GatewayRecord> find(String id) {
    return Optional.ofNullable(known.get().get(id));
  }

  /** Returns a gateway, as it is stored now. */
  Optional<GatewayRecord> findNow(String id) {
    return Optional.ofNullable(known.reread().get(id));
  }

  /** Adds a gateway. */
  void add(GatewayRecord gateway) {
    boolean isNew =
        store.writeGateway(new StoredGateway(gateway.id(), 1, GatewayJson.write(gateway)), 0);
    known.expire();
    if (!isNew) {
      throw new ConflictException("Gateway '" + gateway.id() + "'");
    }
  }

  /**
   * Changes a gateway as it is stored now.
   *
   * @param change may be asked again for what somebody else has stored meanwhile
   * @return what is stored now
   * @throws NotFoundException if there is no such gateway
   * @throws ConflictException if others kept changing it at the same time
   */
  GatewayRecord change(String id, UnaryOperator<GatewayRecord> change) {
    for (int i = 0; i < TRIES; i++) {
      StoredGateway stored = stored(id);
      GatewayRecord next = change.apply(GatewayJson.read(stored));
      long version = stored.version();
      if (store.writeGateway(
          new StoredGateway(id, version + 1, GatewayJson.write(next)), version)) {
        known.expire();
        return next;
      }
    }
    throw new ConflictException("Gateway '" + id + "'");
  }

  private StoredGateway stored(String id) {
    return store.listGateways().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(() -> notFound(id));
  }

  /** Removes a gateway, and says whether there was one. */
  boolean remove(String id) {
    boolean removed = store.deleteGateway(id);
    known.expire();
    return removed;
  }

  static NotFoundException notFound(String id) {
    return new NotFoundException("gateway", id, "It was removed, or never was.");
  }
}
