package dev.connectorsdk.internal.trigger;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Claims in the store what is due there.
 *
 * @param <T> a claim
 */
final class OwnSchedule<T> implements Schedule {

  /** How late it is noticed at worst what another process has stored. */
  static final Duration LONGEST_NAP = Duration.ofSeconds(1);

  private static final Duration SHORTEST_NAP = Duration.ofMillis(1);

  /** How late work is at worst that finds no room although some has ended. */
  private static final Duration CROWDED_NAP = Duration.ofMillis(20);

  private static final int MOST_AT_ONCE = 100;

  private final Due<T> due;
  private final Lane lane;

  /**
   * What becomes due.
   *
   * @param claim claims at most so many
   * @param untilNext how long it is until one can be claimed, if any will be
   * @param work does what a claim is for, and is given what to run if that does not end in time
   * @param ended is told of each claim whose work has ended, or is not waited for any more
   * @param giveBack gives up a claim with which nothing was done
   */
  record Due<T>(
      IntFunction<List<T>> claim,
      Supplier<Optional<Duration>> untilNext,
      BiConsumer<T, Runnable> work,
      Consumer<T> ended,
      Consumer<T> giveBack) {}

  OwnSchedule(Due<T> due, Lane lane) {
    this.due = due;
    this.lane = lane;
  }

  @Override
  public int look() {
    int room = Math.min(MOST_AT_ONCE, lane.room());
    if (room == 0) {
      return 0;
    }
    List<T> claims = due.claim().apply(room);
    Iterator<T> left = claims.iterator();
    try {
      while (left.hasNext()) {
        begin(left.next());
      }
    } finally {
      left.forEachRemaining(due.ended()); // One could not be begun: these run out by themselves.
    }
    return claims.size();
  }

  private void begin(T claim) {
    lane.begin(
        givenUp -> due.work().accept(claim, givenUp),
        () -> due.ended().accept(claim),
        () -> due.giveBack().accept(claim));
  }

  @Override
  public Duration nap() {
    if (lane.room() == 0) {
      return CROWDED_NAP;
    }
    Optional<Duration> next = due.untilNext().get();
    if (next.isEmpty() || next.get().compareTo(LONGEST_NAP) > 0) {
      return LONGEST_NAP;
    }
    return next.get().compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : next.get();
  }

  /** Does what is due on this thread, once, and returns how much that was. */
  int run() {
    List<T> claims = due.claim().apply(MOST_AT_ONCE);
    claims.forEach(this::run);
    return claims.size();
  }

  private void run(T claim) {
    try {
      due.work().accept(claim, () -> {});
    } finally {
      due.ended().accept(claim);
    }
  }

  /** Nothing to do: whoever is woken looks into the store. */
  @Override
  public void stir() {}

  /** Nothing to do: it begins nothing unless it is asked to look. */
  @Override
  public void pause() {}

  @Override
  public void close() {}
}
