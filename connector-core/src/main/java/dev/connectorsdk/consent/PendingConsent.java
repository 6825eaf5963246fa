package dev.connectorsdk.consent;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import java.net.URI;
import java.time.Instant;

/**
 * A sign-in that has begun. Send the user's browser to the link.
 *
 * @param authorizationUrl where the user signs in; it carries the state, so it is for this user
 *     only and not for logs
 * @param connection the connection that the sign-in is for
 * @param connector its connector
 * @param expiresAt until when the sign-in can be completed
 */
public record PendingConsent(
    URI authorizationUrl, ConnectionId connection, ConnectorId connector, Instant expiresAt) {

  /** Returns a text without the link. */
  @Override
  public String toString() {
    return "PendingConsent[" + connection + ", until " + expiresAt + "]";
  }
}
