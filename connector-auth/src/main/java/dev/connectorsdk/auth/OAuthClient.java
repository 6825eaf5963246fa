package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The client by which a connection talks to an endpoint, and how it proves itself. Looked up for
 * each request, so that a secret which the host changed counts at once.
 *
 * @param secret {@code null} unless {@code method} needs it
 * @param key {@code null} unless {@code method} is {@code PRIVATE_KEY_JWT}
 * @param keyId the name of {@code key}, or {@code null}
 */
record OAuthClient(
    String id,
    @Nullable Secret secret,
    @Nullable Secret key,
    @Nullable String keyId,
    ClientAuthentication method) {

  /** Returns the client of a connection, proved as the scheme says. */
  static OAuthClient of(
      OAuth2Scheme scheme, AuthContext context, @Nullable RegisteredClient registered) {
    return of(scheme, scheme.clientAuthentication(), context, registered);
  }

  /**
   * Returns the client of a connection.
   *
   * @param registered the client that was registered for the sign-in at hand, or {@code null}
   * @throws AuthenticationException with reason {@code CONFIGURATION} if it is missing or not whole
   */
  static OAuthClient of(
      OAuth2Scheme scheme,
      ClientAuthentication method,
      AuthContext context,
      @Nullable RegisteredClient registered) {
    if (registered != null) {
      return registered.provedBy(method, scheme);
    }
    if (scheme.isClientFromConnection()) {
      return ofConnection(OAuth2Scheme.CLIENT_ID, OAuth2Scheme.CLIENT_SECRET, method, context);
    }
    String ownId = scheme.ownClientId();
    String ownSecret = scheme.ownClientSecret();
    if (ownId != null && ownSecret != null && has(context, ownId)) {
      return ofConnection(ownId, ownSecret, method, context);
    }
    return ofHost(scheme, method, context);
  }

  /** Returns whether the connection or the host has a client of its own. */
  static boolean isProvided(OAuth2Scheme scheme, AuthContext context) {
    String ownId = scheme.ownClientId();
    return scheme.isClientFromConnection()
        || context.client().isPresent()
        || (ownId != null && has(context, ownId));
  }

  boolean signsBySecret() {
    return method == ClientAuthentication.CLIENT_SECRET_JWT;
  }

  /** Returns the same client, proved in another way by the same secret. */
  OAuthClient by(ClientAuthentication other) {
    return new OAuthClient(id, secret, key, keyId, other);
  }

  private static boolean has(AuthContext context, String parameter) {
    String value = text(context, parameter);
    return value != null && !value.isBlank();
  }

  /** Definitions declare ids as secret now and then. */
  private static @Nullable String text(AuthContext context, String parameter) {
    String plain = context.parameter(parameter);
    if (plain != null) {
      return plain;
    }
    Secret secret = context.secret(parameter);
    return secret == null ? null : secret.reveal();
  }

  private static OAuthClient ofConnection(
      String idParameter,
      String secretParameter,
      ClientAuthentication method,
      AuthContext context) {
    String id = text(context, idParameter);
    if (id == null || id.isBlank()) {
      throw missing(context, lacks(idParameter));
    }
    String secret = text(context, secretParameter);
    return new Possession(
            id,
            secret == null ? null : Secret.of(secret),
            context.secret(OAuth2Scheme.PRIVATE_KEY),
            null)
        .proved(method, lacks(secretParameter), lacks(OAuth2Scheme.PRIVATE_KEY), context);
  }

  private static String lacks(String parameter) {
    return "the parameter '" + parameter + "' has no value";
  }

  private static OAuthClient ofHost(
      OAuth2Scheme scheme, ClientAuthentication method, AuthContext context) {
    ClientRegistration client = context.client().orElse(null);
    if (client == null) {
      throw missing(context, "no client is registered for connector '" + context.connector() + "'");
    }
    if (client.clientId().isBlank()) {
      throw missing(context, "the client registered for it has an empty id");
    }
    return new Possession(
            client.clientId(), client.clientSecret(), client.privateKey(), client.keyId())
        .proved(
            fitting(client, method, scheme),
            "the client registered for it has no secret",
            "the client registered for it has no private key",
            context);
  }

  /** What a host has registered counts for more than the way that a scheme expects. */
  private static ClientAuthentication fitting(
      ClientRegistration client, ClientAuthentication method, OAuth2Scheme scheme) {
    if (!method.usesSecret() || client.clientSecret() != null) {
      return method;
    }
    if (client.privateKey() != null) {
      return ClientAuthentication.PRIVATE_KEY_JWT;
    }
    // Registered as a public client, which has nothing to prove itself with.
    return scheme.needsConsent() ? ClientAuthentication.NONE : method;
  }

  /** A client with all that it could prove itself by. */
  private record Possession(
      String id, @Nullable Secret secret, @Nullable Secret key, @Nullable String keyId) {

    OAuthClient proved(
        ClientAuthentication method, String noSecret, String noKey, AuthContext context) {
      if (method == ClientAuthentication.PRIVATE_KEY_JWT) {
        if (key == null || key.isEmpty()) {
          throw missing(context, noKey);
        }
        return new OAuthClient(id, null, key, keyId, method);
      }
      if (method.usesSecret() && (secret == null || secret.isEmpty())) {
        throw missing(context, noSecret);
      }
      return new OAuthClient(id, secret, null, null, method);
    }
  }

  private static AuthenticationException missing(AuthContext context, String problem) {
    return new AuthenticationException(context.connection(), Reason.CONFIGURATION, problem);
  }
}
