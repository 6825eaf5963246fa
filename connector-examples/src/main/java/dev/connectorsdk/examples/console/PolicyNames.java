package dev.connectorsdk.examples.console;

import dev.connectorsdk.governance.DataPolicy;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Policies under other names: candidates, and what becomes of them. */
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
}
