package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The endpoints at which one connection gets its tokens. Sends each request once, but for what a
 * server asks to be sent differently, and turns every outcome but a success into a {@link
 * StepFailure} whose kind says what follows from it.
 */
final class TokenEndpoint {

  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  /** Those of which the body says what is wrong; the others are about the moment. */
  private static final int[] REFUSALS =
      IntStream.range(400, 500).filter(status -> status != 408 && status != 429).toArray();

  /** So that another attempt can begin while a service may still remember a lost answer. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(15);

  /** How long an endpoint is left alone that redirects, as in maintenance. */
  private static final Duration WHILE_REDIRECTED = Duration.ofMinutes(1);

  /** What connections find out for each other. */
  record Common(Metadata.Readings readings, Outages outages) {
    Common() {
      this(new Metadata.Readings(), new Outages());
    }
  }

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final @Nullable Metadata metadata;
  private final Nonces nonces;
  private final Outages outages;
  private final @Nullable RegisteredClient registered;

  TokenEndpoint(OAuth2Scheme scheme, AuthContext context, Common common) {
    this.scheme = scheme;
    this.context = context;
    this.outages = common.outages();
    this.metadata = scheme.isDiscovered() ? new Metadata(scheme, context, common.readings()) : null;
    this.nonces = new Nonces();
    this.registered = null;
  }

  private TokenEndpoint(TokenEndpoint from, @Nullable RegisteredClient registered) {
    this.scheme = from.scheme;
    this.context = from.context;
    this.outages = from.outages;
    this.metadata = from.metadata;
    this.nonces = from.nonces;
    this.registered = registered;
  }

  /**
   * Returns the same endpoints, asked by a client that was registered for the sign-in.
   *
   * @param client {@code null} for the client of the host or the connection
   */
  TokenEndpoint as(@Nullable RegisteredClient client) {
    return new TokenEndpoint(this, client);
  }

  /** Returns what may stand in braces. */
  StepValues values(Map<String, Secret> given) {
    return new StepValues(scheme, context, metadata, given);
  }

  /** Returns what the issuer says of itself, or {@code null} if nobody asks it. */
  @Nullable Metadata metadata() {
    return metadata;
  }

  /**
   * Gets tokens by the grant of the scheme, with all that follows.
   *
   * @param given what the grant brings along, such as the {@code code}
   * @param ifGrantRefused the kind of failure that a refused grant is
   * @throws StepFailure if no token came of it
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code CONFIGURATION} if
   *     there is no client to ask with
   */
  TokenSet first(Map<String, Secret> given, Kind ifGrantRefused) {
    return tokens(scheme.exchange(), values(given), proofKey(null), null, ifGrantRefused);
  }

  /** Gets tokens like {@link #first}, bound to the key of those that were there before. */
  TokenSet again(@Nullable TokenSet current, Kind ifGrantRefused) {
    return tokens(scheme.exchange(), values(Map.of()), proofKey(current), null, ifGrantRefused);
  }

  /**
   * Renews tokens.
   *
   * @param rotated as for {@link TokenStep#next}
   * @throws StepFailure if no token came of it; of kind {@code GRANT_ENDED} if there will be none
   */
  TokenSet renewed(TokenSet current, Consumer<TokenSet> rotated) {
    RegisteredClient client = current.client();
    if (client == null) {
      return renewedAsIs(current, rotated);
    }
    try {
      return as(client).renewedAsIs(current, rotated);
    } catch (StepFailure e) {
      if (!ClientRegistrar.isUnknown(e)) {
        throw e;
      }
      ClientRegistrar.forget(context, client);
      // Its refresh token is for nobody else; a new sign-in registers another client.
      throw StepFailure.refused(Kind.GRANT_ENDED, e.problem(), "invalid_client");
    }
  }

  private TokenSet renewedAsIs(TokenSet current, Consumer<TokenSet> rotated) {
    StepValues values = values(Map.of());
    values.put("access_token", current.accessToken());
    values.put("refresh_token", current.refreshToken());
    current.named().forEach((name, token) -> values.put("token." + name, token));
    Renewal renewal = new Renewal(current, rotated);
    return tokens(scheme.refresh(), values, proofKey(current), renewal, Kind.GRANT_ENDED)
        .completedFrom(current);
  }

