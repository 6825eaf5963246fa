package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows the connectors of a runtime as data policies see them. */
interface ConnectorRegister {

  /**
   * Returns what is known of the connector that has this id in an environment.
   *
   * @param environment {@code null} for one that all environments have
   */
  ConnectorFacts facts(@Nullable Environment environment, ConnectorId connector);

  /** Returns where sign-ins of a connector send requests, as far as that is known beforehand. */
  default List<EffectiveUrl> signIns(Environment environment, ConnectorId connector) {
    return List.of();
  }
}
