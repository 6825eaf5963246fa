package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A list of things that happened, at a service for tests, with a trigger as an author writes it.
 */
final class Feed {

  /** Whose items are watched. */
  record Project(String project) {}

  record After(int position) {}

  record Item(String id, String group) {}

  record Page(List<Item> items, int next, boolean more, @Nullable Integer pause) {}

  static final PollingTrigger<Project, After, Item> ITEMS =
      PollingTrigger.builder("items", Project.class, After.class, Item.class)
          .titled("When there is an item")
          .poll(
              (poll, call) -> {
                After last = poll.cursor();
                Page page =
                    call.http()
                        .get("/feed")
                        .query("after", last == null ? null : last.position())
                        .query("project", poll.configuration().project())
                        .query("limit", poll.limit())
                        .fetch(Page.class);
                List<Event<Item>> events =
                    page.items().stream()
                        .map(item -> new Event<>(item.id(), item.group(), item))
                        .toList();
                return new Batch<>(
                    events, new After(page.next()), page.more(), pause(page.pause()));
              });

  private Feed() {}

  /**
   * Polls from the last position on, all projects together.
   *
   * @param prefix of the events' ids
   */
  static Batch<Integer, Item> poll(Poll<?, Integer> poll, ActionContext call, String prefix) {
    Page page = call.http().get("/feed").query("after", poll.cursor()).fetch(Page.class);
    return new Batch<>(
        page.items().stream().map(item -> new Event<>(prefix + item.id(), item)).toList(),
        page.next(),
        page.more());
  }

  private static @Nullable Duration pause(@Nullable Integer seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }

  /** Has the service answer the first poll with items and a position. */
  static void begins(WireMockServer service, int next, String... ids) {
    service.stubFor(asked().withQueryParam("after", absent()).willReturn(okJson(page(next, ids))));
  }

  /** Has the service answer a poll after a position with items and the next position. */
  static void goesOn(WireMockServer service, int after, int next, String... ids) {
    service.stubFor(after(after).willReturn(okJson(page(next, ids))));
  }

  static MappingBuilder asked() {
    return get(urlPathEqualTo("/feed"));
  }

  static MappingBuilder after(int position) {
    return asked().withQueryParam("after", equalTo(String.valueOf(position)));
  }

  /** Returns a page; an id with a slash says its group. */
  static String page(int next, String... ids) {
    String items = Arrays.stream(ids).map(Feed::item).collect(Collectors.joining(","));
    return "{\"items\":[" + items + "],\"next\":" + next + ",\"more\":false}";
  }

  static String pageWithMore(int next, String... ids) {
    return page(next, ids).replace("false", "true");
  }

  private static String item(String id) {
    String group = id.contains("/") ? id.substring(0, id.indexOf('/')) : "";
    return "{\"id\":\"" + id + "\",\"group\":\"" + group + "\"}";
  }
}