  /**
   * Asks the provider to end tokens; RFC 7009. Ending a refresh token ends the access tokens of its
   * grant too (section 2.1).
   *
   * @return {@code false} if the provider has no way to
   * @throws StepFailure if it did not confirm it
   */
  boolean revoke(TokenSet tokens) {
    RequestTemplate request = revocation();
    if (request == null) {
      return false;
    }
    Secret refreshToken = tokens.refreshToken();
    StepValues values = values(Map.of());
    values.put("token", refreshToken == null ? tokens.accessToken() : refreshToken);
    values.put(
        "token_type_hint", Secret.of(refreshToken == null ? "access_token" : "refresh_token"));
    Exchanged exchanged =
        send(request, values, client(request), null, List.of(), Kind.MISCONFIGURED);
    if (exchanged.status() >= 300) {
      throw failure(
          Kind.MISCONFIGURED,
          exchanged.endpoint(),
          "refused to revoke with status " + exchanged.status(),
          null);
    }
    return true;
  }

  /** Returns whether the provider has a way to revoke tokens. */
  boolean revokes() {
    return revocation() != null;
  }

  private @Nullable RequestTemplate revocation() {
    RequestTemplate declared = scheme.revocation();
    if (declared != null || metadata == null || !metadata.has("revocation_endpoint")) {
      return declared;
    }
    return RequestTemplate.post("{revocation_endpoint}")
        .parameter("token", "{token}")
        .parameter("token_type_hint", "{token_type_hint}");
  }

  private TokenSet tokens(
      RequestTemplate request,
      StepValues values,
      @Nullable ProofKey key,
      @Nullable Renewal renewal,
      Kind ifGrantRefused) {
    Instant now = context.clock().instant();
    Acquired acquired = new Acquired(values);
    OAuthClient client = client(request);
    Supplier<TokenAnswer.Granted> asking = () -> ask(request, values, client, key, ifGrantRefused);
    acquired.take(
        renewal != null || !scheme.needsConsent()
            ? outages.ask(at(request, values, client), context, asking)
            : asking.get());
    for (RequestTemplate next : scheme.followUps()) {
      if (renewal == null) {
        follow(next, acquired, key, false);
      } else if (!next.isAtSignInOnly()) {
        renewal.hasCome(acquired.refreshToken(), key);
        follow(next, acquired, key, true);
      }
    }
    return acquired.tokens(now, key == null ? null : key.stored(), registered, context);
  }

  /** How far a renewal has come. */
  private static final class Renewal {
    private final Consumer<TokenSet> rotated;
    private TokenSet present;

    Renewal(TokenSet current, Consumer<TokenSet> rotated) {
      this.present = current;
      this.rotated = rotated;
    }

    void hasCome(@Nullable Secret refreshToken, @Nullable ProofKey key) {
      if (refreshToken != null && !Objects.equals(refreshToken, present.refreshToken())) {
        Secret boundTo = key == null ? present.proofKey() : key.stored();
        present = present.leadingOnBy(refreshToken, boundTo);
        rotated.accept(present);
      }
    }
  }

  /** All endpoints of an issuer are one, and asking for its metadata belongs to it. */
  private Outages.Client at(
      RequestTemplate request, StepValues values, @Nullable OAuthClient client) {
    if (metadata != null) {
      return new Outages.Client(URI.create(metadata.issuer()), client);
    }
    values.as(client);
    URI url = values.url(request.url());
    String text = url.toString();
    int query = text.indexOf('?');
    return new Outages.Client(query < 0 ? url : URI.create(text.substring(0, query)), client);
  }

  /** A look-up that fails must not cost the grant whose refresh token has just been spent. */
  private void follow(
      RequestTemplate request, Acquired acquired, @Nullable ProofKey key, boolean renewal) {
    ClientAuthentication method = request.clientAuthentication();
    OAuthClient client =
        method == null ? null : OAuthClient.of(scheme, method, context, registered);
    try {
      acquired.take(ask(request, acquired.values(), client, key, Kind.MISCONFIGURED));
    } catch (StepFailure e) {
      if (!renewal || !request.answer().accessToken().isEmpty()) {
        throw e;
      }
      log.debug("Connection {}: went on without a look-up, {}", context.connection(), e.problem());
    }
  }

  /**
   * Makes a request that gets no token.
   *
   * @return its answer, a JSON object
   * @throws StepFailure if the answer is another one
   */
  AnswerBody asked(RequestTemplate request, StepValues values) {
    Exchanged exchanged =
        send(
            request,
            values,
            client(request),
            null,
            values.expand(scheme.resources()),
            Kind.MISCONFIGURED);
    boolean success = exchanged.status() >= 200 && exchanged.status() < 300;
    if (success && exchanged.body().isObject()) {
      return exchanged.body();
    }
    var error = exchanged.body().find(List.of("/error"));
    if (error != null && !success) {
      String code = ErrorCodes.printable(error.asString(""));
      throw refused(code, exchanged.endpoint(), Kind.MISCONFIGURED);
    }
    String what = "answered with status " + exchanged.status() + " and no JSON object";
    throw failure(
        exchanged.status() == 401 ? Kind.CLIENT_REFUSED : Kind.UNAVAILABLE,
        exchanged.endpoint(),
        what,
        null);
  }

