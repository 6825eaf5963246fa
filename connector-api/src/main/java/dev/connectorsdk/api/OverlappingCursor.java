package dev.connectorsdk.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of a trigger that reads a little more than what is new, so that it finds what became
 * visible late. Only {@link PollingTrigger.Builder#pollOverlapping} makes and reads one.
 *
 * @param cursor up to where everything was read, or {@code null} as long as the first reading goes
 *     on
 * @param fresh whether nothing was read since the first reading
 * @param known ids of what was found in the overlap, so that it is not found again
 * @param earlier cursors to read from once more, the oldest first
 * @param reading a reading that goes on, or {@code null}
 * @param <K> the author's cursor
 */
public record OverlappingCursor<K>(
    @Nullable K cursor,
    boolean fresh,
    String known,
    List<Earlier<K>> earlier,
    @Nullable Reading<K> reading) {

  /**
   * A cursor that was left behind.
   *
   * @param cursor the author's
   * @param since when it was new
   * @param <K> the author's cursor
   */
  public record Earlier<K>(K cursor, Instant since) {

    public Earlier {
      Objects.requireNonNull(cursor, "cursor");
      Objects.requireNonNull(since, "since");
    }
  }

  /**
   * A reading for which one poll was not enough.
   *
   * @param at where it goes on, or {@code null} if it has not begun
   * @param began when its first poll began
   * @param found ids of what it has found
   * @param <K> the author's cursor
   */
  public record Reading<K>(@Nullable K at, Instant began, String found) {

    public Reading {
      Objects.requireNonNull(began, "began");
      Objects.requireNonNull(found, "found");
    }
  }

  public OverlappingCursor {
    Objects.requireNonNull(known, "known");
    earlier = List.copyOf(earlier);
  }

  OverlappingCursor<K> goingOn(K at, Instant began, String found) {
    return new OverlappingCursor<>(cursor, fresh, known, earlier, new Reading<>(at, began, found));
  }
}
