package dev.connectorsdk.governance;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of flows in one environment if policies are changed. Flows are named by their ids.
 * One that declares no operation calls nothing under a policy that is enforced.
 *
 * @param newlyBroken flows that are allowed now and would be refused, and why
 * @param stillBroken flows that are refused now and then, and why they would be then
 * @param healed flows that are refused now and would be allowed, in order
 * @param unknown flows of which something is not known, and what it is, as a sentence without its
 *     subject: such as one that declares no operation and was not seen to call any
 * @param seenSince from when on calls in the audit were looked at; {@code null} if none were
 */
public record PolicyDifference(
    Map<String, PolicyDecision> newlyBroken,
    Map<String, PolicyDecision> stillBroken,
    List<String> healed,
    Map<String, String> unknown,
    @Nullable Instant seenSince) {

  public PolicyDifference {
    newlyBroken = Map.copyOf(newlyBroken);
    stillBroken = Map.copyOf(stillBroken);
    healed = List.copyOf(healed);
    unknown = Map.copyOf(unknown);
  }
}
