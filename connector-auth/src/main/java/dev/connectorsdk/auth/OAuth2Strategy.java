package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OAuth 2.0: joins a token step with a place for the token, and runs the sign-in. */
final class OAuth2Strategy implements ConsentStrategy<OAuth2Scheme> {

  private static final Logger log = LoggerFactory.getLogger(OAuth2Strategy.class);
  private static final String VERIFIER = "code_verifier";

  /** How often others may store something while the result of a sign-in is stored. */
  private static final int MOST_ATTEMPTS_TO_STORE = 10;

  @Override
  public Class<OAuth2Scheme> schemeType() {
    return OAuth2Scheme.class;
  }

  @Override
  public Authenticator open(OAuth2Scheme scheme, AuthContext context) {
    return new TokenAuthenticator(context, TokenStep.of(scheme, context), Injector.BEARER);
  }

  @Override
  public List<String> scopes(OAuth2Scheme scheme, AuthContext context) {
    return scheme.scopes();
  }

  @Override
  public ConsentStart begin(OAuth2Scheme scheme, AuthContext context, ConsentRequest request) {
    String template = scheme.authorizationUrl();
    if (template == null) {
      throw new IllegalArgumentException("Nobody signs in for the grant " + scheme.grant());
    }
    URI endpoint = context.expand(template);
    if (!"https".equalsIgnoreCase(endpoint.getScheme())
        && !"http".equalsIgnoreCase(endpoint.getScheme())) {
      // The user's browser is sent there, and would run a script.
      throw new AuthenticationException(
          context.connection(), Reason.CONFIGURATION, "the authorization URL is not an http URL");
    }
    Map<String, Secret> memo = new LinkedHashMap<>();
    Map<String, String> parameters = new LinkedHashMap<>(scheme.authorizationParameters());
    parameters.putAll(request.parameters());
    parameters.put("response_type", "code");
    parameters.put("client_id", OAuthClient.of(scheme, context).id());
    parameters.put("redirect_uri", request.redirectUri().toString());
    if (!request.scopes().isEmpty()) {
      parameters.put("scope", String.join(" ", request.scopes()));
    }
    parameters.put("state", request.state());
    if (scheme.usesPkce()) {
      Secret verifier = Pkce.verifier(context.random());
      memo.put(VERIFIER, verifier);
      parameters.put("code_challenge", Pkce.challenge(verifier));
      parameters.put("code_challenge_method", "S256");
    }
    return new ConsentStart(AuthorizationUrl.with(endpoint, parameters), memo);
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
    String code = AuthorizationCallback.code(callback.parameters());
    TokenMessage message =
        TokenMessage.authorizationCode(code, callback.redirectUri(), callback.memo().get(VERIFIER));
    TokenSet tokens = exchange(context.connection(), new TokenEndpoint(scheme, context), message);
    store(context, tokens);
    log.debug("Connection {}: somebody signed in", context.connection());
    return new ConsentResult(null, null, tokens.scopes());
  }

  private static TokenSet exchange(
      ConnectionId connection, TokenEndpoint endpoint, TokenMessage message) {
    try {
      return endpoint.ask(message, Kind.GRANT_ENDED);
    } catch (StepFailure e) {
      AuthenticationException failure = e.forCaller(connection);
      if (failure.reason() == Reason.CONFIGURATION) {
        throw failure;
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
