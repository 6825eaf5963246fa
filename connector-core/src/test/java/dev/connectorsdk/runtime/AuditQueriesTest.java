package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.audit.Audit.Reach;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.Policies.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody who has to account for others can ask. */
@Tag("I3")
class AuditQueriesTest extends TriggerHostTest {

  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator HERE = ROOT.in(ADA.environment());

  private ConnectionId adas;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.connector(
        Connector.builder("site", "https://site.test").build(), ADA.environment().name());
  }

  @BeforeEach
  void connect() {
    adas = bindAdasConnection().id();
  }

  private Reach way(Grant grant, String flow) {
    return new Reach(
        adas,
        SHARED.connector(),
        ADA.principal(),
        grant,
        flow,
        flow == null ? null : SHARED.logicalName());
  }

  private List<Reach> bobs() {
    clock.advance(Duration.ofSeconds(6));
    return runtime.audit().reachOf(HERE, BOB.principal());
  }

  @Test
  @DisplayName("I3: one reaches what one owns")
  void oneReachesWhatOneOwns() {
    assertThat(runtime.audit().reachOf(HERE, ADA.principal())).containsExactly(way(null, null));
    assertThat(bobs()).isEmpty();
    assertThat(runtime.audit().reachOf(ROOT.in(Environment.of("prod")), ADA.principal())).isEmpty();
  }

  @Test
  @DisplayName("I3: one reaches what was granted, while it holds")
  void oneReachesWhatWasGranted() {
    runtime.connections().grant(ADA, adas, BOB.principal(), Right.USE);
    assertThat(bobs())
        .containsExactly(way(new Grant(BOB.principal(), Right.USE, ADA.principal(), null), null));

    runtime.connections().revoke(ADA, adas, BOB.principal());
    assertThat(bobs()).isEmpty();
  }

  @Test
  @DisplayName("I3: a co-owner reaches what the flow uses")
  void aCoOwnerReachesWhatTheFlowUses() {
    flows.put(FLOW.id(), FLOW.calling(SHARED, "items").coOwnedBy(BOB.principal()));

    assertThat(bobs()).containsExactly(way(null, FLOW.id()));
  }

  @Test
  @DisplayName("I3: a run-only user reaches what the flow uses for him, and no more")
  void aRunOnlyUserReachesWhatTheFlowUsesForHim() {
    Flow shared = FLOW.calling(SHARED, "items").runnableBy(BOB.principal());
    flows.put(FLOW.id(), shared);
    assertThat(bobs()).containsExactly(way(null, FLOW.id()));

    runtime.references().letRunOnlyUsersBringOwn(ADA.running(shared), SHARED);
    assertThat(bobs()).isEmpty();
  }

  @Test
  @DisplayName("I3: an administrator says where, and names no group")
  void anAdministratorSaysWhere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.audit().reachOf(ROOT, ADA.principal()))
        .withMessageContaining("administrator.in(environment)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.audit().reachOf(HERE, Principal.group("sales")));
  }

  @Test
  @DisplayName("I3: the rules that concern a connector are those of all policies that apply there")
  void theRulesThatConcernAConnector() {
    runtime
        .policies()
        .save(
            ROOT,
            DataPolicy.named("b")
                .business("tickets")
                .actions("tickets", ActionRules.blocking("deleteTicket"))
                .denyEndpoint("tickets", "*.example.com")
                .build(),
            0);
    runtime.policies().save(ROOT, DataPolicy.named("a").blocked("mail").build(), 0);
    runtime.policies().save(ROOT, DataPolicy.named("c").in("prod").blocked("tickets").build(), 0);

    assertThat(runtime.policies().rulesOf(HERE, SHARED.connector()))
        .extracting(rule -> rule.policy().policy().name(), Rule::meaning)
        .extracting(tuple -> tuple.toList().get(0) + ": " + tuple.toList().get(1))
        .containsExactly(
            "a: Connector 'tickets' is in Non-business by default.",
            "b: Connector 'tickets' is in Business.",
            "b: All operations may be called but [deleteTicket].",
            "b: No request goes to *.example.com.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.policies().rulesOf(ROOT, SHARED.connector()));
  }

  @Test
  @DisplayName("I3: a custom connector is in no default group, and has no action rules")
  void theRulesThatConcernACustomConnector() {
    DataPolicy policy =
        DataPolicy.named("p")
            .actions("site", ActionRules.blocking("get"))
            .denyEndpoint("site", "*.example.com")
            .build();
    runtime.policies().save(ROOT, policy, 0);

    assertThat(runtime.policies().rulesOf(HERE, "site"))
        .extracting(Rule::meaning)
        .containsExactly("No request goes to *.example.com.");
  }
}
