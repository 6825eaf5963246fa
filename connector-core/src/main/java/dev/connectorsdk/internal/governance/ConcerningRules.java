package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.Policies.Rule;
import dev.connectorsdk.governance.Policies.Saved;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which rules of a policy concern a connector. */
final class ConcerningRules {

  private ConcerningRules() {}

  static List<Rule> of(Saved saved, ConnectorFacts facts) {
    DataPolicy policy = saved.policy();
    ConnectorId connector = facts.id();
    List<Rule> rules = new ArrayList<>();
    if (UrlPatterns.sorting(facts, policy) == null) {
      rules.add(group(saved, facts));
    }
    ActionRules actions = policy.actionRules(connector);
    if (actions != null && facts.hasActionRules()) {
      rules.add(new Rule(saved, "connectorActionConfigurations/" + connector, meaning(actions)));
    }
    policy
        .endpointRules(connector)
        .forEach(
            endpoint ->
                rules.add(
                    new Rule(
                        saved,
                        "endpointConfigurations/" + connector + "/" + endpoint.order(),
                        (endpoint.allows() ? "Requests may go to " : "No request goes to ")
                            + endpoint.endpoint()
                            + ".")));
    return rules;
  }

  private static Rule group(Saved saved, ConnectorFacts facts) {
    boolean isNamed = saved.policy().groupOf(facts.id()) != null;
    return new Rule(
        saved,
        isNamed ? "connectorGroups" : "defaultConnectorsClassification",
        "Connector '"
            + facts.id()
            + "' is in "
            + words(Classification.of(facts, saved.policy()))
            + (isNamed ? "." : " by default."));
  }

  private static String words(@Nullable Group group) {
    if (group == null) {
      return "no group";
    }
    return switch (group) {
      case BUSINESS -> "Business";
      case NON_BUSINESS -> "Non-business";
      case BLOCKED -> "Blocked";
    };
  }

  private static String meaning(ActionRules actions) {
    return actions.allowsOthers()
        ? "All operations may be called but " + actions.blocked() + "."
        : "No operation may be called but " + actions.allowed() + ".";
  }
}
