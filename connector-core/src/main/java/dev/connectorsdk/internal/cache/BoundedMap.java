package dev.connectorsdk.internal.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A map that forgets what is used least once there are more entries than it may have. Few entries
 * are in a map of the JDK: most processes never have more, and Caffeine takes a good part of a
 * start to load. Safe for several threads; reading takes no lock.
 *
 * @param <K> the key
 * @param <V> the value
 */
public final class BoundedMap<K, V> {

  /** From how many entries on they are bounded. */
  static final int FEW = 1_000;

  private final long most;
  private final ConcurrentMap<K, V> few = new ConcurrentHashMap<>();
  private volatile ConcurrentMap<K, V> entries = few; // written under this

  /**
   * @param most how many entries there may be at most; {@value #FEW} if it is less
   */
  public BoundedMap(long most) {
    this.most = most;
  }

  /** Returns a value, or {@code null} if there is none. */
  public @Nullable V get(K key) {
    ConcurrentMap<K, V> known = entries;
    V value = known.get(key);
    // It may just have moved.
    return value == null && known == few && isLarge() ? entries.get(key) : value;
  }

  /**
   * Replaces a value at once.
   *
   * @param next makes the value of the key and the one before, {@code null} if there is none; must
   *     not use this map
   */
  public V compute(K key, BiFunction<K, @Nullable V, V> next) {
    if (isLarge()) {
      return entries.compute(key, next);
    }
    synchronized (this) {
      return forMore().compute(key, next);
    }
  }

  /**
   * Replaces a value at once, if there is one.
   *
   * @param next makes the value of the key and the one before; must not use this map
   */
  public void computeIfPresent(K key, BiFunction<K, V, V> next) {
    if (isLarge()) {
      entries.computeIfPresent(key, next);
      return;
    }
    synchronized (this) {
      entries.computeIfPresent(key, next);
    }
  }

  /** Puts a value unless there is one, and returns the one that there was. */
  public @Nullable V putIfAbsent(K key, V value) {
    if (isLarge()) {
      return entries.putIfAbsent(key, value);
    }
    synchronized (this) {
      return forMore().putIfAbsent(key, value);
    }
  }

  /** Removes a value, if there is one. */
  public void remove(K key) {
    if (isLarge()) {
      entries.remove(key);
      return;
    }
    synchronized (this) {
      entries.remove(key);
    }
  }

  /** Removes all values that are like this. */
  public void removeIf(Predicate<V> isGone) {
    if (isLarge()) {
      entries.values().removeIf(isGone);
      return;
    }
    synchronized (this) {
      entries.values().removeIf(isGone);
    }
  }

  /** Returns whether the entries no longer move, so that they are changed without a lock. */
  private boolean isLarge() {
    return entries != few;
  }

  /** Guarded by this: what another thread put while the entries move would be lost. */
  private ConcurrentMap<K, V> forMore() {
    if (!isLarge() && few.size() >= FEW) {
      ConcurrentMap<K, V> large =
          Caffeine.newBuilder()
              .maximumSize(Math.max(most, FEW))
              .executor(Runnable::run)
              .<K, V>build()
              .asMap();
      large.putAll(few);
      entries = large;
      few.clear();
    }
    return entries;
  }
}
