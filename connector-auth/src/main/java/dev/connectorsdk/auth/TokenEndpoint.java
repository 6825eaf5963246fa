package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.auth.StepFailure.Kind;
import dev.connectorsdk.auth.TokenSender.TokenRequest;
import dev.connectorsdk.auth.TokenStep.Progress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints at which one connection gets its tokens: which requests that takes, in which order,
 * and by which client.
 */
final class TokenEndpoint {

  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  /** What connections find out for each other. */
  record Common(Metadata.Readings readings, Outages outages) {
    Common() {
      this(new Metadata.Readings(), new Outages());
    }
  }

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final @Nullable Metadata metadata;
  private final TokenSender sender;
  private final Outages outages;
  private final @Nullable RegisteredClient registered;

  TokenEndpoint(OAuth2Scheme scheme, AuthContext context, Common common) {
    this.scheme = scheme;
    this.context = context;
    this.outages = common.outages();
    this.metadata = scheme.isDiscovered() ? new Metadata(scheme, context, common.readings()) : null;
    this.sender = new TokenSender(scheme, context);
    this.registered = null;
  }

  private TokenEndpoint(
      TokenEndpoint from, @Nullable RegisteredClient registered, @Nullable Metadata metadata) {
    this.scheme = from.scheme;
    this.context = from.context;
    this.outages = from.outages;
    this.metadata = metadata;
    this.sender = from.sender;
    this.registered = registered;
  }

  /**
   * Returns the same endpoints, asked by a client that was registered for the sign-in.
   *
   * @param client {@code null} for the client of the host or the connection
   */
  TokenEndpoint as(@Nullable RegisteredClient client) {
    return new TokenEndpoint(this, client, metadata);
  }

  /** Returns the same endpoints, none of which is asked that is elsewhere than it was. */
  TokenEndpoint since(IssuerEndpoints known) {
    return new TokenEndpoint(this, registered, metadata == null ? null : metadata.since(known));
  }

  /**
   * Returns the same endpoints for a sign-in that begins.
   *
   * @param acceptsNew whether they may be elsewhere than at the last one
   * @throws StepFailure of kind {@code MOVED} if one of them is, and may not be
   */
  TokenEndpoint forSignIn(boolean acceptsNew) {
    if (acceptsNew || metadata == null) {
      return this;
    }
    Metadata same = metadata.since(IssuerEndpoints.atLastSignIn(context));
    if (signsInByMetadata()) {
      same.requireNothingMoved();
    }
    return new TokenEndpoint(this, registered, same);
  }

  private boolean signsInByMetadata() {
    RequestTemplate device = scheme.deviceAuthorization();
    return isFromMetadata(scheme.authorizationUrl())
        || isFromMetadata(device == null ? null : device.url())
        || isFromMetadata(scheme.tokenUrl());
  }

  private static boolean isFromMetadata(@Nullable String url) {
    return url != null && !Collections.disjoint(Placeholders.names(url), Metadata.ENDPOINTS);
  }

  /** Returns where the issuer has its endpoints, as far as that is known. Asks nobody. */
  IssuerEndpoints endpoints() {
    return metadata == null ? IssuerEndpoints.UNKNOWN : metadata.endpoints();
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
   * @param asked the scopes that the sign-in asked for
   * @param ifGrantRefused the kind of failure that a refused grant is
   * @throws StepFailure if no token came of it
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code CONFIGURATION} if
   *     there is no client to ask with
   */
  TokenSet first(Map<String, Secret> given, List<String> asked, Kind ifGrantRefused) {
    StepValues values = values(given);
    values.grant(asked);
    TokenRequest request = request(scheme.exchange(), values, proofKey(null));
    return tokens(request.ifGrantRefused(ifGrantRefused), null)
        .ofSignIn(asked, given.get("redirect_uri"));
  }

  /**
   * Gets tokens like {@link #first}, bound to the key of those that were there before.
   *
   * @param progress as for {@link TokenStep#next}
   */
  TokenSet again(@Nullable TokenSet current, Progress progress) {
    return since(current == null ? IssuerEndpoints.UNKNOWN : current.endpoints())
        .again(proofKey(current), progress);
  }

  private TokenSet again(@Nullable ProofKey key, Progress progress) {
    String terms = terms();
    TokenRequest request = request(scheme.exchange(), values(Map.of()), key);
    return tokens(request.after(progress::sending), null).askedBy(terms);
  }

  /**
   * Returns what tokens are asked for by the grant, where and for whom: a text that becomes another
   * one when the scheme, or a parameter of the connection, asks for others. Asks nobody.
   */
  String terms() {
    StepValues values = values(Map.of());
    List<String> terms = new ArrayList<>(values.expand(scheme.scopes()));
    Collections.sort(terms);
    for (String resource : values.expand(scheme.resources())) {
      terms.add("resource=" + resource);
    }
    terms.add("at=" + expandedIfKnown(scheme.exchange().url(), values));
    JwtTemplate assertion = scheme.assertion();
    Map<String, String> claims = assertion == null ? Map.of() : assertion.claims();
    for (Map.Entry<String, String> claim : claims.entrySet()) {
      terms.add(claim.getKey() + "=" + expandedIfKnown(claim.getValue(), values));
    }
    for (Map.Entry<String, String> parameter : scheme.exchange().parameters().entrySet()) {
      String template = parameter.getValue();
      boolean isTerm = TokenMessage.saysWhatFor(parameter.getKey()) && !template.equals("{scope}");
      String value = isTerm ? values.expand(template) : "";
      if (!value.isEmpty()) {
        terms.add(parameter.getKey() + "=" + value);
      }
    }
    return String.join("\n", terms);
  }

  /** What an issuer would have to be asked for stands as it is written. */
  private static String expandedIfKnown(String template, StepValues values) {
    return isFromMetadata(template) ? template : values.expand(template);
  }

