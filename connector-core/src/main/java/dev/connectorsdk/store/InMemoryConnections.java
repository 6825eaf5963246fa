package dev.connectorsdk.store;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The connections of one process, by id and by owner. For one thread at a time. */
final class InMemoryConnections {

  private static final Comparator<Owned> BY_OWNER =
      comparing((Owned one) -> one.owner().kind())
          .thenComparing(one -> one.owner().id())
          .thenComparing(Owned::id);

  private final NavigableMap<String, Entry> byId = new TreeMap<>();
  private final NavigableSet<Owned> byOwner = new TreeSet<>(BY_OWNER);

  private record Owned(Principal owner, String id) {

    static Owned of(StoredConnection connection) {
      return new Owned(connection.owner(), connection.id().value());
    }
  }

  /** A connection with what belongs to it. */
  static final class Entry {

    private StoredConnection connection;
    private final Map<String, StoredCredential> credentials;
    private @Nullable Map<String, Lease> leases;

    private Entry(StoredConnection connection, Map<String, StoredCredential> credentials) {
      this.connection = connection;
      this.credentials = credentials;
    }

    StoredConnection connection() {
      return connection;
    }

    /** Returns the credentials by slot, to be read and changed. */
    Map<String, StoredCredential> credentials() {
      return credentials;
    }

    @Nullable Lease lease(String slot) {
      return leases == null ? null : leases.get(slot);
    }

    void putLease(String slot, Lease lease) {
      if (leases == null) {
        leases = new HashMap<>();
      }
      leases.put(slot, lease);
    }

    /** Returns the version of what is in a slot, or 0. */
    long version(String slot) {
      StoredCredential present = credentials.get(slot);
      return present == null ? 0 : present.version();
    }
  }

  /**
   * A lease, held or given back.
   *
   * @param mark the version that its owner was about to replace, or {@code NO_MARK}
   * @param endsAt by the store's clock
   */
  record Lease(String owner, long mark, Instant endsAt) {

    static final long NO_MARK = -1;
  }

  /** Adds a connection, and returns whether there was none with its id. */
  boolean add(StoredConnection connection, Map<String, StoredCredential> credentials) {
    boolean isNew =
        byId.putIfAbsent(connection.id().value(), new Entry(connection, credentials)) == null;
    if (isNew) {
      byOwner.add(Owned.of(connection));
    }
    return isNew;
  }

  /** Puts another version in the place of a connection that is here, of another owner perhaps. */
  void replace(Entry entry, StoredConnection next) {
    byOwner.remove(Owned.of(entry.connection));
    entry.connection = next;
    byOwner.add(Owned.of(next));
  }

  /** Removes a connection, and returns whether it was there. */
  boolean remove(ConnectionId id) {
    Entry removed = byId.remove(id.value());
    return removed != null && byOwner.remove(Owned.of(removed.connection));
  }

  @Nullable Entry find(ConnectionId id) {
    return byId.get(id.value());
  }

  /** Returns all of them, ordered by id. */
  Stream<Entry> all() {
    return byId.values().stream();
  }

  /** Returns those of an owner, ordered by id. */
  Stream<Entry> of(Principal owner) {
    return byOwner.tailSet(new Owned(owner, "")).stream()
        .takeWhile(one -> one.owner().equals(owner))
        .map(one -> byId.get(one.id()));
  }
}
