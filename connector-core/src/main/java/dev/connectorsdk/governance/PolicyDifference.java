package dev.connectorsdk.governance;

import java.util.List;
import java.util.Map;

/**
 * What becomes of flows in one environment if policies are changed. Flows are named by their ids.
 *
 * @param newlyBroken flows that are allowed now and would be refused, and why
 * @param stillBroken flows that are refused now and then, and why they would be then
 * @param healed flows that are refused now and would be allowed, in order
 * @param unknown flows that declare no operation, in order: what they call nobody knows, and under
 *     a policy that is enforced they call nothing
 */
public record PolicyDifference(
    Map<String, PolicyDecision> newlyBroken,
    Map<String, PolicyDecision> stillBroken,
    List<String> healed,
    List<String> unknown) {

  public PolicyDifference {
    newlyBroken = Map.copyOf(newlyBroken);
    stillBroken = Map.copyOf(stillBroken);
    healed = List.copyOf(healed);
    unknown = List.copyOf(unknown);
  }
}
