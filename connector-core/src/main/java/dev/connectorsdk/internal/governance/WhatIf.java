package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what two sets of policies say of flows in one environment. For one thread. */
final class WhatIf {

  private final Environment environment;
  private final ConnectorRegister register;
  private final EnvironmentPolicies after;
  private final PolicyJudge ofChanged;
  private final PolicyJudge ofAll;
  private final Compared verdicts;
  private final Map<String, PolicyDecision> newlyBroken = new TreeMap<>();
  private final Map<String, PolicyDecision> stillBroken = new TreeMap<>();
  private final List<String> healed = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  WhatIf(
      Environment environment,
      PolicySet present,
      List<DataPolicy> changed,
      ConnectorRegister register) {
    Map<String, DataPolicy> all = new TreeMap<>();
    present.policies().forEach(policy -> all.put(policy.name(), policy));
    changed.forEach(policy -> all.put(policy.name(), policy));
    this.environment = environment;
    this.register = register;
    this.after = new EnvironmentPolicies(environment, here(all.values()), register);
    this.verdicts = new Compared(
            present.in(environment),
            new EnvironmentPolicies(environment, here(changed), register));
    this.ofChanged = new PolicyJudge(changed);
    this.ofAll = new PolicyJudge(all.values());
  }

  private List<DataPolicy> here(Collection<DataPolicy> policies) {
    return policies.stream()
        .filter(policy -> policy.mode() == Mode.ENFORCE && policy.appliesIn(environment))
        .toList();
  }

  void add(Flow flow) {
    if (!declaresOperations(flow)) {
      unknown.add(flow.id());
    }
    verdicts.decide(flow);
    if (!verdicts.isAllowedNow()) {
      addRefused(flow);
    } else if (!verdicts.isAllowedThen()) {
      // What has nothing against the flow now is not asked again.
      newlyBroken.put(flow.id(), ofChanged.decide(environment, uses(flow)));
    }
  }

  private static boolean declaresOperations(Flow flow) {
    for (ConnectionReference reference : flow.references()) {
      if (!flow.operations(reference).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void addRefused(Flow flow) {
    if (after.isAllowed(flow)) {
      healed.add(flow.id());
    } else {
      stillBroken.put(flow.id(), ofAll.decide(environment, uses(flow)));
    }
  }

  private FlowUses uses(Flow flow) {
    return FlowUses.of(flow, id -> register.facts(environment, id));
  }

  PolicyDifference difference() {
    return new PolicyDifference(newlyBroken, stillBroken, healed, unknown);
  }
}
