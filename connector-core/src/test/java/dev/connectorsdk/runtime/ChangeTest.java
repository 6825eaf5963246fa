package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a change of what is watched does to the cursor, also to that of a gap poll. */
class ChangeTest extends WebhookHostTest {

  record Watched(@Nullable String project, String label) {}

  private static final PollingTrigger<Watched, Integer, Item> POLLED =
      PollingTrigger.builder("polled", Watched.class, Integer.class, Item.class)
          .cursorDependsOn("project")
          .poll((poll, call) -> Feed.poll(poll, call, ""));

  private static final WebhookTrigger<Watched, Item> CALLED =
      WebhookTrigger.builder("called", Watched.class, Item.class)
          .signature(Signature.unsigned().bodyIsNoId().build())
          .fillingGapsWith(POLLED)
          .subscribe((watched, callback, call) -> Registration.of("1"))
          .unsubscribe((registration, call) -> {})
          .receive(delivery -> Received.of(delivery.as(Item.class)));

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(POLLED).trigger(CALLED).build();
  }

  private static SubscriptionSpec watching(String trigger, @Nullable String project, String label) {
    return SubscriptionSpec.of(SHARED, trigger, new Watched(project, label), "announce");
  }

  private void change(Subscription subscription, @Nullable String project, String label) {
    SubscriptionSpec changed = watching(subscription.trigger(), project, label);
    runtime.triggers().change(ADAS_FLOW, subscription.id(), changed);
    runAfter(ROUND);
  }

  private Subscription subscribeTo(String trigger) {
    return subscribeTo(watching(trigger, "p1", "a"));
  }

  private Subscription subscribeTo(SubscriptionSpec spec) {
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 1);
    Subscription subscription = subscribe(spec);
    run();
    return subscription;
  }

  @ParameterizedTest
  @ValueSource(strings = {"polled", "called"})
  @DisplayName("G11: a change of what the cursor does not depend on keeps it")
  @Tag("G11")
  void whatTheCursorDoesNotDependOnCanBeChanged(String trigger) {
    Subscription subscription = subscribeTo(trigger);
    change(subscription, "p1", "b");

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(heard(EventsMissing.class)).isEmpty();
    service.verify(1, getRequestedFor(urlPathEqualTo("/feed")).withQueryParam("after", absent()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"polled", "called"})
  @DisplayName("G11: a change of what the cursor depends on is a lost cursor, and says so")
  @Tag("G11")
  void whatTheCursorDependsOnIsChangedVisibly(String trigger) {
    Subscription subscription = subscribeTo(trigger);
    change(subscription, "p2", "a");

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.CURSOR_LOST);
    assertThat(inspect(subscription).reason()).startsWith("What the cursor depends on was changed");
    assertThat(heard(EventsMissing.class)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"polled", "called"})
  @DisplayName("G11: what is null is as if it were absent, and keeps the cursor")
  @Tag("G11")
  void whatIsNullIsAsIfItWereAbsent(String trigger) {
    JsonNode written = JsonMapper.shared().readTree("{\"project\":null,\"label\":\"a\"}");
    Subscription subscription =
        subscribeTo(SubscriptionSpec.of(SHARED, trigger, written, "announce"));
    change(subscription, null, "b");

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(heard(EventsMissing.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"polled", "called"})
  void nothingIsRewoundToWhereItCannotBegin(String trigger) {
    Subscription subscription = subscribeTo(trigger);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> runtime.triggers().rewind(ADAS_FLOW, subscription.id(), new Start.Last(3)))
        .withMessageContaining("/start");
  }
}
