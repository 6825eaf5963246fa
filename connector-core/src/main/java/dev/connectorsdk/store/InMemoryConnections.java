package dev.connectorsdk.store;

import static java.util.Comparator.comparing;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.ConnectionQuery.Place;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.spi.ConnectorStore.CareDue;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one process, by id, by owner, in the orders in which they are listed and by
 * when their credentials need care. For one thread at a time.
 */
final class InMemoryConnections {

  private final NavigableMap<String, Entry> byId = new TreeMap<>();
  private final NavigableSet<Owned> byOwner = new TreeSet<>();
  private final NavigableSet<Place> byOwnerInTime = new TreeSet<>(new OwnersInTime());
  private final Map<Order, NavigableSet<Place>> ordered = new EnumMap<>(Order.class);
  private final NavigableSet<Timed> expiring = new TreeSet<>();
  private final Map<String, NavigableSet<Timed>> unrenewed = new HashMap<>();

  InMemoryConnections() {
    for (Order order : Order.values()) {
      ordered.put(order, new TreeSet<>(new InOrder(order)));
    }
  }

  /** As they are listed. Classes, since lambdas would be made at each start. */
  private record InOrder(Order order) implements Comparator<Place> {

    @Override
    public int compare(Place one, Place other) {
      int byKey =
          switch (order) {
            case CREATED -> one.createdAt().compareTo(other.createdAt());
            case OWNER -> byText(one.owner(), other.owner());
            case CONNECTOR -> one.connector().value().compareTo(other.connector().value());
          };
      return byKey == 0 ? byId(one, other) : byKey;
    }
  }

  /** Each owner's together, the oldest first. */
  private static final class OwnersInTime implements Comparator<Place> {

    @Override
    public int compare(Place one, Place other) {
      int byOwner = byKind(one.owner(), other.owner());
      int byTime = byOwner == 0 ? one.createdAt().compareTo(other.createdAt()) : byOwner;
      return byTime == 0 ? byId(one, other) : byTime;
    }
  }

  private static int byId(Place one, Place other) {
    return one.id().value().compareTo(other.id().value());
  }

  /** As the texts of principals are ordered: no kind begins with the name of another. */
  private static int byText(Principal one, Principal other) {
    int byKind = one.kind().name().compareTo(other.kind().name());
    return byKind == 0 ? one.id().compareTo(other.id()) : byKind;
  }

  private static int byKind(Principal one, Principal other) {
    int byKind = one.kind().compareTo(other.kind());
    return byKind == 0 ? one.id().compareTo(other.id()) : byKind;
  }

  private record Timed(Instant at, String id) implements Comparable<Timed> {

    static Timed of(StoredCredential credential) {
      Instant since = credential.renewal().since();
      return new Timed(since == null ? CareDue.UNKNOWN : since, credential.connection().value());
    }

    CareDue due() {
      return new CareDue(ConnectionId.of(id), at);
    }

    @Override
    public int compareTo(Timed other) {
      int byTime = at.compareTo(other.at);
      return byTime == 0 ? id.compareTo(other.id) : byTime;
    }
  }

  private record Owned(Principal owner, String id) implements Comparable<Owned> {

    static Owned of(StoredConnection connection) {
      return new Owned(connection.owner(), connection.id().value());
    }

    @Override
    public int compareTo(Owned other) {
      int byOwner = byKind(owner, other.owner);
      return byOwner == 0 ? id.compareTo(other.id) : byOwner;
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

    /** Returns the credentials by slot, to be read. */
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
      putInPlace(connection);
      indexEnd(connection);
      credentials.values().forEach(this::index);
    }
    return isNew;
  }

  /** Puts another version in the place of a connection that is here, of another owner perhaps. */
  void replace(Entry entry, StoredConnection next) {
    StoredConnection before = entry.connection;
    boolean isMoved = !place(before).equals(place(next));
    if (isMoved) {
      unplace(before);
    }
    unindexEnd(before);
    entry.connection = next;
    if (isMoved) {
      putInPlace(next);
    }
    indexEnd(next);
  }

  /** Puts a credential in the place of what is in its slot. */
  void put(Entry entry, StoredCredential next) {
    StoredCredential before = entry.credentials.put(next.slot(), next);
    if (before != null) {
      unindex(before);
    }
    index(next);
  }

  /** Removes a connection, and returns whether it was there. */
  boolean remove(ConnectionId id) {
    Entry removed = byId.remove(id.value());
    if (removed != null) {
      unplace(removed.connection);
      unindexEnd(removed.connection);
      removed.credentials.values().forEach(this::unindex);
    }
    return removed != null;
  }

