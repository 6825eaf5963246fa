package dev.connectorsdk.examples.console;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next what {@code after} is on the next page, or {@code null} if this is the last one
 */
record ListPage<T>(List<T> items, @Nullable String next) {

  /**
   * Returns the page of a list that is there as a whole that the query asks for: that after the
   * item whose key {@code after} is, or the first one.
   */
  static <T> ListPage<T> of(Visit visit, List<T> all, Function<T, String> key, int size) {
    String after = visit.query("after").orElse(null);
    int from =
        IntStream.range(0, all.size())
            .filter(i -> key.apply(all.get(i)).equals(after))
            .findFirst()
            .orElse(-1);
    int to = Math.min(all.size(), from + 1 + size);
    return new ListPage<>(
        all.subList(from + 1, to), to < all.size() ? key.apply(all.get(to - 1)) : null);
  }
}
