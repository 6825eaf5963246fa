package dev.connectorsdk.examples.console;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Policies under other names, such as candidates, and connectors under the names in policies. */
final class PolicyNames {

  private PolicyNames() {}

  /**
   * Returns what a policy says, under another name and in the place of none. Its JSON has all that
   * it says.
   */
  static DataPolicy renamed(DataPolicy policy, String name) {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(policy.toJson());
    json.remove("insteadOf");
    return DataPolicy.read("The policy", json.put("name", name).toString());
  }

  /**
   * Returns how a policy writes the id of a connector, or the id as it is if the policy does not
   * name it: for policies neither case nor the platform's prefix counts.
   */
  static String asWritten(DataPolicy policy, String connector) {
    return Stream.concat(
            Stream.of(Group.values()).flatMap(group -> policy.connectors(group).stream()),
            policy.connectorsWithActionRules().stream())
        .filter(written -> key(written).equals(key(connector)))
        .findFirst()
        .orElse(connector);
  }

  /** Returns what is the same for all ways to write the id of a connector. */
  static String key(String connector) {
    return connector.toLowerCase(Locale.ROOT).replaceFirst("^shared_", "");
  }
}
