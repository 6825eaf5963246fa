package dev.connectorsdk.internal.trigger;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Limits how much goes on at once for each of several. Safe for several threads.
 *
 * @param <K> whose room it is
 */
final class Rooms<K> {

  private final int places;
  private final Map<K, Integer> taken = new ConcurrentHashMap<>();

  /**
   * @param places how much may go on at once in each room
   */
  Rooms(int places) {
    this.places = places;
  }

  /** Returns whether one more may begin; then {@link #leave} has to be called. */
  boolean enter(K key) {
    boolean[] entered = new boolean[1];
    taken.compute(
        key,
        (id, before) -> {
          int now = before == null ? 0 : before;
          entered[0] = now < places;
          return Integer.valueOf(entered[0] ? now + 1 : now);
        });
    return entered[0];
  }

  /** Returns whether the room was full until now. */
  boolean leave(K key) {
    Integer left = taken.computeIfPresent(key, (id, before) -> before == 1 ? null : before - 1);
    return (left == null ? 0 : left) == places - 1;
  }

  /** Returns the rooms that are full. */
  Set<K> full() {
    return taken.entrySet().stream()
        .filter(room -> room.getValue() >= places)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Returns how much may begin in any of the rooms that are not full. */
  int least() {
    int most =
        taken.values().stream().mapToInt(Integer::intValue).filter(t -> t < places).max().orElse(0);
    return places - most;
  }
}