  /**
   * Renews tokens.
   *
   * @param progress as for {@link TokenStep#next}
   * @throws StepFailure if no token came of it; of kind {@code GRANT_ENDED} if there will be none
   */
  TokenSet renewed(TokenSet current, Progress progress) {
    RegisteredClient client = current.client();
    try {
      return as(client).since(current.endpoints()).renewedAsIs(current, progress);
    } catch (StepFailure e) {
      ClientRegistrar.doubt(context, client, e);
      if (client == null || !ClientRegistrar.isUnknown(e)) {
        throw e;
      }
      // Its refresh token is for nobody else; a new sign-in registers another client.
      throw StepFailure.refused(Kind.GRANT_ENDED, e.problem(), "invalid_client");
    }
  }

  private TokenSet renewedAsIs(TokenSet current, Progress progress) {
    StepValues values = values(Map.of());
    values.put("access_token", current.accessToken());
    values.put("refresh_token", current.refreshToken());
    values.put("redirect_uri", current.binding().redirectUri());
    values.grant(current.scopes());
    TokenRequest request =
        request(scheme.refresh(), values, proofKey(current))
            .ifGrantRefused(Kind.GRANT_ENDED)
            .after(progress::sending);
    return tokens(request, new Renewing(current, progress)).completedFrom(current);
  }

  /**
   * Asks the provider to end tokens; RFC 7009. Ending a refresh token ends the access tokens of its
   * grant too (section 2.1).
   *
   * @return {@code false} if the provider has no way to
   * @throws StepFailure if it did not confirm it
   */
  boolean revoke(TokenSet tokens) {
    return as(tokens.client()).since(tokens.endpoints()).revokeAsIs(tokens);
  }

  private boolean revokeAsIs(TokenSet tokens) {
    RequestTemplate request = revocation();
    if (request == null) {
      return false;
    }
    Secret refreshToken = tokens.refreshToken();
    StepValues values = values(Map.of());
    values.put("token", refreshToken == null ? tokens.accessToken() : refreshToken);
    values.put(
        "token_type_hint", Secret.of(refreshToken == null ? "access_token" : "refresh_token"));
    sender.revoke(request(request, values, null));
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

  private TokenRequest request(
      RequestTemplate template, StepValues values, @Nullable ProofKey key) {
    return TokenRequest.of(template, values, client(template), key);
  }

  private TokenSet tokens(TokenRequest first, @Nullable Renewing renewal) {
    Instant now = context.clock().instant();
    Acquired acquired = new Acquired(first.values());
    ProofKey key = first.key();
    Supplier<TokenAnswer.Granted> asking = () -> sender.tokens(first);
    boolean shared = renewal != null || !scheme.needsConsent();
    acquired.take(
        kept(renewal, key, shared ? () -> outages.ask(at(first), context, asking) : asking));
    followUp(acquired, key, renewal);
    return acquired.tokens(
        now,
        TokenSet.TokenBinding.of(key == null ? null : key.stored(), registered, endpoints()),
        context);
  }

  /** An answer that cannot be used may have spent the refresh token for the one that it brings. */
  private static TokenAnswer.Granted kept(
      @Nullable Renewing renewal, @Nullable ProofKey key, Supplier<TokenAnswer.Granted> asking) {
    try {
      return asking.get();
    } catch (StepFailure e) {
      if (renewal != null) {
        renewal.hasCome(e.refreshToken(), key);
      }
      throw e;
    }
  }

  private void followUp(Acquired acquired, @Nullable ProofKey key, @Nullable Renewing renewal) {
    for (RequestTemplate next : scheme.followUps()) {
      if (renewal == null) {
        follow(next, acquired, key, null);
      } else if (!next.isAtSignInOnly()) {
        renewal.hasCome(acquired.refreshToken(), key);
        follow(next, acquired, key, renewal);
      }
    }
  }

  /** How far a renewal has come. */
  private static final class Renewing {
    private final Progress progress;
    private TokenSet present;

    Renewing(TokenSet current, Progress progress) {
      this.present = current;
      this.progress = progress;
    }

    void hasCome(@Nullable Secret refreshToken, @Nullable ProofKey key) {
      if (refreshToken != null && !Objects.equals(refreshToken, present.refreshToken())) {
        Secret boundTo = key == null ? present.proofKey() : key.stored();
        present = present.withNextRefreshToken(refreshToken, boundTo);
        progress.rotated(present);
      }
    }
  }

  /** All endpoints of an issuer are one, and asking for its metadata belongs to it. */
  private Outages.Client at(TokenRequest request) {
    OAuthClient client = request.client();
    if (metadata != null && isFromMetadata(request.template().url())) {
      return new Outages.Client(URI.create(metadata.issuer()), client);
    }
    StepValues values = request.values();
    values.as(client);
    URI url = values.url(request.template().url());
    String text = url.toString();
    int query = text.indexOf('?');
    return new Outages.Client(query < 0 ? url : URI.create(text.substring(0, query)), client);
  }

  /** A look-up that fails must not cost the grant whose refresh token has just been spent. */
  private void follow(
      RequestTemplate request,
      Acquired acquired,
      @Nullable ProofKey key,
      @Nullable Renewing renewal) {
    ClientAuthentication method = request.clientAuthentication();
    OAuthClient client =
        method == null ? null : OAuthClient.of(scheme, method, context, registered);
    TokenRequest sent = TokenRequest.of(request, acquired.values(), client, key);
    try {
      acquired.take(kept(renewal, key, () -> sender.tokens(sent)));
    } catch (StepFailure e) {
      if (renewal == null || !request.answer().accessToken().isEmpty()) {
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
    return sender.object(request(request, values, null));
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
}