  /** Returns the issuer, or {@code null} if the scheme does not name it. */
  @Nullable String issuer() {
    return scheme.issuer() == null ? null : Metadata.issuer(scheme, context);
  }

  private @Nullable ProofKey proofKey(@Nullable TokenSet current) {
    String algorithm = scheme.dpop();
    if (algorithm == null) {
      return null;
    }
    Secret stored = current == null ? null : current.proofKey();
    return stored == null ? ProofKey.generated(algorithm) : ProofKey.of(stored, algorithm);
  }

  /** Returns the client by which a request is made, or {@code null} for none. */
  @Nullable OAuthClient client(RequestTemplate request) {
    ClientAuthentication method = request.clientAuthentication();
    if (scheme.isClientless() && method == null) {
      return null;
    }
    return OAuthClient.of(
        scheme, method == null ? scheme.clientAuthentication() : method, context, registered);
  }

  private TokenAnswer.Granted ask(
      RequestTemplate request,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      Kind ifGrantRefused) {
    boolean grant = request == scheme.exchange() || request == scheme.refresh();
    List<String> resources = grant ? values.expand(scheme.resources()) : List.of();
    Exchanged exchanged = send(request, values, client, key, resources, ifGrantRefused);
    boolean issued = scheme.grant() == Grant.TOKEN_EXCHANGE && request == scheme.exchange();
    TokenAnswerReader reader =
        new TokenAnswerReader(request.answer(), key == null ? "Bearer" : "DPoP", issued);
    return granted(exchanged, reader, ifGrantRefused);
  }

  private record Exchanged(URI endpoint, int status, AnswerBody body) {}

  private Exchanged send(
      RequestTemplate request,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      List<String> resources,
      Kind ifGrantRefused) {
    Exchanged exchanged = sendProved(request, values, client, key, resources, ifGrantRefused);
    if (client != null
        && client.method() == ClientAuthentication.POST_OR_BASIC
        && exchanged.status() == 401) {
      OAuthClient other = client.by(ClientAuthentication.BASIC);
      return sendProved(request, values, other, key, resources, ifGrantRefused);
    }
    return exchanged;
  }

  private Exchanged sendProved(
      RequestTemplate request,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      List<String> resources,
      Kind ifGrantRefused) {
    Exchanged first = sendOnce(request, values, client, key, resources, ifGrantRefused);
    if (key == null || !demandsNonce(first)) {
      return first;
    }
    return sendOnce(request, values, client, key, resources, ifGrantRefused);
  }

  /** An authorization server says so in the body, an API in a header; RFC 9449 sections 8, 9. */
  private static boolean demandsNonce(Exchanged exchanged) {
    if (exchanged.status() != 400 && exchanged.status() != 401) {
      return false;
    }
    var error = exchanged.body().find(List.of("/error"));
    return (error != null && error.asString("").equals("use_dpop_nonce"))
        || Nonces.areDemanded(exchanged.body().headers());
  }

  private Exchanged sendOnce(
      RequestTemplate request,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      List<String> resources,
      Kind ifGrantRefused) {
    TokenMessage message =
        TokenMessage.of(request, values, client, scheme, context).and("resource", resources);
    URI endpoint = message.endpoint();
    Secret bound = key == null ? null : message.sendBound(values.get("access_token"));
    HttpCall call =
        context
            .http()
            .callEncoded(message.method(), message.url())
            .timeout(LONGEST_ATTEMPT)
            .header("Accept", "application/json");
    message.headers().forEach(call::header);
    if (key != null) {
      call.header(
          "DPoP", key.proof(message.method(), endpoint, bound, nonces.of(endpoint), context));
    }
    if (!message.method().equals("GET")) {
      call.bytes(message.body(), message.contentType());
    }
    try {
      HttpResponse response = call.accepting(REFUSALS).send();
      nonces.learn(endpoint, response.header("DPoP-Nonce"));
      log.debug(
          "Connection {}: {} request to {} was answered with status {}",
          context.connection(),
          request.parameters().getOrDefault("grant_type", "a further"),
          endpoint.getHost(),
          response.status());
      return new Exchanged(endpoint, response.status(), AnswerBody.of(response));
    } catch (ServiceException e) {
      JsonNode error = AnswerBody.of(null, e.body(), Map.of()).find(request.answer().error());
      if (e.status() == 429 && error != null && error.asString("").equals("slow_down")) {
        throw refused("slow_down", endpoint, ifGrantRefused);
      }
      if (e.status() < 400) {
        throw redirected(endpoint, e.status());
      }
      throw failure(kind(e, ifGrantRefused), endpoint, "answered with status " + e.status(), e);
    } catch (TransportException e) {
      throw failure(kind(e, message.method()), endpoint, "gave no whole answer", e);
    } catch (ResponseException e) {
      throw failure(Kind.OUTCOME_UNKNOWN, endpoint, "gave no whole answer", e);
    }
  }

