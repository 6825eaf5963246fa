package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.internal.connection.Registry;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which connections are of accounts that the host calls privileged, and on which connectors that
 * matters. Safe for several threads.
 */
public final class PrivilegedAccounts {

  private final Registry registry;
  private final Predicate<Connection> privileged;
  private final Set<ConnectorId> sensitive;

  /**
   * @param privileged what the host says of a connection
   * @param sensitive the connectors on which it matters; if none are named, those that can change
   *     something. So do those that nobody could name, since they come and go
   */
  public PrivilegedAccounts(
      Registry registry, Predicate<Connection> privileged, Set<ConnectorId> sensitive) {
    this.registry = registry;
    this.privileged = privileged;
    this.sensitive = Set.copyOf(sensitive);
  }

  boolean include(Connection connection) {
    return privileged.test(connection);
  }

  /** Returns whether others who use such a connection could do harm with it. */
  boolean isSensitive(Connection connection) {
    ConnectorId connector = connection.connector();
    boolean isByDefault =
        sensitive.isEmpty() || registry.isReplaceable(connection.environment(), connector);
    return sensitive.contains(connector) || (isByDefault && changes(connection));
  }

  /** What is not known is not taken for harmless. */
  private boolean changes(Connection connection) {
    try {
      Connector connector = registry.connector(connection.environment(), connection.connector());
      return connector.actions().stream().anyMatch(action -> action.effect() != Effect.READ);
    } catch (NotFoundException e) {
      return true;
    }
  }
}
