package dev.connectorsdk.store;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.GatewayStore;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.api.spi.ShareStore;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.store.InMemoryConnections.Entry;
import dev.connectorsdk.store.InMemoryConnections.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests and for programs that start anew each time: everything is gone when the object
 * is. Apart from that it behaves like {@link dev.connectorsdk.jdbc.JdbcStore}, versions and lost
 * races included.
 *
 * <p>Safe for use by several threads; the object's monitor guards all that it holds. Closing it has
 * no effect.
 */
public final class InMemoryStore implements ConnectorStore {

  private final InMemoryConnections connections = new InMemoryConnections();
  private final Clock clock;
  private final InMemoryBindings bindings = new InMemoryBindings();
  private final InMemoryGrants grants = new InMemoryGrants();
  private final InMemoryShares shares = new InMemoryShares();
  private final InMemoryTickets tickets = new InMemoryTickets();
  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final InMemoryPolicies policies = new InMemoryPolicies();
  private final InMemoryGateways gateways;
  private @Nullable InMemoryTriggers triggers; // made late, because many hosts have none
  private final InMemoryAudit audit = new InMemoryAudit();
  private @Nullable String keyCheck;

  /** Makes an empty store with the system's clock. */
  public InMemoryStore() {
    this(Clock.systemUTC());
  }

  /**
   * Makes an empty store.
   *
   * @param clock by which leases and claims run out and triggers are due
   */
  public InMemoryStore(Clock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.gateways = new InMemoryGateways(clock);
  }

  @Override
  public BindingStore bindings() {
    return bindings;
  }

  @Override
  public GrantStore grants() {
    return grants;
  }

  @Override
  public ShareStore shares() {
    return shares;
  }

  @Override
  public TicketStore tickets() {
    return tickets;
  }

  @Override
  public DefinitionStore definitions() {
    return definitions;
  }

  @Override
  public PolicyStore policies() {
    return policies;
  }

  @Override
  public GatewayStore gateways() {
    return gateways;
  }

  @Override
  public synchronized TriggerStore triggers() {
    InMemoryTriggers known = triggers;
    if (known == null) {
      known = new InMemoryTriggers(clock);
      triggers = known;
    }
    return known;
  }

  /** Returns what keeps the latest 100,000 records. */
  @Override
  public AuditStore audit() {
    return audit;
  }

  @Override
  public synchronized boolean insertConnection(
      StoredConnection connection, Collection<StoredCredential> credentials) {
    return connections.add(connection, bySlot(connection.id(), credentials));
  }

  @Override
  public synchronized Optional<StoredConnection> findConnection(ConnectionId id) {
    Entry entry = connections.find(id);
    return entry == null || entry.connection().isDeleted()
        ? Optional.empty()
        : Optional.of(entry.connection());
  }

  @Override
  public synchronized Optional<ConnectionWithCredentials> findWithCredentials(ConnectionId id) {
    return findConnection(id)
        .map(connection -> new ConnectionWithCredentials(connection, listCredentials(id)));
  }

  @Override
  public synchronized List<StoredConnection> listConnections(ConnectionFilter filter) {
    return present(filter).toList();
  }

  private Stream<StoredConnection> present(ConnectionFilter filter) {
    Principal owner = filter.owner();
    return (owner == null ? connections.all() : connections.of(owner))
        .map(Entry::connection)
        .filter(
            connection ->
                !connection.isDeleted()
                    && isWanted(connection.environment(), filter.environment())
                    && isWanted(connection.connector(), filter.connector()));
  }

  @Override
  public synchronized List<StoredConnection> listDeletedConnections() {
    return connections.all().map(Entry::connection).filter(StoredConnection::isDeleted).toList();
  }

