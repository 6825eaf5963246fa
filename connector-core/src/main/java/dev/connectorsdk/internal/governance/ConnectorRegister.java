package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import org.jspecify.annotations.Nullable;

/** Knows the connectors of a runtime as data policies see them. */
interface ConnectorRegister {

  /**
   * Returns what is known of the connector that has this id in an environment.
   *
   * @param environment {@code null} for one that all environments have
   */
  ConnectorFacts facts(@Nullable Environment environment, ConnectorId connector);
}
