package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sign-in in the user's browser; RFC 6749 section 4.1, with PKCE (RFC 7636). */
final class BrowserSignIn {

  private static final Logger log = LoggerFactory.getLogger(BrowserSignIn.class);

  private static final String VERIFIER = "code_verifier";
  private static final String NONCE = "nonce";

  /** The origin at which the user signs in. */
  private static final String SENT_TO = "authorization_origin";

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final TokenEndpoint anybodys;

  /**
   * @param anybodys the endpoints without a client that was registered for the sign-in
   */
  BrowserSignIn(OAuth2Scheme scheme, AuthContext context, TokenEndpoint anybodys) {
    this.scheme = scheme;
    this.context = context;
    this.anybodys = anybodys;
  }

  ConsentStart begin(ConsentRequest request) {
    RequestTemplate authorization = scheme.authorization();
    if (authorization == null) {
      throw new IllegalArgumentException("Nobody signs in for the grant " + scheme.grant());
    }
    try {
      TokenEndpoint confirmed = anybodys.forSignIn(request.acceptsNewEndpoints());
      return new ClientRegistrar(scheme, context, confirmed)
          .begin(
              request.redirectUri(),
              request.scopes(),
              client -> start(request, authorization, confirmed.as(client), client));
    } catch (StepFailure e) {
      throw e.forSignIn(context.connection());
    }
  }

  private ConsentStart start(
      ConsentRequest request,
      RequestTemplate authorization,
      TokenEndpoint endpoint,
      @Nullable RegisteredClient client) {
    Map<String, Secret> memo = new LinkedHashMap<>();
    if (request.scopes().contains(SignedIn.OPEN_ID)) {
      memo.put(NONCE, Pkce.verifier(context.random()));
    }
    if (client != null) {
      memo.putAll(client.toValues());
    }
    memo.putAll(SignedIn.memo(request.scopes()));
    StepValues values = endpoint.values(given(request));
    values.grant(request.scopes());
    values.as(endpoint.client(authorization));
    TokenMessage message = TokenMessage.authorization(authorization, values);
    message.and("resource", values.expand(scheme.resources()));
    request.parameters().forEach(message::adding);
    memo.put(SENT_TO, Secret.of(requireWeb(message.endpoint()).toString()));
    addProofs(message, memo);
    URI link = PushedAuthorization.link(scheme, endpoint, values, message);
    memo.putAll(endpoint.endpoints().toValues());
    return new ConsentStart(link, memo);
  }

  private static Map<String, Secret> given(ConsentRequest request) {
    return Map.of(
        "redirect_uri", Secret.of(request.redirectUri().toString()),
        "state", Secret.of(request.state()));
  }

  /** The user's browser is sent there, and would run a script. */
  private Origin requireWeb(URI authorization) {
    try {
      Origin origin = Origin.of(authorization);
      if (origin.scheme().equals("https") || origin.scheme().equals("http")) {
        return origin;
      }
    } catch (IllegalArgumentException e) {
      // No URL with a host either.
    }
    throw new AuthenticationException(
        context.connection(), Reason.CONFIGURATION, "the authorization URL is not an http URL");
  }

  /** What the code and the ID token have to come back with. */
  private void addProofs(TokenMessage message, Map<String, Secret> memo) {
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
  }

  ConsentResult complete(ConsentCallback callback) {
    RegisteredClient client = RegisteredClient.fromValues(callback.memo());
    // A code is for the endpoints that were there when its sign-in began.
    TokenEndpoint endpoint = anybodys.as(client).since(IssuerEndpoints.fromValues(callback.memo()));
    requireIssuer(endpoint, callback);
    ClientRegistrar.cameBack(context, client);
    ClientRegistrar.doubt(context, client, AuthorizationCallback.error(callback.parameters()));
    String code = AuthorizationCallback.code(callback.parameters(), scheme.codeParameter());
    // Before the code is exchanged: the callback may say at which site of the service that is done.
    context.capture(captured(callback));
    Map<String, Secret> given = new LinkedHashMap<>();
    given.put("code", Secret.of(code));
    given.put("redirect_uri", Secret.of(callback.redirectUri().toString()));
    given.putAll(callback.memo());
    TokenSet tokens = exchange(endpoint, client, given);
    Secret nonce = callback.memo().get(NONCE);
    ConsentResult result =
        new SignedIn(scheme, context, endpoint).keep(tokens, nonce != null, nonce);
    log.debug("Connection {}: somebody signed in", context.connection());
    return result;
  }

  private void requireIssuer(TokenEndpoint endpoint, ConsentCallback callback) {
    try {
      Metadata metadata = endpoint.metadata();
      boolean announced =
          metadata != null && metadata.says("authorization_response_iss_parameter_supported");
      Secret sentTo = callback.memo().get(SENT_TO);
      AuthorizationCallback.requireIssuer(
          callback.parameters(),
          endpoint.issuer(),
          sentTo == null ? null : sentTo.reveal(),
          announced);
    } catch (StepFailure e) {
      throw e.forCaller(context.connection());
    }
  }

  private Map<String, String> captured(ConsentCallback callback) {
    Map<String, String> captured = new LinkedHashMap<>();
    for (String name : scheme.callbackCaptures()) {
      List<String> values = callback.parameters().getOrDefault(name, List.of());
      if (!values.isEmpty() && !values.get(0).isEmpty()) {
        captured.put(name, values.get(0));
      }
    }
    return captured;
  }

  private TokenSet exchange(
      TokenEndpoint endpoint, @Nullable RegisteredClient client, Map<String, Secret> given) {
    try {
      if (!scheme.callbackCaptures().isEmpty()
          && endpoint.values(given).expand(scheme.tokenUrl()).isEmpty()) {
        throw AuthorizationCallback.lacking(scheme.callbackCaptures());
      }
      return endpoint.first(given, SignedIn.asked(given), Kind.GRANT_ENDED);
    } catch (StepFailure e) {
      ClientRegistrar.doubt(context, client, e);
      throw client != null && ClientRegistrar.isUnknown(e) ? SignedIn.clientIsGone() : refused(e);
    }
  }

  private RuntimeException refused(StepFailure e) {
    if (e.kind() == Kind.MOVED) {
      return e.forSignIn(context.connection());
    }
    AuthenticationException failure = e.forCaller(context.connection());
    if (failure.reason() == Reason.CONFIGURATION) {
      return failure;
    }
    return "unauthorized_client".equals(e.code())
        ? new AuthenticationException(context.connection(), Reason.CONFIGURATION, e.problem())
        : new ConsentException(
            ConsentException.Reason.PROVIDER_ERROR, String.valueOf(failure.getMessage()));
  }
}
