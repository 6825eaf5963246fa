package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.governance.PolicyFinding.ActionBlocked;
import dev.connectorsdk.internal.governance.Judgement.Denied;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Changes a policy just as far as it has to be for a flow to be allowed. */
final class SmallestChange {

  private SmallestChange() {}

  /** Returns the policy as it would have to be to have nothing against what was judged. */
  static DataPolicy of(Judgement judgement) {
    DataPolicy changed = regrouped(judgement.policy(), judgement);
    for (PolicyFinding finding : judgement.findings()) {
      if (finding instanceof ActionBlocked blocked) {
        changed = allowing(changed, blocked);
      }
    }
    for (Denied denied : judgement.denied()) {
      changed = allowing(changed, denied);
    }
    return changed;
  }

  /** What is blocked goes, with the smaller group, where the larger group is. */
  private static DataPolicy regrouped(DataPolicy policy, Judgement judgement) {
    List<ConnectorId> business = judgement.in(Group.BUSINESS);
    List<ConnectorId> nonBusiness = judgement.in(Group.NON_BUSINESS);
    boolean toBusiness = !business.isEmpty() && business.size() >= nonBusiness.size();
    List<ConnectorId> moved = new ArrayList<>(judgement.in(Group.BLOCKED));
    moved.addAll(judgement.leadingToBlocked());
    moved.addAll(toBusiness ? nonBusiness : business);
    String[] names = moved.stream().map(ConnectorId::value).toArray(String[]::new);
    DataPolicy.Builder changed = policy.toBuilder();
    return (toBusiness ? changed.business(names) : changed.nonBusiness(names)).build();
  }

  private static DataPolicy allowing(DataPolicy policy, ActionBlocked finding) {
    ActionRules rules = policy.actionRules(finding.connector());
    if (rules == null) {
      return policy;
    }
    var allowed = new TreeSet<>(rules.allowed());
    var blocked = new TreeSet<>(rules.blocked());
    blocked.remove(finding.operation());
    if (!rules.allowsOthers()) {
      allowed.add(finding.operation());
    }
    return policy.toBuilder()
        .actions(
            finding.connector().value(), new ActionRules(allowed, blocked, rules.allowsOthers()))
        .build();
  }

  private static DataPolicy allowing(DataPolicy policy, Denied denied) {
    List<EndpointRule> rules = new ArrayList<>(policy.endpointRules(denied.connector()));
    var ready = new EndpointRules(rules);
    String denying = ready.denying(denied.url());
    if (denying == null) {
      return policy;
    }
    rules.add(ready.placeBefore(denying), new EndpointRule(0, denied.url().toString(), true));
    List<EndpointRule> numbered = new ArrayList<>();
    for (EndpointRule rule : rules) {
      numbered.add(new EndpointRule(numbered.size() + 1, rule.endpoint(), rule.allows()));
    }
    return policy.toBuilder().endpoints(denied.connector().value(), numbered).build();
  }
}
