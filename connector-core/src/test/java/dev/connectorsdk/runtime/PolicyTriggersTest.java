package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a flow is told of while a data policy suspends it. */
@Tag("I3")
class PolicyTriggersTest extends WebhookHostTest {

  private static final Administrator ADMINISTRATOR =
      Administrator.ofRuntime(Principal.user("root"));
  private static final Duration LOOK = Duration.ofSeconds(61);

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(trigger()).trigger(Feed.ITEMS).build();
  }

  @BeforeEach
  void declare() {
    flows.put(FLOW.id(), FLOW.calling(SHARED, "items", "hook"));
    clock.advance(Duration.ofSeconds(6));
  }

  private void block() {
    runtime.policies().save(ADMINISTRATOR, DataPolicy.named("p").blocked("tickets").build(), 0);
  }

  private void relax() {
    runtime.policies().delete(ADMINISTRATOR, "p", 1);
  }

  private static int polls() {
    return service.findAll(getRequestedFor(anyUrl())).size();
  }

  @Test
  @DisplayName("I3, 7.9: a forbidden trigger is not subscribed to")
  void aForbiddenTriggerIsNotSubscribedTo() {
    block();

    assertThatExceptionOfType(PolicyException.class).isThrownBy(this::subscribe);
    relax();
    flows.put(FLOW.id(), FLOW.calling(SHARED, "getTicket"));
    clock.advance(Duration.ofSeconds(6));
    runtime.policies().save(ADMINISTRATOR, DataPolicy.named("p").build(), 0);
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(this::subscribe)
        .withMessageContaining("does not declare that it calls 'items'");
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName("I3, 7.5: action rules hold for triggers too")
  void actionRulesHoldForTriggers() {
    DataPolicy policy =
        DataPolicy.named("p").actions("tickets", ActionRules.blocking("items")).build();
    runtime.policies().save(ADMINISTRATOR, policy, 0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(this::subscribe)
        .withMessageContaining("Operation 'items' of connector 'tickets' is blocked.");
    flows.put(FLOW.id(), FLOW.calling(SHARED, "hook"));
    clock.advance(Duration.ofSeconds(6));
    assertThat(subscribeToHook().phase()).isEqualTo(Phase.ACTIVE);
  }

  @Test
  @DisplayName("I3, 7.10: a suspended flow is not polled for, and goes on from the cursor")
  void aSuspendedFlowIsNotPolledFor() {
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 12, "T-11");
    Subscription subscription = subscribe();
    run();
    block();

    runAfter(ROUND);
    assertThat(polls()).isEqualTo(1);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("Data policy 'p'", "is blocked");

    relax();
    runAfter(LOOK);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(handled).containsExactly("T-11");
  }

  @Test
  @DisplayName("I3: what arrives for a suspended flow is not stored, and is to be sent again")
  void whatArrivesForASuspendedFlowIsNotStored() throws Exception {
    Subscription subscription = subscribeToHook();
    block();

    var refused = deliver("T-1");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    run();
    assertThat(runtime.triggers().events(ADAS_FLOW, subscription.id(), null, 0, 10)).isEmpty();

    relax();
    runAfter(LOOK);
    assertThat(deliver("T-1").statusCode()).isBetween(200, 299);
    run();
    assertThat(handled).containsExactly("T-1");
  }

  @Test
  @DisplayName("I3: a registration is made for its flow, so an exempt one may have it")
  void aRegistrationIsMadeForItsFlow() {
    DataPolicy denying = DataPolicy.named("p").denyEndpoint("tickets", "localhost:*").build();
    runtime.policies().save(ADMINISTRATOR, denying, 0);
    assertThat(subscribeToHook().phase()).isEqualTo(Phase.WAITING);
    assertThat(allTold()).isEmpty();

    runtime.policies().save(ADMINISTRATOR, denying.toBuilder().exempt(FLOW.id()).build(), 1);
    runAfter(LOOK);

    assertThat(allTold()).hasSize(1);
  }

  @Test
  @DisplayName("I3: what ends access is allowed for a blocked connector")
  void whatEndsAccessIsAllowed() {
    Subscription subscription = subscribeToHook();
    block();

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    runAfter(LOOK);

    assertThat(service.findAll(deleteRequestedFor(urlEqualTo("/hooks/h-1")))).hasSize(1);
  }

  @Test
  @DisplayName("I3: only an endpoint rule keeps what ends access, and what is left is listed")
  void onlyAnEndpointRuleKeepsWhatEndsAccess() {
    Subscription subscription = subscribeToHook();
    runtime
        .policies()
        .save(
            ADMINISTRATOR, DataPolicy.named("p").denyEndpoint("tickets", "localhost:*").build(), 0);

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    for (int i = 0; i < 60; i++) {
      runAfter(LOOK);
    }

    service.verify(0, deleteRequestedFor(anyUrl()));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
  }

  private java.net.http.HttpResponse<String> deliver(String id) throws Exception {
    return send(told(), id);
  }
}
