package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What arrives for a flow that may not have it any more, before anybody has looked. */
@Tag("I1")
class DeliveryRightsTest extends WebhookHostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final Administrator OF_ALL = Administrator.ofRuntime(ROOT.principal());
  private static final Principal STAFF = Principal.group("staff");
  private static final Flow BOBS = Flow.of("bobs", BOB.principal());
  private static final Caller BOBS_FLOW = BOB.running(BOBS);
  private static final Duration LOOK = Duration.ofSeconds(61);

  private boolean isDirectoryAway;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder).memberships((group, member) -> isMember(member));
  }

  private boolean isMember(Principal member) {
    if (isDirectoryAway) {
      throw new IllegalStateException("The directory is away");
    }
    return member.equals(BOB.principal());
  }

  @BeforeEach
  void bobHasAFlow() {
    flows.put(BOBS.id(), BOBS);
  }

  private Connection adas() {
    return runtime.connections().list(ADA).get(0);
  }

  private Subscription bobsSubscription(SubscriptionSpec spec) {
    Subscription made = runtime.triggers().subscribe(BOBS_FLOW, spec);
    run();
    return made;
  }

  private static void assertIsToBeSentAgain(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  private void assertIsStored(HttpResponse<String> response) {
    assertThat(response.statusCode()).isBetween(200, 299);
  }

  @Test
  void ofADisabledConnectionItIsNotStoredAndIsStatedAsAGap() {
    Subscription subscription = subscribeToHook();
    runtime.connections().disable(ROOT, adas().id(), "It has leaked");

    assertIsToBeSentAgain(send(told(), "T-1"));
    run();
    assertIsToBeSentAgain(send(told(), "T-1"));
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 10)).isEmpty();
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(heard(EventsMissing.class)).isEmpty();

    runtime.connections().enable(ROOT, adas().id());
    runAfter(LOOK);
    run();
    assertIsStored(send(told(), "T-2"));
    run();
    assertThat(handled).containsExactly("T-2");
    assertThat(heard(EventsMissing.class))
        .extracting(EventsMissing::subscription)
        .containsExactly(subscription.id());
  }

  @Test
  void afterTheGrantOfTheReferenceWasTakenBackItIsNotStored() {
    runtime.references().grant(ADA, SHARED, BOB.principal());
    var reference = SHARED.ownedBy(ADA.principal());
    var bobs =
        bobsSubscription(SubscriptionSpec.of(reference, "hook", Nothing.NOTHING, "announce"));
    assertIsStored(send(told(), "T-1"));
    run();

    runtime.references().revoke(ADA, SHARED, BOB.principal());

    assertIsToBeSentAgain(send(told(), "T-2"));
    assertThat(runtime.triggers().events(BOBS_FLOW, bobs.id(), null, 0, 10)).hasSize(1);
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  void afterTheGrantOfTheConnectionWasTakenBackItIsNotStored() {
    runtime.connections().grant(ADA, adas().id(), BOB.principal(), Right.USE);
    runtime.references().bind(BOB, SHARED, adas().id());
    var bobs = bobsSubscription(hookSpec());
    assertIsStored(send(told(), "T-1"));

    runtime.connections().revoke(ADA, adas().id(), BOB.principal());

    assertIsToBeSentAgain(send(told(), "T-2"));
    assertThat(runtime.triggers().events(BOBS_FLOW, bobs.id(), null, 0, 10)).hasSize(1);
  }

  @Test
  void whatWasFoundByAConnectionIsNotHandedOverAfterItsGrantWasTakenBack() {
    runtime.connections().grant(ADA, adas().id(), BOB.principal(), Right.USE);
    runtime.references().bind(BOB, SHARED, adas().id());
    bobsSubscription(hookSpec());
    handler =
        (item, event) -> {
          throw new IllegalStateException("later");
        };
    assertIsStored(send(told(), "T-1"));
    run();
    runtime.connections().revoke(ADA, adas().id(), BOB.principal());
    handler = (item, event) -> {};
    runAfter(ROUND);

    runAfter(Duration.ofHours(1));

    assertThat(handled).isEmpty();
  }

  /** What takes a right away that a flow had when an event of it was stored. */
  enum Withdrawal {
    OF_THE_CONNECTION,
    OF_THE_REFERENCE,
    OF_A_CO_OWNER,
    BY_A_POLICY,
    BY_AN_ADMINISTRATOR,
    OF_THE_FLOW
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I1: what is stored is not handed over once the flow may not have it")
  void whatIsStoredIsNotHandedOverAfterAWithdrawal(Withdrawal withdrawal) {
    Caller flow = withdrawal == Withdrawal.OF_A_CO_OWNER ? ADAS_FLOW : BOBS_FLOW;
    var reference = SHARED.ownedBy(ADA.principal());
    switch (withdrawal) {
      case OF_THE_REFERENCE -> runtime.references().grant(ADA, SHARED, BOB.principal());
      case OF_A_CO_OWNER -> {
        flows.put(FLOW.id(), FLOW.coOwnedBy(BOB.principal()));
        clock.advance(Duration.ofSeconds(6));
        Caller bob = BOB.running(flows.get(FLOW.id()));
        runtime.references().bind(bob, SHARED, connect(BOB, "bobs").id());
      }
      default -> {
        runtime.connections().grant(ADA, adas().id(), BOB.principal(), Right.USE);
        runtime.references().bind(BOB, SHARED, adas().id());
      }
    }
    SubscriptionSpec spec =
        withdrawal == Withdrawal.OF_THE_REFERENCE
            ? SubscriptionSpec.of(reference, "hook", Nothing.NOTHING, "announce")
            : hookSpec();
    Subscription subscription = runtime.triggers().subscribe(flow, spec);
    run();
    assertIsStored(send(told(), "T-1"));

    withdraw(withdrawal);
    run();

    assertThat(handedOver).isEmpty();
    assertThat(runtime.triggers().events(flow(withdrawal), subscription.id(), null, 0, 10))
        .extracting(InboxEvent::attempts)
        .containsExactly(0);
  }

  private Caller flow(Withdrawal withdrawal) {
    if (withdrawal == Withdrawal.OF_THE_FLOW) {
      flows.put(BOBS.id(), BOBS);
      clock.advance(Duration.ofSeconds(6));
    }
    return withdrawal == Withdrawal.OF_A_CO_OWNER ? ADAS_FLOW : BOBS_FLOW;
  }

  private void withdraw(Withdrawal withdrawal) {
    switch (withdrawal) {
      case OF_THE_CONNECTION -> runtime.connections().revoke(ADA, adas().id(), BOB.principal());
      case OF_THE_REFERENCE -> runtime.references().revoke(ADA, SHARED, BOB.principal());
      case OF_A_CO_OWNER -> {
        flows.put(FLOW.id(), FLOW);
        clock.advance(Duration.ofSeconds(6));
      }
      case BY_A_POLICY ->
          runtime.policies().save(OF_ALL, DataPolicy.named("p").blocked("tickets").build(), 0);
      case BY_AN_ADMINISTRATOR -> runtime.connections().disable(ROOT, adas().id(), "It has leaked");
      case OF_THE_FLOW -> {
        flows.remove(BOBS.id());
        clock.advance(Duration.ofSeconds(6));
      }
    }
  }

  @Test
  void whileNobodyTellsWhoIsInAGroupItIsToBeSentAgain() {
    Flow shared = FLOW.coOwnedBy(STAFF);
    flows.put(shared.id(), shared);
    clock.advance(Duration.ofSeconds(5));
    runtime.references().bind(BOB.running(shared), SHARED, connect(BOB, "bobs").id());
    subscribeToHook();
    isDirectoryAway = true;
    clock.advance(Duration.ofSeconds(5));

    assertIsToBeSentAgain(send(told(), "T-1"));

    isDirectoryAway = false;
    assertIsStored(send(told(), "T-1"));
  }
}
