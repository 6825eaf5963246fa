package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of connections. What the store cannot look for is found by looking at so many of them.
 *
 * @param next where the next page begins, or {@code null} if this is the last one
 * @param isAll whether those looked at were all that there are from where the page begins
 */
record ConnectionSearch(List<Connection> found, @Nullable String next, boolean isAll) {

  /** How many are looked at for one page. */
  static final int LOOKED_AT = 150;

  /** Returns a page of all that a query has. */
  static ConnectionSearch all(
      Function<ConnectionQuery, List<Connection>> list, ConnectionQuery query, int size) {
    List<Connection> found = first(list, query, size + 1);
    return found.size() <= size
        ? new ConnectionSearch(found, null, true)
        : new ConnectionSearch(found.subList(0, size), Entered.place(found.get(size - 1)), true);
  }

  /**
   * Looks for some of those that a query has.
   *
   * @param list asks for connections by a query
   * @param query from where on
   * @param size how many the page has at most
   */
  static ConnectionSearch some(
      Function<ConnectionQuery, List<Connection>> list,
      ConnectionQuery query,
      Predicate<Connection> wanted,
      int size) {
    List<Connection> all = first(list, query, LOOKED_AT);
    List<Connection> found = new ArrayList<>();
    for (Connection one : all) {
      if (wanted.test(one) && found.size() == size) {
        return new ConnectionSearch(found, Entered.place(found.get(size - 1)), true);
      }
      if (wanted.test(one)) {
        found.add(one);
      }
    }
    return all.size() < LOOKED_AT
        ? new ConnectionSearch(found, null, true)
        : new ConnectionSearch(found, Entered.place(all.get(LOOKED_AT - 1)), false);
  }

  /** A store may leave some out of a page, so it is the last one only if it is empty. */
  private static List<Connection> first(
      Function<ConnectionQuery, List<Connection>> list, ConnectionQuery query, int size) {
    List<Connection> found = new ArrayList<>();
    ConnectionQuery next = query;
    List<Connection> page;
    do {
      page = list.apply(next.limit(size - found.size()));
      found.addAll(page);
      next = page.isEmpty() ? next : next.after(page.get(page.size() - 1));
    } while (!page.isEmpty() && found.size() < size);
    return found;
  }

  /** Says that others may follow, if that is so. */
  DomContent hint() {
    return Html.hint(isAll ? "" : LOOKED_AT + " connections were looked at. Others may follow.");
  }
}
