package dev.connectorsdk.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the items of a list are called, and how they are sorted. */
final class ItemRules<E> {

  /** So many of the last items on a page have to be old before the rest of the list counts so. */
  private static final int OLD_AT_THE_END = 3;

  final boolean newestFirst;
  final int longest;
  private final Function<? super E, String> id;
  private final @Nullable Function<? super E, ?> version;
  private final @Nullable Function<? super E, String> key;
  private final @Nullable ToLongFunction<? super E> mark;
  private final boolean timed;
  private final long overlap;

  ItemRules(ListTriggerBuilder<?, E> from, boolean newestFirst) {
    this.newestFirst = newestFirst;
    this.longest = from.longest;
    this.id = Objects.requireNonNull(from.itemId);
    this.version = from.itemVersion;
    this.key = from.itemKey;
    this.mark = from.mark;
    this.timed = from.timed;
    this.overlap = from.overlap;
  }

  boolean areTimed() {
    return timed;
  }

  Event<E> event(E item) {
    String itemId = id.apply(item);
    if (version != null) {
      Event<E> changed = Event.changed(itemId, version.apply(item), item);
      return key == null ? changed : new Event<>(changed.id(), key.apply(item), item);
    }
    return new Event<>(itemId, key == null ? "" : key.apply(item), item);
  }

  boolean areMarked() {
    return mark != null;
  }

  /** Returns a mark for others to come after: an item of the future must not hide those. */
  @Nullable Long notAfter(Instant now, @Nullable Long mark) {
    return timed && mark != null ? Long.valueOf(Math.min(mark, now.toEpochMilli())) : mark;
  }

  long mark(E item) {
    return Objects.requireNonNull(mark).applyAsLong(item);
  }

  /** Returns the greatest mark of the items, which is not after now, and of those before. */
  @Nullable Long top(@Nullable Long before, List<E> items, Instant now) {
    Long top = before;
    if (mark != null) {
      for (E item : items) {
        top = greater(top, notAfter(now, mark(item)));
      }
    }
    return top;
  }

  static @Nullable Long greater(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.max(one, other);
  }

  /** Returns the smallest mark to read if {@code mark} was read. */
  @Nullable Long floor(@Nullable Long mark, @Nullable Long from) {
    return mark == null ? from : greater(from, Math.subtractExact(mark, overlap));
  }

  /** Returns whether the last items of a page are below the floor. */
  boolean endBelow(@Nullable Long floor, List<E> items) {
    if (floor == null || items.isEmpty()) {
      return false;
    }
    return items.subList(Math.max(0, items.size() - OLD_AT_THE_END), items.size()).stream()
        .allMatch(item -> mark(item) < floor);
  }

  /**
   * Refuses a page that is sorted the other way: what is new would be looked for at the wrong end.
   */
  void checkOrder(List<E> items) {
    if (mark == null) {
      return;
    }
    List<Long> marks = new ArrayList<>();
    items.forEach(item -> marks.add(mark(item)));
    int wrong = 0;
    for (int i = 1; i < marks.size(); i++) {
      int order = Long.compare(marks.get(i), marks.get(i - 1));
      wrong += newestFirst ? order : -order;
    }
    // One item may stand out of line, such as one that is pinned to the top.
    if (wrong > 1) {
      throw new IllegalStateException(
          "The trigger reads a list with the "
              + (newestFirst ? "newest" : "oldest")
              + " first, but a page has the "
              + (newestFirst ? "oldest" : "newest")
              + " first");
    }
  }
}
