package dev.connectorsdk.store;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The triggers of a store in memory; the object's monitor guards all that it holds. */
final class InMemoryTriggers implements TriggerStore {

  private final Clock clock;
  private final TreeMap<String, Entry> subscriptions = new TreeMap<>();
  private final Map<String, NavigableSet<String>> idsByAddress = new HashMap<>();
  private final Map<String, NavigableSet<String>> idsByFlow = new HashMap<>();
  private final TreeSet<Entry> due =
      new TreeSet<>(comparing(Entry::dueAt).thenComparing(Entry::id));
  private final InMemoryInbox inbox;
  private long lastToken;

  InMemoryTriggers(Clock clock) {
    this.clock = clock;
    this.inbox = new InMemoryInbox(clock, this::newToken);
  }

  /** A subscription, and who has claimed it until when. */
  private static final class Entry {
    private StoredSubscription stored;
    private @Nullable Instant dueAt;
    private String token = "";
    private Instant claimedUntil = Instant.MIN;

    Entry(StoredSubscription stored) {
      this.stored = stored;
    }

    String id() {
      return stored.id();
    }

    Instant dueAt() {
      return requireNonNull(dueAt, "dueAt");
    }

    boolean isClaimed(Instant now) {
      return !token.isEmpty() && claimedUntil.isAfter(now);
    }

    boolean isOf(Set<String> handlers) {
      return handlers.contains(stored.subject().handler());
    }
  }

  private String newToken() {
    return "claim-" + ++lastToken;
  }

  @Override
  public synchronized boolean insertSubscription(
      StoredSubscription subscription, @Nullable Duration dueIn) {
    if (subscriptions.containsKey(subscription.id())) {
      return false;
    }
    Entry entry = new Entry(subscription);
    subscriptions.put(subscription.id(), entry);
    move(subscription.id(), null, subscription.subject());
    inbox.open(subscription.id());
    setDue(entry, dueIn);
    return true;
  }

  private void move(String id, @Nullable Subject from, @Nullable Subject to) {
    move(idsByAddress, id, from == null ? "" : from.address(), to == null ? "" : to.address());
    move(idsByFlow, id, from == null ? "" : from.flow(), to == null ? "" : to.flow());
  }

