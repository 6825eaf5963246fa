package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
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
    Injector injector = Injector.of(scheme, context, new Nonces());
    return new TokenAuthenticator(context, TokenStep.of(scheme, context), injector, null);
  }

  @Override
  public List<String> scopes(OAuth2Scheme scheme, AuthContext context) {
    return new TokenEndpoint(scheme, context).values(Map.of()).expand(scheme.scopes());
  }

  @Override
  public ConsentStart begin(OAuth2Scheme scheme, AuthContext context, ConsentRequest request) {
    RequestTemplate authorization = scheme.authorization();
    if (authorization == null) {
      throw new IllegalArgumentException("Nobody signs in for the grant " + scheme.grant());
    }
    Map<String, Secret> given = new LinkedHashMap<>();
    given.put("redirect_uri", Secret.of(request.redirectUri().toString()));
    given.put("state", Secret.of(request.state()));
    given.put("scope", Secret.of(String.join(scheme.scopeSeparator(), request.scopes())));
    StepValues values = new TokenEndpoint(scheme, context).values(given);
    values.as(OAuthClient.of(scheme, context));
    Map<String, Secret> memo = new LinkedHashMap<>();
    TokenMessage message;
    try {
      message = TokenMessage.authorization(authorization, values);
      message.and("resource", values.expand(scheme.resources()));
      request.parameters().forEach(message::adding);
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    }
    String browser = message.endpoint().getScheme();
    if (!"https".equalsIgnoreCase(browser) && !"http".equalsIgnoreCase(browser)) {
      // The user's browser is sent there, and would run a script.
      throw new AuthenticationException(
          context.connection(), Reason.CONFIGURATION, "the authorization URL is not an http URL");
    }
    if (scheme.usesPkce()) {
      Secret verifier = Pkce.verifier(context.random());
      memo.put(VERIFIER, verifier);
      message.and("code_challenge", List.of(Pkce.challenge(verifier)));
      message.and("code_challenge_method", List.of("S256"));
    }
    return new ConsentStart(URI.create(message.url()), memo);
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
    TokenSet tokens = exchange(context.connection(), new TokenEndpoint(scheme, context), given);
    store(context, tokens);
    told.putAll(tokens.told());
    if (!told.isEmpty()) {
      context.capture(told);
    }
    log.debug("Connection {}: somebody signed in", context.connection());
    return new ConsentResult(null, null, tokens.scopes());
  }

  private static TokenSet exchange(
      ConnectionId connection, TokenEndpoint endpoint, Map<String, Secret> given) {
    try {
      return endpoint.first(given, Kind.GRANT_ENDED);
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
