package dev.connectorsdk.internal.governance;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one flow, or one call without a flow, does with connectors.
 *
 * @param flow its id, or {@code null} for a call without a flow
 * @param uses each connector once
 */
public record FlowUses(@Nullable String flow, List<Use> uses) {

  /**
   * The use of one connector.
   *
   * @param operations ids of the actions and triggers that are called
   * @param endpoints where requests go, as far as that is known beforehand
   */
  public record Use(
      ConnectorFacts connector, Set<String> operations, List<EffectiveUrl> endpoints) {

    public Use {
      operations = Set.copyOf(operations);
      endpoints = List.copyOf(endpoints);
    }
  }

  public FlowUses {
    uses = List.copyOf(uses);
  }
}