  private static void move(
      Map<String, NavigableSet<String>> idsBy, String id, String from, String to) {
    idsBy.computeIfPresent(
        from,
        (key, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
    if (!to.isEmpty()) {
      idsBy.computeIfAbsent(to, key -> new TreeSet<>()).add(id);
    }
  }

  private void setDue(Entry entry, @Nullable Duration in) {
    if (entry.dueAt != null) {
      due.remove(entry);
    }
    entry.dueAt = in == null ? null : clock.instant().plus(in);
    if (entry.dueAt != null) {
      due.add(entry);
    }
  }

  @Override
  public synchronized Optional<StoredSubscription> findSubscription(String id) {
    return Optional.ofNullable(subscriptions.get(id)).map(entry -> entry.stored);
  }

  @Override
  public synchronized List<StoredSubscription> listSubscriptionsAt(
      String address, String after, int limit) {
    NavigableSet<String> ids = idsByAddress.getOrDefault(address, Collections.emptyNavigableSet());
    return ids.tailSet(after, false).stream()
        .limit(limit)
        .map(this::findSubscription)
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public synchronized List<StoredSubscription> listSubscriptions(
      SubscriptionFilter filter, String after, int limit) {
    String flow = filter.flow();
    NavigableSet<String> ids =
        flow == null
            ? subscriptions.navigableKeySet()
            : idsByFlow.getOrDefault(flow, Collections.emptyNavigableSet());
    return ids.tailSet(after, false).stream()
        .map(this::findSubscription)
        .flatMap(Optional::stream)
        .filter(stored -> matches(filter, stored.subject()))
        .limit(limit)
        .toList();
  }

  private static boolean matches(SubscriptionFilter filter, Subject subject) {
    return isWanted(filter.environment(), subject.environment())
        && isWanted(filter.flow(), subject.flow())
        && isWanted(filter.connector(), subject.connector())
        && isWanted(filter.reference(), subject.reference());
  }

  private static boolean isWanted(@Nullable Object wanted, Object actual) {
    return wanted == null || wanted.equals(actual);
  }

  @Override
  public synchronized boolean updateSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn) {
    Entry entry = subscriptions.get(next.id());
    return rewindSubscription(
        entry == null ? next : next.with(entry.stored.progress()), expectedVersion, dueIn);
  }

  @Override
  public synchronized boolean rewindSubscription(
      StoredSubscription next, long expectedVersion, @Nullable Duration dueIn) {
    InMemoryStore.requireNext(next.version(), expectedVersion);
    Entry entry = subscriptions.get(next.id());
    if (entry == null || entry.stored.version() != expectedVersion) {
      return false;
    }
    move(next.id(), entry.stored.subject(), next.subject());
    entry.stored = next;
    entry.token = "";
    setDue(entry, dueIn);
    return true;
  }

  @Override
  public synchronized boolean deleteSubscription(String id, long expectedVersion) {
    Entry entry = subscriptions.get(id);
    if (entry == null || entry.stored.version() != expectedVersion) {
      return false;
    }
    setDue(entry, null);
    move(id, entry.stored.subject(), null);
    subscriptions.remove(id);
    inbox.close(id);
    return true;
  }

  @Override
  public synchronized List<Claim> claimDue(Set<String> handlers, Duration lease, int limit) {
    Instant now = clock.instant();
    List<Entry> found = new ArrayList<>();
    for (Entry entry : due) {
      if (found.size() == limit || entry.dueAt().isAfter(now)) {
        break;
      }
      if (entry.isOf(handlers) && !entry.isClaimed(now)) {
        found.add(entry);
      }
    }
    return found.stream().map(entry -> claim(entry, lease)).toList();
  }

  @Override
  public synchronized Optional<Claim> claim(String id, Duration lease) {
    return Optional.ofNullable(subscriptions.get(id))
        .filter(entry -> !entry.isClaimed(clock.instant()))
        .map(entry -> claim(entry, lease));
  }

  private Claim claim(Entry entry, Duration lease) {
    entry.token = newToken();
    extend(entry, lease);
    return new Claim(entry.stored, entry.token, entry.claimedUntil.minus(lease));
  }

  /** What is to be polled at all is due when its claim runs out. */
  private void extend(Entry entry, Duration lease) {
    entry.claimedUntil = clock.instant().plus(lease);
    setDue(entry, entry.dueAt == null ? null : lease);
  }

  private Optional<Entry> held(Claim claim) {
    return Optional.ofNullable(subscriptions.get(claim.subscription().id()))
        .filter(entry -> entry.token.equals(claim.token()));
  }

  @Override
  public synchronized boolean renewClaim(Claim claim, Duration lease) {
    Optional<Entry> held = held(claim);
    held.ifPresent(entry -> extend(entry, lease));
    return held.isPresent();
  }

  @Override
  public synchronized int commit(Claim claim, Progress progress, Collection<NewEvent> events) {
    Entry entry = held(claim).orElse(null);
    if (entry == null) {
      return -1;
    }
    entry.stored = entry.stored.with(progress);
    Collection<NewEvent> unknown = inbox.unknown(entry.id(), events);
    inbox.store(entry.id(), unknown);
    return unknown.size();
  }

  @Override
  public synchronized boolean release(Claim claim, Outcome outcome, @Nullable Duration dueIn) {
    Optional<Entry> held = held(claim);
    held.ifPresent(entry -> giveBack(entry, entry.stored.with(outcome), dueIn));
    return held.isPresent();
  }

  @Override
  public synchronized boolean finish(
      Claim claim, Progress progress, Outcome outcome, @Nullable Duration dueIn) {
    Optional<Entry> held = held(claim);
    held.ifPresent(entry -> giveBack(entry, entry.stored.with(progress).with(outcome), dueIn));
    return held.isPresent();
  }

  private void giveBack(Entry entry, StoredSubscription next, @Nullable Duration dueIn) {
    entry.stored = next;
    entry.token = "";
    setDue(entry, dueIn);
  }

  @Override
  public synchronized Optional<Duration> untilNextDue(Set<String> handlers) {
    return due.stream()
        .filter(entry -> entry.isOf(handlers))
        .findFirst()
        .map(entry -> Duration.between(clock.instant(), entry.dueAt()));
  }

  @Override
  public synchronized int deliver(String subscription, Collection<NewEvent> events, Load most) {
    if (!subscriptions.containsKey(subscription)) {
      return -1;
    }
    Collection<NewEvent> unknown = inbox.unknown(subscription, events);
    if (!unknown.isEmpty() && !inbox.hasRoom(subscription, unknown, most)) {
      return -1;
    }
    inbox.store(subscription, unknown);
    return unknown.size();
  }

  @Override
  public synchronized Load load(String subscription) {
    return inbox.load(subscription);
  }

  @Override
  public synchronized Optional<Standing> inspect(String subscription) {
    return Optional.ofNullable(subscriptions.get(subscription))
        .map(
            entry -> {
              boolean isClaimed = entry.isClaimed(clock.instant());
              return new Standing(
                  isClaimed ? null : entry.dueAt,
                  isClaimed,
                  inbox.load(subscription),
                  inbox.list(subscription, EventStatus.PARKED, 0).count(),
                  inbox.lastEventAt(subscription));
            });
  }

  @Override
  public synchronized List<EventClaim> claimEvents(
      Set<String> handlers, Set<String> without, Duration lease, int limit) {
    return inbox.claim(delivers(handlers, without), lease, limit);
  }

  private Predicate<String> delivers(Set<String> handlers, Set<String> without) {
    return id -> {
      Entry entry = without.contains(id) ? null : subscriptions.get(id);
      return entry != null && entry.stored.life().delivers() && entry.isOf(handlers);
    };
  }

  @Override
  public synchronized boolean renewClaim(EventClaim claim, Duration lease) {
    return inbox.renew(claim, lease);
  }

  @Override
  public synchronized boolean release(EventClaim claim) {
    return inbox.release(claim);
  }

  @Override
  public synchronized boolean accept(EventClaim claim, Retention retention) {
    return inbox.accept(claim, retention);
  }

  @Override
  public synchronized boolean retry(EventClaim claim, Duration in, String error) {
    return inbox.retry(claim, in, error);
  }

  @Override
  public synchronized boolean postpone(EventClaim claim, Duration in, String error) {
    return inbox.postpone(claim, in, error);
  }

  @Override
  public synchronized boolean park(EventClaim claim, String error, Duration keep) {
    return inbox.park(claim, error, keep);
  }

  @Override
  public synchronized Optional<Duration> untilNextEvent(Set<String> handlers, Set<String> without) {
    return inbox.untilNext(delivers(handlers, without));
  }

  @Override
  public synchronized List<StoredEvent> listEvents(
      String subscription, @Nullable EventStatus status, long after, int limit) {
    return inbox.list(subscription, status, after).limit(limit).toList();
  }

  @Override
  public synchronized boolean replay(String subscription, long number) {
    return inbox.replay(subscription, number);
  }

  @Override
  public synchronized boolean drop(String subscription, long number) {
    return inbox.drop(subscription, number);
  }

  @Override
  public synchronized int forget(int limit) {
    return inbox.forget(limit);
  }

  @Override
  public synchronized List<SealedField> listNotUnder(String keyId, int limit) {
    return fields().filter(field -> !field.value().keyId().equals(keyId)).limit(limit).toList();
  }

  @Override
  public synchronized Map<String, Long> countByKey() {
    return fields()
        .collect(Collectors.groupingBy(field -> field.value().keyId(), Collectors.counting()));
  }

  private Stream<SealedField> fields() {
    Stream<SealedField> ofSubscriptions =
        subscriptions.values().stream()
            .map(entry -> entry.stored)
            .flatMap(
                row ->
                    Stream.of(
                        new SealedField(row.id(), "", Kind.CURSOR, row.progress().cursor()),
                        new SealedField(row.id(), "", Kind.REGISTRATION, row.registration())));
    Stream<SealedField> ofEvents =
        inbox
            .all()
            .map(
                event ->
                    new SealedField(
                        event.subscription(),
                        event.event().id(),
                        Kind.PAYLOAD,
                        event.event().payload()));
    return Stream.concat(ofSubscriptions, ofEvents).filter(field -> !field.value().isEmpty());
  }

  @Override
  public synchronized boolean reseal(SealedField stored, Sealed next) {
    String id = stored.subscription();
    if (stored.kind() == Kind.PAYLOAD) {
      return inbox.replacePayload(id, stored.event(), stored.value(), next);
    }
    Entry entry = subscriptions.get(id);
    if (entry == null || !valueOf(stored.kind(), entry.stored).equals(stored.value())) {
      return false;
    }
    StoredSubscription row = entry.stored.next();
    entry.stored =
        stored.kind() == Kind.CURSOR ? row.with(row.progress().with(next)) : row.with(next);
    entry.token = "";
    if (entry.dueAt != null && entry.claimedUntil.isAfter(clock.instant())) {
      setDue(entry, Duration.ZERO);
    }
    return true;
  }

  private static Sealed valueOf(Kind kind, StoredSubscription row) {
    return kind == Kind.CURSOR ? row.progress().cursor() : row.registration();
  }
}
