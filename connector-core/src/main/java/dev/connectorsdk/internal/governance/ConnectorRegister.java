package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;

/** Knows the connectors of a runtime as data policies see them. */
interface ConnectorRegister {

  /** Returns what is known of the connector that has this id in an environment. */
  ConnectorFacts facts(Environment environment, ConnectorId connector);
}
