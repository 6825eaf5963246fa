package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.internal.SeenIds;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.OptionalDouble;

/**
 * How a service has delivered so far.
 *
 * @param nextAt when to look again
 * @param compared how many of the last events polls have found
 * @param unsent how many of these the service has not sent
 * @param suspects ids of those that the last poll has found first, and that may be sent yet
 */
record Observed(Instant nextAt, int compared, int unsent, String suspects, Rhythm rhythm) {

  static final Observed NOTHING = new Observed(Instant.EPOCH, 0, 0, "", Rhythm.NONE);

  private static final Duration EVERY = Duration.ofHours(1);
  private static final int MOST_COMPARED = 1_000;
  private static final int MOST_SUSPECTS = 2_000;

  boolean isDue(Instant now) {
    return !now.isBefore(nextAt);
  }

  /** Returns it when there is something to observe. */
  Observed begun(Instant now) {
    return nextAt.equals(NOTHING.nextAt()) ? looked(now) : this;
  }

  /** Returns it after somebody has looked. */
  Observed looked(Instant now) {
    return new Observed(now.plus(EVERY), compared, unsent, suspects, rhythm);
  }

  Observed with(Rhythm other) {
    return new Observed(nextAt, compared, unsent, suspects, other);
  }

  /** Returns how many were not sent in the time that they had. */
  int overdue() {
    return SeenIds.of(suspects).size();
  }

  /** Returns it once the time is over that what was found had to be sent yet. */
  Observed judged() {
    int lost = unsent + overdue();
    return compared > MOST_COMPARED
        ? new Observed(nextAt, compared / 2, lost / 2, "", rhythm)
        : new Observed(nextAt, compared, lost, "", rhythm);
  }

  /**
   * Returns it after a poll.
   *
   * @param found how many events it has found
   * @param first the ids of those that the service had not sent
   */
  Observed found(int found, Collection<String> first) {
    SeenIds all = SeenIds.of(suspects);
    first.forEach(all::add);
    return new Observed(nextAt, compared + found, unsent, all.first(MOST_SUSPECTS), rhythm);
  }

  /** Returns which part of the last events was not sent, or nothing if none was compared. */
  OptionalDouble lossRate() {
    return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) unsent / compared);
  }

  boolean suspects(String id) {
    return SeenIds.of(suspects).contains(id);
  }

  /** Returns it after the service has sent something, though late. */
  Observed sent(Collection<String> ids) {
    SeenIds all = SeenIds.of(suspects);
    ids.forEach(all::remove);
    return new Observed(nextAt, compared, unsent, all.first(MOST_SUSPECTS), rhythm);
  }
}
