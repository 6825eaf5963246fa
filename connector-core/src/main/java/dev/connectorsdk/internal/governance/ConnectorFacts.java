package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import org.jspecify.annotations.Nullable;

/**
 * What data policies need to know of a connector in an environment.
 *
 * @param isCustom whether it was registered for single environments
 * @param isBlockable whether a policy may block it; if not, it has no action rules either
 * @param serviceUrl scheme, host and base path of its service; {@code null} if each connection has
 *     its own
 */
public record ConnectorFacts(
    ConnectorId id, boolean isCustom, boolean isBlockable, @Nullable EffectiveUrl serviceUrl) {

  /** Returns whether rules about single operations hold for it. */
  boolean hasActionRules() {
    return isBlockable && !isCustom;
  }
}
