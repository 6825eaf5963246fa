package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.internal.cache.Moment;
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

  /** Returns whether somebody may replace the connector that has this id in an environment. */
  default boolean isReplaceable(Environment environment, ConnectorId connector) {
    return false;
  }

  /**
   * Has those that may be replaced be the ones of at most the freshness ago, so that whoever keeps
   * something of another one is told.
   *
   * @throws dev.connectorsdk.api.error.StoreException if that cannot be told
   */
  default void refresh() {}

  /** Does the same, and has the moment know until when. */
  default void refresh(Moment at) {}

  /** Returns where sign-ins of a connector send requests, as far as that is known beforehand. */
  default List<EffectiveUrl> signIns(Environment environment, ConnectorId connector) {
    return List.of();
  }
}
