package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.event.ConnectorEvent.EventsUnsent;
import dev.connectorsdk.api.event.ConnectorEvent.SenderSilent;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is known of whether events are missing, of a service that calls back. */
class CompletenessTest extends WebhookHostTest {

  /** A little more than the time between two looks at a sender. */
  private static final Duration LOOK = Duration.ofMinutes(64);

  private static final Duration LATENESS = Duration.ofMinutes(2);

  private boolean readsLog;
  private boolean fills = true;

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    WebhookTrigger.Builder<Nothing, Item> hook = hook();
    if (readsLog) {
      hook.fillingGapsFromDeliveryLog(asked());
    } else if (fills) {
      hook.fillingGapsWith(asked());
    }
    return hook.receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  /** Finds events with the ids that the service gives to its deliveries. */
  private static PollingTrigger<Nothing, Integer, Item> asked() {
    return PollingTrigger.builder("asked", Nothing.class, Integer.class, Item.class)
        .visibleWithin(LATENESS)
        .poll((poll, call) -> Feed.poll(poll, call, "msg-"));
  }

  private Subscription subscribeWithFeed() {
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 1);
    return subscribeToHook();
  }

  /** Has polls find what the service has not sent. */
  private static void hasUnsent(String id) {
    Feed.goesOn(service, 1, 2, id);
    Feed.goesOn(service, 2, 2);
  }

  @Test
  void aGapPollProvesUpToWhenNothingIsMissingAndDoesSoEveryHour() {
    Instant began = clock.instant();
    Subscription subscription = subscribeWithFeed();
    assertThat(subscription.completeUpTo()).isEqualTo(began.minus(LATENESS));
    assertThat(subscription.proof()).isEqualTo("gap poll");

    runAfter(LOOK);

    assertThat(inspect(subscription).completeUpTo()).isEqualTo(clock.instant().minus(LATENESS));
    assertThat(inspect(subscription).lossRate()).isEmpty();
  }

  @Test
  void theLogOfDeliveriesIsNamedAsWhatProvedIt() {
    readsLog = true;
    restart();

    assertThat(subscribeWithFeed().proof()).isEqualTo("delivery log");
  }

  @Test
  void withoutAGapPollNothingIsProved() {
    fills = false;
    restart();
    Subscription subscription = subscribeToHook();
    runAfter(LOOK);

    assertThat(inspect(subscription).completeUpTo()).isNull();
    assertThat(inspect(subscription).proof()).isEmpty();
    assertThat(inspect(subscription).lossRate()).isEmpty();
  }

  @Test
  @DisplayName("What polls find and the service does not send is handled once, and counted")
  void whatTheServiceDoesNotSendIsItsLossRate() {
    Subscription subscription = subscribeWithFeed();
    send(told(), "T-1");
    Feed.goesOn(service, 1, 3, "T-1", "T-2");
    Feed.goesOn(service, 3, 3);
    runAfter(LOOK);

    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2");
    assertThat(heard(EventsUnsent.class)).isEmpty();

    runAfter(LOOK);

    assertThat(heard(EventsUnsent.class))
        .singleElement()
        .satisfies(unsent -> assertThat(unsent.events()).isEqualTo(1))
        .satisfies(unsent -> assertThat(unsent.lossRate()).isEqualTo(0.5));
    assertThat(inspect(subscription).lossRate()).hasValue(0.5);

    runAfter(LOOK);
    assertThat(heard(EventsUnsent.class)).hasSize(1);
    assertThat(handled).hasSize(2);
  }

  @Test
  void whatTheServiceSendsLateIsHandledOnceAndIsNoLoss() {
    Subscription subscription = subscribeWithFeed();
    hasUnsent("T-1");
    runAfter(LOOK);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);

    runAfter(LOOK);

    assertThat(handled).containsExactly("T-1");
    assertThat(heard(EventsUnsent.class)).isEmpty();
    assertThat(inspect(subscription).lossRate()).hasValue(0);
  }

  @Test
  void nothingIsComparedWhileTheHostHasPausedIt() {
    Subscription subscription = subscribeWithFeed();
    hasUnsent("T-1");
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    runAfter(LOOK);
    assertThat(inspect(subscription).waiting()).isZero();

    runtime.triggers().resume(ADAS_FLOW, subscription.id());
    runAfter(LOOK);
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void aLossOutlivesARestart() {
    Subscription subscription = subscribeWithFeed();
    hasUnsent("T-1");
    runAfter(LOOK);
    restart();
    runAfter(LOOK);

    assertThat(inspect(subscription).lossRate()).hasValue(1);
  }

  @Test
  void aComparisonOfMoreThanOnePollGoesOnAndLosesNothing() {
    Subscription subscription = subscribeWithFeed();
    service.stubFor(Feed.after(1).willReturn(okJson(Feed.pageWithMore(2, "T-1"))));
    Feed.goesOn(service, 2, 3, "T-2");
    Feed.goesOn(service, 3, 3);
    runAfter(LOOK);
    runAfter(LOOK);

    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2");
    assertThat(inspect(subscription).lossRate()).hasValue(1);
  }

  @Test
  void whatAComparisonHasFoundCountsThoughItsNextPollFails() {
    Subscription subscription = subscribeWithFeed();
    service.stubFor(Feed.after(1).willReturn(okJson(Feed.pageWithMore(2, "T-1"))));
    service.stubFor(Feed.after(2).willReturn(status(500)));
    runAfter(LOOK);
    Feed.goesOn(service, 2, 2);
    runAfter(LOOK);

    assertThat(handled).containsExactly("T-1");
    assertThat(inspect(subscription).lossRate()).hasValue(1);
  }

  @Test
  @DisplayName("A sender that is silent for longer than usual is told of once in each silence")
  void silenceBeyondTheRhythmOfTheSenderIsSaid() {
    Subscription subscription = subscribeWithFeed();
    for (int i = 0; i < 12; i++) {
      send(told(), "T-" + i);
      runAfter(LOOK);
    }
    runAfter(LOOK);
    assertThat(heard(SenderSilent.class)).isEmpty();
    Instant last = inspect(subscription).lastEventAt();

    runAfter(LOOK);
    runAfter(LOOK);

    assertThat(heard(SenderSilent.class))
        .singleElement()
        .satisfies(silent -> assertThat(silent.since()).isEqualTo(last))
        .satisfies(silent -> assertThat(silent.usual()).isEqualTo(LOOK));

    send(told(), "T-13");
    runAfter(LOOK);
    for (int i = 0; i < 10; i++) {
      runAfter(LOOK);
    }
    assertThat(heard(SenderSilent.class)).hasSize(2);
  }

  @Test
  void aSenderWhoseRhythmIsNotKnownIsNotCalledSilent() {
    subscribeWithFeed();
    send(told(), "T-1");
    for (int i = 0; i < 30; i++) {
      runAfter(LOOK);
    }

    assertThat(heard(SenderSilent.class)).isEmpty();
  }
}
