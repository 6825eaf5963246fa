package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.internal.governance.SeenCalls.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares what two sets of policies say of flows in one environment. For one thread. */
final class WhatIf {

  private final Environment environment;
  private final ConnectorRegister register;
  private final EnvironmentPolicies before;
  private final EnvironmentPolicies after;
  private final PolicyJudge ofChanged;
  private final PolicyJudge ofAll;
  private final Compared verdicts;
  private final SeenCalls seen;
  private final Set<String> seenAlone;
  private final Map<String, PolicyDecision> newlyBroken = new TreeMap<>();
  private final Map<String, PolicyDecision> stillBroken = new TreeMap<>();
  private final List<String> healed = new ArrayList<>();
  private final Map<String, String> unknown = new TreeMap<>();

  /**
   * @param seen what flows have called
   */
  WhatIf(
      Environment environment,
      PolicySet present,
      List<DataPolicy> changed,
      ConnectorRegister register,
      SeenCalls seen) {
    Map<String, DataPolicy> all = new TreeMap<>();
    present.policies().forEach(policy -> all.put(policy.name(), policy));
    changed.forEach(policy -> all.put(policy.name(), policy));
    this.environment = environment;
    this.register = register;
    this.seen = seen;
    this.seenAlone = new HashSet<>(seen.flows());
    this.before = present.in(environment);
    this.after = new EnvironmentPolicies(environment, here(all.values()), register);
    this.verdicts =
        new Compared(before, new EnvironmentPolicies(environment, here(changed), register));
    this.ofChanged = new PolicyJudge(changed);
    this.ofAll = new PolicyJudge(all.values());
  }

  private List<DataPolicy> here(Collection<DataPolicy> policies) {
    return policies.stream()
        .filter(policy -> policy.mode() == Mode.ENFORCE && policy.appliesIn(environment))
        .toList();
  }

  void add(Flow flow) {
    Set<Call> undeclared = seen.undeclaredBy(flow);
    seenAlone.remove(flow.id());
    verdicts.decide(flow);
    noteUnknown(flow, undeclared);
    if (!verdicts.isAllowedNow() || refuses(before, flow, undeclared)) {
      addRefused(flow, undeclared);
    } else if (!verdicts.isAllowedThen() || refuses(after, flow, undeclared)) {
      // What has nothing against the flow now is not asked again.
      newlyBroken.put(flow.id(), decision(ofChanged, flow, undeclared));
    }
  }

  private void noteUnknown(Flow flow, Set<Call> undeclared) {
    if (undeclared.isEmpty() && !declaresOperations(flow)) {
      unknown.put(flow.id(), "declares no operation");
    } else if (verdicts.dependOnConnections()) {
      unknown.put(flow.id(), "depends on the URLs of its connections");
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

  /** Where a policy concerns a flow, what it does not declare is refused. */
  private static boolean refuses(EnvironmentPolicies policies, Flow flow, Set<Call> undeclared) {
    return !undeclared.isEmpty() && !policies.active(flow.id()).isEmpty();
  }

  private void addRefused(Flow flow, Set<Call> undeclared) {
    if (after.isAllowed(flow) && !refuses(after, flow, undeclared)) {
      healed.add(flow.id());
    } else {
      stillBroken.put(flow.id(), decision(ofAll, flow, undeclared));
    }
  }

  private PolicyDecision decision(PolicyJudge judge, Flow flow, Set<Call> undeclared) {
    FlowUses uses = FlowUses.of(flow, id -> register.facts(environment, id));
    List<PolicyFinding> further = new ArrayList<>();
    if (refuses(after, flow, undeclared)) {
      undeclared.stream()
          .sorted(Comparator.comparing(Call::toString))
          .forEach(call -> further.add(after.undeclared(flow, name(flow, call), call.operation())));
    }
    return judge.decide(environment, uses, further);
  }

  private static String name(Flow flow, Call call) {
    return flow.references().stream()
        .filter(reference -> reference.connector().equals(call.connector()))
        .map(ConnectionReference::logicalName)
        .findFirst()
        .orElse(call.connector().value());
  }

  PolicyDifference difference() {
    seenAlone.forEach(flow -> unknown.put(flow, "has called something, and is in no directory"));
    return new PolicyDifference(newlyBroken, stillBroken, healed, unknown, seen.from());
  }
}
