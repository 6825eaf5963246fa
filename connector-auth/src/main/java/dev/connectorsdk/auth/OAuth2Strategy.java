package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OAuth 2.0: joins a token step with a place for the token, and has sign-ins run. */
final class OAuth2Strategy implements ConsentStrategy<OAuth2Scheme> {

  /** How long a renewal that is under way is waited for before its tokens are revoked. */
  private static final Duration LEASE_TO_REVOKE = Duration.ofSeconds(5);

  private final TokenEndpoint.Common common = new TokenEndpoint.Common();

  private TokenEndpoint endpoint(OAuth2Scheme scheme, AuthContext context) {
    return new TokenEndpoint(scheme, context, common);
  }

  @Override
  public Class<OAuth2Scheme> schemeType() {
    return OAuth2Scheme.class;
  }

  @Override
  public Authenticator open(OAuth2Scheme scheme, AuthContext context) {
    Injector injector = Injector.of(scheme, context, new Nonces());
    return new TokenAuthenticator(
        context, TokenStep.of(scheme, context, common), injector, scheme.refreshMargin());
  }

  /** With TLS client authentication, RFC 8705, a connection brings its certificate along. */
  @Override
  public Optional<ClientCertificate> clientCertificate(OAuth2Scheme scheme, AuthContext context) {
    return scheme.clientAuthentication() == ClientAuthentication.TLS
        ? Optional.of(CertificateText.required(context, ClientCertificateScheme.Format.PEM))
        : Optional.empty();
  }

  /** As {@link TokenAuthenticator#keepAlive} has it. */
  @Override
  public Renewal renewal(Map<String, Secret> acquired) {
    TokenSet tokens = TokenSet.fromValues(acquired, Instant.MAX);
    return tokens == null || tokens.refreshToken() == null
        ? Renewal.NEVER
        : Renewal.at(tokens.obtainedAt());
  }

  @Override
  public Revocation revoke(OAuth2Scheme scheme, AuthContext context) {
    Credentials stored = context.vault().read();
    TokenSet tokens = tokens(stored, context);
    try {
      return revoke(endpoint(scheme, context), stored, context)
          ? Revocation.CONFIRMED
          : Revocation.NONE;
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    } finally {
      ClientRegistrar.deleteAll(scheme, context, tokens == null ? null : tokens.client());
    }
  }

  /** Under the lease, because a renewal that is under way would leave others behind. */
  private static boolean revoke(TokenEndpoint endpoint, Credentials stored, AuthContext context) {
    for (Credentials read = stored; ; read = context.vault().read()) {
      TokenSet tokens = tokens(read, context);
      if (tokens == null || !endpoint.revokes()) {
        return false;
      }
      Lease lease = lease(read.version(), context);
      if (lease != null) {
        try {
          return endpoint.revoke(tokens);
        } finally {
          lease.close();
        }
      }
    }
  }

  /**
   * Returns a lease, or one that is none if somebody else keeps it, or {@code null} to read again.
   */
  private static @Nullable Lease lease(long version, AuthContext context) {
    try {
      return context.vault().lease(version, LEASE_TO_REVOKE).orElse(null);
    } catch (AuthenticationException heldByAnother) {
      return (expected, values) -> false;
    }
  }

  private static @Nullable TokenSet tokens(Credentials stored, AuthContext context) {
    return TokenSet.fromValues(stored.values(), context.clock().instant());
  }

  @Override
  public List<String> scopes(OAuth2Scheme scheme, AuthContext context) {
    return endpoint(scheme, context).values(Map.of()).expand(scheme.scopes());
  }

  @Override
  public ConsentStart begin(OAuth2Scheme scheme, AuthContext context, ConsentRequest request) {
    return new BrowserSignIn(scheme, context, endpoint(scheme, context)).begin(request);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ConsentException if the callback or the token endpoint says no, or the endpoint cannot
   *     be reached: the code is spent or soon too old, so that the sign-in has to begin again
   * @throws AuthenticationException with reason {@code CONFIGURATION} if beginning again would not
   *     help
   */
  @Override
  public ConsentResult complete(
      OAuth2Scheme scheme, AuthContext context, ConsentCallback callback) {
    return new BrowserSignIn(scheme, context, endpoint(scheme, context)).complete(callback);
  }

  @Override
  public DeviceStart beginDevice(OAuth2Scheme scheme, AuthContext context, DeviceRequest request) {
    return new DeviceSignIn(scheme, context, endpoint(scheme, context)).begin(request);
  }

  @Override
  public DeviceAnswer pollDevice(OAuth2Scheme scheme, AuthContext context, DeviceStart start) {
    return new DeviceSignIn(scheme, context, endpoint(scheme, context)).poll(start);
  }
}
