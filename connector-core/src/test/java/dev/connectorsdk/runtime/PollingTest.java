package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.api.event.ConnectorEvent.PollFailed;
import dev.connectorsdk.api.event.ConnectorEvent.SubscriptionChanged;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of what a service says when it is asked again and again. */
class PollingTest extends TriggerHostTest {

  private int polls() {
    return service.findAll(getRequestedFor(anyUrl())).size();
  }

  @Test
  void handsOverWhatHappenedAfterTheLastPoll() {
    bindAdasConnection();
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 12, "T-11", "T-12");
    Feed.goesOn(service, 12, 12);
    subscribe();

    run();
    assertThat(handled).isEmpty();
    runAfter(ROUND);
    assertThat(handled).containsExactly("T-11", "T-12");
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-11", "T-12");
    assertThat(polls()).isEqualTo(3);
  }

  @Test
  void anotherProcessGoesOnWithTheCursor() {
    bindAdasConnection();
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 12, "T-11");
    Subscription subscription = subscribe();
    run();
    runtime.close();

    runtime = node();
    assertThat(inspect(subscription).hasHandler()).isTrue();
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-11");
  }

  @Test
  @DisplayName("G9: an event that is found again is handled once, however often it comes")
  @Tag("G9")
  void anEventThatIsFoundAgainIsLeftOut() {
    bindAdasConnection();
    Feed.begins(service, 1, "T-1", "T-2", "T-1");
    Feed.goesOn(service, 1, 1, "T-2", "T-3");
    Subscription subscription = subscribe();

    run();
    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1", "T-2", "T-3");
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 10)).hasSize(3);
  }

  @Test
  void pollsAgainAtOnceWhileThereIsMore() {
    bindAdasConnection();
    service.stubFor(Feed.asked().willReturn(okJson(Feed.pageWithMore(1, "T-1"))));
    service.stubFor(Feed.after(1).willReturn(okJson(Feed.pageWithMore(2)))); // all filtered out
    Feed.goesOn(service, 2, 3, "T-2");
    subscribe();

    run();

    assertThat(handled).containsExactly("T-1", "T-2");
    assertThat(polls()).isEqualTo(3);
  }

  @Test
  void aServiceThatSaysMoreForEverOnTheSamePageIsNotAskedInALoop() {
    bindAdasConnection();
    service.stubFor(Feed.asked().willReturn(okJson(Feed.pageWithMore(1, "T-1"))));
    subscribe();

    run();

    assertThat(polls()).isEqualTo(2);
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void waitsAsLongAsTheServiceAsks() {
    bindAdasConnection();
    String page = Feed.page(1).replace("}", ",\"pause\":600}");
    service.stubFor(Feed.asked().willReturn(okJson(page)));
    subscribe();
    run();

    runAfter(Duration.ofSeconds(590));
    assertThat(polls()).isEqualTo(1);
    runAfter(Duration.ofSeconds(20));
    assertThat(polls()).isEqualTo(2);
  }

  @Test
  @DisplayName("F4: a service that is busy is left alone as long as it says, in seconds")
  @Tag("F4")
  void retryAfterInSeconds() {
    bindAdasConnection();
    service.stubFor(
        Feed.asked().willReturn(aResponse().withStatus(503).withHeader("Retry-After", "1800")));
    Subscription subscription = subscribe();
    run();

    assertThat(inspect(subscription).failures()).isEqualTo(1);
    assertThat(inspect(subscription).lastError()).contains("status 503");
    assertThat(inspect(subscription).nextPollAt()).isEqualTo(clock.instant().plusSeconds(1800));
    assertThat(heard(PollFailed.class)).hasSize(1);
  }

  @Test
  @DisplayName("F4: a service that is busy is left alone as long as it says, by a date")
  @Tag("F4")
  void retryAfterByADate() {
    bindAdasConnection();
    service.stubFor(
        Feed.asked()
            .willReturn(
                aResponse()
                    .withStatus(429)
                    .withHeader("Date", "Thu, 01 Jan 2026 12:00:00 GMT")
                    .withHeader("Retry-After", "Thu, 01 Jan 2026 13:00:00 GMT")));
    Subscription subscription = subscribe();
    run();

    assertThat(inspect(subscription).nextPollAt()).isEqualTo("2026-01-01T13:00:00Z");
  }

  @Test
  void aPollThatFailsLeavesTheCursorAndIsRepeatedWithGrowingPauses() {
    bindAdasConnection();
    Feed.begins(service, 1);
    service.stubFor(Feed.after(1).willReturn(aResponse().withStatus(400)));
    Subscription subscription = subscribe();
    run();
    runAfter(ROUND);

    for (int i = 0; i < 100; i++) {
      runAfter(Duration.ofMinutes(1));
    }
    assertThat(inspect(subscription).failures()).isBetween(7, 9);

    Feed.goesOn(service, 1, 2, "T-1");
    runAfter(Duration.ofMinutes(70));
    assertThat(handled).containsExactly("T-1");
    assertThat(inspect(subscription).failures()).isZero();
    assertThat(inspect(subscription).lastError()).isEmpty();
  }

  @Test
  void theEventsOfAPollShowTheFlowAndNoPerson() {
    Caller flow = FLOW.in(ADA.environment());
    bindAdasConnection();
    Feed.begins(service, 1, "T-1");
    subscribe();
    run();

    assertThat(heard(CallEnded.class)).extracting(CallEnded::caller).containsExactly(flow);
    assertThat(heard(CallEnded.class)).extracting(CallEnded::action).containsExactly("items");
    assertThat(handedOver).extracting(HandledEvent::caller).containsExactly(flow);
    assertThat(flow).hasToString("flow:desk in dev");
  }

  @Test
  void moreEventsInAMinuteThanAreTakenPauseTheSubscriptionWithTheReason() {
    bindAdasConnection();
    Feed.begins(service, 1, "T-1", "T-2", "T-3");
    Subscription subscription = subscribe(spec().atMostPerMinute(2));
    run();

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.GUARDED);
    assertThat(inspect(subscription).reason()).isEqualTo("More than 2 events came within a minute");
    assertThat(handled).isEmpty();

    runtime.triggers().resume(ADAS_FLOW, subscription.id());
    run();
    assertThat(handled).containsExactly("T-1", "T-2", "T-3");
  }

  @Test
  void aConnectionThatIsNotThereIsWaitedForAndThenGoneOnWith() {
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 2, "T-1");
    Subscription subscription = subscribe();
    run();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("no connection is bound");

    bindAdasConnection();
    runAfter(Duration.ofSeconds(61));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1");
    assertThat(heard(SubscriptionChanged.class))
        .extracting(SubscriptionChanged::to)
        .containsExactly("WAITING", "ACTIVE");
  }

  @Test
  void aFlowThatIsNotKnownAnyMoreIsNeitherPolledNorHandled() {
    bindAdasConnection();
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 2, "T-1");
    Subscription subscription = subscribe();
    run();
    flows.clear();

    runAfter(ROUND);
    assertThat(polls()).isEqualTo(1);

    flows.put(FLOW.id(), FLOW);
    clock.advance(Duration.ofSeconds(6));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("No flow 'desk'");
    runAfter(Duration.ofSeconds(60));
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void aNewOwnerOfTheFlowUsesHisOwnReference() {
    bindAdasConnection();
    Feed.begins(service, 1);
    Subscription subscription = subscribe();
    run();

    flows.put(FLOW.id(), Flow.of(FLOW.id(), BOB.principal()));
    runAfter(ROUND);

    var bobs = runtime.triggers().inspect(BOB.running(FLOW), subscription.id());
    assertThat(bobs.phase()).isEqualTo(Phase.WAITING);
    assertThat(bobs.reason()).contains("no connection is bound");
    assertThat(polls()).isEqualTo(1);
  }

  @Test
  void anotherAccountBehindTheReferenceIsAStatedGapAndNotTheOldCursor() {
    bindAdasConnection();
    Feed.begins(service, 1);
    Subscription subscription = subscribe();
    run();

    bindAdasConnection();
    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(inspect(subscription).reason())
        .contains("another account")
        .contains("may be missing");
    assertThat(inspect(subscription).proof()).contains("events may be missing from 2026");
    assertThat(polls()).isEqualTo(1);
  }

  /** Subscribes so often, polls once, and goes on with another process after this time. */
  private void stopBetweenPolls(int subscriptions, Duration time) {
    bindAdasConnection();
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 1);
    for (int i = 0; i < subscriptions; i++) {
      subscribe();
    }
    run();
    clock.advance(time);
    restart();
  }

  @Test
  @DisplayName("After a downtime, what is overdue is polled one after another within a minute")
  void afterADowntimeNotEverythingIsPolledAtOnce() {
    stopBetweenPolls(40, Duration.ofHours(1));

    run();
    assertThat(polls() - 40).isLessThan(10);
    runAfter(Duration.ofSeconds(30));
    assertThat(polls() - 40).isBetween(5, 35);
    runAfter(Duration.ofSeconds(31));
    assertThat(polls() - 40).isEqualTo(40);
  }

  @Test
  void afterARestartWithoutADowntimeNothingWaits() {
    stopBetweenPolls(10, ROUND);

    run();
    assertThat(polls()).isEqualTo(20);
  }

  @Test
  void statesUpToWhenNothingIsMissing() {
    bindAdasConnection();
    Feed.begins(service, 1);
    service.stubFor(Feed.after(1).willReturn(aResponse().withStatus(500)));
    Subscription subscription = subscribe();
    assertThat(subscription.completeUpTo()).isNull();
    run();
    runAfter(ROUND);

    assertThat(inspect(subscription).completeUpTo()).isEqualTo("2026-01-01T12:00:00Z");
    assertThat(inspect(subscription).proof()).isEqualTo("poll");
  }

  @Test
  void whatARewindLeavesOutIsStated() {
    bindAdasConnection();
    Feed.begins(service, 1);
    Subscription subscription = subscribe();
    run();
    clock.advance(Duration.ofDays(1));

    runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.Now());
    run();

    assertThat(inspect(subscription).completeUpTo()).isEqualTo("2026-01-02T12:00:00Z");
    assertThat(inspect(subscription).proof())
        .isEqualTo("poll; events may be missing from 2026-01-01T12:00:00Z to 2026-01-02T12:00:00Z");
  }
}
