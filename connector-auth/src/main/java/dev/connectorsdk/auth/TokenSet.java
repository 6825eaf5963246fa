package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has got from its token endpoint.
 *
 * @param refreshToken {@code null} if there is none
 * @param obtainedAt by the clock of the process that got it
 * @param expiresAt {@code null} if the endpoint did not say
 * @param scopes what was granted, as far as it is known; RFC 6749 section 5.1
 * @param named further tokens, which calls choose by name
 * @param binding to what the tokens are bound
 * @param beside what came along; not stored with the tokens
 */
record TokenSet(
    Secret accessToken,
    @Nullable Secret refreshToken,
    Instant obtainedAt,
    @Nullable Instant expiresAt,
    List<String> scopes,
    Map<String, Secret> named,
    TokenBinding binding,
    Beside beside) {

  private static final String NAMED = "token.";

  /**
   * To what tokens are bound.
   *
   * @param proofKey the private JWK, or {@code null}; RFC 9449
   * @param client the client that was registered for the sign-in; {@code null} if it is the host's
   *     or the connection's
   * @param endpoints where the issuer had its endpoints, as far as that is known
   * @param redirectUri of the sign-in, or {@code null} if there was none
   * @param terms what the tokens were asked for, as {@link TokenEndpoint#terms} says it, or {@code
   *     null} if a person was asked or it is not known
   */
  record TokenBinding(
      @Nullable Secret proofKey,
      @Nullable RegisteredClient client,
      IssuerEndpoints endpoints,
      @Nullable Secret redirectUri,
      @Nullable String terms) {

    static final TokenBinding NONE = of(null, null, IssuerEndpoints.UNKNOWN);

    static TokenBinding of(
        @Nullable Secret proofKey, @Nullable RegisteredClient client, IssuerEndpoints endpoints) {
      return new TokenBinding(proofKey, client, endpoints, null, null);
    }

    TokenBinding withProofKey(@Nullable Secret key) {
      return new TokenBinding(key, client, endpoints, redirectUri, terms);
    }

    TokenBinding withRedirectUri(@Nullable Secret uri) {
      return new TokenBinding(proofKey, client, endpoints, uri, terms);
    }

    TokenBinding withTerms(@Nullable String asked) {
      return new TokenBinding(proofKey, client, endpoints, redirectUri, asked);
    }
  }

  /**
   * What came along with tokens.
   *
   * @param captured what the answers said about the connection
   * @param idToken the ID token of the answer, or {@code null}
   */
  record Beside(Map<String, String> captured, @Nullable Secret idToken) {

    static final Beside NOTHING = new Beside(Map.of(), null);

    Beside {
      captured = Map.copyOf(captured);
    }
  }

  TokenSet {
    scopes = List.copyOf(scopes);
    named = Map.copyOf(named);
  }

  /** Bearer tokens of which nothing more is known. */
  TokenSet(
      Secret accessToken,
      @Nullable Secret refreshToken,
      Instant obtainedAt,
      @Nullable Instant expiresAt,
      List<String> scopes) {
    this(
        accessToken,
        refreshToken,
        obtainedAt,
        expiresAt,
        scopes,
        Map.of(),
        TokenBinding.NONE,
        Beside.NOTHING);
  }

  @Nullable Secret proofKey() {
    return binding.proofKey();
  }

  @Nullable RegisteredClient client() {
    return binding.client();
  }

  IssuerEndpoints endpoints() {
    return binding.endpoints();
  }

  /**
   * Returns what {@link #toValues} wrote, or {@code null} if there is no access token.
   *
   * @param now stands in for an unknown time at which the token was got
   */
  static @Nullable TokenSet fromValues(Map<String, Secret> values, Instant now) {
    Secret accessToken = values.get("access_token");
    if (accessToken == null) {
      return null;
    }
    Instant obtainedAt = instant(values.get("obtained_at"));
    Secret scope = values.get("scope");
    Secret terms = values.get("terms");
    return new TokenSet(
        accessToken,
        values.get("refresh_token"),
        obtainedAt == null ? now : obtainedAt,
        instant(values.get("expires_at")),
        scope == null ? List.of() : List.of(scope.reveal().split(" ")),
        named(values),
        new TokenBinding(
            values.get("proof_key"),
            RegisteredClient.fromValues(values),
            IssuerEndpoints.fromValues(values),
            values.get("redirect_uri"),
            terms == null ? null : terms.reveal()),
        Beside.NOTHING);
  }

  private static Map<String, Secret> named(Map<String, Secret> values) {
    Map<String, Secret> named = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> value : values.entrySet()) {
      if (value.getKey().startsWith(NAMED)) {
        named.put(value.getKey().substring(NAMED.length()), value.getValue());
      }
    }
    return named;
  }

  /** Returns the form in which a vault keeps it. */
  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    values.put("access_token", accessToken);
    values.put("token_type", Secret.of(proofKey() == null ? "Bearer" : "DPoP"));
    values.put("obtained_at", Secret.of(obtainedAt.toString()));
    put(values, "expires_at", expiresAt == null ? null : Secret.of(expiresAt.toString()));
    put(values, "refresh_token", refreshToken);
    put(values, "scope", scopes.isEmpty() ? null : Secret.of(String.join(" ", scopes)));
    put(values, "proof_key", proofKey());
    put(values, "redirect_uri", binding.redirectUri());
    put(values, "terms", binding.terms() == null ? null : Secret.of(binding.terms()));
    if (client() != null) {
      values.putAll(client().toValues());
    }
    values.putAll(endpoints().toValues());
    for (Map.Entry<String, Secret> token : named.entrySet()) {
      values.put(NAMED + token.getKey(), token.getValue());
    }
    return values;
  }

  private static void put(Map<String, Secret> values, String name, @Nullable Secret value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  /** Returns a copy that has from {@code previous} what a refresh may leave unsaid. */
  TokenSet completedFrom(TokenSet previous) {
    Map<String, Secret> tokens = new LinkedHashMap<>(previous.named);
    tokens.putAll(named);
    return new TokenSet(
        accessToken,
        refreshToken == null ? previous.refreshToken : refreshToken,
        obtainedAt,
        expiresAt,
        scopes.isEmpty() ? previous.scopes : scopes,
        tokens,
        binding.withRedirectUri(previous.binding.redirectUri()).withTerms(previous.binding.terms()),
        beside);
  }

  /**
   * Returns a copy for what a sign-in brought.
   *
   * @param asked the scopes that it asked for, which are granted if the endpoint said nothing; RFC
   *     6749 section 5.1
   */
  TokenSet ofSignIn(List<String> asked, @Nullable Secret redirectUri) {
    return new TokenSet(
        accessToken,
        refreshToken,
        obtainedAt,
        expiresAt,
        scopes.isEmpty() ? asked : scopes,
        named,
        binding.withRedirectUri(redirectUri),
        beside);
  }

  /** Returns a copy for what nobody signed in for. */
  TokenSet askedBy(String terms) {
    return with(refreshToken, binding.withTerms(terms));
  }

  /**
   * Returns a copy for a renewal that has got as far as a new refresh token: the old one may be
   * spent, and everything else is as it was.
   *
   * @param proofKey what the new one is bound to, or {@code null}
   */
  TokenSet withNextRefreshToken(Secret refreshToken, @Nullable Secret proofKey) {
    return with(refreshToken, binding.withProofKey(proofKey));
  }

  TokenSet withoutRefreshToken() {
    return with(null, binding);
  }

  private TokenSet with(@Nullable Secret refreshToken, TokenBinding binding) {
    return new TokenSet(
        accessToken, refreshToken, obtainedAt, expiresAt, scopes, named, binding, beside);
  }

  private static @Nullable Instant instant(@Nullable Secret text) {
    try {
      return text == null ? null : Instant.parse(text.reveal());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
