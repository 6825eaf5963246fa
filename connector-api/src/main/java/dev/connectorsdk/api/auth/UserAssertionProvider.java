package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;

/**
 * Gives the token by which the host knows the owner of a connection, so that it can be exchanged
 * for one of the service: on-behalf-of, or the subject token of RFC 8693. The host registers it
 * with {@link ClientRegistration#onBehalfOf}; without one nothing is exchanged.
 */
@FunctionalInterface
public interface UserAssertionProvider {

  /**
   * Returns a token that is valid now, on the thread of a call that waits for it.
   *
   * @throws dev.connectorsdk.api.error.AuthenticationException if there is none for the owner
   */
  Secret assertionFor(ConnectionId connection);
}
