package dev.connectorsdk.spring;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.runtime.ConnectorRuntime;
import org.jspecify.annotations.Nullable;

/** Connections that cannot be used, and whether their owners can mend them in a browser. */
final class BrokenConnections {

  private final ConnectorRuntime runtime;

  BrokenConnections(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  /** Returns whether the caller mends this own connection by a sign-in at the service. */
  boolean areMendedBySignIn(Caller caller, ConnectionId id) {
    try {
      Connection connection = runtime.connections().get(caller, id);
      return isMendedBySignIn(connection.status().reason())
          && runtime
              .connector(caller, connection.connector().value())
              .authOption(connection.authOption())
              .filter(option -> option.scheme().needsConsent())
              .isPresent();
    } catch (ConnectorException e) { // It is gone, or nobody can say.
      return false;
    }
  }

  /**
   * @param reason {@code null} for a connected one, whose credential has expired
   */
  private static boolean isMendedBySignIn(ConnectionStatus.@Nullable Reason reason) {
    return reason == null
        || switch (reason) {
          case CONSENT_PENDING,
              CREDENTIALS_REJECTED,
              GRANT_ENDED,
              CREDENTIALS_EXPIRED,
              CREDENTIALS_UNREADABLE,
              HANDED_OVER ->
              true;
          case NOT_TESTED,
              TEST_FAILED,
              CONFIGURATION,
              NOT_UNDERSTOOD,
              DELETED,
              ADMINISTRATOR,
              CONNECTOR_MISSING,
              POLICY ->
              false;
        };
  }
}
