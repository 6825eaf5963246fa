package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies.Rule;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.internal.governance.RegisteredConnectors.Known;
import dev.connectorsdk.internal.sharing.HostFlows;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what policies lead to, and writes nothing. Safe for several threads. */
final class PolicyAdvice {

  private final StoredPolicies stored;
  private final ConnectorRegister register;
  private final Supplier<List<Known>> connectors;
  private final HostFlows flows;
  private final AuditStore audit;

  PolicyAdvice(
      StoredPolicies stored,
      ConnectorRegister register,
      Supplier<List<Known>> connectors,
      HostFlows flows,
      AuditStore audit) {
    this.stored = stored;
    this.register = register;
    this.connectors = connectors;
    this.flows = flows;
    this.audit = audit;
  }

  PolicyDecision check(Environment environment, Flow flow) {
    List<DataPolicy> policies = stored.current().policies();
    if (policies.isEmpty()) {
      return new Decision(List.of(), List.of(), List.of());
    }
    FlowUses uses =
        FlowUses.of(flow, id -> register.facts(environment, id))
            .withSignIns(id -> register.signIns(environment, id));
    return new PolicyJudge(policies).decide(environment, uses);
  }

  PolicyDecision checkRequest(Environment environment, ConnectorId connector, URI url) {
    EffectiveUrl effective = EffectiveUrl.parse(url.toString());
    if (effective == null) {
      throw new IllegalArgumentException("Only http and https URLs are judged");
    }
    var use =
        new FlowUses.Use(register.facts(environment, connector), Set.of(), List.of(effective));
    return new PolicyJudge(stored.current().policies())
        .decide(environment, new FlowUses(null, List.of(use)));
  }

  /**
   * @param seenSince since when calls in the audit count; {@code null} for none
   */
  PolicyDifference whatIf(
      Administrator administrator, @Nullable Instant seenSince, List<DataPolicy> changed) {
    Environment environment = administrator.requireEnvironment();
    if (!flows.areKnown()) {
      throw new IllegalStateException(
          "The runtime knows no flows: give its builder a directory of them, flows(directory)");
    }
    SeenCalls seen =
        seenSince == null ? SeenCalls.none() : SeenCalls.since(audit, environment, seenSince);
    var difference = new WhatIf(environment, present(), changed, register, seen);
    flows.forEach(Filter.ALL, difference::add);
    return difference.difference();
  }

  PolicyDifference whatIfOf(
      Administrator administrator, List<Flow> alone, List<DataPolicy> changed) {
    var difference =
        new WhatIf(
            administrator.requireEnvironment(), present(), changed, register, SeenCalls.none());
    alone.forEach(difference::add);
    return difference.difference();
  }

  /** Returns the policies, which know the connectors of at most the freshness ago. */
  private PolicySet present() {
    register.refresh();
    return stored.current();
  }

  /**
   * @param policies those that apply in the environment
   */
  List<Rule> rulesOf(Environment environment, ConnectorId connector, List<Saved> policies) {
    ConnectorFacts facts = register.facts(environment, connector);
    return policies.stream().flatMap(saved -> ConcerningRules.of(saved, facts).stream()).toList();
  }

  List<String> review(DataPolicy policy) {
    List<DataPolicy> all = stored.current().saved().stream().map(Saved::policy).toList();
    return new PolicyReview(policy, all, connectors.get()).remarks();
  }
}
