package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What a host may ask of its triggers, and what it is refused. */
class SubscribeTest extends TriggerHostTest {

  private static final Caller CAROL = Principal.user("carol").in("dev");

  @Test
  void ownersAndCoOwnersOfTheFlowSubscribeAndSee() {
    flows.put(FLOW.id(), FLOW.coOwnedBy(BOB.principal()));

    Subscription bobs = runtime.triggers().subscribe(BOB.running(FLOW), spec());

    assertThat(runtime.triggers().list(ADAS_FLOW)).extracting("id").containsExactly(bobs.id());
    assertThat(bobs.phase()).isEqualTo(Phase.ACTIVE);
    assertThat(bobs.flow()).isEqualTo("desk");
    assertThat(bobs.handler()).isEqualTo("announce");
    assertThat(bobs.configuration()).hasToString("{\"project\":\"p1\"}");
  }

  @Test
  @Tag("I1")
  void anAdministratorSeesHowSubscriptionsAreInTheOwnEnvironmentAndNotWhatTheyWatch() {
    Flow other = Flow.of("other", ADA.principal());
    flows.put("other", other);
    List<String> all =
        List.of(subscribe().id(), runtime.triggers().subscribe(ADA.running(other), spec()).id());
    Administrator root = Administrator.of(Principal.user("root"), "dev");
    Administrator elsewhere = Administrator.of(Principal.user("root"), "prod");

    List<Subscription> first = runtime.triggers().list(root, null, "", 1);
    List<Subscription> second = runtime.triggers().list(root, null, first.get(0).id(), 1);

    assertThat(List.of(first.get(0).id(), second.get(0).id()))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(first.get(0).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(first.get(0).nextPollAt()).isNotNull();
    assertThat(first.get(0).configuration()).isEmpty();
    assertThat(JsonMapper.shared().writeValueAsString(first.get(0)))
        .contains("announce")
        .doesNotContain("p1");
    assertThat(runtime.triggers().list(root, "other", "", 10))
        .extracting(Subscription::flow)
        .containsExactly("other");
    assertThat(runtime.triggers().list(elsewhere, null, "", 10)).isEmpty();
    assertThat(runtime.triggers().list(Administrator.ofRuntime(root.principal()), null, "", 1_000))
        .hasSize(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.triggers().list(root, null, "", 1_001))
        .withMessage("The limit must be 1 to 1,000, but was 1001");
  }

  @Test
  void othersDoNotLearnThatThereIsSuchAFlow() {
    flows.put(FLOW.id(), FLOW.runnableBy(CAROL.principal()));
    Subscription adas = subscribe();
    Flow claimed = Flow.of(FLOW.id(), CAROL.principal()); // what a caller says is not believed

    for (Caller caller : List.of(CAROL.running(FLOW), CAROL.running(claimed), BOB.running(FLOW))) {
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> runtime.triggers().subscribe(caller, spec()))
          .withMessageStartingWith("No flow 'desk'.");
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> runtime.triggers().inspect(caller, adas.id()))
          .withMessageStartingWith("No flow 'desk'.");
    }
  }

  @Test
  void aSubscriptionOfAnotherFlowOrEnvironmentIsNotThere() {
    Flow other = Flow.of("other", ADA.principal());
    flows.put("other", other);
    Subscription adas = subscribe();

    for (Caller caller : List.of(ADA.running(other), ADA.principal().in("prod").running(FLOW))) {
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> runtime.triggers().pause(caller, adas.id()))
          .withMessageStartingWith("No subscription '" + adas.id() + "'.");
      assertThat(runtime.triggers().list(caller)).isEmpty();
      assertThat(runtime.triggers().unsubscribe(caller, adas.id())).isFalse();
    }
    assertThat(inspect(adas).phase()).isEqualTo(Phase.ACTIVE);
  }

  @Test
  void aCallerHasToSayForWhichFlow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.triggers().subscribe(ADA, spec()))
        .withMessage("Say for which flow: caller.running(flow)");
  }

  @Test
  void withoutADirectoryOfFlowsThereAreNoTriggers() {
    try (ConnectorRuntime plain = builder().build()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> plain.triggers().subscribe(ADAS_FLOW, spec()))
          .withMessageContaining("flows(directory)");
    }
  }

  @Test
  void everyReferenceForWhichNobodyBringsAConnectionIsNamed() {
    flows.put(
        FLOW.id(), FLOW.using(SHARED, MINE, ConnectionReference.invoker("my-mail", "tickets")));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> subscribe())
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactly("/flow/references/my-tickets", "/flow/references/my-mail"));
  }

  @Test
  void anInvokerReferenceIsNotOneToWatch() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () -> subscribe(SubscriptionSpec.of(MINE, Feed.ITEMS, new Project("p1"), "announce")))
        .withMessageContaining("/flow/references/my-tickets: is an invoker reference");
  }

  @Test
  void aReferenceThatTheFlowDoesNotDeclareIsRefused() {
    flows.put(FLOW.id(), FLOW.using(ConnectionReference.embedded("other", "tickets")));

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> subscribe())
        .withMessageContaining("does not declare this reference");
  }

  @Test
  @Tag("I1")
  void whatOnlyPeopleStartIsNotSubscribed() {
    flows.put(FLOW.id(), FLOW.startedOnlyBy(Flow.Start.PERSON));

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> subscribe())
        .withMessageEndingWith("only people start the flow, and nobody has.");
  }

  @Test
  void anUnknownTriggerIsNamedWithWhatThereIs() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> subscribe(SubscriptionSpec.of(SHARED, "opened", Map.of(), "announce")))
        .withMessage("No trigger 'opened'. Connector 'tickets' offers [items].");
  }

  @Test
  void everyFaultOfASubscriptionIsNamedWithItsPath() {
    var wrong =
        SubscriptionSpec.of(SHARED, "items", Map.of("project", 7), "announce")
            .every(Duration.ofSeconds(14))
            .starting(new Start.Last(10));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> subscribe(wrong))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactlyInAnyOrder("/interval", "/start", "/configuration/project"));
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  void whatIsNotSaidIsTheConnectorsIntervalWhereThatIsLonger() {
    PollingTrigger<Nothing, Integer, Item> rare =
        PollingTrigger.builder("rare", Nothing.class, Integer.class, Item.class)
            .minimumInterval(Duration.ofMinutes(30))
            .poll((poll, call) -> Batch.of(List.of(), 1));
    runtime.close();
    runtime =
        with(ConnectorRuntime.builder())
            .connector(Tickets.builder(url()).trigger(rare).build())
            .clock(clock)
            .store(store, keys)
            .flows(directory())
            .handler("announce", Item.class, (item, event) -> {})
            .stopped();
    bindAdasConnection();
    Subscription subscription =
        subscribe(SubscriptionSpec.of(SHARED, rare, Nothing.NOTHING, "announce"));
    run();

    assertThat(inspect(subscription).nextPollAt())
        .isBetween(
            clock.instant().plus(Duration.ofMinutes(28)),
            clock.instant().plus(Duration.ofMinutes(32)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "-a", "a\nb", "ä"})
  void aHandlersNameIsAName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SubscriptionSpec.of(SHARED, Feed.ITEMS, new Project("p1"), name))
        .withMessageStartingWith("The name of a handler must be");
  }

  @Test
  void aPreviewShowsWhatWouldComeAndMovesNothing() {
    bindAdasConnection();
    Feed.begins(service, 1, "T-1");
    Subscription subscription = subscribe();

    assertThat(runtime.triggers().preview(ADAS_FLOW, subscription.id(), 10))
        .extracting(Event::id)
        .containsExactly("T-1");

    assertThat(inspect(subscription).waiting()).isZero();
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void pollNowDoesNotWaitForTheInterval() {
    bindAdasConnection();
    Feed.begins(service, 1);
    Feed.goesOn(service, 1, 2, "T-1");
    Subscription subscription = subscribe();
    run();
    run();
    assertThat(handled).isEmpty();

    runtime.triggers().pollNow(ADAS_FLOW, subscription.id());
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void whatAPhaseDoesNotAllowIsRefused() {
    Subscription subscription = subscribe();

    assertThatIllegalStateException()
        .isThrownBy(() -> runtime.triggers().resume(ADAS_FLOW, subscription.id()))
        .withMessageContaining("is ACTIVE");
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    assertThatIllegalStateException()
        .isThrownBy(() -> runtime.triggers().pollNow(ADAS_FLOW, subscription.id()))
        .withMessageContaining("is PAUSED");
  }

  @Test
  void whatIsUnsubscribedIsGone() {
    bindAdasConnection();
    Subscription subscription = subscribe();

    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isTrue();
    assertThat(runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id())).isFalse();
    run();

    service.verify(0, getRequestedFor(anyUrl()));
  }

  @Test
  void aFlowCallsByItselfWithEmbeddedReferencesOnly() {
    bindAdasConnection();
    Caller flow = FLOW.in(ADA.environment());
    Feed.goesOn(service, 1, 1);

    assertThat(runtime.references().resolve(flow, SHARED).connection().owner())
        .isEqualTo(ADA.principal());
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.invoke(flow, MINE, Tickets.GET, new TicketId("1")))
        .withMessageContaining("nobody has started the flow");
  }

  @Test
  void nobodyElseCallsAsAFlow() {
    Principal flow = FLOW.in(ADA.environment()).principal();

    assertThatIllegalArgumentException().isThrownBy(() -> flow.in("dev"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FLOW.in(ADA.environment()).running(Flow.of("other", ADA.principal())));
    assertThatIllegalArgumentException().isThrownBy(() -> Flow.of("mine", flow));
    assertThat(flow.mayOwn()).isFalse();
  }
}
