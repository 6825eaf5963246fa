package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OAuth 2.0: joins a token step with a place for the token, and runs the sign-in. */
final class OAuth2Strategy implements ConsentStrategy<OAuth2Scheme> {

  private static final Logger log = LoggerFactory.getLogger(OAuth2Strategy.class);

  /** How long a renewal that is under way is waited for before its tokens are revoked. */
  private static final Duration LEASE_TO_REVOKE = Duration.ofSeconds(5);

  private static final String VERIFIER = "code_verifier";
  private static final String NONCE = "nonce";
  private static final String OPEN_ID = "openid";

  /** How often others may store something while the result of a sign-in is stored. */
  private static final int MOST_ATTEMPTS_TO_STORE = 10;

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
          return endpoint.as(tokens.client()).revoke(tokens);
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
    RequestTemplate authorization = scheme.authorization();
    if (authorization == null) {
      throw new IllegalArgumentException("Nobody signs in for the grant " + scheme.grant());
    }
    TokenEndpoint endpoint = endpoint(scheme, context);
    try {
      return new ClientRegistrar(scheme, context, endpoint)
          .begin(
              request.redirectUri(),
              request.scopes(),
              client -> start(scheme, context, request, authorization, endpoint, client));
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    }
  }

  private static ConsentStart start(
      OAuth2Scheme scheme,
      AuthContext context,
      ConsentRequest request,
      RequestTemplate authorization,
      TokenEndpoint anybodys,
      @Nullable RegisteredClient client) {
    Map<String, Secret> given = new LinkedHashMap<>();
    given.put("redirect_uri", Secret.of(request.redirectUri().toString()));
    given.put("state", Secret.of(request.state()));
    given.put("scope", Secret.of(String.join(scheme.scopeSeparator(), request.scopes())));
    Map<String, Secret> memo = new LinkedHashMap<>();
    if (request.scopes().contains(OPEN_ID)) {
      memo.put(NONCE, Pkce.verifier(context.random()));
    }
    if (client != null) {
      memo.putAll(client.toValues());
    }
    TokenEndpoint endpoint = anybodys.as(client);
    StepValues values = endpoint.values(given);
    values.as(endpoint.client(authorization));
    TokenMessage message = TokenMessage.authorization(authorization, values);
    message.and("resource", values.expand(scheme.resources()));
    request.parameters().forEach(message::adding);
    String browser = message.endpoint().getScheme();
    if (!"https".equalsIgnoreCase(browser) && !"http".equalsIgnoreCase(browser)) {
      // The user's browser is sent there, and would run a script.
      throw new AuthenticationException(
          context.connection(), Reason.CONFIGURATION, "the authorization URL is not an http URL");
    }
    if (scheme.usesPkce() || context.client().map(ClientRegistration::wantsPkce).orElse(false)) {
      Secret verifier = Pkce.verifier(context.random());
      memo.put(VERIFIER, verifier);
      message.and("code_challenge", List.of(Pkce.challenge(verifier)));
      message.and("code_challenge_method", List.of("S256"));
    }
    Secret nonce = memo.get(NONCE);
    if (nonce != null) {
      message.and(NONCE, List.of(nonce.reveal()));
    }
    return new ConsentStart(PushedAuthorization.link(scheme, endpoint, values, message), memo);
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
    RegisteredClient client = RegisteredClient.fromValues(callback.memo());
    TokenEndpoint endpoint = endpoint(scheme, context).as(client);
    requireIssuer(endpoint, context, callback);
    String code = AuthorizationCallback.code(callback.parameters(), scheme.codeParameter());
    Map<String, Secret> given = new LinkedHashMap<>();
    Map<String, String> told = new LinkedHashMap<>();
    for (String name : scheme.callbackCaptures()) {
      List<String> values = callback.parameters().getOrDefault(name, List.of());
      if (!values.isEmpty()) {
        given.put(name, Secret.of(values.get(0)));
        told.put(name, values.get(0));
      }
    }
    given.put("code", Secret.of(code));
    given.put("redirect_uri", Secret.of(callback.redirectUri().toString()));
    given.putAll(callback.memo());
    TokenSet tokens = exchange(context, endpoint, client, given);
    Secret nonce = callback.memo().get(NONCE);
    ConsentResult result = result(scheme, context, endpoint, tokens, nonce != null, nonce);
    store(context, tokens);
    told.putAll(tokens.told());
    if (!told.isEmpty()) {
      context.capture(told);
    }
    log.debug("Connection {}: somebody signed in", context.connection());
    return result;
  }

  private static void requireIssuer(
      TokenEndpoint endpoint, AuthContext context, ConsentCallback callback) {
    try {
      Metadata metadata = endpoint.metadata();
      boolean announced =
          metadata != null && metadata.says("authorization_response_iss_parameter_supported");
      AuthorizationCallback.requireIssuer(callback.parameters(), endpoint.issuer(), announced);
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    }
  }

  private static ConsentResult result(
      OAuth2Scheme scheme,
      AuthContext context,
      TokenEndpoint endpoint,
      TokenSet tokens,
      boolean openId,
      @Nullable Secret nonce) {
    Secret token = tokens.idToken();
    IdToken identity =
        token == null || !openId
            ? null
            : IdToken.read(
                token,
                OAuthClient.of(scheme, context, tokens.client()).id(),
                endpoint.issuer(),
                nonce,
                context.clock().instant());
    return identity == null
        ? new ConsentResult(null, null, tokens.scopes())
        : new ConsentResult(identity.account(), identity.issuer(), tokens.scopes());
  }

  @Override
  public DeviceStart beginDevice(OAuth2Scheme scheme, AuthContext context, List<String> scopes) {
    RequestTemplate request = scheme.deviceAuthorization();
    if (request == null) {
      throw new IllegalArgumentException(
          "Nobody signs in on another device for the grant " + scheme.grant());
    }
    try {
      TokenEndpoint endpoint = endpoint(scheme, context);
      return new ClientRegistrar(scheme, context, endpoint)
          .begin(
              null,
              scopes,
              client ->
                  DeviceFlow.begin(
                      scheme,
                      request,
                      endpoint.as(client),
                      scopes,
                      client == null ? Map.of() : client.toValues()));
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    }
  }

  @Override
  public DeviceAnswer pollDevice(OAuth2Scheme scheme, AuthContext context, DeviceStart start) {
    RegisteredClient client = RegisteredClient.fromValues(start.memo());
    TokenEndpoint endpoint = endpoint(scheme, context).as(client);
    TokenSet tokens;
    try {
      tokens = endpoint.first(Map.of("device_code", start.deviceCode()), Kind.GRANT_ENDED);
    } catch (StepFailure e) {
      if (client != null && ClientRegistrar.isUnknown(e)) {
        throw clientIsGone(context, client);
      }
      return DeviceFlow.answer(e, context);
    }
    boolean openId = scopes(scheme, context).contains(OPEN_ID);
    ConsentResult result = result(scheme, context, endpoint, tokens, openId, null);
    store(context, tokens);
    if (!tokens.told().isEmpty()) {
      context.capture(tokens.told());
    }
    log.debug("Connection {}: somebody signed in on another device", context.connection());
    return new DeviceAnswer(result, false);
  }

  private static ConsentException clientIsGone(AuthContext context, RegisteredClient client) {
    ClientRegistrar.forget(context, client);
    return new ConsentException(
        ConsentException.Reason.PROVIDER_ERROR,
        "The service does not take the client any more that was registered for this sign-in;"
            + " the next one registers another");
  }

  private static TokenSet exchange(
      AuthContext context,
      TokenEndpoint endpoint,
      @Nullable RegisteredClient client,
      Map<String, Secret> given) {
    ConnectionId connection = context.connection();
    try {
      return endpoint.first(given, Kind.GRANT_ENDED);
    } catch (StepFailure e) {
      if (client != null && ClientRegistrar.isUnknown(e)) {
        throw clientIsGone(context, client);
      }
      AuthenticationException failure = e.forCaller(connection);
      if (failure.reason() == Reason.CONFIGURATION) {
        throw failure;
      }
      if ("unauthorized_client".equals(e.code())) {
        throw new AuthenticationException(connection, Reason.CONFIGURATION, e.problem());
      }
      throw new ConsentException(
          ConsentException.Reason.PROVIDER_ERROR, String.valueOf(failure.getMessage()));
    }
  }

  /** A sign-in replaces what was there, the refresh token included: it may be another account. */
  private static void store(AuthContext context, TokenSet tokens) {
    CredentialVault vault = context.vault();
    for (int attempt = 0; attempt < MOST_ATTEMPTS_TO_STORE; attempt++) {
      if (vault.replace(vault.read().version(), tokens.toValues())) {
        return;
      }
    }
    throw new ConflictException(
        "The stored credential of connection '" + context.connection() + "'");
  }
}
