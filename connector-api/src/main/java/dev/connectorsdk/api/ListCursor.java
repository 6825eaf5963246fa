package dev.connectorsdk.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of a trigger that reads a list. Only {@link ListTriggerBuilder} makes and reads one.
 *
 * @param mark the greatest time or number of an item that was read, or {@code null}
 * @param from the smallest time that is wanted, or {@code null} for all
 * @param known ids of what the last reading has found, so that it is not found again
 * @param begun whether a reading was finished
 * @param reading a reading that goes on, or {@code null}
 */
public record ListCursor(
    @Nullable Long mark,
    @Nullable Long from,
    String known,
    boolean begun,
    @Nullable Reading reading) {

  /**
   * A reading for which one poll was not enough.
   *
   * @param floor the smallest time or number to read, or {@code null} for all
   * @param top the greatest time or number that was read, or {@code null}
   * @param quota how many more items are events, or {@code null} for all
   * @param token of the next page, or {@code null} for the first
   * @param pages how many pages were read
   * @param passed a token that was read before, to notice pages in a circle, or {@code null}
   * @param found ids of what was found
   * @param again whether all of it was read before, and is read once more
   */
  public record Reading(
      @Nullable Long floor,
      @Nullable Long top,
      @Nullable Integer quota,
      @Nullable String token,
      int pages,
      @Nullable String passed,
      String found,
      boolean again) {

    public Reading {
      Objects.requireNonNull(found, "found");
    }

    Reading withFloor(@Nullable Long floor) {
      return new Reading(floor, top, quota, token, pages, passed, found, again);
    }

    Reading withFound(String found) {
      return new Reading(floor, top, quota, token, pages, passed, found, again);
    }

    Reading fromTheFirstPage(boolean again) {
      return new Reading(floor, top, quota, null, 0, null, found, again);
    }

    /** Returns what follows after a page from which so many events were taken. */
    Reading after(@Nullable Long top, int taken, @Nullable String next) {
      Integer left = quota == null ? null : quota - taken;
      // The tokens after the first, second, fourth, eighth page: one of them lies in each circle.
      String mark = Integer.bitCount(pages + 1) == 1 ? next : passed;
      return new Reading(floor, top, left, next, pages + 1, mark, found, again);
    }
  }

  public ListCursor {
    Objects.requireNonNull(known, "known");
  }
}
