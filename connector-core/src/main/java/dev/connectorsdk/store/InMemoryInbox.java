package dev.connectorsdk.store;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The events of all subscriptions. Not safe for use by several threads. */
final class InMemoryInbox {

  private final Clock clock;
  private final Supplier<String> tokens;
  private final Map<Long, InMemoryEvent> events = new HashMap<>();
  private final Map<String, Box> boxes = new HashMap<>();
  private final TreeSet<InMemoryEvent> ready =
      new TreeSet<>(comparing(InMemoryEvent::readyAt).thenComparing(InMemoryEvent::number));
  private final TreeSet<InMemoryEvent> kept =
      new TreeSet<>(comparing(InMemoryEvent::keptUntil).thenComparing(InMemoryEvent::number));
  private long lastNumber;

  InMemoryInbox(Clock clock, Supplier<String> tokens) {
    this.clock = clock;
    this.tokens = tokens;
  }

  /** The events of one subscription. */
  private static final class Box {
    private final Map<String, InMemoryEvent> byId = new HashMap<>();
    private final TreeMap<Long, InMemoryEvent> byNumber = new TreeMap<>();
    private final Map<String, Queue> queues = new HashMap<>();
    private long waiting;
    private long characters;
  }

  /** The events of a subscription that wait and have the same order. */
  private static final class Queue {
    private final TreeMap<Long, InMemoryEvent> waiting = new TreeMap<>();

    /** The only one that can be claimed. */
    private @Nullable InMemoryEvent head;
  }

  /** Makes an empty box, for a subscription that is new. */
  void open(String subscription) {
    boxes.put(subscription, new Box());
  }

  void close(String subscription) {
    box(subscription).byNumber.values().forEach(this::delete);
    boxes.remove(subscription);
  }

  private Box box(String subscription) {
    return requireNonNull(boxes.get(subscription), "box");
  }

  /** Returns those that are not known, each once. */
  Collection<NewEvent> unknown(String subscription, Collection<NewEvent> all) {
    Box box = box(subscription);
    Map<String, NewEvent> unknown = new LinkedHashMap<>();
    for (NewEvent event : all) {
      if (!box.byId.containsKey(event.id())) {
        unknown.putIfAbsent(event.id(), event);
      }
    }
    return unknown.values();
  }

  void store(String subscription, Collection<NewEvent> unknown) {
    Box box = box(subscription);
    Instant now = clock.instant();
    for (NewEvent event : unknown) {
      InMemoryEvent added =
          new InMemoryEvent(
              new StoredEvent(++lastNumber, subscription, event, EventStatus.STORED, 0, "", now));
      events.put(added.number(), added);
      box.byNumber.put(added.number(), added);
      box.byId.put(added.id(), added);
      enqueue(box, added);
    }
  }

  private void enqueue(Box box, InMemoryEvent event) {
    box.waiting++;
    box.characters += event.payload().ciphertext().length();
    Queue queue = box.queues.computeIfAbsent(event.order(), order -> new Queue());
    queue.waiting.put(event.number(), event);
    promote(queue);
  }

  private void dequeue(InMemoryEvent event) {
    Box box = box(event.stored().subscription());
    box.waiting--;
    box.characters -= event.payload().ciphertext().length();
    readyAt(event, null);
    Queue queue = requireNonNull(box.queues.get(event.order()), "queue");
    queue.waiting.remove(event.number());
    queue.head = null;
    if (queue.waiting.isEmpty()) {
      box.queues.remove(event.order());
    }
    promote(queue);
  }

  private void promote(Queue queue) {
    if (queue.head == null && !queue.waiting.isEmpty()) {
      queue.head = queue.waiting.firstEntry().getValue();
      readyAt(queue.head, clock.instant());
    }
  }

  private void readyAt(InMemoryEvent event, @Nullable Instant at) {
    if (event.readyAt != null) {
      ready.remove(event);
    }
    event.readyAt = at;
    if (at != null) {
      ready.add(event);
    }
  }

  private void keepUntil(InMemoryEvent event, @Nullable Instant until) {
    if (event.keptUntil != null) {
      kept.remove(event);
    }
    event.keptUntil = until;
    if (until != null) {
      kept.add(event);
    }
  }

  Load load(String subscription) {
    Box box = boxes.get(subscription);
    return box == null ? new Load(0, 0) : new Load(box.waiting, box.characters);
  }

  boolean hasRoom(String subscription, Collection<NewEvent> more, Load most) {
    Box box = box(subscription);
    long characters = more.stream().mapToLong(e -> e.payload().ciphertext().length()).sum();
    return box.waiting + more.size() <= most.events()
        && box.characters + characters <= most.characters();
  }

  @Nullable Instant lastEventAt(String subscription) {
    var last = box(subscription).byNumber.lastEntry();
    return last == null ? null : last.getValue().stored().storedAt();
  }

  /** Returns the events of a subscription in the order of their numbers. */
  Stream<StoredEvent> list(String subscription, @Nullable EventStatus status, long after) {
    Box box = boxes.get(subscription);
    return box == null
        ? Stream.empty()
        : box.byNumber.navigableKeySet().tailSet(after, false).stream()
            .map(box.byNumber::get)
            .flatMap(Stream::ofNullable)
            .map(InMemoryEvent::stored)
            .filter(event -> status == null || event.status() == status);
  }

  Stream<StoredEvent> all() {
    return events.values().stream().map(InMemoryEvent::stored);
  }

