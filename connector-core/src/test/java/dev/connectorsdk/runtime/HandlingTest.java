package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.event.ConnectorEvent.EventParked;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of an event once it is stored. */
class HandlingTest extends TriggerHostTest {

  private boolean isBroken = true;

  @BeforeEach
  void connect() {
    bindAdasConnection();
  }

  private void failOn(String id) {
    handler =
        (item, event) -> {
          if (isBroken && item.id().equals(id)) {
            throw new IllegalStateException("no room for " + item.id());
          }
        };
  }

  private List<InboxEvent> inbox(Subscription subscription, EventStatus status) {
    return runtime.triggers().events(ADAS_FLOW, subscription.id(), status, 0, 200);
  }

  @Test
  @DisplayName("G13: one event that always fails does not block 99 others, and is kept")
  @Tag("G13")
  void aPoisonEventIsParked() {
    String[] ids = IntStream.rangeClosed(1, 100).mapToObj(n -> "T-" + n).toArray(String[]::new);
    Feed.begins(service, 1, ids);
    Feed.goesOn(service, 1, 1);
    failOn("T-50");
    Subscription subscription = subscribe();

    run();
    assertThat(handled).hasSize(99).doesNotContain("T-50");
    for (int i = 0; i < 20; i++) {
      runAfter(Duration.ofMinutes(2));
    }

    assertThat(handedOver).filteredOn(event -> event.id().equals("T-50")).hasSize(5);
    assertThat(inspect(subscription).parked()).isEqualTo(1);
    assertThat(inbox(subscription, EventStatus.PARKED))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.attempts()).isEqualTo(5);
              assertThat(event.error())
                  .isEqualTo("Handler 'announce' failed with java.lang.IllegalStateException");
              assertThat(event.payload()).hasToString("{\"id\":\"T-50\",\"group\":\"\"}");
            });
    assertThat(heard(EventParked.class)).hasSize(1);

    isBroken = false;
    long number = inbox(subscription, EventStatus.PARKED).get(0).number();
    assertThat(runtime.triggers().replay(ADAS_FLOW, subscription.id(), number)).isTrue();
    run();
    assertThat(handled).hasSize(100).endsWith("T-50");
    assertThat(handedOver.get(handedOver.size() - 1))
        .extracting(HandledEvent::id, HandledEvent::attempt)
        .containsExactly("T-50", 1);
  }

  @Test
  @DisplayName("G13: the pauses between attempts grow up to 10 min")
  @Tag("G13")
  void attemptsGetRarer() {
    Feed.begins(service, 1, "T-1");
    Feed.goesOn(service, 1, 1);
    failOn("T-1");
    subscribe(spec().parkingAfter(8));
    List<Long> seconds = new ArrayList<>();
    run();

    int before = handedOver.size();
    for (long second = 0; seconds.size() < 6 && second < 10_000; second += 10) {
      runAfter(Duration.ofSeconds(10));
      if (handedOver.size() > before) {
        before = handedOver.size();
        seconds.add(second + 10);
      }
    }

    assertThat(seconds).containsExactly(10L, 50L, 210L, 810L, 1_410L, 2_010L);
  }

  @Test
  void anErrorOfAHandlerCountsAsAFailedAttempt() {
    Feed.begins(service, 1, "T-1", "T-2");
    handler =
        (item, event) -> {
          if (item.id().equals("T-1")) {
            throw new AssertionError("not so");
          }
        };
    Subscription subscription = subscribe(spec().parkingAfter(1));

    run();

    assertThat(handled).containsExactly("T-2");
    assertThat(inbox(subscription, EventStatus.PARKED))
        .extracting(InboxEvent::error)
        .containsExactly("Handler 'announce' failed with java.lang.AssertionError");
  }

  @Test
  void aLackOfMemoryIsCountedAndPassedOn() {
    Feed.begins(service, 1, "T-1");
    handler =
        (item, event) -> {
          throw new OutOfMemoryError("a test");
        };
    Subscription subscription = subscribe(spec().parkingAfter(1));

    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::run);

    assertThat(inbox(subscription, EventStatus.PARKED)).hasSize(1);
  }

  @Test
  void anEventWhoseAttemptsNeverEndIsParked() {
    Feed.begins(service, 1, "T-1");
    handler =
        (item, event) -> {
          throw new IllegalStateException("not now");
        };
    Subscription subscription = subscribe(spec().parkingAfter(2));
    run();
    for (int i = 0; i < 2; i++) { // A process ends in the midst of it.
      clock.advance(Duration.ofMinutes(2));
      assertThat(
              store.triggers().claimEvents(Set.of("announce"), Set.of(), Duration.ofSeconds(60), 9))
          .hasSize(1);
    }

    runAfter(Duration.ofMinutes(2));

    assertThat(handedOver).hasSize(1);
    assertThat(inbox(subscription, EventStatus.PARKED))
        .extracting(InboxEvent::error)
        .containsExactly("Its last attempt did not come to an end");
  }

  @Test
  void aFailureWhoseMessageNoStoreKeepsIsCountedToo() {
    Feed.begins(service, 1, "T-1");
    handler =
        (item, event) -> {
          throw new ActionFailedException("a\u0000b\ud800" + "x".repeat(2_000_000));
        };
    Subscription subscription = subscribe(spec().parkingAfter(1));

    run();

    assertThat(inbox(subscription, EventStatus.PARKED))
        .singleElement()
        .satisfies(
            event -> assertThat(event.error()).startsWith("a\ufffdb\ufffdxx").hasSize(2_000));
  }

  @Test
  void inOrderAnEventThatFailsHoldsBackThoseAfterIt() {
    Feed.begins(service, 1, "T-1", "T-2", "T-3");
    Feed.goesOn(service, 1, 1);
    failOn("T-2");
    Subscription subscription = subscribe(spec().inOrder().parkingAfter(2));

    run();
    assertThat(handled).containsExactly("T-1");
    runAfter(Duration.ofSeconds(10));
    assertThat(handled).containsExactly("T-1", "T-3");
    assertThat(inspect(subscription).parked()).isEqualTo(1);
  }

  @Test
  void inOrderPerKeyOnlyThoseWithItsKeyAreHeldBack() {
    Feed.begins(service, 1, "a/1", "a/2", "b/1", "c");
    Feed.goesOn(service, 1, 1);
    failOn("a/1");
    subscribe(spec().inOrderPerKey());

    run();
    assertThat(handled).containsExactly("b/1", "c");
    isBroken = false;
    runAfter(Duration.ofSeconds(10));
    assertThat(handled).containsExactly("b/1", "c", "a/1", "a/2");
  }

  @Test
  void aPayloadIsErasedOnceItsEventIsAccepted() {
    Feed.begins(service, 1, "T-1");
    Subscription subscription = subscribe();
    run();

    InboxEvent event = inbox(subscription, EventStatus.ACCEPTED).get(0);
    assertThat(event.payload()).isNull();
    assertThat(runtime.triggers().replay(ADAS_FLOW, subscription.id(), event.number())).isFalse();
  }

  @Test
  void aPayloadThatIsRetainedCanBeReplayed() {
    Feed.begins(service, 1, "T-1");
    Subscription subscription = subscribe(spec().retaining(Duration.ofDays(1)));
    run();

    InboxEvent event = inbox(subscription, EventStatus.ACCEPTED).get(0);
    assertThat(event.payload()).isNotNull();
    assertThat(runtime.triggers().replay(ADAS_FLOW, subscription.id(), event.number())).isTrue();
    run();
    assertThat(handled).containsExactly("T-1", "T-1");
  }

  @Test
  void anEventThatIsDroppedIsGoneAndDoesNotComeAgain() {
    Feed.begins(service, 1, "T-1");
    Feed.goesOn(service, 1, 1, "T-1");
    failOn("T-1");
    Subscription subscription = subscribe(spec().parkingAfter(1));
    run();

    long number = inbox(subscription, EventStatus.PARKED).get(0).number();
    assertThat(runtime.triggers().drop(ADAS_FLOW, subscription.id(), number)).isTrue();
    isBroken = false;
    runAfter(ROUND);

    assertThat(handled).isEmpty();
    assertThat(inspect(subscription).parked()).isZero();
    assertThat(runtime.triggers().drop(ADAS_FLOW, subscription.id(), number)).isFalse();
  }

  @Test
  void aSubscriptionWhoseHandlerIsNotRegisteredWaits() {
    Feed.begins(service, 1, "T-1");
    Subscription subscription =
        runtime
            .triggers()
            .subscribe(
                ADAS_FLOW, SubscriptionSpec.of(SHARED, Feed.ITEMS, new Project("p1"), "elsewhere"));
    run();

    assertThat(inspect(subscription).hasHandler()).isFalse();
    assertThat(service.getAllServeEvents()).isEmpty();

    try (ConnectorRuntime elsewhere =
        inHost(builder())
            .handler("elsewhere", Item.class, (item, event) -> handled.add(item.id()))
            .stopped()) {
      elsewhere.triggerModule().runDue();
    }
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void aPayloadThatIsNotOfTheHandlersTypeIsParkedWithTheReason() {
    Feed.begins(service, 1, "T-1");
    runtime.close();
    runtime =
        inHost(builder())
            .handler("announce", Integer.class, (number, event) -> handled.add("" + number))
            .stopped();
    Subscription subscription = subscribe(spec().parkingAfter(1));
    run();

    assertThat(inbox(subscription, EventStatus.PARKED))
        .extracting(InboxEvent::error)
        .containsExactly("The payload cannot be read as java.lang.Integer");
  }

  @Test
  void whatIsPausedIsNeitherPolledNorHandled() {
    Feed.begins(service, 1, "T-1", "T-2");
    Subscription subscription = subscribe();
    handler = (item, event) -> runtime.triggers().pause(ADAS_FLOW, subscription.id());

    var claims = store.triggers().claimDue(Set.of("announce"), ROUND, 1);
    claims.forEach(
        claim -> store.triggers().release(claim, claim.subscription().outcome(), Duration.ZERO));
    run();
    int before = handled.size();
    runAfter(ROUND);
    assertThat(handled).hasSize(before);

    handler = (item, event) -> {};
    runtime.triggers().resume(ADAS_FLOW, subscription.id());
    run();
    assertThat(handled).contains("T-1", "T-2");
  }

  @Test
  void inBatchesTheEventsOfOnePollAreHandledAsOneAndNoneAreNothing() {
    Feed.begins(service, 1, "T-1", "T-2");
    Feed.goesOn(service, 1, 1);
    List<List<String>> batches = new ArrayList<>();
    runtime.close();
    runtime =
        inHost(builder())
            .handler(
                "announce",
                Item[].class,
                (items, event) -> batches.add(Arrays.stream(items).map(Item::id).toList()))
            .stopped();
    subscribe(spec().inBatches());

    run();
    runAfter(ROUND);

    assertThat(batches).containsExactly(List.of("T-1", "T-2"));
  }
}
