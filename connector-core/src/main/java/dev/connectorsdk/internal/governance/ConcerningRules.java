package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.Policies.Rule;
import dev.connectorsdk.governance.Policies.Saved;
import java.util.ArrayList;
import java.util.List;

/** Says which rules of a policy concern a connector. */
final class ConcerningRules {

  private ConcerningRules() {}

  static List<Rule> of(Saved saved, ConnectorId connector) {
    DataPolicy policy = saved.policy();
    List<Rule> rules = new ArrayList<>();
    Group named = policy.groupOf(connector);
    Group group = named == null ? policy.defaultGroup() : named;
    String how = named == null ? " by default." : ".";
    rules.add(
        new Rule(
            saved,
            named == null ? "defaultConnectorsClassification" : "connectorGroups",
            "Connector '" + connector + "' is in " + words(group) + how));
    ActionRules actions = policy.actionRules(connector);
    if (actions != null) {
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

  private static String words(Group group) {
    return switch (group) {
      case BUSINESS -> "Business";
      case NON_BUSINESS -> "Non-Business";
      case BLOCKED -> "Blocked";
    };
  }

  private static String meaning(ActionRules actions) {
    return actions.allowsOthers()
        ? "All operations may be called but " + actions.blocked() + "."
        : "No operation may be called but " + actions.allowed() + ".";
  }
}
