package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a change of policies would do to flows, by what they declare and what they were seen to do.
 */
@Tag("I3")
class WhatIfTest extends HostTest {

  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator OF_DEV = ROOT.in(Environment.of("dev"));
  private static final ConnectionReference SITE = ConnectionReference.embedded("site", "site");
  private static final Flow DECLARED =
      Flow.of("declared", ADA.principal()).calling(SHARED, "getTicket");
  private static final Flow SILENT = Flow.of("silent", ADA.principal());
  private static final Flow HOSTED = Flow.of("hosted", ADA.principal()).calling(SITE, "get");

  private final InMemoryStore store = new InMemoryStore(clock);
  private int records;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, KeyRing.random())
        .audit(AuditSettings.inStore())
        .connector(
            Connector.builder("site", "{site}").parameter(ConnectionParameter.text("site")).build(),
            "dev")
        .flows(FlowDirectory.of(DECLARED, HOSTED, SILENT));
  }

  private AuditRecord record(String environment, String flow, String operation) {
    return new AuditRecord(
        new Position(clock.instant().plusMillis(records), "run", records++),
        Kind.CALL,
        new Actor(ADA.principal(), null, Environment.of(environment), flow),
        new Subject(ConnectorId.of("tickets"), operation, Effect.READ, null, null, null),
        Verdict.DONE,
        Duration.ZERO);
  }

  private void saw(String environment, String flow, String operation) {
    store.audit().append(List.of(record(environment, flow, operation)));
  }

  private PolicyDifference whatIf(DataPolicy policy) {
    return runtime.policies().whatIf(OF_DEV, clock.instant().minusSeconds(60), policy);
  }

  @Test
  void ofGivenFlowsAloneWhetherTheyAreKnownOrNot() {
    Flow planned =
        Flow.of("planned", ADA.principal())
            .calling(ConnectionReference.invoker("t", "tickets"), "x");
    DataPolicy policy = DataPolicy.named("p").blocked("tickets").build();

    assertThat(runtime.policies().whatIf(OF_DEV, List.of(planned), policy).newlyBroken())
        .containsOnlyKeys("planned");
  }

  @Test
  @DisplayName("I3: what a flow was seen to call and does not declare is refused then")
  void whatAFlowWasSeenToCall() {
    saw("dev", "declared", "getTicket");
    DataPolicy policy = DataPolicy.named("p").build();
    assertThat(whatIf(policy).newlyBroken()).isEmpty();

    saw("dev", "declared", "deleteTicket");
    PolicyDifference difference = whatIf(policy);

    assertThat(difference.newlyBroken()).containsOnlyKeys("declared");
    assertThat(difference.newlyBroken().get("declared").findings())
        .containsExactly(
            new PolicyFinding.Undeclared(
                "p", "p", DataPolicy.Mode.ENFORCE, "team-tickets", "deleteTicket"));
    assertThat(runtime.policies().list(ROOT)).isEmpty();

    runtime.policies().save(ROOT, policy, 0);
    assertThat(whatIf(policy).stillBroken()).containsOnlyKeys("declared");
    assertThat(whatIf(policy.toBuilder().in("prod").build()).healed()).containsExactly("declared");
  }

  @Test
  void whatWasSeenElsewhereOrBeforeDoesNotCount() {
    saw("prod", "declared", "deleteTicket");
    saw("dev", "declared", "closeTicket");
    clock.advance(Duration.ofMinutes(2));

    PolicyDifference difference = whatIf(DataPolicy.named("p").build());

    assertThat(difference.newlyBroken()).isEmpty();
    assertThat(difference.seenSince()).isEqualTo(clock.instant().minusSeconds(60));
  }

  @Test
  @DisplayName("I3: what was refused before a call began is no call of the flow")
  void aRunThatWasRefusedIsNoCall() {
    runtime.references().bind(ADA, SHARED, connect(ADA, "k").id());
    DataPolicy blocking = DataPolicy.named("p").blocked("tickets").build();
    runtime.policies().save(ROOT, blocking, 0);
    Caller running = ADA.running(DECLARED);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(running));
    assertThat(store.audit().list(AuditStore.Filter.ALL, null, 10))
        .filteredOn(record -> record.kind() == Kind.CALL)
        .isNotEmpty();

    assertThat(whatIf(DataPolicy.named("p").build()).healed()).containsExactly("declared");
  }

  @Test
  @DisplayName("I3: what is not known is listed as unknown")
  void whatIsNotKnown() {
    saw("dev", "elsewhere", "getTicket");
    DataPolicy policy =
        DataPolicy.named("p")
            .customConnectors("*.ours.test", Group.BUSINESS)
            .customConnectors("*", Group.NON_BUSINESS)
            .build();

    assertThat(whatIf(policy).unknown())
        .containsOnly(
            entry("elsewhere", "has called something, and is in no directory"),
            entry("hosted", "depends on the URLs of its connections"),
            entry("silent", "declares no operation"));
    assertThat(runtime.policies().whatIf(OF_DEV, policy).unknown())
        .containsOnlyKeys("hosted", "silent");
    assertThat(runtime.policies().whatIf(OF_DEV, policy).seenSince()).isNull();

    saw("dev", "silent", "getTicket");
    assertThat(whatIf(policy).unknown()).doesNotContainKey("silent");
    assertThat(whatIf(policy).newlyBroken()).containsOnlyKeys("silent");
  }

  @Test
  void ofManyRecordsTheLatestAreLookedAtAndItSaysSo() {
    List<AuditRecord> many = new ArrayList<>();
    many.add(record("dev", "declared", "deleteTicket"));
    for (int i = 0; i < 100_000; i++) {
      many.add(record("dev", "declared", "getTicket"));
    }
    store.audit().append(many);
    Instant oldest = many.get(1).position().at();

    PolicyDifference difference = whatIf(DataPolicy.named("p").build());

    assertThat(difference.newlyBroken()).isEmpty();
    assertThat(difference.seenSince()).isEqualTo(oldest);
  }
}
