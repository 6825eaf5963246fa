package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.Paging;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the request for the next page of a list in what the last one was answered with. */
final class NextPage {

  private final Paging paging;
  private final Set<String> seen = new HashSet<>();
  private @Nullable JsonNode last;
  private int pages;

  NextPage(Paging paging) {
    this.paging = paging;
  }

  /** Returns the request for the first page, given what the author asks for. */
  BoundCall first(BoundCall asked) {
    return paging instanceof Paging.PageNumber numbered
        ? asked.withQuery(
            numbered.parameter(), "" + number(asked, numbered.parameter(), numbered.first()))
        : asked;
  }

  /**
   * Returns the request for the page after one, or {@code null} if that was the last.
   *
   * @param items how many the page has
   */
  @Nullable BoundCall after(BoundCall call, BufferedResponse response, JsonNode page, int items) {
    pages++;
    if (paging instanceof Paging.PageNumber numbered) {
      return counted(call, page, numbered.parameter(), numbered.first(), items, 1);
    }
    if (paging instanceof Paging.Offset offset) {
      return counted(call, page, offset.parameter(), 0, items, items);
    }
    if (paging instanceof Paging.Cursor cursor) {
      return byCursor(call, cursor.parameter(), page.at(cursor.pointer()).asString(""));
    }
    if (paging instanceof Paging.HeaderCursor cursor) {
      return byCursor(call, cursor.parameter(), header(response, cursor.header()));
    }
    if (paging instanceof Paging.Continuation continuation) {
      String value = header(response, continuation.header());
      return value.isEmpty() ? null : call.withHeader(continuation.header(), once(value));
    }
    return byLink(call, response, page);
  }

  private static String header(BufferedResponse response, String name) {
    String value = response.header(name);
    return value == null ? "" : value;
  }

  private @Nullable BoundCall byCursor(BoundCall call, String parameter, String value) {
    return value.isEmpty() ? null : call.withQuery(parameter, once(value));
  }

  private @Nullable BoundCall byLink(BoundCall call, BufferedResponse response, JsonNode page) {
    String link =
        paging instanceof Paging.NextLink nextLink
            ? page.at(nextLink.pointer()).asString("")
            : LinkHeader.next(response.headers().getOrDefault("link", List.of()), response.url())
                .orElse("");
    if (link.isEmpty()) {
      return null;
    }
    HttpUrl target = response.url().resolve(link);
    if (target == null) {
      throw new ResponseException("The next link in page " + pages + " is not a URL");
    }
    once(target.toString());
    return call.follow(target);
  }

  /** A service that does not know the parameter gives the first page for ever. */
  private @Nullable BoundCall counted(
      BoundCall call, JsonNode page, String parameter, int first, int items, int step) {
    if (items == 0) {
      return null;
    }
    if (page.equals(last)) {
      throw new ResponseException(
          "Page "
              + pages
              + " is the same as the one before; does the service know the parameter '"
              + parameter
              + "'?");
    }
    last = page;
    return call.withQuery(parameter, "" + (number(call, parameter, first) + step));
  }

  private static long number(BoundCall call, String parameter, int otherwise) {
    String said = call.url().queryParameter(parameter);
    try {
      return said == null ? otherwise : Long.parseLong(said);
    } catch (NumberFormatException e) {
      throw new InvalidInputException("a list", parameter, "is not a number");
    }
  }

  private String once(String next) {
    if (!seen.add(next)) {
      throw new ResponseException("Page " + pages + " leads back to a page that was read already");
    }
    return next;
  }
}
