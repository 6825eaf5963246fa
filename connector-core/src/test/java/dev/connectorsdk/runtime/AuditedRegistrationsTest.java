package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a service is asked about its registrations is recorded as calls are. */
@Tag("I3")
class AuditedRegistrationsTest extends WebhookHostTest {

  private static final Principal DESK = FLOW.in(ADA.environment()).principal();

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    return hook()
        .find(
            (none, callback, call) -> {
              call.http().get("/hooks").send();
              return Optional.of(Registration.of("h-1"));
            })
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    service.stubFor(get("/hooks").willReturn(okJson("[]")));
    return super.with(builder).audit(AuditSettings.inStore());
  }

  private ConnectionId adas() {
    return runtime.references().binding(ADA, SHARED).orElseThrow();
  }

  /**
   * Returns what was asked of the service, in order. Ends the runtime, so that nothing is missing.
   */
  private List<AuditRecord> calls() {
    runtime.close();
    return store
        .audit()
        .list(new Filter(null, null, null, null, null, false, null), null, 1_000)
        .stream()
        .filter(record -> record.kind() == Kind.CALL)
        .sorted((one, other) -> one.position().compareTo(other.position()))
        .toList();
  }

  @Test
  @DisplayName("I3: making, checking and removing a registration have records")
  void makingCheckingAndRemovingHaveRecords() {
    ConnectionId adas = adas();
    Subscription subscription = subscribeToHook();
    runAfter(Duration.ofHours(25));
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();

    assertThat(calls())
        .allSatisfy(
            record -> {
              assertThat(record.actor().who()).isEqualTo(DESK);
              assertThat(record.actor().onBehalfOf()).isEqualTo(ADA.principal());
              assertThat(record.subject().operation()).isEqualTo("hook");
              assertThat(record.subject().connection()).isEqualTo(adas);
            })
        .extracting(record -> record.subject().effect(), record -> record.verdict().result())
        .containsExactly(
            tuple(Effect.WRITE, ""), tuple(Effect.READ, ""), tuple(Effect.IDEMPOTENT_WRITE, ""));
  }

  @Test
  @DisplayName("I3: a removal that fails, for a flow that is gone, names flow and failure")
  void aRemovalThatFailsForAFlowThatIsGoneHasARecord() {
    ConnectionId adas = adas();
    subscribeToHook();
    flows.clear();
    clock.advance(Duration.ofSeconds(6));
    service.stubFor(delete(anyUrl()).willReturn(status(403)));

    runtime.connections().delete(ADA, adas);

    AuditRecord last = calls().get(1);
    assertThat(last.actor().who()).isEqualTo(DESK);
    assertThat(last.actor().flow()).isEqualTo(FLOW.id());
    assertThat(last.subject().effect()).isEqualTo(Effect.IDEMPOTENT_WRITE);
    assertThat(last.verdict().result()).isEqualTo("ServiceException");
  }
}
