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
 * @param scopes what the endpoint said it granted; empty if it did not say
 * @param named further tokens, which calls choose by name
 * @param proofKey the private JWK that the tokens are bound to, or {@code null}; RFC 9449
 * @param client the client that was registered for the sign-in, to which they are bound; {@code
 *     null} if it is the host's or the connection's
 * @param told what the answers said about the connection; not stored with the tokens
 * @param idToken the ID token of the answer, or {@code null}; not stored
 */
record TokenSet(
    Secret accessToken,
    @Nullable Secret refreshToken,
    Instant obtainedAt,
    @Nullable Instant expiresAt,
    List<String> scopes,
    Map<String, Secret> named,
    @Nullable Secret proofKey,
    @Nullable RegisteredClient client,
    Map<String, String> told,
    @Nullable Secret idToken) {

  private static final String NAMED = "token.";

  TokenSet {
    scopes = List.copyOf(scopes);
    named = Map.copyOf(named);
    told = Map.copyOf(told);
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
        null,
        null,
        Map.of(),
        null);
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
    Map<String, Secret> named = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(NAMED)) {
            named.put(name.substring(NAMED.length()), value);
          }
        });
    return new TokenSet(
        accessToken,
        values.get("refresh_token"),
        obtainedAt == null ? now : obtainedAt,
        instant(values.get("expires_at")),
        scope == null ? List.of() : List.of(scope.reveal().split(" ")),
        named,
        values.get("proof_key"),
        RegisteredClient.fromValues(values),
        Map.of(),
        null);
  }

  /** Returns the form in which a vault keeps it. */
  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    values.put("access_token", accessToken);
    values.put("token_type", Secret.of(proofKey == null ? "Bearer" : "DPoP"));
    values.put("obtained_at", Secret.of(obtainedAt.toString()));
    if (expiresAt != null) {
      values.put("expires_at", Secret.of(expiresAt.toString()));
    }
    if (refreshToken != null) {
      values.put("refresh_token", refreshToken);
    }
    if (!scopes.isEmpty()) {
      values.put("scope", Secret.of(String.join(" ", scopes)));
    }
    if (proofKey != null) {
      values.put("proof_key", proofKey);
    }
    if (client != null) {
      values.putAll(client.toValues());
    }
    named.forEach((name, token) -> values.put(NAMED + name, token));
    return values;
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
        proofKey,
        client,
        told,
        idToken);
  }

  /**
   * Returns a copy for a renewal that has got as far as a new refresh token: the old one may be
   * spent, and everything else is as it was.
   *
   * @param proofKey what the new one is bound to, or {@code null}
   */
  TokenSet leadingOnBy(Secret refreshToken, @Nullable Secret proofKey) {
    return with(refreshToken, proofKey);
  }

  TokenSet withoutRefreshToken() {
    return with(null, proofKey);
  }

  private TokenSet with(@Nullable Secret refreshToken, @Nullable Secret proofKey) {
    return new TokenSet(
        accessToken,
        refreshToken,
        obtainedAt,
        expiresAt,
        scopes,
        named,
        proofKey,
        client,
        told,
        idToken);
  }

  private static @Nullable Instant instant(@Nullable Secret text) {
    try {
      return text == null ? null : Instant.parse(text.reveal());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
