package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Notice;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Page;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The registrations of webhooks: made once, renewed, replaced, and removed in the end. */
class WebhookRegistrationTest extends WebhookHostTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private int pages;

  private final PollingTrigger<Nothing, Integer, Item> missed =
      PollingTrigger.builder("missed", Nothing.class, Integer.class, Item.class)
          .starts(PollingTrigger.Start.All.class)
          .whenCursorIsLost(new LostCursor.Resync())
          .poll(
              (poll, call) -> {
                Page page =
                    call.http().get("/feed").query("after", poll.cursor()).fetch(Page.class);
                return new Batch<>(
                    page.items().stream().map(i -> new Event<>("msg-" + i.id(), i)).toList(),
                    page.next(),
                    poll.cursor() != null && page.next() < pages,
                    null);
              });

  private boolean finds;
  private boolean renews;
  private boolean fills;
  private boolean notices;
  private Runnable whileRegistering = () -> {};
  private Runnable whileRemoving = () -> {};
  private Runnable whileRenewing = () -> {};
  private @Nullable Secret secret;

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    WebhookTrigger.Builder<Nothing, Item> hook = hook(() -> whileRegistering.run());
    hook.unsubscribe(
        (registration, call) -> {
          call.http().delete("/hooks/{id}", registration.id()).send();
          whileRemoving.run();
        });
    if (finds) {
      hook.find(
          (none, callback, call) -> {
            Hook[] found =
                call.http().get("/hooks").query("url", callback.url()).fetch(Hook[].class);
            return found.length == 0
                ? Optional.empty()
                : Optional.of(Registration.of(found[0].id()));
          });
    }
    if (renews) {
      hook.renew(
          (registration, call) -> {
            Hook renewed =
                call.http().call("PATCH", "/hooks/{id}", registration.id()).fetch(Hook.class);
            whileRenewing.run();
            Registration longer = registration.until(renewed.ends());
            return secret == null ? longer : longer.signedWith(secret);
          });
    }
    if (fills) {
      hook.fillingGapsWith(missed);
    }
    return hook.receive(
        delivery ->
            notices
                ? Received.notice(Notice.valueOf(delivery.as(Item.class).id()))
                : Received.of(delivery.as(Item.class)));
  }

  private Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  private void runUntilRegistered(Subscription subscription) {
    for (int i = 0; i < 20 && inspect(subscription).phase() == Phase.SUBSCRIBING; i++) {
      runAfter(ROUND);
    }
  }

  private void runForAnHour() {
    for (int minute = 0; minute < 60; minute++) {
      run();
      clock.advance(Duration.ofMinutes(1));
    }
  }

  private void renewsTheHookForAnHour() {
    service.stubFor(
        patch("/hooks/h-1").willReturn(okJson("{\"id\":\"h-1\",\"ends\":\"" + in(HOUR) + "\"}")));
  }

  /** Subscribes, and lets the registration end while nobody looks after it. */
  private Subscription subscribeAndLoseTheRegistration() {
    makesHooks("h-1", in(HOUR));
    Subscription subscription = subscribeToHook();
    clock.advance(Duration.ofHours(3));
    makesHooks("h-2", in(HOUR.multipliedBy(9)));
    return subscription;
  }

  /** Returns a process that has another handler than that of the subscriptions. */
  private ConnectorRuntime withAnotherHandler(RuntimeBuilder builder) {
    return inHost(builder).handler("another", Item.class, (item, event) -> {}).stopped();
  }

  @Test
  @Tag("G14")
  void theServiceIsToldAnUnguessableUrlAndASecretOfTheSubscriptionsOwn() {
    subscribeToHook();
    makesHooks("h-2", null);
    subscribeToHook();

    assertThat(allTold()).extracting(Told::url).doesNotHaveDuplicates();
    assertThat(allTold()).extracting(told -> told.secret().reveal()).doesNotHaveDuplicates();
    assertThat(told().url().getPath()).matches("/hooks/[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}");
  }

  @Test
  @Tag("G14")
  void whatWasRefusedIsTriedAgain() {
    makesHooksInTurn("503", "403", "h-3");
    Subscription subscription = subscribeToHook();

    runUntilRegistered(subscription);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    // Of the 503 nobody knows whether it has made something, of the 403 everybody.
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(allTold().get(0), "T-1").statusCode()).isEqualTo(410);
    assertThat(send(allTold().get(1), "T-1").statusCode()).isEqualTo(404);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void whatAnAttemptMayHaveMadeIsFoundAndRemoved() {
    finds = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(okJson("[{\"id\":\"left\"}]")));
    makesHooksInTurn("503", "h-2");
    Subscription subscription = subscribeToHook();

    runUntilRegistered(subscription);

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/left")));
    assertThat(inspect(subscription).orphans()).isZero();
    assertThat(send(allTold().get(0), "T-1").statusCode()).isEqualTo(404);
  }

  @Test
  @Tag("G14")
  void whatAnAttemptHasMadeIsGivenUpIfTheServiceDoesNotRemoveIt() {
    finds = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(okJson("[{\"id\":\"left\"}]")));
    service.stubFor(delete("/hooks/left").willReturn(status(403)));
    makesHooksInTurn("503", "h-2");
    Subscription subscription = subscribeToHook();

    runUntilRegistered(subscription);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    runForAnHour();

    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/left")));
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(allTold().get(0), "T-1").statusCode()).isEqualTo(410);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void whatAnAttemptMayHaveMadeIsGivenUpIfTheServiceDoesNotSayWhatItHas() {
    finds = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(status(403)));
    makesHooksInTurn("503", "h-2");
    Subscription subscription = subscribeToHook();

    runAfter(ROUND);
    assertThat(inspect(subscription).lastError()).contains("403");
    runForAnHour();

    service.verify(5, getRequestedFor(urlPathEqualTo("/hooks")));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void itIsRenewedAtHalfOfItsLifeAndAgainAtEightyPercent() {
    renews = true;
    restart();
    makesHooks("h-1", in(HOUR));
    service.stubFor(patch(anyUrl()).willReturn(status(500)));
    Subscription subscription = subscribeToHook();
    assertThat(subscription.registeredUntil()).isEqualTo(in(HOUR));

    clock.advance(Duration.ofMinutes(29));
    run();
    service.verify(0, patchRequestedFor(anyUrl()));
    runAfter(Duration.ofMinutes(2));
    int first = service.findAll(patchRequestedFor(anyUrl())).size();
    assertThat(first).isPositive();
    runAfter(Duration.ofMinutes(10));
    service.verify(first, patchRequestedFor(anyUrl()));
    renewsTheHookForAnHour();
    runAfter(Duration.ofMinutes(8));

    assertThat(inspect(subscription).registeredUntil()).isAfter(in(Duration.ofMinutes(50)));
    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
  }

  private static final Secret NEXT = Secret.of("whsec_dGhlIHNlY3JldCBvZiB0aGUgcmVuZXdhbA==");

  /** Subscribes, and has the service sign with the next secret once it has renewed. */
  private Subscription subscribeAndRenew() {
    renews = true;
    secret = NEXT;
    restart();
    makesHooks("h-1", in(HOUR));
    Subscription subscription = subscribeToHook();
    clock.advance(Duration.ofMinutes(31));
    renewsTheHookForAnHour();
    run();
    service.verify(1, patchRequestedFor(anyUrl()));
    return subscription;
  }

  private int send(Secret secret, String id) {
    return send(new Told(told().url(), secret), id).statusCode();
  }

  @Test
  @Tag("G3")
  void afterARenewalWithAnotherSecretTheFormerOneHoldsForAnHour() {
    subscribeAndRenew();

    assertThat(send(NEXT, "T-1")).isEqualTo(200);
    assertThat(send(told().secret(), "T-2")).isEqualTo(200);
    clock.advance(HOUR.minusSeconds(1));
    assertThat(send(told().secret(), "T-3")).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertThat(send(told().secret(), "T-4")).isEqualTo(401);
    assertThat(send(NEXT, "T-5")).isEqualTo(200);
  }

  @Test
  @Tag("G3")
  void aRenewalIsNotedThoughTheSubscriptionWasChangedMeanwhile() {
    whileRenewing =
        () -> {
          whileRenewing = () -> {};
          runtime.triggers().list(ADAS_FLOW).forEach(one -> pauseAndResume(one.id()));
        };
    Subscription subscription = subscribeAndRenew();

    assertThat(send(NEXT, "T-1")).isEqualTo(200);
    assertThat(inspect(subscription).registeredUntil()).isEqualTo(in(HOUR));
  }

  private void pauseAndResume(String subscription) {
    runtime.triggers().pause(ADAS_FLOW, subscription);
    runtime.triggers().resume(ADAS_FLOW, subscription);
  }

  @Test
  @Tag("G14")
  void aRenewalThatFailsTwiceLeavesNoTimeWithoutARegistration() {
    renews = true;
    restart();
    makesHooks("h-1", in(HOUR));
    service.stubFor(patch(anyUrl()).willReturn(status(500)));
    Subscription subscription = subscribeToHook();

    for (int minute = 0; minute < 60; minute += 1) {
      makesHooks("h-2", in(HOUR));
      runAfter(Duration.ofMinutes(1));
      assertThat(inspect(subscription).registeredUntil()).isAfter(clock.instant());
    }

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void withoutARenewalAnotherOneIsMadeBeforeItEnds() {
    makesHooks("h-1", in(HOUR));
    subscribeToHook();
    Told old = told();
    makesHooks("h-2", in(HOUR.multipliedBy(2)));

    runAfter(Duration.ofMinutes(31));

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(told().url()).isNotEqualTo(old.url());
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    assertThat(send(old, "T-2").statusCode()).isEqualTo(404);
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  @Tag("G14")
  void oneThatTheServiceDoesNotHaveIsMadeAgainAndTheGapIsFilled() {
    finds = true;
    fills = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(okJson("[{\"id\":\"h-1\"}]")));
    Feed.begins(service, 1);
    Subscription subscription = subscribeToHook();
    runAfter(Duration.ofHours(25));
    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(1, getRequestedFor(urlPathEqualTo("/hooks")));

    send(told(), "T-1");
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(okJson("[]")));
    Feed.goesOn(service, 1, 3, "T-1", "T-2");
    makesHooks("h-2", null);
    runAfter(Duration.ofHours(25));

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    assertThat(handled).containsExactlyInAnyOrder("T-1", "T-2");
    assertThat(inspect(subscription).proof()).isEqualTo("gap poll");
  }

  @Test
  @Tag("G14")
  void aGapThatNothingFillsIsStated() {
    subscribeAndLoseTheRegistration();

    run();

    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @Tag("G14")
  void itFollowsItsReference() {
    subscribeToHook();
    makesHooks("h-2", null);
    Connection other = connect(ADA, "other-key");
    runtime.references().bind(ADA, SHARED, other.id());

    runAfter(ROUND);

    service.verify(
        1, postRequestedFor(urlEqualTo("/hooks")).withHeader("X-Api-Key", equalTo("other-key")));
    service.verify(
        1,
        deleteRequestedFor(urlEqualTo("/hooks/h-1")).withHeader("X-Api-Key", equalTo("ada-key")));
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    assertThat(send(allTold().get(0), "T-1").statusCode()).isEqualTo(404);
  }

  /** Binds the reference to another connection; what the old one has registered stays for now. */
  private void bindOtherConnection() {
    service.stubFor(delete(anyUrl()).willReturn(status(403)));
    makesHooks("h-2", null);
    Connection other = connect(ADA, "other-key");
    runtime.references().bind(ADA, SHARED, other.id());
    runAfter(ROUND);
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    service.stubFor(delete(anyUrl()).willReturn(noContent()));
  }

  @Test
  @Tag("G14")
  void whatWasReplacedIsRemovedThoughTheReferenceLeadsNowhere() {
    Subscription subscription = subscribeToHook();
    bindOtherConnection();
    runtime.references().unbind(ADA, SHARED);

    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    service.verify(
        2,
        deleteRequestedFor(urlEqualTo("/hooks/h-1")).withHeader("X-Api-Key", equalTo("ada-key")));
    runAfter(ROUND);
    service.verify(2, deleteRequestedFor(anyUrl()));
  }

  @Test
  @Tag("G14")
  void whatWasReplacedIsRemovedThoughTheNextCannotBeRegistered() {
    Subscription subscription = subscribeToHook();
    bindOtherConnection();
    service.stubFor(post("/hooks").willReturn(status(403)));
    change(subscription);

    runAfter(ROUND);

    assertThat(inspect(subscription).failures()).isPositive();
    service.verify(2, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/hooks/h-2")));
  }

  private boolean deleteAdasConnection() {
    return runtime.connections().delete(ADA, runtime.connections().list(ADA).get(0).id());
  }

  @Test
  @Tag("G14")
  void whatWasRegisteredWithAConnectionIsRemovedBeforeItIsDeleted() {
    Subscription subscription = subscribeToHook();

    assertThat(deleteAdasConnection()).isTrue();

    service.verify(
        1,
        deleteRequestedFor(urlEqualTo("/hooks/h-1")).withHeader("X-Api-Key", equalTo("ada-key")));
    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(404);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).orphans()).isZero();

    makesHooks("h-2", null);
    bindAdasConnection();
    runAfter(ROUND);
    run();
    assertThat(send(told(), "T-2").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void betweenADeletedConnectionAndTheNextOneEventsMayBeMissingWhichIsSaid() {
    Subscription subscription = subscribeToHook();
    deleteAdasConnection();
    makesHooks("h-2", null);
    clock.advance(Duration.ofDays(2));
    bindAdasConnection();

    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    assertThat(heard(EventsMissing.class)).hasSize(1);
    assertThat(inspect(subscription).proof()).contains("events may be missing");
  }

  @Test
  @Tag("G14")
  void nothingIsRegisteredAgainWithAConnectionThatIsBeingDeleted() {
    subscribeToHook();
    subscribeToHook();
    whileRemoving = this::run;

    assertThat(deleteAdasConnection()).isTrue();

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(2, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(runtime.triggers().list(ADAS_FLOW)).allMatch(one -> one.orphans() == 0);
  }

  @Test
  @Tag("G14")
  void whoeverDeletesAConnectionDoesNotWaitForEver() {
    subscribeToHook();
    subscribeToHook();
    service.stubFor(delete(anyUrl()).willReturn(status(503).withHeader("Retry-After", "9")));

    assertThat(deleteAdasConnection()).isTrue();

    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(clock.instant()).isBefore(SettableClock.START.plusSeconds(20));
  }

  /** Has the host be built anew, with another time for removals. */
  private void restart(Duration longestRemoval) {
    runtime.close();
    runtime =
        inHost(builder())
            .handler("announce", Item.class, (item, event) -> {})
            .longestRemoval(longestRemoval)
            .stopped();
  }

  @Test
  @Tag("G14")
  void aHostThatDoesNotWaitHasWhatIsLeftListed() {
    restart(Duration.ZERO);
    Subscription subscription = subscribeToHook();

    assertThat(deleteAdasConnection()).isTrue();

    service.verify(0, deleteRequestedFor(anyUrl()));
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(410);
  }

  @Test
  @Tag("G14")
  void whatWasRegisteredWithAnotherConnectionStays() {
    Subscription subscription = subscribeToHook();
    Connection other = connect(ADA, "other-key");

    runtime.connections().delete(ADA, other.id());

    service.verify(0, deleteRequestedFor(anyUrl()));
    assertThat(inspect(subscription).orphans()).isZero();
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void whatCannotBeRemovedInFiveTriesIsListed() {
    Subscription subscription = subscribeToHook();
    Told told = told();
    service.stubFor(delete(anyUrl()).willReturn(aResponse().withStatus(403)));
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());

    runForAnHour();

    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    Subscription ended = inspect(subscription);
    assertThat(ended.phase()).isEqualTo(Phase.ENDED);
    assertThat(ended.orphans()).isEqualTo(1);
    assertThat(ended.reason()).isEqualTo("1 registration(s) may be left at the service");
    assertThat(send(told, "T-1").statusCode()).isEqualTo(410);
    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @Tag("G14")
  void whatIsBeingRegisteredWhenItEndsIsRemovedToo() {
    Subscription subscription = subscribe(hookSpec());
    whileRegistering = () -> runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());

    run();
    whileRegistering = () -> {};
    runAfter(Duration.ofMinutes(2));

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @Tag("G14")
  void whatAnAttemptMayHaveMadeIsLookedForWhenItsSubscriptionEnds() {
    finds = true;
    restart();
    makesHooksInTurn("503");
    Subscription subscription = subscribeToHook();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(status(503)));
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(okJson("[{\"id\":\"left\"}]")));

    runAfter(Duration.ofMinutes(1));

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/left")));
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @Tag("G14")
  void whatCannotBeLookedForIsGivenUpAfterFiveTries() {
    finds = true;
    restart();
    makesHooksInTurn("503");
    Subscription subscription = subscribeToHook();
    service.stubFor(get(urlPathEqualTo("/hooks")).willReturn(status(403)));
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());

    runForAnHour();

    service.verify(5, getRequestedFor(urlPathEqualTo("/hooks")));
    service.verify(0, deleteRequestedFor(anyUrl()));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
  }

  @Test
  @Tag("G14")
  void oneWhoseKeyIsLostIsListedAndCanBeEnded() {
    Subscription subscription = subscribeToHook();
    StoredSubscription row = store.triggers().findSubscription(subscription.id()).orElseThrow();
    StoredSubscription unreadable = row.next().with(new Sealed("lost-key", "unreadable"));
    assertThat(store.triggers().updateSubscription(unreadable, row.version(), Duration.ZERO))
        .isTrue();
    run();

    assertThat(runtime.triggers().list(ADAS_FLOW)).hasSize(1);
    assertThat(inspect(subscription).lastError()).contains("cannot be decrypted");
    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();
    runForAnHour();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).reason())
        .startsWith("Registrations may be left at the service")
        .contains("cannot be decrypted");
    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @Tag("G14")
  void withoutItsHandlerItIsEndedByAnyProcess() {
    Subscription subscription = subscribeToHook();
    try (ConnectorRuntime other = withAnotherHandler(builder())) {
      assertThat(other.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();

      other.triggerModule().runDue();

      service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
      assertThat(other.triggers().list(ADAS_FLOW)).isEmpty();
    }
  }

  @Test
  @Tag("G14")
  void oneThatEndsAndWhoseHandlerIsGoneMeanwhileIsEndedByAnyProcess() {
    Subscription subscription = subscribeToHook();
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    try (ConnectorRuntime other = withAnotherHandler(builder())) {
      other.triggerModule().runDue();

      service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
      assertThat(other.triggers().list(ADAS_FLOW)).isEmpty();
    }
  }

  @Test
  @Tag("G14")
  void aProcessWithoutTheConnectorLeavesWhatEndsToOthers() {
    Subscription subscription = subscribeToHook();
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    try (ConnectorRuntime other = withAnotherHandler(ConnectorRuntime.builder().clock(clock))) {
      for (int i = 0; i < 6; i++) {
        other.triggerModule().runDue();
        clock.advance(Duration.ofHours(1));
      }
      assertThat(inspect(subscription).lastError()).contains("No connector");

      run();
      service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
      assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
    }
  }

  @Test
  @Tag("G14")
  void oneWhoseConnectorNobodyHasAnyMoreEndsAndSaysWhatMayBeLeft() {
    Subscription subscription = subscribeToHook();
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    try (ConnectorRuntime other = withAnotherHandler(ConnectorRuntime.builder().clock(clock))) {
      for (int i = 0; i < 40; i++) {
        other.triggerModule().runDue();
        clock.advance(Duration.ofMinutes(64));
      }
    }

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).reason()).startsWith("Registrations may be left");
  }

  @Test
  @Tag("G12")
  void whatANodeRegistersTooLateIsRemoved() {
    makesHooksInTurn("h-1", "h-2");
    Subscription subscription = subscribe(hookSpec());
    try (ConnectorRuntime second = node()) {
      whileRegistering =
          () -> {
            whileRegistering = () -> {};
            clock.advance(Duration.ofSeconds(301)); // the first node stands still
            second.triggerModule().runDue();
          };

      run();
      runAfter(ROUND);
    }

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/hooks/h-2")));
    assertThat(inspect(subscription).orphans()).isZero();
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("G14")
  void aChangeOfWhatIsWatchedRegistersAnewFirst() {
    Subscription subscription = subscribeToHook();
    makesHooks("h-2", null);

    change(subscription);
    run();

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @Test
  @Tag("G14")
  void whatIsGoneAtTheServiceCountsAsRemoved() {
    Subscription subscription = subscribeToHook();
    service.stubFor(delete(anyUrl()).willReturn(aResponse().withStatus(404)));

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();

    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @Tag("G14")
  void theServiceMayAskForAnotherRegistrationAtTheSameUrl() {
    notices = true;
    restart();
    subscribeToHook();
    Told old = told();
    makesHooks("h-2", null);

    assertThat(send(old.url(), signed(old, "msg-1", item("RECREATE"))).statusCode()).isEqualTo(200);
    run();

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    assertThat(handled).isEmpty();
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Notice.class,
      names = {"RENEW", "RECREATE"})
  @Tag("G14")
  void whatIsSaidOfAReplacedRegistrationIsNothingToTheNewOne(Notice notice) {
    renews = true;
    notices = true;
    restart();
    subscribeToHook();
    Told old = told();
    bindOtherConnection();
    int missing = heard(EventsMissing.class).size();

    Delivery said = signed(old, "msg-1", item(notice.name()));
    assertThat(send(old.url(), said).statusCode()).isEqualTo(200);
    run();

    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/hooks/h-2")));
    service.verify(0, patchRequestedFor(anyUrl()));
    assertThat(heard(EventsMissing.class)).hasSize(missing);
  }

  @Test
  @Tag("G14")
  void aNoticeThatComesAgainDisturbsNobody() {
    notices = true;
    restart();
    Subscription subscription = subscribeToHook();
    Delivery said = signed(told(), "msg-1", item("RECREATE"));
    send(told().url(), said);
    long version = store.triggers().findSubscription(subscription.id()).orElseThrow().version();

    assertThat(send(told().url(), said).statusCode()).isEqualTo(200);

    assertThat(store.triggers().findSubscription(subscription.id()).orElseThrow().version())
        .isEqualTo(version);
  }

  @Test
  @Tag("G14")
  void aPausedSubscriptionKeepsItsRegistration() {
    makesHooks("h-1", in(HOUR));
    Subscription subscription = subscribeToHook();
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    makesHooks("h-2", in(HOUR.multipliedBy(2)));

    runAfter(Duration.ofMinutes(31));

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.PAUSED);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
  }

  @Test
  @Tag("G12")
  void ofTwoNodesOneRegisters() {
    try (ConnectorRuntime second = node()) {
      Subscription subscription = subscribe(hookSpec());
      second.triggerModule().runDue();
      run();
      assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    }
    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
  }

  @Test
  @Tag("G14")
  void aGapStaysUntilItIsFilled() {
    fills = true;
    restart();
    Feed.begins(service, 1);
    subscribeAndLoseTheRegistration();
    service.stubFor(Feed.after(1).willReturn(status(503)));
    run();
    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    Feed.goesOn(service, 1, 2, "T-1");

    runAfter(ROUND);

    assertThat(handled).containsExactly("T-1");
    int polls = service.findAll(getRequestedFor(urlPathEqualTo("/feed"))).size();
    runAfter(ROUND);
    service.verify(polls, getRequestedFor(urlPathEqualTo("/feed")));
  }

  @Test
  @Tag("G14")
  void whereToLookForAGapIsNotedAsSoonAsItCanBe() {
    fills = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/feed")).willReturn(status(503)));
    Subscription subscription = subscribeToHook();
    assertThat(inspect(subscription).proof()).isEmpty();
    Feed.begins(service, 1);

    runAfter(ROUND);

    assertThat(inspect(subscription).proof()).isEqualTo("gap poll");
  }

  @Test
  @Tag("G14")
  void aGapOfManyPagesIsFilledToItsEnd() {
    fills = true;
    pages = 150;
    restart();
    Feed.begins(service, 0);
    for (int page = 0; page < 150; page++) {
      Feed.goesOn(service, page, page + 1, "T-" + page);
    }
    subscribeAndLoseTheRegistration();

    run();

    assertThat(handled).hasSize(150);
  }

  @Test
  @Tag("G14")
  void aCursorOfTheGapPollThatIsLostIsDealtWithAsThePollDeclares() {
    fills = true;
    restart();
    Feed.begins(service, 1, "T-0");
    Subscription subscription = subscribeAndLoseTheRegistration();
    service.stubFor(Feed.after(1).willReturn(status(410)));
    Feed.begins(service, 2, "T-0", "T-1");

    run();

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(handled).containsExactlyInAnyOrder("T-0", "T-1");
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @Test
  @Tag("G14")
  void allThatTheServiceAsksForIsDone() {
    notices = true;
    renews = true;
    restart();
    makesHooks("h-1", in(HOUR));
    renewsTheHookForAnHour();
    Subscription subscription = subscribeToHook();
    Told told = told();
    makesHooks("h-2", in(HOUR));

    send(told.url(), signed(told, "msg-1", item("GAP")));
    send(told.url(), signed(told, "msg-2", item("RENEW")));
    run();

    assertThat(heard(EventsMissing.class)).hasSize(1);
    service.verify(1, patchRequestedFor(anyUrl()));

    change(subscription);
    send(told.url(), signed(told, "msg-3", item("GAP")));
    run();

    assertThat(heard(EventsMissing.class)).hasSize(2);
    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
  }

  @Test
  @Tag("G14")
  void whatEndsOrHasEndedIsNotChanged() {
    Subscription subscription = subscribeToHook();
    service.stubFor(delete(anyUrl()).willReturn(status(403)));
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());

    for (Phase phase : List.of(Phase.ENDING, Phase.ENDED)) {
      assertThat(inspect(subscription).phase()).isEqualTo(phase);
      assertThatIllegalStateException()
          .isThrownBy(() -> change(subscription))
          .withMessageContaining("is " + phase);
      runForAnHour();
    }
  }

  @Test
  @Tag("I7")
  void aPhaseOfALaterVersionIsRefusedTyped() {
    Subscription subscription = subscribeToHook();
    StoredSubscription row = store.triggers().findSubscription(subscription.id()).orElseThrow();
    StoredSubscription later = row.next().with(new Life("DORMANT", "", true));
    assertThat(store.triggers().updateSubscription(later, row.version(), null)).isTrue();

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(503);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> inspect(subscription).phase())
        .withMessageContaining("phase that this version does not know");
  }

  @Test
  void whatWouldFillTheGapsCanBeSeenBefore() {
    fills = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/feed")).willReturn(okJson(Feed.page(1))));
    Subscription subscription = subscribeToHook();
    service.stubFor(get(urlPathEqualTo("/feed")).willReturn(okJson(Feed.page(2, "T-1"))));

    for (int i = 0; i < 2; i++) {
      assertThat(runtime.triggers().preview(ADAS_FLOW, subscription.id(), 10))
          .extracting(Event::id)
          .containsExactly("msg-T-1");
      run();
    }
    assertThat(handled).isEmpty();
  }

  private void change(Subscription subscription) {
    SubscriptionSpec other =
        SubscriptionSpec.of(SHARED, "hook", Map.of("anything", "else"), "announce");
    runtime.triggers().change(ADAS_FLOW, subscription.id(), other);
  }

  @Test
  @Tag("G14")
  void whatHasEndedWhenItIsRegisteredIsNotMadeAgainAtOnce() {
    makesHooks("h-1", in(HOUR.negated()));
    Subscription subscription = subscribeToHook();
    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));

    runAfter(Duration.ofSeconds(59));

    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
    assertThat(inspect(subscription).failures()).isEqualTo(1);
    runAfter(Duration.ofSeconds(10));
    service.verify(2, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
  }

  @Test
  @Tag("G14")
  void whatWasNotSentLeavesNothingToLookFor() {
    whileRegistering =
        () -> {
          throw new TransportException("POST localhost", Kind.CONNECT, false, null);
        };
    Subscription subscription = subscribeToHook();
    whileRegistering = () -> {};

    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(inspect(subscription).orphans()).isZero();
  }

  @Test
  @Tag("G14")
  void aGapPollThatFailsKeepsNothingFromBeingRenewed() {
    fills = true;
    restart();
    service.stubFor(get(urlPathEqualTo("/feed")).willReturn(status(503)));
    makesHooks("h-1", in(HOUR));
    Subscription subscription = subscribeToHook();

    for (int minute = 0; minute < 180; minute++) {
      makesHooks("h-2", in(HOUR));
      runAfter(Duration.ofMinutes(1));
      assertThat(inspect(subscription).registeredUntil()).isAfter(clock.instant());
    }

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
  }
}
