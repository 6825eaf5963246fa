package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.Paging;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fetches a list page by page, as its items are asked for. */
final class Pages<T> extends AbstractSpliterator<T> {

  private static final int MAX_PAGES = 10_000;
  private final Paging paging;
  private final String itemsPointer;
  private final Class<T> type;
  private final JsonMapper mapper;
  private final Queue<T> items = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();
  private @Nullable BoundCall next;
  private int pages;

  Pages(BoundCall first, Paging paging, String itemsPointer, Class<T> type, JsonMapper mapper) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.next = first;
    this.paging = paging;
    this.itemsPointer = itemsPointer;
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
    JsonNode array = itemsPointer.isEmpty() ? page : page.at(itemsPointer);
    for (JsonNode item : array) {
      items.add(map(item, response));
    }
    next = following(call, response, page);
  }

  private T map(JsonNode item, BufferedResponse response) {
    try {
      return mapper.treeToValue(item, type);
    } catch (JacksonException e) {
      throw new ResponseException(
          "An item of page " + pages + " of " + response + " is not of the expected shape");
    }
  }

  private @Nullable BoundCall following(BoundCall call, BufferedResponse response, JsonNode page) {
    if (paging instanceof Paging.Cursor cursor) {
      String value = page.at(cursor.pointer()).asString("");
      return value.isEmpty() ? null : call.withQuery(cursor.parameter(), once(value));
    }
    String link =
        paging instanceof Paging.NextLink nextLink
            ? page.at(nextLink.pointer()).asString("")
            : LinkHeader.next(response.headers().getOrDefault("link", List.of())).orElse("");
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

  private String once(String next) {
    if (!seen.add(next)) {
      throw new ResponseException("Page " + pages + " leads back to a page that was read already");
    }
    return next;
  }
}
