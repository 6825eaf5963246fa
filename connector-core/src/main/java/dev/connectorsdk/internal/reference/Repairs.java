package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.internal.reference.Disclosure.Audience;

/** What makes a connection ready for use again, in words for who is told. */
final class Repairs {

  private Repairs() {}

  /** Returns what the owner of several connections can do, none of which is ready. */
  static String oneOfSeveral(ConnectorId connector) {
    return "Repair one of your connections to '" + connector + "', or make another.";
  }

  /** Returns what somebody can do about a connection that is not ready. */
  static String of(Connection connection, Audience audience) {
    Reason reason = connection.status().reason();
    if (reason == Reason.ADMINISTRATOR) {
      return "Have an administrator enable the connection.";
    }
    if (audience == Audience.OTHER) {
      return "Ask the owner of the flow to have its connection repaired.";
    }
    if (reason == Reason.NOT_TESTED && connection.gateway() != null) {
      return "Have a member of the connection's gateway run: the connection is tested when one comes.";
    }
    return audience == Audience.OWNER
        ? byOwner(connection)
        : "Ask the owner of the connection to repair it; its id stays the same.";
  }

  private static String byOwner(Connection connection) {
    String own = "your connection '" + connection.displayName() + "'";
    Reason reason = connection.status().reason();
    if (reason == null) { // It is connected, with a credential that has expired.
      return again(own);
    }
    return switch (reason) {
      case CONSENT_PENDING -> "Sign in for " + own + ".";
      case NOT_TESTED -> "Test " + own + ".";
      case TEST_FAILED ->
          "Test " + own + " again, and correct it if the service can be reached and that fails.";
      case CONFIGURATION ->
          "Correct the parameters of " + own + ", or have whoever registered its client check it.";
      case NOT_UNDERSTOOD ->
          "Have an administrator upgrade the application, or delete " + own + " and make another.";
      case CONNECTOR_MISSING ->
          "Have an administrator bring back connector '"
              + connection.connector()
              + "' and the auth option of "
              + own
              + ".";
      case POLICY ->
          "Ask an administrator about the data policy that blocks connector '"
              + connection.connector()
              + "'.";
      case CREDENTIALS_REJECTED,
          GRANT_ENDED,
          CREDENTIALS_EXPIRED,
          CREDENTIALS_UNREADABLE,
          HANDED_OVER,
          ADMINISTRATOR,
          DELETED ->
          again(own);
    };
  }

  private static String again(String own) {
    return "Sign in again for " + own + ", or enter its credentials again.";
  }
}
