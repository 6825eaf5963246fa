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

  /**
   * A header of the answer holds a cursor, which the next request carries in its query.
   *
   * @param header holds the cursor; absent or empty after the last page
   * @param parameter the query parameter
   */
  record HeaderCursor(String header, String parameter) implements Paging {
    public HeaderCursor {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(parameter, "parameter");
    }
  }

  /**
   * A header of the answer holds a cursor, which the next request carries in a header of that name.
   *
   * @param header holds the cursor; absent or empty after the last page
   */
  record Continuation(String header) implements Paging {
    public Continuation {
      Objects.requireNonNull(header, "header");
    }
  }

  /**
   * The query says the number of the page that is asked for. The list ends with a page without
   * items, so that one more request is sent than there are pages.
   *
   * @param parameter the query parameter; a request that has it already begins there
   * @param first the number of the first page
   */
  record PageNumber(String parameter, int first) implements Paging {
    public PageNumber {
      Objects.requireNonNull(parameter, "parameter");
    }
  }

  /**
   * The query says how many items to leave out. The list ends with a page without items, so that
   * one more request is sent than there are pages.
   *
   * @param parameter the query parameter; a request that has it already begins there
   */
  record Offset(String parameter) implements Paging {
    public Offset {
      Objects.requireNonNull(parameter, "parameter");
    }
  }

  /**
   * A page without items leaves the list out.
   *
   * @param paging how a page names the next one
   */
  record OmitsEmptyLists(Paging paging) implements Paging {
    public OmitsEmptyLists {
      Objects.requireNonNull(paging, "paging");
      paging = paging instanceof OmitsEmptyLists same ? same.paging() : paging;
    }
  }

  /**
   * Returns this paging for a service that leaves a list out of a page if it is empty. Otherwise a
   * page in which there is nothing at the place of the list is an error, since the place may be a
   * wrong one.
   */
  default Paging omittingEmptyLists() {
    return new OmitsEmptyLists(this);
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

  /** Returns paging by a cursor in a header of answers; see {@link HeaderCursor}. */
  static Paging headerCursor(String header, String parameter) {
    return new HeaderCursor(header, parameter);
  }

  /** Returns paging by a header that is sent back; see {@link Continuation}. */
  static Paging continuation(String header) {
    return new Continuation(header);
  }

  /** Returns paging by numbers of pages, of which the first is 1; see {@link PageNumber}. */
  static Paging pageNumber(String parameter) {
    return pageNumber(parameter, 1);
  }

  /** Returns paging by numbers of pages; see {@link PageNumber}. */
  static Paging pageNumber(String parameter, int first) {
    return new PageNumber(parameter, first);
  }

  /** Returns paging by how many items were read; see {@link Offset}. */
  static Paging offset(String parameter) {
    return new Offset(parameter);
  }
}
