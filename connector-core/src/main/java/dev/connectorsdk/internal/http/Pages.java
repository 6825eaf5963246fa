package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fetches a list page by page, as its items are asked for. */
final class Pages<T> extends AbstractSpliterator<T> {

  private static final int MAX_PAGES = 10_000;

  private final JsonPointer list;
  private final boolean omitsEmptyLists;
  private final NextPage following;
  private final Class<T> type;
  private final JsonMapper mapper;
  private final Queue<T> items = new ArrayDeque<>();
  private @Nullable BoundCall next;
  private int pages;

  Pages(BoundCall first, Paging paging, String itemsPointer, Class<T> type, JsonMapper mapper) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.list = JsonPointer.compile(itemsPointer);
    this.omitsEmptyLists = paging instanceof Paging.OmitsEmptyLists;
    this.following =
        new NextPage(paging instanceof Paging.OmitsEmptyLists omits ? omits.paging() : paging);
    this.next = following.first(first);
    this.type = type;
    this.mapper = mapper;
  }

  Stream<T> stream() {
    return StreamSupport.stream(this, false);
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    while (items.isEmpty()) {
      BoundCall call = next;
      if (call == null) {
        return false;
      }
      fetch(call);
    }
    action.accept(items.remove());
    return true;
  }

  private void fetch(BoundCall call) {
    if (++pages > MAX_PAGES) {
      throw new ResponseException("The list has more than " + MAX_PAGES + " pages");
    }
    BufferedResponse response = call.answer();
    JsonNode page = response.json();
    JsonNode found = found(page, response);
    for (JsonNode item : found) {
      items.add(map(item, response));
    }
    next = following.after(call, response, page, found.size());
  }

  /** Returns the list in a page; an answer without a body has none, and nor has one of null. */
  private JsonNode found(JsonNode page, BufferedResponse response) {
    JsonNode found = page.at(list);
    boolean isLeftOut = found.isMissingNode() && (omitsEmptyLists || page.isMissingNode());
    if (!found.isArray() && !found.isNull() && !isLeftOut) {
      throw new ResponseException(
          "Page "
              + pages
              + " of "
              + response
              + " has "
              + (found.isMissingNode() ? "nothing" : "no array")
              + " at '"
              + list
              + "', where its items should be; if the service leaves an empty list out, say so by"
              + " Paging.omittingEmptyLists()");
    }
    return found;
  }

  private T map(JsonNode item, BufferedResponse response) {
    try {
      return mapper.treeToValue(item, type);
    } catch (JacksonException e) {
      throw new ResponseException(
          "An item of page "
              + pages
              + " of "
              + response
              + " is not of the expected shape"
              + JsonPointers.inMessage(e));
    }
  }
}
