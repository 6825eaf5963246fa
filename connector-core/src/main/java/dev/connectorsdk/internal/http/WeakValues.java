package dev.connectorsdk.internal.http;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values that are the same for all who hold one of a key, and go when nobody holds them. Safe for
 * several threads, without a lock.
 *
 * @param <K> the key
 * @param <V> the value
 */
final class WeakValues<K, V> {

  private final ConcurrentMap<K, Held<K, V>> held = new ConcurrentHashMap<>();
  private final ReferenceQueue<V> gone = new ReferenceQueue<>();
  private final Function<K, V> make;

  private static final class Held<K, V> extends WeakReference<V> {

    private final K key;

    Held(K key, V value, ReferenceQueue<V> gone) {
      super(value, gone);
      this.key = key;
    }
  }

  /**
   * @param make is called for a key whose value nobody holds; of two that are made at once, one
   *     counts
   */
  WeakValues(Function<K, V> make) {
    this.make = make;
  }

  /** Returns the value of a key, made if nobody holds it. */
  V get(K key) {
    V known = ifHeld(key);
    return known == null ? made(key) : known;
  }

  /** Returns the value of a key, or {@code null} if nobody holds it. */
  @Nullable V ifHeld(K key) {
    Held<K, V> present = held.get(key);
    return present == null ? null : present.get();
  }

  private V made(K key) {
    forgetGone();
    V value = make.apply(key);
    Held<K, V> fresh = new Held<>(key, value, gone);
    for (Held<K, V> other = held.putIfAbsent(key, fresh);
        other != null;
        other = held.putIfAbsent(key, fresh)) {
      V known = other.get();
      if (known != null) {
        return known;
      }
      held.remove(key, other);
    }
    return value;
  }

  private void forgetGone() {
    for (Reference<? extends V> each = gone.poll(); each != null; each = gone.poll()) {
      Held<?, ?> present = (Held<?, ?>) each;
      held.remove(present.key, present);
    }
  }

  /** Returns how many are remembered, those included that are gone and were not forgotten yet. */
  int size() {
    return held.size();
  }

  /** Returns the values that somebody holds. */
  List<V> all() {
    List<V> all = new ArrayList<>();
    for (Held<K, V> each : held.values()) {
      V value = each.get();
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }
}
