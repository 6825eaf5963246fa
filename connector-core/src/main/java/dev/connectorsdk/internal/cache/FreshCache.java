package dev.connectorsdk.internal.cache;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was read from the store for a short while, or for as long as the store's {@linkplain
 * StoreChanges changes} say that it still holds: what this process changes is seen at once, what
 * another process changes after the freshness at the latest. Safe for several threads; no lock is
 * held while the store is read.
 *
 * @param <K> the key
 * @param <V> what was read; something like {@link java.util.Optional} where it may be missing
 */
public final class FreshCache<K, V> {

  private static final int MAX_ENTRIES = 100_000;

  /** Whatever the store says: it may have been changed in ways that it does not know of. */
  private static final long LONGEST_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final long EXPIRED = Long.MIN_VALUE / 2;

  private final BoundedMap<K, Entry<V>> entries = new BoundedMap<>(MAX_ENTRIES);
  private final AtomicLong changes = new AtomicLong();
  private final Freshness freshness;
  private final StoreChanges stored;
  private final Function<K, V> load;
  private final BinaryOperator<V> merge;

  /**
   * @param era see {@link StoreChanges#era}
   */
  private record Entry<V>(V value, long readAt, int era) {

    boolean isExpired() {
      return readAt == EXPIRED;
    }
  }

  /**
   * When a reading began.
   *
   * @param changes how many there were until then
   * @param era see {@link StoreChanges#era}
   * @param at in milliseconds
   */
  public record Reading(long changes, int era, long at) {}

  /**
   * @param stored which says of what was read how long it holds
   * @param load reads from the store
   * @param merge chooses between what was there and what was read, so that an unchanged value keeps
   *     what belongs to it
   */
  public FreshCache(StoreChanges stored, Function<K, V> load, BinaryOperator<V> merge) {
    this.freshness = stored.freshness();
    this.stored = stored;
    this.load = load;
    this.merge = merge;
  }

  /** Returns a cache in which what was read replaces what was there. */
  public FreshCache(StoreChanges stored, Function<K, V> load) {
    this(stored, load, (before, read) -> read);
  }

  /** Returns a cache of what is not read from the store. */
  public FreshCache(Clock clock, Duration fresh, Function<K, V> load) {
    this(StoreChanges.none(clock, fresh), load);
  }

  /**
   * Returns the value, read from the store if that was not done lately.
   *
   * @throws dev.connectorsdk.api.error.StoreException if reading it takes longer than the freshness
   */
  public V get(K key) {
    Entry<V> entry = entries.get(key);
    return entry != null && isValid(entry)
        ? entry.value()
        : freshness.read(() -> read(key), Entry::readAt).value();
  }

  /**
   * Returns what {@link #get(Object)} does, and renews the moment if that was not in memory.
   *
   * @throws dev.connectorsdk.api.error.StoreException as there
   */
  public V get(K key, Moment at) {
    Entry<V> entry = entries.get(key);
    if (entry != null && isValid(entry, at)) {
      return entry.value();
    }
    V value = get(key);
    at.renew();
    at.holdsNoLonger();
    return value;
  }

  private boolean isValid(Entry<V> entry) {
    return freshness.isFresh(entry.readAt())
        || (freshness.isWithin(LONGEST_MILLIS, entry.readAt())
            && stored.isUnchangedSince(entry.era()));
  }

  private boolean isValid(Entry<V> entry, Moment at) {
    return freshness.holds(entry.readAt(), at)
        || (Freshness.isWithin(LONGEST_MILLIS, entry.readAt(), at)
            && stored.isUnchangedSince(entry.era(), at));
  }

  private Entry<V> read(K key) {
    Entry<V> entry = entries.get(key);
    return entry != null && freshness.isFresh(entry.readAt()) ? entry : read(key, entry);
  }

  @SuppressWarnings("ReferenceEquality") // an equal entry is another reading
  private Entry<V> read(K key, @Nullable Entry<V> seen) {
    Reading began = begin();
    V read = load.apply(key);
    Entry<V> kept =
        entries.compute(
            key,
            (k, old) -> {
              // Which of two that read at once has read the older value nobody knows: the first
              // one counts, so that what was taken back does not return after somebody has seen
              // it gone.
              if (old != null && old != seen && !old.isExpired()) {
                return old;
              }
              V value = old == null ? read : merge.apply(old.value(), read);
              // What was read may be older than a change meanwhile: the next one reads again.
              // It is kept all the same, so that whatever comes to belong to it is there only
              // once.
              return new Entry<>(
                  value, changes.get() == began.changes() ? began.at() : EXPIRED, began.era());
            });
    return kept.isExpired() ? new Entry<>(kept.value(), began.at(), began.era()) : kept;
  }

  private static <V> Entry<V> expired(V value) {
    return new Entry<>(value, EXPIRED, StoreChanges.NO_ERA);
  }

  /** Returns whether there is a value, however old. */
  public boolean holds(K key) {
    return entries.get(key) != null;
  }

  /**
   * Keeps a value that was read elsewhere unless there is one; the next {@link #get} reads again.
   */
  public void keep(K key, V value) {
    entries.putIfAbsent(key, expired(value));
  }

  /**
   * Returns the start of a reading of values that are {@linkplain #keep(Object, Object, Reading)
   * kept} later.
   */
  public Reading begin() {
    return new Reading(changes.get(), stored.era(), freshness.now());
  }

  /**
   * Keeps a value that was read along with others, unless there is one.
   *
   * @param since when that reading began
   */
  public void keep(K key, V value, Reading since) {
    entries.compute(
        key,
        (k, old) ->
            old == null
                ? new Entry<>(
                    value, changes.get() == since.changes() ? since.at() : EXPIRED, since.era())
                : old);
  }

  /** Has the value read again by the next {@link #get}, keeping what belongs to it. */
  public void expire(K key) {
    changes.incrementAndGet();
    entries.computeIfPresent(key, (k, old) -> expired(old.value()));
    stored.count().changed();
  }

  /** Forgets all values that are outdated, and what belongs to them. */
  public void forgetIf(Predicate<V> isOutdated) {
    changes.incrementAndGet();
    entries.removeIf(entry -> isOutdated.test(entry.value()));
    stored.count().changed();
  }

  /** Forgets the value and what belongs to it. */
  public void forget(K key) {
    changes.incrementAndGet();
    entries.remove(key);
    stored.count().changed();
  }
}