  List<EventClaim> claim(Predicate<String> isWanted, Duration lease, int limit) {
    Instant now = clock.instant();
    List<InMemoryEvent> found = new ArrayList<>();
    for (InMemoryEvent event : ready) {
      if (found.size() == limit || event.readyAt().isAfter(now)) {
        break;
      }
      if (isWanted.test(event.stored().subscription())) {
        found.add(event);
      }
    }
    List<EventClaim> claims = new ArrayList<>();
    for (InMemoryEvent event : found) {
      claims.add(event.claim(tokens.get()));
      readyAt(event, now.plus(lease));
    }
    return claims;
  }

  Optional<Duration> untilNext(Predicate<String> isWanted) {
    return ready.stream()
        .filter(event -> isWanted.test(event.stored().subscription()))
        .findFirst()
        .map(event -> Duration.between(clock.instant(), event.readyAt()));
  }

  private Optional<InMemoryEvent> held(EventClaim claim) {
    return Optional.ofNullable(events.get(claim.event().number()))
        .filter(event -> event.isHeld(claim.token()));
  }

  boolean renew(EventClaim claim, Duration lease) {
    Optional<InMemoryEvent> held = held(claim);
    held.ifPresent(event -> readyAt(event, clock.instant().plus(lease)));
    return held.isPresent();
  }

  boolean release(EventClaim claim) {
    return giveBack(claim, 1, Duration.ZERO, null);
  }

  boolean retry(EventClaim claim, Duration in, String error) {
    return giveBack(claim, 0, in, error);
  }

  boolean postpone(EventClaim claim, Duration in, String error) {
    return giveBack(claim, 1, in, error);
  }

  /**
   * @param uncounted how many attempts do not count
   * @param error {@code null} for the one before
   */
  private boolean giveBack(EventClaim claim, int uncounted, Duration in, @Nullable String error) {
    Optional<InMemoryEvent> held = held(claim);
    held.ifPresent(
        event -> {
          StoredEvent stored = event.stored();
          event.become(
              EventStatus.STORED,
              stored.attempts() - uncounted,
              error == null ? stored.error() : error);
          readyAt(event, clock.instant().plus(in));
        });
    return held.isPresent();
  }

  boolean accept(EventClaim claim, Retention retention) {
    Optional<InMemoryEvent> held = held(claim);
    held.ifPresent(
        event -> {
          dequeue(event);
          event.become(EventStatus.ACCEPTED, event.stored().attempts(), "");
          Instant now = clock.instant();
          event.knownUntil = now.plus(retention.id());
          boolean isKept = retention.payload().compareTo(Duration.ZERO) > 0;
          if (!isKept) {
            event.replacePayload(Sealed.NONE);
          }
          keepUntil(event, isKept ? now.plus(retention.payload()) : event.knownUntil);
        });
    return held.isPresent();
  }

  boolean park(EventClaim claim, String error, Duration keep) {
    Optional<InMemoryEvent> held = held(claim);
    held.ifPresent(
        event -> {
          dequeue(event);
          event.become(EventStatus.PARKED, event.stored().attempts(), error);
          event.knownUntil = clock.instant().plus(keep);
          keepUntil(event, event.knownUntil);
        });
    return held.isPresent();
  }

  private Optional<InMemoryEvent> find(String subscription, long number) {
    return Optional.ofNullable(events.get(number))
        .filter(event -> event.stored().subscription().equals(subscription));
  }

  boolean replay(String subscription, long number) {
    Optional<InMemoryEvent> found =
        find(subscription, number)
            .filter(event -> !event.is(EventStatus.STORED) && !event.payload().isEmpty());
    found.ifPresent(
        event -> {
          event.become(EventStatus.STORED, 0, "");
          keepUntil(event, null);
          enqueue(box(subscription), event);
        });
    return found.isPresent();
  }

  boolean drop(String subscription, long number) {
    Optional<InMemoryEvent> found =
        find(subscription, number).filter(event -> event.is(EventStatus.PARKED));
    found.ifPresent(
        event -> {
          event.become(EventStatus.ACCEPTED, event.stored().attempts(), event.stored().error());
          event.replacePayload(Sealed.NONE);
        });
    return found.isPresent();
  }

  int forget(int limit) {
    Instant now = clock.instant();
    int forgotten = 0;
    while (forgotten < limit && !kept.isEmpty() && !kept.first().keptUntil().isAfter(now)) {
      InMemoryEvent event = kept.first();
      if (event.is(EventStatus.ACCEPTED) && event.knownUntil.isAfter(now)) {
        event.replacePayload(Sealed.NONE);
        keepUntil(event, event.knownUntil);
      } else {
        Box box = box(event.stored().subscription());
        box.byId.remove(event.id());
        box.byNumber.remove(event.number());
        delete(event);
      }
      forgotten++;
    }
    return forgotten;
  }

  private void delete(InMemoryEvent event) {
    readyAt(event, null);
    keepUntil(event, null);
    events.remove(event.number());
  }

  boolean replacePayload(String subscription, String id, Sealed expected, Sealed next) {
    Box box = boxes.get(subscription);
    if (box == null) {
      return false;
    }
    InMemoryEvent event = box.byId.get(id);
    if (event == null || !event.payload().equals(expected)) {
      return false;
    }
    if (event.is(EventStatus.STORED)) {
      box.characters += next.ciphertext().length() - expected.ciphertext().length();
    }
    event.replacePayload(next);
    return true;
  }
}
