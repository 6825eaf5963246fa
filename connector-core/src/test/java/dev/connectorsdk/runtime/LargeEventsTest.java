package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.event.ConnectorEvent.EventParked;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of events that are too large for the inbox. */
class LargeEventsTest extends TriggerHostTest {

  private static final PollingTrigger<Project, Integer, Item> ITEMS =
      PollingTrigger.builder("items", Project.class, Integer.class, Item.class)
          .titled("When there is an item")
          .poll((poll, call) -> Feed.poll(poll, call, ""));

  private PollingTrigger<Nothing, String, Item> large =
      PollingTrigger.builder("large", Nothing.class, String.class, Item.class)
          .poll((poll, call) -> items(0, "next"));

  private static final SubscriptionSpec IN_ORDER =
      SubscriptionSpec.of(SHARED, ITEMS, new Project("p1"), "announce").inOrder();

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(ITEMS).trigger(large).build();
  }

  @BeforeEach
  void connect() {
    bindAdasConnection();
  }

  /** Has the first poll find items with names of these lengths. */
  private void find(int... lengths) {
    List<String> items = new ArrayList<>();
    for (int length : lengths) {
      String id = "T-" + (items.size() + 1);
      items.add("{\"id\":\"" + id + "\",\"group\":\"" + "x".repeat(length) + "\"}");
    }
    String page = Feed.page(1).replace("[]", "[" + String.join(",", items) + "]");
    service.stubFor(Feed.asked().willReturn(okJson(page)));
    Feed.goesOn(service, 1, 2, "T-9");
    Feed.goesOn(service, 2, 2);
  }

  private List<InboxEvent> parked(Subscription subscription) {
    return runtime.triggers().events(ADAS_FLOW, subscription.id(), EventStatus.PARKED, 0, 10);
  }

  @Test
  @DisplayName("G13: an event that is too large for the inbox is parked, and holds nothing back")
  @Tag("G13")
  void anEventThatIsTooLargeIsParked() {
    find(10, 700_001, 10);
    Subscription subscription = subscribe(IN_ORDER);

    run();
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1", "T-3", "T-9");
    assertThat(inspect(subscription).failures()).isZero();
    assertThat(parked(subscription))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.id()).isEqualTo("T-2");
              assertThat(event.error())
                  .isEqualTo("It has more than 700,000 bytes as JSON: its payload was not kept");
              assertThat(event.payload()).isNull();
            });
    assertThat(heard(EventParked.class)).hasSize(1);
    long number = parked(subscription).get(0).number();
    assertThat(runtime.triggers().replay(ADAS_FLOW, subscription.id(), number)).isFalse();
    assertThat(runtime.triggers().drop(ADAS_FLOW, subscription.id(), number)).isTrue();
  }

  private Subscription poll(PollingTrigger.Handler<Nothing, String, Item> poll) {
    large =
        PollingTrigger.builder("large", Nothing.class, String.class, Item.class)
            .titled("When there is much")
            .starts(Start.Now.class, Start.All.class)
            .poll(poll);
    restart();
    return subscribe(
        SubscriptionSpec.of(SHARED, large, Nothing.NOTHING, "announce").atMostPerMinute(1_000_000));
  }

  private static Batch<String, Item> items(int count, String next) {
    return Batch.of(
        IntStream.range(0, count).mapToObj(n -> new Event<>("T-" + n, new Item("", ""))).toList(),
        next);
  }

  @Test
  @DisplayName("G13: a trigger that pays no regard to the limit loses nothing")
  @Tag("G13")
  void aPollMayFindMoreThanWaitsAtMost() {
    Subscription subscription = poll((poll, call) -> items(12_000, "next"));

    run();

    assertThat(handled).hasSize(12_000);
    assertThat(inspect(subscription).failures()).isZero();
  }

  @Test
  @DisplayName("G13: what is too much at once is said with its remedy, and the remedy helps")
  @Tag("G13")
  void whatIsTooMuchAtOnceIsSaid() {
    Subscription subscription =
        poll((poll, call) -> items(poll.start() instanceof Start.Now ? 0 : 100_001, "next"));
    run();
    runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.All());

    run();

    assertThat(inspect(subscription).lastError())
        .isEqualTo(
            "Trigger 'large' returned 100001 events of 2000020 bytes as JSON at once, and 100,000"
                + " of 16 MiB are the most: have it watch less, or rewind it to now");
    assertThat(handled).isEmpty();
    runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.Now());
    run();
    assertThat(inspect(subscription).lastError()).isEmpty();
    assertThat(inspect(subscription).proof()).contains("events may be missing");
  }

  @Test
  @DisplayName("G13: a cursor that no store keeps is said with its remedy, and the remedy helps")
  @Tag("G13")
  void aCursorThatIsTooLongIsSaid() {
    Subscription subscription =
        poll((poll, call) -> items(0, poll.cursor() == null ? "short" : "x".repeat(256 * 1024)));
    run();

    runAfter(ROUND);

    assertThat(inspect(subscription).lastError())
        .isEqualTo(
            "The cursor of trigger 'large' is longer than 256 KiB: have it watch less, or rewind"
                + " it");
    runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.Now());
    run();
    assertThat(inspect(subscription).lastError()).isEmpty();
  }

  @Test
  @DisplayName("G13: what is too much for one batch comes in several")
  @Tag("G13")
  void batchesAreAsLargeAsTheInboxTakes() {
    find(300_000, 300_000, 300_000, 700_001, 10);
    List<List<String>> batches = new ArrayList<>();
    runtime.close();
    runtime =
        inHost(builder())
            .handler(
                "announce",
                Item[].class,
                (items, event) -> batches.add(Arrays.stream(items).map(Item::id).toList()))
            .stopped();
    Subscription subscription = subscribe(IN_ORDER.inBatches());

    run();

    assertThat(batches).containsExactly(List.of("T-1", "T-2"), List.of("T-3"), List.of("T-5"));
    assertThat(parked(subscription)).extracting(InboxEvent::id).containsExactly("T-4");
  }
}