  /** Adds it to all orders, as the same object, since there may be very many. */
  private void putInPlace(StoredConnection connection) {
    byOwner.add(Owned.of(connection));
    Place place = place(connection);
    for (NavigableSet<Place> places : ordered.values()) {
      places.add(place);
    }
    byOwnerInTime.add(place);
  }

  private void unplace(StoredConnection connection) {
    byOwner.remove(Owned.of(connection));
    Place place = place(connection);
    ordered.values().forEach(places -> places.remove(place));
    byOwnerInTime.remove(place);
  }

  private void indexEnd(StoredConnection connection) {
    Instant end = connection.settings().credentialExpiresAt();
    if (end != null) {
      expiring.add(new Timed(end, connection.id().value()));
    }
  }

  private void unindexEnd(StoredConnection connection) {
    Instant end = connection.settings().credentialExpiresAt();
    if (end != null) {
      expiring.remove(new Timed(end, connection.id().value()));
    }
  }

  private static Place place(StoredConnection row) {
    return new Place(row.revision().createdAt(), row.owner(), row.connector(), row.id());
  }

  private void index(StoredCredential credential) {
    if (!credential.renewal().equals(Renewal.NEVER)) {
      unrenewed
          .computeIfAbsent(credential.slot(), slot -> new TreeSet<>())
          .add(Timed.of(credential));
    }
  }

  private void unindex(StoredCredential credential) {
    NavigableSet<Timed> ofSlot = unrenewed.get(credential.slot());
    if (ofSlot != null) {
      ofSlot.remove(Timed.of(credential));
    }
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
    return of(owner, "");
  }

  private Stream<Entry> of(Principal owner, String after) {
    return byOwner.tailSet(new Owned(owner, after), false).stream()
        .takeWhile(one -> one.owner().equals(owner))
        .map(one -> byId.get(one.id()));
  }

  /** Returns those that come after the place of a query in its order, whatever else it says. */
  Stream<Entry> after(ConnectionQuery query) {
    Place place = query.after();
    Principal owner = query.owner();
    NavigableSet<Place> all = Objects.requireNonNull(ordered.get(query.order()));
    return owner == null
        ? entries((place == null ? all : all.tailSet(place, false)).stream())
        : after(place, query, owner);
  }

  private Stream<Entry> after(@Nullable Place place, ConnectionQuery query, Principal owner) {
    if (place == null || place.owner().equals(owner)) {
      if (query.order() == Order.CREATED) {
        return entries(
            byOwnerInTime.tailSet(place == null ? before(owner) : place, false).stream()
                .takeWhile(one -> one.owner().equals(owner)));
      } else if (isById(place, query)) {
        return of(owner, place == null ? "" : place.id().value());
      }
    }
    Comparator<Place> comparator = new InOrder(query.order());
    return of(owner, "")
        .filter(one -> place == null || comparator.compare(place(one.connection), place) > 0)
        .sorted(comparing(one -> place(one.connection), comparator));
  }

  /** Returns whether ids alone decide the order of those of one owner. */
  private static boolean isById(@Nullable Place place, ConnectionQuery query) {
    ConnectorId connector = query.connector();
    return query.order() == Order.OWNER
        || (connector != null && (place == null || place.connector().equals(connector)));
  }

  /** Returns a place in time before all connections of an owner. */
  private static Place before(Principal owner) {
    return new Place(Instant.MIN, owner, ConnectorId.of("any"), ConnectionId.of("any"));
  }

  private Stream<Entry> entries(Stream<Place> places) {
    return places.map(one -> byId.get(one.id().value()));
  }

  /** Returns the credentials in a slot that were renewed before an instant, from a place on. */
  Stream<CareDue> unrenewed(String slot, Instant before, @Nullable CareDue after) {
    NavigableSet<Timed> ofSlot = unrenewed.get(slot);
    return ofSlot == null
        ? Stream.empty()
        : upTo(before, after == null ? ofSlot : from(ofSlot, after));
  }

  /** Returns the connections whose credential ends in a span of time, from a place on. */
  Stream<CareDue> expiring(Instant from, Instant until, @Nullable CareDue after) {
    return upTo(
            until, after == null ? expiring.tailSet(new Timed(from, "")) : from(expiring, after))
        .filter(due -> due.at().isAfter(from));
  }

  private static NavigableSet<Timed> from(NavigableSet<Timed> all, CareDue after) {
    return all.tailSet(new Timed(after.at(), after.connection().value()), false);
  }

  private static Stream<CareDue> upTo(Instant before, SortedSet<Timed> some) {
    return some.stream().takeWhile(one -> one.at().isBefore(before)).map(Timed::due);
  }
}
