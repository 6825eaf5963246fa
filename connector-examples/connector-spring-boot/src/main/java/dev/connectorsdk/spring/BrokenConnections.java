package dev.connectorsdk.spring;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.runtime.ConnectorRuntime;

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
      Reason reason = connection.status().reason();
      // A connected one has a credential that has expired.
      return (reason == null || reason.needsCredentials())
          && runtime
              .connector(caller, connection.connector().value())
              .authOption(connection.authOption())
              .filter(option -> option.scheme().needsConsent())
              .isPresent();
    } catch (ConnectorException e) { // It is gone, or nobody can say.
      return false;
    }
  }
}
