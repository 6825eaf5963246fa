package dev.connectorsdk.spring;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.runtime.ConnectorRuntime;

/** What users can do by a sign-in that a form of the application begins. */
final class SignInOffers {

  private final ConnectorRuntime runtime;
  private final boolean hasForms;

  /**
   * @param hasForms whether forms begin sign-ins, which needs an address that browsers come back to
   */
  SignInOffers(ConnectorRuntime runtime, boolean hasForms) {
    this.runtime = runtime;
    this.hasForms = hasForms;
  }

  /** Returns whether the caller makes a connection of this connector by a sign-in. */
  boolean areMadeBySignIn(Caller caller, ConnectorId id) {
    try {
      return hasForms
          && runtime.connector(caller, id.value()).authOptions().stream()
              .anyMatch(SignInOffers::isInBrowser);
    } catch (ConnectorException e) { // It is gone, or not for the caller.
      return false;
    }
  }

  /** Returns whether the caller mends this own connection by a sign-in at the service. */
  boolean areMendedBySignIn(Caller caller, ConnectionId id) {
    try {
      return hasForms && isMendedBySignIn(caller, runtime.connections().get(caller, id));
    } catch (ConnectorException e) { // It is gone, or nobody can say.
      return false;
    }
  }

  private boolean isMendedBySignIn(Caller caller, Connection connection) {
    Reason reason = connection.status().reason();
    // A connected one has a credential that has expired.
    return (reason == null || reason.needsCredentials())
        && runtime
            .connector(caller, connection.connector().value())
            .authOption(connection.authOption())
            .filter(SignInOffers::isInBrowser)
            .isPresent();
  }

  /** A sign-in on another device is begun by code of the application. */
  private static boolean isInBrowser(AuthOption option) {
    return option.scheme().needsConsent()
        && !(option.scheme() instanceof OAuth2Scheme oauth2
            && oauth2.grant() == OAuth2Scheme.Grant.DEVICE_CODE);
  }
}
