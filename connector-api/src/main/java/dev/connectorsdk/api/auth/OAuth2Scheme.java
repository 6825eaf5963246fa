package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.internal.Placeholders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2.0 (RFC 6749) as one provider wants it. Immutable: each method that changes something
 * returns a copy.
 *
 * <pre>{@code
 * OAuth2Scheme.authorizationCode("https://id.example.com/authorize", "https://id.example.com/token")
 *     .scopes("tickets.read", "offline_access")
 * OAuth2Scheme.clientCredentials("https://{site}.example.com/oauth/token")
 * OAuth2Scheme.issuer("https://id.example.com")
 * }</pre>
 *
 * <p>A scheme is a way through requests: what gets the first token ({@link #exchange()}), what
 * renews it ({@link #refresh()}), what follows after both ({@link #followUps()}), and where the
 * token is sent ({@link #tokenPlaces()}). A factory sets all of them as the standard says; the
 * methods here say where a provider differs. The README of connector-auth lists the usual
 * differences.
 */
public final class OAuth2Scheme implements AuthScheme {

  /** The grant by which a connection gets its first token. */
  public enum Grant {
    /** A user signs in and consents; RFC 6749 section 4.1. */
    AUTHORIZATION_CODE,
    /** A user signs in on another device; RFC 8628. */
    DEVICE_CODE,
    /** The client acts on its own behalf; RFC 6749 section 4.4. */
    CLIENT_CREDENTIALS,
    /** A signed JWT is exchanged; RFC 7523 section 2.1. */
    JWT_BEARER,
    /** A SAML assertion is exchanged; RFC 7522 section 2.1. */
    SAML_BEARER,
    /** A token is exchanged for another one; RFC 8693. */
    TOKEN_EXCHANGE,
    /** The host's token for the user is exchanged, as Microsoft Entra ID does it. */
    ON_BEHALF_OF,
    /** Name and password of a user are sent; RFC 6749 section 4.3, withdrawn by RFC 9700. */
    PASSWORD,
    /** A grant of the provider's own. */
    CUSTOM
  }

  /** How the client proves itself at an endpoint; RFC 6749 section 2.3. */
  public enum ClientAuthentication {
    /** In the Authorization header, form-encoded first. */
    BASIC,
    /** In the Authorization header, not form-encoded, as some servers want against the standard. */
    BASIC_RAW,
    /** As {@code client_id} and {@code client_secret} in the body. */
    POST,
    /** Like {@code POST}, and once more like {@code BASIC} if that is answered with 401. */
    POST_OR_BASIC,
    /** Only {@code client_id} in the body: a public client. */
    NONE,
    /** By a JWT signed with the client's secret; RFC 7523 section 2.2. */
    CLIENT_SECRET_JWT,
    /** By a JWT signed with the client's private key; RFC 7523 section 2.2. */
    PRIVATE_KEY_JWT,
    /** By the certificate of the TLS connection; RFC 8705 section 2. */
    TLS,
    /** Only where the templates of a request say so. */
    AS_WRITTEN;

    /** Returns whether a client secret is needed. */
    public boolean usesSecret() {
      return switch (this) {
        case BASIC, BASIC_RAW, POST, POST_OR_BASIC, CLIENT_SECRET_JWT -> true;
        case NONE, PRIVATE_KEY_JWT, TLS, AS_WRITTEN -> false;
      };
    }
  }

  /** How a token is replaced when it has expired. */
  public enum Renewal {
    /** By the refresh token; RFC 6749 section 6. */
    REFRESH_TOKEN,
    /** By the access token itself, as long as it is valid. */
    ACCESS_TOKEN,
    /** By the grant, once more. */
    RUN_AGAIN,
    /** Not at all: tokens of this provider do not expire. */
    NEVER
  }

  /** The connection parameter for the client id, where connections bring their own client. */
  public static final String CLIENT_ID = "client_id";

  /** The connection parameter for the client secret, where connections bring their own client. */
  public static final String CLIENT_SECRET = "client_secret";

  /** The connection parameter for the private key, where connections bring their own client. */
  public static final String PRIVATE_KEY = "private_key";

  private static final String REGISTRATION_ENDPOINT = "{registration_endpoint}";
  private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String SAML_BEARER = "urn:ietf:params:oauth:grant-type:saml2-bearer";
  private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

  private static final Set<String> BOUND_TYPES = Set.of("dpop", "mac", "pop");
  private static final Set<String> STANDARD_ERRORS =
      new TreeSet<>(
          Set.of(
              "invalid_client",
              "invalid_grant",
              "invalid_request",
              "invalid_scope",
              "server_error",
              "temporarily_unavailable",
              "unauthorized_client",
              "unsupported_grant_type"));

  private final Draft draft;
  private final RequestTemplate exchange;
  private final RequestTemplate refresh;

  private OAuth2Scheme(Draft draft) {
    this.draft = draft;
    this.exchange = withTokenParameters(draft.exchange);
    this.refresh = withTokenParameters(draft.refresh.apply(standardRefresh(draft.exchange)));
  }

  private RequestTemplate withTokenParameters(RequestTemplate request) {
    RequestTemplate all = request;
    for (Map.Entry<String, String> parameter : draft.tokenParameters.entrySet()) {
      if (!all.parameters().containsKey(parameter.getKey())) {
        all = all.parameter(parameter.getKey(), parameter.getValue());
      }
    }
    return all;
  }

  /** A renewal goes the way of the exchange, with parameters of its own. */
  private static RequestTemplate standardRefresh(RequestTemplate exchange) {
    return exchange
        .withoutParameters()
        .parameter("grant_type", "refresh_token")
        .parameter("refresh_token", "{refresh_token}");
  }

  /**
   * Returns the authorization code grant with PKCE (RFC 7636, S256). The host registers the client
   * with the runtime.
   */
  public static OAuth2Scheme authorizationCode(String authorizationUrl, String tokenUrl) {
    Draft draft =
        new Draft(
            Grant.AUTHORIZATION_CODE,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", "authorization_code")
                .parameter("code", "{code}")
                .parameter("redirect_uri", "{redirect_uri}")
                .parameter("code_verifier", "{code_verifier}"));
    draft.authorizationUrl = Objects.requireNonNull(authorizationUrl, "authorizationUrl");
    draft.renewal = Renewal.REFRESH_TOKEN;
    return new OAuth2Scheme(draft);
  }

  /**
   * Returns the authorization code grant of a provider that publishes its endpoints: they are read
   * from the issuer's metadata, RFC 8414 or OpenID Connect Discovery.
   *
   * <p>Endpoints must be on the origin of the issuer, or on one that {@link #alsoAt} names.
   */
  public static OAuth2Scheme issuer(String issuer) {
    return authorizationCode("{authorization_endpoint}", "{token_endpoint}").discoveredAt(issuer);
  }

  /**
   * Returns the client credentials grant. Each connection brings its own client, as parameters
   * {@link #CLIENT_ID} and {@link #CLIENT_SECRET}.
   */
  public static OAuth2Scheme clientCredentials(String tokenUrl) {
    Draft draft =
        new Draft(
            Grant.CLIENT_CREDENTIALS,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", "client_credentials")
                .parameter("scope", "{scope}"));
    draft.clientFromConnection = true;
    return new OAuth2Scheme(draft);
  }

  /**
   * Returns the device authorization grant; RFC 8628. The user signs in with any browser, on
   * another device too.
   */
  public static OAuth2Scheme deviceCode(String deviceAuthorizationUrl, String tokenUrl) {
    Draft draft =
        new Draft(
            Grant.DEVICE_CODE,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", DEVICE_CODE)
                .parameter("device_code", "{device_code}"));
    draft.deviceAuthorization =
        RequestTemplate.post(deviceAuthorizationUrl).parameter("scope", "{scope}");
    draft.clientAuthentication = ClientAuthentication.NONE;
    draft.renewal = Renewal.REFRESH_TOKEN;
    return new OAuth2Scheme(draft);
  }

  /** Returns the JWT bearer grant; RFC 7523 section 2.1. The JWT alone proves the client. */
  public static OAuth2Scheme jwtBearer(String tokenUrl, JwtTemplate assertion) {
    Draft draft =
        new Draft(
            Grant.JWT_BEARER,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", JWT_BEARER)
                .parameter("assertion", "{assertion}")
                .parameter("scope", "{scope}"));
    draft.assertion = Objects.requireNonNull(assertion, "assertion");
    draft.clientless = true;
    return new OAuth2Scheme(draft);
  }

  /**
   * Returns the SAML bearer grant; RFC 7522 section 2.1.
   *
   * @param assertion the template of the assertion, in base64url
   */
  public static OAuth2Scheme samlBearer(String tokenUrl, String assertion) {
    return new OAuth2Scheme(
        new Draft(
            Grant.SAML_BEARER,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", SAML_BEARER)
                .parameter("assertion", assertion)
                .parameter("scope", "{scope}")));
  }

  /**
   * Returns token exchange; RFC 8693.
   *
   * @param subjectToken the template of the token to exchange; {@code {user_assertion}} is what the
   *     host's {@link UserAssertionProvider} gives
   * @param subjectTokenType its type, such as {@code urn:ietf:params:oauth:token-type:access_token}
   */
  public static OAuth2Scheme tokenExchange(
      String tokenUrl, String subjectToken, String subjectTokenType) {
    return new OAuth2Scheme(
        new Draft(
            Grant.TOKEN_EXCHANGE,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", TOKEN_EXCHANGE)
                .parameter("subject_token", subjectToken)
                .parameter("subject_token_type", subjectTokenType)
                .parameter("scope", "{scope}")));
  }

  /**
   * Returns the exchange of the host's token for a user, as Microsoft Entra ID does it. It works
   * only where the host has registered a {@link UserAssertionProvider} with its client.
   */
  public static OAuth2Scheme onBehalfOf(String tokenUrl) {
    return new OAuth2Scheme(
        new Draft(
            Grant.ON_BEHALF_OF,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", JWT_BEARER)
                .parameter("assertion", "{user_assertion}")
                .parameter("requested_token_use", "on_behalf_of")
                .parameter("scope", "{scope}")));
  }

  /**
   * Returns the resource owner password grant, with connection parameters {@code username} and
   * {@code password}. RFC 9700 section 2.4 forbids it: use it for providers that have nothing else.
   * It shows in {@link #weaknesses}.
   */
  public static OAuth2Scheme passwordAgainstAdvice(String tokenUrl) {
    return new OAuth2Scheme(
        new Draft(
            Grant.PASSWORD,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", "password")
                .parameter("username", "{username}")
                .parameter("password", "{password}")
                .parameter("scope", "{scope}")));
  }

  /**
   * Returns a grant of the provider's own; {@link #exchange} sets its parameters.
   *
   * @param grantType what is sent as {@code grant_type}; empty if nothing is
   */
  public static OAuth2Scheme custom(String grantType, String tokenUrl) {
    return new OAuth2Scheme(
        new Draft(
            Grant.CUSTOM,
            RequestTemplate.post(tokenUrl)
                .parameter("grant_type", grantType)
                .parameter("scope", "{scope}")));
  }

  /**
   * Returns a login that gives a session. It is not OAuth, but takes the same kinds of requests.
   * {@link #then} adds further steps, {@link #sendingToken} says where the session goes, {@link
   * #renewal} and {@link #refresh} whether it is renewed in another way than by logging in again.
   *
   * @param login the first request, with the owner's parameters where it wants them
   */
  public static OAuth2Scheme session(RequestTemplate login) {
    Draft draft = new Draft(Grant.CUSTOM, login);
    draft.clientless = true;
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy that asks for these scopes. The default is none. */
  public OAuth2Scheme scopes(String... scopes) {
    return changed(draft -> draft.scopes = List.of(scopes));
  }

  /** Returns a copy that joins scopes by another text than a blank. */
  public OAuth2Scheme scopeSeparator(String separator) {
    return changed(draft -> draft.scopeSeparator = Objects.requireNonNull(separator));
  }

  /** Returns a copy with another client authentication. The default is {@code BASIC}. */
  public OAuth2Scheme clientAuthentication(ClientAuthentication method) {
    return changed(
        draft -> {
          draft.clientAuthentication = Objects.requireNonNull(method, "method");
          draft.clientless = false;
        });
  }

  /** Returns a copy whose client is the one that the host registered with the runtime. */
  public OAuth2Scheme clientOfHost() {
    return changed(draft -> draft.clientFromConnection = false);
  }

  /** Returns a copy whose connections bring their own client. */
  public OAuth2Scheme clientOfConnection() {
    return changed(draft -> draft.clientFromConnection = true);
  }

  /**
   * Returns a copy in which a connection's own client takes precedence over the registered one. The
   * scheme declares no parameters for it: the auth option does, under these names.
   */
  public OAuth2Scheme clientOfConnectionIf(String idParameter, String secretParameter) {
    return changed(
        draft -> {
          draft.ownClientId = Objects.requireNonNull(idParameter, "idParameter");
          draft.ownClientSecret = Objects.requireNonNull(secretParameter, "secretParameter");
        });
  }

  /** Returns a copy without a client: id and secret are sent only where a template names them. */
  public OAuth2Scheme withoutClient() {
    return changed(
        draft -> {
          draft.clientless = true;
          draft.clientFromConnection = false;
        });
  }

  /**
   * Returns a copy for a provider at which clients register themselves; RFC 7591. Where neither the
   * host nor the connection has one, a sign-in registers a client for its connection, at the {@code
   * registration_endpoint} of the issuer's metadata. The README of connector-auth says what becomes
   * of it.
   *
   * @throws IllegalArgumentException if nobody signs in for the grant
   */
  public OAuth2Scheme registeringClients() {
    return registeringClients(REGISTRATION_ENDPOINT);
  }

  /**
   * Returns a copy like that of {@link #registeringClients()}, with the URL at which clients are
   * registered.
   *
   * @throws IllegalArgumentException if nobody signs in for the grant
   */
  public OAuth2Scheme registeringClients(String registrationUrl) {
    if (!needsConsent()) {
      throw new IllegalArgumentException(
          "Only sign-ins register clients, and nobody signs in for the grant " + draft.grant);
    }
    return changed(
        draft ->
            draft.registrationUrl = Objects.requireNonNull(registrationUrl, "registrationUrl"));
  }

  /** Returns a copy without PKCE, which is weaker: only for providers that refuse PKCE. */
  public OAuth2Scheme withoutPkce() {
    return changed(draft -> draft.pkce = false);
  }

  /** Returns a copy that adds a parameter to the authorization URL. */
  public OAuth2Scheme authorizationParameter(String name, String template) {
    return changed(draft -> draft.authorizationParameters.put(name, template));
  }

  /** Returns a copy that adds a parameter to every token request. */
  public OAuth2Scheme tokenParameter(String name, String template) {
    return changed(draft -> draft.tokenParameters.put(name, template));
  }

  /**
   * Returns a copy that asks for tokens for these services; RFC 8707. They are named at the
   * authorization endpoint and in every token request.
   */
  public OAuth2Scheme resources(String... templates) {
    return changed(draft -> draft.resources = List.of(templates));
  }

  /**
   * Returns a copy whose authorization URL is put together differently.
   *
   * @throws IllegalArgumentException if it asks for a token in the callback (RFC 9700 section
   *     2.1.2)
   */
  public OAuth2Scheme authorization(UnaryOperator<RequestTemplate> change) {
    OAuth2Scheme copy =
        changed(
            draft -> {
              UnaryOperator<RequestTemplate> before = draft.authorization;
              draft.authorization = request -> change.apply(before.apply(request));
            });
    RequestTemplate request = copy.authorization();
    String type = request == null ? null : request.parameters().get("response_type");
    if (type != null && Arrays.asList(type.toLowerCase(Locale.ROOT).split(" ")).contains("token")) {
      throw new IllegalArgumentException("A token in the callback (implicit grant) is not allowed");
    }
    return copy;
  }

  /** Returns a copy that gets its first token by a different request. */
  public OAuth2Scheme exchange(UnaryOperator<RequestTemplate> change) {
    return changed(draft -> draft.exchange = change.apply(draft.exchange));
  }

  /**
   * Returns a copy that renews tokens by a different request. It starts as the request of {@link
   * #exchange()} (URL, format, headers, client authentication, answer), with the parameters {@code
   * grant_type=refresh_token} and {@code refresh_token}.
   */
  public OAuth2Scheme refresh(UnaryOperator<RequestTemplate> change) {
    return changed(
        draft -> {
          UnaryOperator<RequestTemplate> before = draft.refresh;
          draft.refresh = request -> change.apply(before.apply(request));
        });
  }

  /** Returns a copy that renews tokens at another URL. */
  public OAuth2Scheme refreshUrl(String url) {
    return refresh(request -> request.to(url));
  }

  /** Returns a copy whose token answers, of exchange and renewal, are read differently. */
  public OAuth2Scheme answer(UnaryOperator<TokenFields> change) {
    return exchange(request -> request.answer(change));
  }

  /**
   * Returns a copy for a provider whose token answers call bearer tokens by other types, in {@code
   * token_type}, such as {@code bot}; RFC 6749 section 7.1. No type, {@code Bearer} and {@code
   * BearerToken} need not be named. Tokens of any other type are refused; a refresh token that
   * comes with them is kept.
   *
   * @param types without regard to case
   * @throws IllegalArgumentException if one of them is the type of tokens that are not sent alone
   */
  public OAuth2Scheme bearerTokenTypes(String... types) {
    for (String type : types) {
      if (BOUND_TYPES.contains(type.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("Tokens of type '" + type + "' are no bearer tokens");
      }
    }
    return changed(draft -> draft.bearerTokenTypes = List.of(types));
  }

  /**
   * Returns a copy for a provider that has an error code of its own at the token endpoint. What
   * follows from a code is what follows from the standard one: {@code invalid_grant} ends the
   * grant, so that the user has to sign in again; {@code temporarily_unavailable} is tried again
   * later.
   *
   * <p>The codes of many providers, such as {@code bad_refresh_token}, are known without that, and
   * those whose words say it, such as {@code RefreshTokenExpired}. One that nobody knows is tried
   * again later. A standard code can be given another meaning as well. {@link TokenFields#error}
   * says where codes are; a text such as a message can be one.
   *
   * @param own the provider's code, a text or a number, without regard to case
   * @param standard a code of RFC 6749 section 5.2, or {@code server_error} or {@code
   *     temporarily_unavailable} of section 4.1.2.1
   * @throws IllegalArgumentException if it is another one
   */
  public OAuth2Scheme errorCode(String own, String standard) {
    if (!STANDARD_ERRORS.contains(standard)) {
      throw new IllegalArgumentException(
          "'" + standard + "' is no error code of a token endpoint; these are " + STANDARD_ERRORS);
    }
    return changed(draft -> draft.errorCodes.put(own.strip().toLowerCase(Locale.ROOT), standard));
  }

  /** Returns a copy that renews tokens in another way. */
  public OAuth2Scheme renewal(Renewal renewal) {
    return changed(draft -> draft.renewal = Objects.requireNonNull(renewal, "renewal"));
  }

  /**
   * Returns a copy that replaces a token this long before its expiry, for a service that refuses to
   * do so earlier or wants it done earlier. It is never more than half of the token's life, and up
   * to a tenth of it is added at random. The default is a tenth of the life, at least a minute, at
   * most five.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public OAuth2Scheme refreshMargin(Duration margin) {
    if (margin.isNegative()) {
      throw new IllegalArgumentException("A margin is not negative: " + margin);
    }
    return changed(draft -> draft.refreshMargin = margin);
  }

  /**
   * Returns a copy that sends a further request after a token was got: to exchange it for one that
   * lives longer, to ask for its expiry, or to look up whose it is. What its answer holds replaces
   * what was known so far; {@link TokenFields#none()} is a good start for a look-up. {@code
   * {access_token}} is the token. No client is sent unless the request says how.
   *
   * <p>It is sent after each first token and each renewal, in the order in which requests were
   * added, unless it is {@link RequestTemplate#atSignInOnly}. If it fails, what follows depends on
   * what its answer is read for:
   *
   * <ul>
   *   <li>a renewal goes on without a look-up, one whose {@link TokenFields} name no access token;
   *   <li>a renewal fails for now where an access token was expected. A new refresh token that it
   *       has brought is kept, and the next renewal begins with that;
   *   <li>getting a token by the grant itself, at a sign-in or without one, fails in any case.
   * </ul>
   */
  public OAuth2Scheme then(RequestTemplate request) {
    return changed(draft -> draft.followUps.add(Objects.requireNonNull(request, "request")));
  }

  /** Returns a copy that sends its token elsewhere than in the Authorization header. */
  public OAuth2Scheme sendingToken(TokenPlace... places) {
    return changed(draft -> draft.tokenPlaces = List.of(places));
  }

  /**
   * Returns a copy that reads the code of the callback from another parameter, and stores further
   * parameters of the callback as connection parameters. The auth option declares them, and their
   * values are checked like those that the owner enters: a callback can be forged.
   *
   * <p>The token URL may name one of them, even as its host, for a service that says in the
   * callback which of its sites has the tokens. Declare such a parameter with a list of choices;
   * with a pattern, a client that has a secret goes only where {@link ClientRegistration#sentTo}
   * says.
   */
  public OAuth2Scheme callback(String codeParameter, String... captured) {
    return changed(
        draft -> {
          draft.codeParameter = Objects.requireNonNull(codeParameter, "codeParameter");
          draft.callbackCaptures = List.of(captured);
        });
  }

  /** Returns a copy that pushes its authorization request; RFC 9126. */
  public OAuth2Scheme pushedAuthorization(String url) {
    return changed(draft -> draft.pushedAuthorizationUrl = Objects.requireNonNull(url, "url"));
  }

  /** Returns a copy that revokes tokens at this endpoint when they are not needed; RFC 7009. */
  public OAuth2Scheme revocationUrl(String url) {
    return revocation(
        RequestTemplate.post(url)
            .parameter("token", "{token}")
            .parameter("token_type_hint", "{token_type_hint}"));
  }

  /**
   * Returns a copy that revokes tokens by a request of its own; {@code {token}} is the refresh
   * token, or the access token where there is none.
   */
  public OAuth2Scheme revocation(RequestTemplate request) {
    return changed(draft -> draft.revocation = Objects.requireNonNull(request, "request"));
  }

  /**
   * Returns a copy whose endpoints are read from the metadata of an issuer, where their URLs are
   * {@code {token_endpoint}}, {@code {authorization_endpoint}} and so on.
   */
  public OAuth2Scheme discoveredAt(String issuer) {
    return changed(
        draft -> {
          draft.issuer = Objects.requireNonNull(issuer, "issuer");
          draft.discovered = true;
        });
  }

  /** Returns a copy of which the issuer is known, and its metadata not read. */
  public OAuth2Scheme issuedBy(String issuer) {
    return changed(draft -> draft.issuer = Objects.requireNonNull(issuer, "issuer"));
  }

  /**
   * Returns a copy whose endpoints may be on these origins too: those that are discovered, besides
   * the issuer's; and where connection parameters decide about the host of a token endpoint,
   * besides the origin at which users sign in. A template such as {@code {token_site}} leaves it to
   * the owner of the connection; then codes go wherever the owner says.
   */
  public OAuth2Scheme alsoAt(String... origins) {
    return changed(draft -> draft.origins.addAll(List.of(origins)));
  }

  /**
   * Returns a copy that binds tokens to a key of the connection; RFC 9449. Tokens are sent with the
   * scheme {@code DPoP}, never as bearer tokens.
   *
   * @param algorithm {@code ES256}, {@code PS256} or {@code RS256}
   */
  public OAuth2Scheme dpop(String algorithm) {
    if (!Set.of("ES256", "PS256", "RS256").contains(algorithm)) {
      throw new IllegalArgumentException("DPoP keys are for ES256, PS256 or RS256");
    }
    return changed(draft -> draft.dpop = algorithm);
  }

  /**
   * Returns a copy that says how the client's own JWTs are made.
   *
   * @param algorithm {@code ES256}, {@code PS256} or {@code RS256}; for {@code CLIENT_SECRET_JWT}
   *     {@code HS256}
   */
  public OAuth2Scheme assertionAlgorithm(String algorithm) {
    if (!Set.of("ES256", "PS256", "RS256", "HS256").contains(algorithm)) {
      throw new IllegalArgumentException("Client assertions are signed by ES256, PS256 or RS256");
    }
    return changed(draft -> draft.assertionAlgorithm = algorithm);
  }

  /**
   * Returns a copy whose client assertions are for another audience than the issuer. Only for
   * providers that refuse the issuer: the URL of an endpoint can be another server's issuer.
   */
  public OAuth2Scheme assertionAudience(String template) {
    return changed(draft -> draft.assertionAudience = Objects.requireNonNull(template));
  }

  /** Returns the grant by which a connection gets its first token. */
  public Grant grant() {
    return draft.grant;
  }

  /** Returns where the user signs in, or {@code null} if the grant has no user. */
  public @Nullable String authorizationUrl() {
    RequestTemplate authorization = authorization();
    return authorization == null ? null : authorization.url();
  }

  /** Returns the token endpoint. */
  public String tokenUrl() {
    return exchange.url();
  }

  /** Returns the scopes to ask for, in order. They are templates. */
  public List<String> scopes() {
    return draft.scopes;
  }

  /** Returns what stands between scopes. */
  public String scopeSeparator() {
    return draft.scopeSeparator;
  }

  /** Returns the services that tokens are for; RFC 8707. They are templates. */
  public List<String> resources() {
    return draft.resources;
  }

  /** Returns how the client proves itself. */
  public ClientAuthentication clientAuthentication() {
    return draft.clientAuthentication;
  }

  /** Returns whether connections bring their own client. */
  public boolean isClientFromConnection() {
    return draft.clientFromConnection;
  }

  /** Returns whether there is no client. */
  public boolean isClientless() {
    return draft.clientless;
  }

  /** Returns the parameter for an own client's id, or {@code null}. */
  public @Nullable String ownClientId() {
    return draft.ownClientId;
  }

  /** Returns the parameter for an own client's secret, or {@code null}. */
  public @Nullable String ownClientSecret() {
    return draft.ownClientSecret;
  }

  /** Returns where a sign-in registers a client, or {@code null} if it does not. */
  public @Nullable String registrationUrl() {
    return draft.registrationUrl;
  }

  /** Returns whether the code is protected by PKCE with S256. */
  public boolean usesPkce() {
    return draft.pkce;
  }

  /** Returns what is added to the authorization URL, in order. */
  public Map<String, String> authorizationParameters() {
    return Collections.unmodifiableMap(draft.authorizationParameters);
  }

  /** Returns what is added to every token request, in order. */
  public Map<String, String> tokenParameters() {
    return Collections.unmodifiableMap(draft.tokenParameters);
  }

  /**
   * Returns the URL at which the user signs in, with its parameters, or {@code null} if the grant
   * has none. PKCE and the resources are not among them.
   */
  public @Nullable RequestTemplate authorization() {
    if (draft.authorizationUrl == null) {
      return null;
    }
    RequestTemplate request = RequestTemplate.get(draft.authorizationUrl);
    for (Map.Entry<String, String> parameter : draft.authorizationParameters.entrySet()) {
      request = request.parameter(parameter.getKey(), parameter.getValue());
    }
    return draft.authorization.apply(
        request
            .parameter("response_type", "code")
            .parameter("client_id", "{client_id}")
            .parameter("redirect_uri", "{redirect_uri}")
            .parameter("scope", "{scope}")
            .parameter("state", "{state}"));
  }

  /** Returns the request that begins a sign-in on another device, or {@code null}. */
  public @Nullable RequestTemplate deviceAuthorization() {
    return draft.deviceAuthorization;
  }

  /** Returns the request that gets the first token. */
  public RequestTemplate exchange() {
    return exchange;
  }

  /** Returns the request that renews a token. */
  public RequestTemplate refresh() {
    return refresh;
  }

  /** Returns the requests that follow when a token was got, in order. */
  public List<RequestTemplate> followUps() {
    return Collections.unmodifiableList(draft.followUps);
  }

  /** Returns the request that revokes a token, or {@code null} if there is none. */
  public @Nullable RequestTemplate revocation() {
    return draft.revocation;
  }

  /** Returns where authorization requests are pushed to, or {@code null} if they are not. */
  public @Nullable String pushedAuthorizationUrl() {
    return draft.pushedAuthorizationUrl;
  }

  /** Returns the types, besides the usual ones, by which token answers call bearer tokens. */
  public List<String> bearerTokenTypes() {
    return draft.bearerTokenTypes;
  }

  /** Returns the standard error codes by those, in lower case, that stand for them. */
  public Map<String, String> errorCodes() {
    return Collections.unmodifiableMap(draft.errorCodes);
  }

  /** Returns how a token is replaced. */
  public Renewal renewal() {
    return draft.renewal;
  }

  /** Returns how long before its expiry a token is replaced, or {@code null} for the usual. */
  public @Nullable Duration refreshMargin() {
    return draft.refreshMargin;
  }

  /** Returns where a token is sent; with DPoP the scheme {@code Bearer} becomes {@code DPoP}. */
  public List<TokenPlace> tokenPlaces() {
    return draft.tokenPlaces;
  }

  /** Returns the parameter of the callback that holds the code. */
  public String codeParameter() {
    return draft.codeParameter;
  }

  /** Returns the parameters of the callback that become connection parameters. */
  public List<String> callbackCaptures() {
    return draft.callbackCaptures;
  }

  /** Returns the JWT of the grant, or {@code null} if it has none. */
  public @Nullable JwtTemplate assertion() {
    return draft.assertion;
  }

  /** Returns the issuer, or {@code null} if it is not known. */
  public @Nullable String issuer() {
    return draft.issuer;
  }

  /** Returns whether endpoints are read from the issuer's metadata. */
  public boolean isDiscovered() {
    return draft.discovered;
  }

  /** Returns the origins at which endpoints may be too; see {@link #alsoAt}. */
  public List<String> origins() {
    return Collections.unmodifiableList(draft.origins);
  }

  /** Returns the algorithm of DPoP proofs, or {@code null} if tokens are not bound to a key. */
  public @Nullable String dpop() {
    return draft.dpop;
  }

  /** Returns the algorithm of client assertions, or {@code null} for the one that fits the key. */
  public @Nullable String assertionAlgorithm() {
    return draft.assertionAlgorithm;
  }

  /** Returns for whom client assertions are, or {@code null} for the issuer. */
  public @Nullable String assertionAudience() {
    return draft.assertionAudience;
  }

  /** Returns what makes the scheme weaker than RFC 9700 advises, each as a short text. */
  @Override
  public List<String> weaknesses() {
    List<String> weaknesses = new ArrayList<>();
    if (draft.grant == Grant.AUTHORIZATION_CODE && !draft.pkce) {
      weaknesses.add("PKCE is off");
    }
    if (draft.grant == Grant.PASSWORD) {
      weaknesses.add("it sends the user's password");
    }
    if (draft.tokenPlaces.stream().anyMatch(p -> p.placement() == ApiKeyScheme.Placement.QUERY)) {
      weaknesses.add("the token travels in the URL");
    }
    if (draft.assertionAudience != null) {
      weaknesses.add("client assertions are not for the issuer");
    }
    return weaknesses;
  }

  @Override
  public List<ConnectionParameter> parameters() {
    List<ConnectionParameter> parameters = new ArrayList<>();
    if (draft.grant == Grant.PASSWORD) {
      parameters.add(ConnectionParameter.text("username").titled("User name"));
      parameters.add(ConnectionParameter.secret("password").titled("Password"));
    }
    if (draft.clientFromConnection && !draft.clientless) {
      parameters.add(ConnectionParameter.text(CLIENT_ID).titled("Client id"));
      if (draft.clientAuthentication.usesSecret()) {
        parameters.add(ConnectionParameter.secret(CLIENT_SECRET).titled("Client secret"));
      } else if (draft.clientAuthentication == ClientAuthentication.PRIVATE_KEY_JWT) {
        parameters.add(ConnectionParameter.secret(PRIVATE_KEY).titled("Private key"));
      }
    }
    if (draft.clientAuthentication == ClientAuthentication.TLS) {
      parameters.addAll(ClientCertificateScheme.Format.PEM.parameters());
    }
    return parameters;
  }

  @Override
  public List<String> endpoints() {
    Set<String> urls = new LinkedHashSet<>(clientEndpoints());
    for (RequestTemplate request : draft.followUps) {
      urls.add(request.url());
    }
    if (draft.registrationUrl != null) {
      urls.add(draft.registrationUrl);
    }
    urls.removeIf(OAuth2Scheme::isFromMetadata);
    return List.copyOf(urls);
  }

  @Override
  public List<String> clientEndpoints() {
    Set<String> urls = new LinkedHashSet<>();
    urls.add(exchange.url());
    urls.add(refresh.url());
    if (draft.deviceAuthorization != null) {
      urls.add(draft.deviceAuthorization.url());
    }
    if (draft.revocation != null) {
      urls.add(draft.revocation.url());
    }
    if (draft.pushedAuthorizationUrl != null) {
      urls.add(draft.pushedAuthorizationUrl);
    }
    for (RequestTemplate request : draft.followUps) {
      if (request.clientAuthentication() != null) {
        urls.add(request.url());
      }
    }
    if (draft.discovered && draft.issuer != null) {
      urls.add(draft.issuer);
      urls.addAll(draft.origins);
    }
    urls.removeIf(OAuth2Scheme::isFromMetadata);
    return List.copyOf(urls);
  }

  /** Every request that the client takes part in counts, and of the others those that say so. */
  @Override
  public List<String> endpointsWith(Set<String> values) {
    Set<String> urls = new LinkedHashSet<>(clientEndpoints());
    for (RequestTemplate request : draft.followUps) {
      if (namesOneOf(values, request.headers().values())
          || namesOneOf(values, request.parameters().values())) {
        urls.add(request.url());
      }
    }
    urls.removeIf(OAuth2Scheme::isFromMetadata);
    return List.copyOf(urls);
  }

  @Override
  public boolean sendsToService(Set<String> values) {
    return namesOneOf(values, draft.tokenPlaces.stream().map(TokenPlace::template).toList());
  }

  private static boolean namesOneOf(Set<String> values, Collection<String> templates) {
    return templates.stream()
        .flatMap(template -> Placeholders.names(template).stream())
        .anyMatch(values::contains);
  }

  /** Metadata is believed only as far as {@link #origins} goes. */
  private static boolean isFromMetadata(String url) {
    return url.startsWith("{") && url.endsWith("_endpoint}");
  }

  @Override
  public boolean needsConsent() {
    return draft.grant == Grant.AUTHORIZATION_CODE || draft.grant == Grant.DEVICE_CODE;
  }

  @Override
  public Set<String> captured() {
    Set<String> names = new LinkedHashSet<>(draft.callbackCaptures);
    names.addAll(exchange.answer().captures().keySet());
    names.addAll(refresh.answer().captures().keySet());
    draft.followUps.forEach(request -> names.addAll(request.answer().captures().keySet()));
    return names;
  }

  /** Returns the grant, the endpoint and the weaknesses, for diagnostics. */
  @Override
  public String toString() {
    List<String> weaknesses = weaknesses();
    return "OAuth 2.0 "
        + draft.grant
        + " at "
        + (draft.discovered ? draft.issuer : exchange.url())
        + (weaknesses.isEmpty() ? "" : ", weaknesses: " + String.join(", ", weaknesses));
  }

  private OAuth2Scheme changed(Consumer<Draft> change) {
    Draft copy = new Draft(draft);
    change.accept(copy);
    return new OAuth2Scheme(copy);
  }

  /** Written by one thread before a scheme takes it, and never again. */
  private static final class Draft {
    final Grant grant;
    RequestTemplate exchange;
    UnaryOperator<RequestTemplate> refresh = UnaryOperator.identity();
    UnaryOperator<RequestTemplate> authorization = UnaryOperator.identity();
    @Nullable String authorizationUrl;
    @Nullable RequestTemplate deviceAuthorization;
    @Nullable RequestTemplate revocation;
    @Nullable String pushedAuthorizationUrl;
    @Nullable JwtTemplate assertion;
    final List<RequestTemplate> followUps = new ArrayList<>();
    List<TokenPlace> tokenPlaces = List.of(TokenPlace.BEARER);
    List<String> bearerTokenTypes = List.of();
    final Map<String, String> errorCodes = new LinkedHashMap<>();
    Renewal renewal = Renewal.RUN_AGAIN;
    @Nullable Duration refreshMargin;
    List<String> scopes = List.of();
    String scopeSeparator = " ";
    List<String> resources = List.of();
    ClientAuthentication clientAuthentication = ClientAuthentication.BASIC;
    boolean clientFromConnection;
    boolean clientless;
    @Nullable String ownClientId;
    @Nullable String ownClientSecret;
    @Nullable String registrationUrl;
    boolean pkce = true;
    String codeParameter = "code";
    List<String> callbackCaptures = List.of();
    @Nullable String issuer;
    boolean discovered;
    final List<String> origins = new ArrayList<>();
    @Nullable String dpop;
    @Nullable String assertionAlgorithm;
    @Nullable String assertionAudience;
    final Map<String, String> authorizationParameters = new LinkedHashMap<>();
    final Map<String, String> tokenParameters = new LinkedHashMap<>();

    Draft(Grant grant, RequestTemplate exchange) {
      this.grant = grant;
      this.exchange = exchange;
    }

    Draft(Draft from) {
      this(from.grant, from.exchange);
      refresh = from.refresh;
      authorization = from.authorization;
      authorizationUrl = from.authorizationUrl;
      deviceAuthorization = from.deviceAuthorization;
      revocation = from.revocation;
      pushedAuthorizationUrl = from.pushedAuthorizationUrl;
      assertion = from.assertion;
      followUps.addAll(from.followUps);
      tokenPlaces = from.tokenPlaces;
      bearerTokenTypes = from.bearerTokenTypes;
      errorCodes.putAll(from.errorCodes);
      renewal = from.renewal;
      refreshMargin = from.refreshMargin;
      scopes = from.scopes;
      scopeSeparator = from.scopeSeparator;
      resources = from.resources;
      clientAuthentication = from.clientAuthentication;
      clientFromConnection = from.clientFromConnection;
      clientless = from.clientless;
      ownClientId = from.ownClientId;
      ownClientSecret = from.ownClientSecret;
      registrationUrl = from.registrationUrl;
      pkce = from.pkce;
      codeParameter = from.codeParameter;
      callbackCaptures = from.callbackCaptures;
      issuer = from.issuer;
      discovered = from.discovered;
      origins.addAll(from.origins);
      dpop = from.dpop;
      assertionAlgorithm = from.assertionAlgorithm;
      assertionAudience = from.assertionAudience;
      authorizationParameters.putAll(from.authorizationParameters);
      tokenParameters.putAll(from.tokenParameters);
    }
  }
}