  private TokenAnswer.Granted granted(
      Exchanged exchanged, TokenAnswerReader reader, Kind ifGrantRefused) {
    int status = exchanged.status();
    URI endpoint = exchanged.endpoint();
    boolean success = status >= 200 && status < 300;
    TokenAnswer answer = reader.read(success, exchanged.body(), context.clock().instant());
    if (answer instanceof TokenAnswer.Granted granted) {
      return granted;
    }
    if (answer instanceof TokenAnswer.Refused refused) {
      String code = refused.code();
      // By RFC 6749 it is about this grant; some servers say so of a client's wrong secret.
      boolean ofClient = code.equals("unauthorized_client") && status == 401;
      throw refused(code, endpoint, ofClient ? Kind.CLIENT_REFUSED : ifGrantRefused);
    }
    if (answer instanceof TokenAnswer.Unsuitable unsuitable) {
      throw failure(Kind.MISCONFIGURED, endpoint, "cannot be used: " + unsuitable.problem(), null);
    }
    if (status == 401) {
      throw failure(Kind.CLIENT_REFUSED, endpoint, "refused the client with status 401", null);
    }
    String problem = answer instanceof TokenAnswer.Unreadable u ? u.problem() : "";
    throw failure(
        success ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE,
        endpoint,
        "answered with status " + status + ", but " + problem,
        null);
  }

  private StepFailure refused(String code, URI endpoint, Kind ifGrantRefused) {
    StepFailure failure =
        failure(kind(code, ifGrantRefused), endpoint, "refused the request: " + code, null);
    return StepFailure.refused(failure.kind(), failure.problem(), code);
  }

  private static Kind kind(ServiceException e, Kind ifGrantRefused) {
    if (e.status() == 429) {
      return Kind.RATE_LIMITED;
    }
    if (e.status() < 500 && e.status() != 408) {
      return Kind.UNAVAILABLE;
    }
    var error = AnswerBody.of(null, e.body(), Map.of()).find(List.of("/error"));
    if (error != null) {
      return kind(error.asString(""), ifGrantRefused);
    }
    boolean turnedAway = e.status() == 503 && e.retryAfter().isPresent();
    return turnedAway ? Kind.UNAVAILABLE : Kind.OUTCOME_UNKNOWN;
  }

  /** To the transport a GET changes nothing, but here it may have spent a refresh token. */
  private static Kind kind(TransportException e, String method) {
    boolean wasSent =
        switch (e.kind()) {
          case CONNECT, TLS -> false;
          case TIMEOUT, BROKEN_OFF -> method.equals("GET");
        };
    return wasSent || e.isOutcomeUnknown() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
  }

  /** To follow it could take secrets anywhere, and soon it will be the same. */
  private StepFailure redirected(URI endpoint, int status) {
    String what = "answered with status " + status + ", and no redirect is followed";
    StepFailure failure = failure(Kind.UNAVAILABLE, endpoint, what, null);
    return new StepFailure(failure.kind(), failure.problem(), WHILE_REDIRECTED, null);
  }

  private static Kind kind(String code, Kind ifGrantRefused) {
    return switch (code) {
      case "invalid_grant",
          "invalid_scope",
          "access_denied",
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required",
          "unauthorized_client" ->
          ifGrantRefused;
      case "invalid_client" -> Kind.CLIENT_REFUSED;
      case "invalid_request",
          "invalid_target",
          "unsupported_grant_type",
          "invalid_dpop_proof",
          "use_dpop_nonce" ->
          Kind.MISCONFIGURED;
      case "server_error" -> Kind.OUTCOME_UNKNOWN;
      default -> Kind.UNAVAILABLE;
    };
  }

  private StepFailure failure(
      Kind kind, URI endpoint, String what, @Nullable ConnectorException cause) {
    String message = "the token endpoint at " + endpoint.getHost() + " " + what;
    log.debug("Connection {}: {}", context.connection(), message);
    Duration retryAfter = cause == null ? null : cause.retryAfter().orElse(null);
    // An answer's exception holds its body, which can echo what was sent.
    return new StepFailure(
        kind, message, retryAfter, cause instanceof ServiceException ? null : cause);
  }
}
