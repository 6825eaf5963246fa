package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a flow and says why, by asking every policy. Nothing else enters into it: the same
 * policies, environment and uses lead to the same decision, in whatever order they come.
 */
public final class PolicyJudge {

  private final List<DataPolicy> policies;

  /** Returns a judge who goes by these policies. */
  public PolicyJudge(Collection<DataPolicy> policies) {
    this.policies = policies.stream().sorted(Comparator.comparing(DataPolicy::name)).toList();
  }

  /**
   * Returns whether a policy applies in an environment.
   *
   * @param environment {@code null} for what is not done in a single one
   */
  static boolean applies(DataPolicy policy, @Nullable Environment environment) {
    return environment == null
        ? policy.scope() == Scope.ALL_ENVIRONMENTS || policy.scope() == Scope.EXCEPT_ENVIRONMENTS
        : policy.appliesIn(environment);
  }

  /** Decides about uses of connectors in an environment. */
  public PolicyDecision decide(@Nullable Environment environment, FlowUses uses) {
    return decide(environment, uses, List.of());
  }

  /**
   * Decides about uses of connectors in an environment.
   *
   * @param further what else policies have against them
   */
  PolicyDecision decide(
      @Nullable Environment environment, FlowUses uses, List<PolicyFinding> further) {
    List<PolicyFinding> findings = new ArrayList<>(further);
    List<String> reasons = new ArrayList<>();
    List<Judgement> refusing = new ArrayList<>();
    for (DataPolicy policy : policies) {
      String inapplicable = inapplicable(policy, environment, uses);
      if (inapplicable != null) {
        reasons.add(policy.label() + " " + inapplicable);
        continue;
      }
      var judgement = new Judgement(policy, uses);
      reasons.add(policy.label() + judgement.reason());
      List<PolicyFinding> found = judgement.findings();
      findings.addAll(found);
      if (policy.mode() == Mode.ENFORCE && !found.isEmpty()) {
        refusing.add(judgement);
      }
    }
    findings.sort(Comparator.comparing(PolicyFinding::policy));
    return new Decision(findings, reasons, refusing);
  }

  private static @Nullable String inapplicable(
      DataPolicy policy, @Nullable Environment environment, FlowUses uses) {
    if (!applies(policy, environment)) {
      return "does not apply in " + environment + ".";
    }
    String flow = uses.flow();
    return flow != null && policy.exemptFlows().contains(flow) ? "exempts this flow." : null;
  }
}