  @Override
  public synchronized List<StoredConnection> listConnections(ConnectionQuery query) {
    return connections
        .after(query)
        .map(Entry::connection)
        .filter(
            connection ->
                !connection.isDeleted()
                    && isWanted(connection.environment(), query.environment())
                    && isWanted(connection.connector(), query.connector())
                    && isWanted(connection.status().state(), query.state()))
        .limit(query.limit())
        .toList();
  }

  @Override
  public synchronized List<StoredConnection> listUntestedConnections(
      String gateway, String after, int limit) {
    return present(new ConnectionFilter(null, null, null))
        .filter(one -> one.status().reason() == ConnectionStatus.Reason.NOT_TESTED)
        .filter(one -> gateway.equals(one.settings().gateway()))
        .filter(one -> one.id().value().compareTo(after) > 0)
        .sorted(comparing(one -> one.id().value()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean updateConnection(
      StoredConnection next, long expectedVersion, Collection<StoredCredential> credentials) {
    requireNext(next.version(), expectedVersion);
    Map<String, StoredCredential> replaced = bySlot(next.id(), credentials);
    Entry entry = connections.find(next.id());
    if (entry == null
        || entry.connection().isDeleted()
        || entry.connection().version() != expectedVersion
        || !areNewer(replaced, entry.credentials())) {
      return false;
    }
    replaced.values().forEach(credential -> connections.put(entry, credential));
    connections.replace(entry, next);
    return true;
  }

  private static boolean areNewer(
      Map<String, StoredCredential> next, Map<String, StoredCredential> stored) {
    return next.values().stream()
        .allMatch(
            credential -> {
              StoredCredential before = stored.get(credential.slot());
              return before == null || before.version() < credential.version();
            });
  }

  @Override
  public synchronized boolean deleteConnection(ConnectionId id) {
    grants.deleteOn(id);
    return connections.remove(id);
  }

  @Override
  public synchronized Optional<StoredCredential> findCredential(
      ConnectionId connection, String slot) {
    return Optional.ofNullable(connections.find(connection))
        .map(entry -> entry.credentials().get(slot));
  }

  @Override
  public synchronized List<StoredCredential> listCredentials(ConnectionId connection) {
    Entry entry = connections.find(connection);
    return entry == null ? List.of() : List.copyOf(entry.credentials().values());
  }

  @Override
  public synchronized boolean writeCredential(StoredCredential next, long expectedVersion) {
    requireNext(next.version(), expectedVersion);
    Entry entry = connections.find(next.connection());
    if (entry == null) {
      return false;
    }
    if (entry.version(next.slot()) != expectedVersion) {
      return false;
    }
    connections.put(entry, next);
    return true;
  }

  @Override
  public synchronized boolean writeCredential(
      StoredCredential next, long expectedVersion, String owner) {
    requireNext(next.version(), expectedVersion);
    return leaseOf(next.connection(), next.slot(), owner) != null
        && writeCredential(next, expectedVersion);
  }

  @Override
  public synchronized boolean noteRenewal(
      ConnectionId connection, String slot, long version, Renewal renewal) {
    Entry entry = connections.find(connection);
    StoredCredential present = entry == null ? null : entry.credentials().get(slot);
    if (entry == null || present == null || present.version() != version) {
      return false;
    }
    connections.put(entry, present.with(renewal));
    return true;
  }

  @Override
  public synchronized List<CareDue> listUnrenewed(
      String slot, Instant before, @Nullable CareDue after, int limit) {
    return connections
        .unrenewed(slot, before, after)
        .filter(due -> findConnection(due.connection()).filter(InMemoryStore::isUsed).isPresent())
        .limit(limit)
        .toList();
  }

  private static boolean isUsed(StoredConnection connection) {
    return connection.status().isConnected();
  }

  @Override
  public synchronized List<CareDue> listExpiring(
      Instant from, Instant until, @Nullable CareDue after, int limit) {
    return connections
        .expiring(from, until, after)
        .filter(due -> findConnection(due.connection()).isPresent())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized LeaseAttempt acquireLease(
      ConnectionId connection, String slot, long version, String owner, Duration duration) {
    Entry entry = connections.find(connection);
    if (entry == null) {
      return LeaseAttempt.GONE;
    }
    if (entry.version(slot) != version) {
      return LeaseAttempt.OUTDATED;
    }
    Lease present = entry.lease(slot);
    if (present != null && present.endsAt().isAfter(clock.instant())) {
      return LeaseAttempt.HELD;
    }
    entry.putLease(slot, lease(owner, version, duration));
    return present != null && present.mark() == version
        ? LeaseAttempt.INHERITED
        : LeaseAttempt.ACQUIRED;
  }

  @Override
  public synchronized boolean renewLease(
      ConnectionId connection, String slot, String owner, Duration duration) {
    Lease held = leaseOf(connection, slot, owner);
    if (held == null) {
      return false;
    }
    replaceLease(connection, slot, lease(owner, held.mark(), duration));
    return true;
  }

  @Override
  public synchronized void releaseLease(
      ConnectionId connection, String slot, String owner, boolean leaveMark) {
    Lease held = leaseOf(connection, slot, owner);
    if (held != null) {
      long mark = leaveMark ? held.mark() : Lease.NO_MARK;
      replaceLease(connection, slot, lease("", mark, Duration.ZERO));
    }
  }

  private Lease lease(String owner, long mark, Duration duration) {
    return new Lease(owner, mark, clock.instant().plus(duration));
  }

  private @Nullable Lease leaseOf(ConnectionId connection, String slot, String owner) {
    Entry entry = connections.find(connection);
    Lease present = entry == null ? null : entry.lease(slot);
    return present != null && present.owner().equals(owner) ? present : null;
  }

  private void replaceLease(ConnectionId connection, String slot, Lease next) {
    Entry entry = connections.find(connection);
    if (entry != null) {
      entry.putLease(slot, next);
    }
  }

  @Override
  public synchronized List<StoredCredential> listCredentialsNotUnder(String keyId, int limit) {
    return credentials().filter(c -> !c.keyId().equals(keyId)).limit(limit).toList();
  }

  @Override
  public synchronized Map<String, Long> countCredentialsByKey() {
    return credentials()
        .collect(Collectors.groupingBy(StoredCredential::keyId, Collectors.counting()));
  }

  @Override
  public synchronized Optional<String> findKeyCheck() {
    return Optional.ofNullable(keyCheck);
  }

  @Override
  public synchronized boolean insertKeyCheck(String check) {
    if (keyCheck != null) {
      return false;
    }
    keyCheck = Objects.requireNonNull(check, "check");
    return true;
  }

  @Override
  public synchronized boolean replaceKeyCheck(String expected, String next) {
    if (!expected.equals(keyCheck)) {
      return false;
    }
    keyCheck = Objects.requireNonNull(next, "next");
    return true;
  }

  @Override
  public void close() {}

  private Stream<StoredCredential> credentials() {
    return connections.all().flatMap(entry -> entry.credentials().values().stream());
  }

  private static <T> boolean isWanted(T part, @Nullable T wanted) {
    return wanted == null || wanted.equals(part);
  }

  private static Map<String, StoredCredential> bySlot(
      ConnectionId connection, Collection<StoredCredential> credentials) {
    Map<String, StoredCredential> bySlot = new TreeMap<>();
    for (StoredCredential credential : credentials) {
      if (!credential.connection().equals(connection)) {
        throw new IllegalArgumentException(credential + " does not belong to " + connection);
      }
      if (bySlot.put(credential.slot(), credential) != null) {
        throw new IllegalArgumentException(credential + " is for a slot that is named twice");
      }
    }
    return bySlot;
  }

  static void requireNext(long version, long expectedVersion) {
    if (version != expectedVersion + 1) {
      throw new IllegalArgumentException(
          "What replaces version " + expectedVersion + " must not have version " + version);
    }
  }
}
