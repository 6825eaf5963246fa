package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The client by which a connection talks to its token endpoint, and how it proves itself. Looked up
 * for each request, so that a secret which the host changed counts at once.
 *
 * @param secret {@code null} if, and only if, {@code method} is {@code NONE}
 */
record OAuthClient(String id, @Nullable Secret secret, ClientAuthentication method) {

  /**
   * Returns the client of a connection.
   *
   * @throws AuthenticationException with reason {@code CONFIGURATION} if it is missing or not whole
   */
  static OAuthClient of(OAuth2Scheme scheme, AuthContext context) {
    return scheme.isClientFromConnection()
        ? ofConnection(scheme, context)
        : ofHost(scheme, context);
  }

  private static OAuthClient ofConnection(OAuth2Scheme scheme, AuthContext context) {
    String id = context.parameter(OAuth2Scheme.CLIENT_ID);
    if (id == null || id.isBlank()) {
      throw missing(context, "the parameter '" + OAuth2Scheme.CLIENT_ID + "' has no value");
    }
    if (scheme.clientAuthentication() == ClientAuthentication.NONE) {
      return new OAuthClient(id, null, ClientAuthentication.NONE);
    }
    Secret secret = context.secret(OAuth2Scheme.CLIENT_SECRET);
    if (secret == null || secret.isEmpty()) {
      throw missing(context, "the parameter '" + OAuth2Scheme.CLIENT_SECRET + "' has no value");
    }
    return new OAuthClient(id, secret, scheme.clientAuthentication());
  }

  private static OAuthClient ofHost(OAuth2Scheme scheme, AuthContext context) {
    ClientRegistration client =
        context
            .client()
            .orElseThrow(
                () ->
                    missing(
                        context,
                        "no client is registered for connector '" + context.connector() + "'"));
    if (client.clientId().isBlank()) {
      throw missing(context, "the client registered for it has an empty id");
    }
    Secret secret = client.clientSecret();
    if (scheme.clientAuthentication() == ClientAuthentication.NONE) {
      return new OAuthClient(client.clientId(), null, ClientAuthentication.NONE);
    }
    if (secret == null && scheme.grant() == Grant.AUTHORIZATION_CODE) {
      // Registered as a public client, which has nothing to prove itself with.
      return new OAuthClient(client.clientId(), null, ClientAuthentication.NONE);
    }
    if (secret == null || secret.isEmpty()) {
      throw missing(context, "the client registered for it has no secret");
    }
    return new OAuthClient(client.clientId(), secret, scheme.clientAuthentication());
  }

  private static AuthenticationException missing(AuthContext context, String problem) {
    return new AuthenticationException(context.connection(), Reason.CONFIGURATION, problem);
  }
}
