package dev.connectorsdk.api.http;

import java.util.Objects;

/** How a page of a list names the next one. */
public sealed interface Paging {

  /**
   * The page holds the URL of the next one.
   *
   * @param pointer JSON pointer of the URL, such as {@code /@odata.nextLink}
   */
  record NextLink(String pointer) implements Paging {
    public NextLink {
      Objects.requireNonNull(pointer, "pointer");
    }
  }

  /** The header {@code Link} holds the URL of the next page with {@code rel="next"}; RFC 8288. */
  record LinkHeader() implements Paging {}

  /**
   * The page holds a cursor, which the next request carries in its query.
   *
   * @param pointer JSON pointer of the cursor; absent, null or empty after the last page
   * @param parameter the query parameter
   */
  record Cursor(String pointer, String parameter) implements Paging {
    public Cursor {
      Objects.requireNonNull(pointer, "pointer");
      Objects.requireNonNull(parameter, "parameter");
    }
  }

  /** Returns paging by a URL in the page; see {@link NextLink}. */
  static Paging nextLink(String pointer) {
    return new NextLink(pointer);
  }

  /** Returns paging by the Link header; see {@link LinkHeader}. */
  static Paging linkHeader() {
    return new LinkHeader();
  }

  /** Returns paging by a cursor; see {@link Cursor}. */
  static Paging cursor(String pointer, String parameter) {
    return new Cursor(pointer, parameter);
  }
}
