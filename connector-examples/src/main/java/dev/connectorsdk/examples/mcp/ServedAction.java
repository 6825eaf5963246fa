package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;

/**
 * An action that is served, as far as it is known without reading its definition.
 *
 * @param name of its tool
 * @param connectorTitle the name of the connector that people read
 */
record ServedAction(
    String name,
    ConnectionReference reference,
    String connectorTitle,
    String operation,
    String title) {

  ConnectorId connector() {
    return reference.connector();
  }
}
