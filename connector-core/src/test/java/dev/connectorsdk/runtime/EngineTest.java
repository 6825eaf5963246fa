package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.trigger.HandledEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who polls, for how long, and what a late poll may still do. */
class EngineTest extends TriggerHostTest {

  /** A little more than how long a flow is known. */
  private static final Duration FRESHNESS = Duration.ofSeconds(6);

  private final Hooked hooked = new Hooked();
  private PollingTrigger<Nothing, Integer, Item> trigger = hooked.trigger();
  private ConnectorRuntime second;
  private Subscription subscription;

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger).trigger(Feed.ITEMS).build();
  }

  @BeforeEach
  void subscribeHooked() {
    second = node();
    bindAdasConnection();
    subscription = subscribe(hookedSpec());
  }

  @AfterEach
  void stopSecond() {
    second.close();
  }

  private static SubscriptionSpec hookedSpec(PollingTrigger<Nothing, Integer, Item> trigger) {
    return SubscriptionSpec.of(SHARED, trigger, Nothing.NOTHING, "announce");
  }

  private SubscriptionSpec hookedSpec() {
    return hookedSpec(trigger);
  }

  /** Has something happen during the next poll, and nothing during those after it. */
  private void during(Hooked.Hook next) {
    hooked.during =
        poll -> {
          hooked.during = later -> {};
          next.run(poll);
        };
  }

  @Test
  @DisplayName("G12: a node that stood still past its lease stores nothing and fires nothing")
  @Tag("G12")
  void aStalledNodesLateCommitIsRefused() {
    List<String> before = new ArrayList<>();
    during(
        poll -> {
          clock.advance(Duration.ofSeconds(61));
          second.triggerModule().runDue();
          before.addAll(handled);
          hooked.last = 5; // the late poll has seen more
        });

    run();

    assertThat(before).containsExactly("T-1", "T-2", "T-3");
    assertThat(handled).isEqualTo(before);
    runAfter(ROUND);
    assertThat(handled).containsExactly("T-1", "T-2", "T-3", "T-4", "T-5");
  }

  @Test
  @DisplayName("G12: a poll that takes its time is nobody else's, and heartbeats say so")
  @Tag("G12")
  void aLongPollKeepsItsClaim() {
    during(
        poll -> {
          for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofSeconds(10));
            runtime.triggerModule().tick();
            assertThat(second.triggerModule().runDue()).isZero();
          }
        });

    run();

    assertThat(handled).containsExactly("T-1", "T-2", "T-3");
  }

  @Test
  @DisplayName("G12: a dead node's polls go on after 60 s")
  @Tag("G12")
  void aDeadNodesPollsGoOn() {
    assertThat(store.triggers().claimDue(Set.of("announce"), Duration.ofSeconds(60), 9)).hasSize(1);

    clock.advance(Duration.ofSeconds(59));
    assertThat(second.triggerModule().runDue()).isZero();
    clock.advance(Duration.ofSeconds(2));
    second.triggerModule().runDue();
    assertThat(handled).hasSize(3);
  }

  @Test
  @DisplayName("G12: a poll ends after 5 min, and its subscription goes on")
  @Tag("G12")
  void aPollThatHangsIsInterrupted() {
    during(
        poll -> {
          passFiveMinutes();
          new CountDownLatch(1).await();
        });

    run();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(inspect(subscription).failures()).isEqualTo(1);
    assertThat(inspect(subscription).lastError()).isEqualTo("The poll took longer than 5 min");
    runAfter(ROUND);
    assertThat(handled).hasSize(3);
  }

  @Test
  @DisplayName("G12: a poll that ignores its end stores nothing")
  @Tag("G12")
  void aPollThatIgnoresTheInterruptStoresNothing() {
    during(
        poll -> {
          passFiveMinutes();
          assertThat(Thread.interrupted()).isTrue();
        });

    run();

    assertThat(handled).isEmpty();
    assertThat(inspect(subscription).failures()).isEqualTo(1);
    runAfter(ROUND);
    assertThat(handled).hasSize(3);
  }

  private void passFiveMinutes() {
    for (int i = 0; i < 30; i++) {
      clock.advance(Duration.ofSeconds(10));
      runtime.triggerModule().tick();
    }
  }

  @Test
  void aHandlerThatHangsIsInterruptedAndItsEventComesAgain() {
    handler =
        (item, event) -> {
          if (event.attempt() == 1 && item.id().equals("T-2")) {
            passFiveMinutes();
            new CountDownLatch(1).await();
          }
        };

    run();
    assertThat(handled).containsExactly("T-1", "T-3");
    runAfter(Duration.ofSeconds(10));
    assertThat(handled).containsExactly("T-1", "T-3", "T-2");
  }

  /** What a host can do while a poll is on its way. */
  enum Change {
    PAUSE,
    REWIND,
    CHANGE,
    UNSUBSCRIBE
  }

  @ParameterizedTest
  @EnumSource
  void aPollThatBeganBeforeAChangeOfTheHostStoresNothing(Change change) {
    Map<Change, Consumer<String>> changes =
        Map.of(
            Change.PAUSE, id -> runtime.triggers().pause(ADAS_FLOW, id),
            Change.REWIND, id -> runtime.triggers().rewind(ADAS_FLOW, id, new Start.Now()),
            Change.CHANGE,
                id ->
                    runtime
                        .triggers()
                        .change(ADAS_FLOW, id, hookedSpec().every(INTERVAL.plus(INTERVAL))),
            Change.UNSUBSCRIBE, id -> runtime.triggers().unsubscribe(ADAS_FLOW, id));
    hooked.during =
        poll -> {
          hooked.during = later -> hooked.last = 1;
          changes.get(change).accept(subscription.id());
        };

    run();

    boolean isPolledAgain = change == Change.REWIND || change == Change.CHANGE;
    assertThat(handled).isEqualTo(isPolledAgain ? List.of("T-1") : List.of());
  }

  @Test
  @DisplayName("G11: a lost cursor stops with an alarm where the trigger says no more")
  @Tag("G11")
  void aLostCursorStops() {
    run();
    during(
        poll -> {
          throw new CursorLostException("The service has forgotten it");
        });
    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(inspect(subscription).reason())
        .isEqualTo(
            "The service has forgotten it. Events since 2026-01-01T12:00:00Z may be missing");
    assertThat(heard(EventsMissing.class)).hasSize(1);
    assertThat(handled).hasSize(3);

    hooked.last = 4;
    runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.All());
    run();
    assertThat(handled).containsExactly("T-1", "T-2", "T-3", "T-4");
    assertThat(inspect(subscription).proof()).startsWith("poll; events may be missing");
  }

  @Test
  void aNodeThatStoodStillDoesNotSayThatTheCursorIsLost() {
    during(
        poll -> {
          clock.advance(Duration.ofSeconds(61));
          // Another node has it now, and goes on with it.
          assertThat(store.triggers().claimDue(Set.of("announce"), Duration.ofSeconds(60), 9))
              .hasSize(1);
          throw new CursorLostException("The service has forgotten it");
        });

    run();

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  void anErrorOfATriggerAndAMessageThatNoStoreKeepsCountAsFailures() {
    during(
        poll -> {
          throw new AssertionError("not so");
        });
    run();
    assertThat(inspect(subscription).failures()).isEqualTo(1);
    during(
        poll -> {
          throw new ActionFailedException("a\u0000b\ud800");
        });
    runAfter(ROUND);

    assertThat(inspect(subscription).failures()).isEqualTo(2);
    assertThat(inspect(subscription).lastError()).contains("a\ufffdb\ufffd");
  }

  @Test
  @DisplayName("G12: only a clock of the host's own measures how long polls and handlers take")
  @Tag("G12")
  void whoeverSetsTheSystemsClockNeitherEndsNorProlongsWork() {
    assertThat(ConnectorRuntime.builder().clock(clock).ticker().getAsLong())
        .isEqualTo(clock.millis());
    for (RuntimeBuilder usual :
        List.of(
            ConnectorRuntime.builder(),
            ConnectorRuntime.builder().clock(Clock.systemUTC()),
            ConnectorRuntime.builder().clock(Clock.system(ZoneId.of("Europe/Vienna"))))) {
      assertThat(usual.ticker().getAsLong())
          .isNotCloseTo(System.currentTimeMillis(), within(Duration.ofDays(1).toMillis()));
    }
  }

  @Test
  void aReadingOfSeveralPollsIsCompleteUpToItsBeginning() {
    hooked.page = 2;
    hooked.last = 5;
    hooked.during = poll -> clock.advance(Duration.ofSeconds(10));
    Instant began = clock.instant();
    run();

    assertThat(handled).hasSize(5);
    assertThat(inspect(subscription).completeUpTo()).isEqualTo(began);

    clock.advance(ROUND);
    Instant again = clock.instant();
    run();
    assertThat(inspect(subscription).completeUpTo()).isEqualTo(again);
  }

  @Test
  @DisplayName("I6: a node whose clock is ahead proves no more than the store's clock says")
  @Tag("I6")
  void aNodeWhoseClockIsAheadProvesNoMoreThanTheOthers() {
    try (ConnectorRuntime ahead =
        inHost(builder().clock(Clock.offset(clock, Duration.ofMinutes(5))))
            .handler("announce", Item.class, (item, event) -> handled.add(item.id()))
            .stopped()) {
      ahead.triggerModule().runDue();
    }

    assertThat(handled).hasSize(3);
    assertThat(inspect(subscription).completeUpTo()).isEqualTo(clock.instant());
  }

  @Test
  @DisplayName("G12: a directory of flows that hangs holds up an event, and is no attempt of it")
  @Tag("G12")
  void aDirectoryOfFlowsThatHangsIsNoAttemptOfAnEvent() {
    handler =
        (item, event) -> {
          throw new IllegalStateException("not now");
        };
    run();
    handler = (item, event) -> {};
    clock.advance(Duration.ofSeconds(10));
    whenAFlowIsLookedFor(
        () -> {
          passFiveMinutes();
          assertThat(Thread.interrupted()).isTrue();
          throw new IllegalStateException("It was interrupted");
        });

    run();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason())
        .isEqualTo("The directory of flows took longer than 5 min");
    runAfter(ROUND);
    runAfter(ROUND);
    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2", "T-3");
    assertThat(handedOver).extracting(HandledEvent::attempt).containsOnly(1, 2);
  }

  @Test
  @DisplayName("G12: an event for which a directory of flows took all the time is handed over once")
  @Tag("G12")
  void aDirectoryOfFlowsThatAnswersTooLateHandsNothingOver() {
    run();
    hooked.last = 4;
    during(poll -> clock.advance(FRESHNESS));
    clock.advance(ROUND);
    whenAFlowIsLookedFor(() -> whenAFlowIsLookedFor(this::hangWithoutNoticing));

    run();
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1", "T-2", "T-3", "T-4");
    assertThat(handedOver).extracting(HandledEvent::attempt).containsOnly(1);
  }

  private void hangWithoutNoticing() {
    passFiveMinutes();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @DisplayName("G12: what a directory of flows answers too late is followed by no poll")
  @Tag("G12")
  void aDirectoryOfFlowsThatAnswersTooLateIsFollowedByNoPoll() {
    List<Integer> polled = new ArrayList<>();
    hooked.during = poll -> polled.add(poll.cursor());
    clock.advance(FRESHNESS);
    whenAFlowIsLookedFor(
        () -> {
          hangWithoutNoticing();
          runtime.triggers().pause(ADAS_FLOW, subscription.id());
        });

    run();

    assertThat(polled).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void whatIsPausedIsNotPolledThoughItIsDue() {
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    var claim = store.triggers().claim(subscription.id(), Duration.ofSeconds(60)).orElseThrow();
    store.triggers().release(claim, claim.subscription().outcome(), Duration.ZERO);

    run();
    runAfter(ROUND);

    assertThat(handled).isEmpty();
    assertThat(inspect(subscription).nextPollAt()).isNull();
  }

  @Test
  void whatIsStoredIsHandledWhileTheCursorIsLostThoughTheFlowWasNotKnownForATime() {
    handler =
        (item, event) -> {
          throw new IllegalStateException("not now");
        };
    run();
    during(
        poll -> {
          throw new CursorLostException("The service has forgotten it");
        });
    runAfter(ROUND);
    handler = (item, event) -> {};
    flows.clear();
    for (int i = 0; i < 10; i++) {
      runAfter(ROUND);
    }
    assertThat(handled).isEmpty();
    flows.put(FLOW.id(), FLOW);
    runAfter(ROUND);

    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2", "T-3");
    assertThat(handedOver).extracting(HandledEvent::attempt).containsOnly(1, 2, 3);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(inspect(subscription).reason()).startsWith("The service has forgotten it");
  }

  @Test
  @DisplayName("G11: a lost cursor begins anew where the trigger says so, and repeats nothing")
  @Tag("G11")
  void aLostCursorBeginsAnew() {
    var again = new Hooked();
    again.whenLost = new LostCursor.Resync();
    List<Start> starts = new ArrayList<>();
    try (ConnectorRuntime node =
        with(ConnectorRuntime.builder())
            .connector(Tickets.builder(url()).trigger(again.trigger()).build())
            .store(store, keys)
            .clock(clock)
            .flows(FlowDirectory.of(FLOW))
            .listener(events::add)
            .handler("announce", Item.class, (item, event) -> handled.add(item.id()))
            .stopped()) {
      node.triggerModule().runDue();
      again.during =
          poll -> {
            again.during = later -> starts.add(later.start());
            throw new CursorLostException("The service has forgotten it");
          };
      again.last = 4;
      clock.advance(ROUND);
      node.triggerModule().runDue();
    }

    assertThat(starts).containsExactly(new Start.All());
    assertThat(handled).containsExactly("T-1", "T-2", "T-3", "T-4");
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @DisplayName("G11: a lost cursor goes on since what was proved, and repeats nothing")
  @Tag("G11")
  void aLostCursorGoesOnSinceWhatWasProved() {
    hooked.whenLost = new LostCursor.ResyncSince(Duration.ofMinutes(2));
    trigger = hooked.trigger();
    restart();
    run();
    Instant proved = inspect(subscription).completeUpTo();
    List<Start> starts = new ArrayList<>();
    hooked.during =
        poll -> {
          hooked.during = later -> starts.add(later.start());
          throw new CursorLostException("The service has forgotten it");
        };
    hooked.last = 4;
    runAfter(ROUND);

    assertThat(starts).containsExactly(new Start.Since(proved.minus(Duration.ofMinutes(2))));
    assertThat(handled).containsExactly("T-1", "T-2", "T-3", "T-4");
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @DisplayName("G11: what was stopped because its cursor was lost stays so at a restart")
  @Tag("G11")
  void aRestartDoesNotGoOnWithALostCursor() {
    run();
    during(
        poll -> {
          throw new CursorLostException("The service has forgotten it");
        });
    runAfter(ROUND);
    hooked.last = 5;

    restart();
    runAfter(ROUND);
    runAfter(Duration.ofDays(1));

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(handled).hasSize(3);
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  void aConfigurationOfAnotherTriggerIsNotTheOneToChange() {
    var other = SubscriptionSpec.of(SHARED, Feed.ITEMS, new Project("p"), "announce");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.triggers().change(ADAS_FLOW, subscription.id(), other))
        .withMessageContaining("keeps reference and trigger");
  }

  @Test
  void theDueSubscriptionsOfAFullInboxAreNotPolled() {
    hooked.last = 20_000;
    hooked.page = 5_000;
    handler =
        (item, event) -> {
          throw new IllegalStateException("not now");
        };
    runtime
        .triggers()
        .change(ADAS_FLOW, subscription.id(), hookedSpec().atMostPerMinute(1_000_000));
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    runtime.triggers().resume(ADAS_FLOW, subscription.id());

    for (int i = 0; i < 4; i++) {
      var claims = store.triggers().claimDue(Set.of("announce"), ROUND, 1);
      claims.forEach(
          claim -> store.triggers().release(claim, claim.subscription().outcome(), Duration.ZERO));
      run();
    }

    assertThat(inspect(subscription).waiting()).isEqualTo(10_000);
    assertThat(inspect(subscription).lastError()).startsWith("The inbox is full");
  }
}
