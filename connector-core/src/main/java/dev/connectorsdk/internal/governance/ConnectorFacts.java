package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What data policies need to know of a connector in an environment.
 *
 * @param isCustom whether it was registered for single environments
 * @param isBlockable whether a policy may block it; if not, it has no action rules either
 * @param serviceUrl scheme, host and base path of its service; {@code null} if each connection has
 *     its own
 * @param operations the ids of all its actions and triggers
 */
public record ConnectorFacts(
    ConnectorId id,
    boolean isCustom,
    boolean isBlockable,
    @Nullable EffectiveUrl serviceUrl,
    Set<String> operations) {

  public ConnectorFacts {
    operations = Set.copyOf(operations);
  }

  /** Returns what is known of a connector that is not registered. */
  public static ConnectorFacts unknown(ConnectorId id) {
    return new ConnectorFacts(id, false, true, null, Set.of());
  }

  /** Returns whether rules about single operations hold for it. */
  boolean hasActionRules() {
    return isBlockable && !isCustom;
  }
}
