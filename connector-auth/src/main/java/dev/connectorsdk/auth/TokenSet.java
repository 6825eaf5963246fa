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
 */
record TokenSet(
    Secret accessToken,
    @Nullable Secret refreshToken,
    Instant obtainedAt,
    @Nullable Instant expiresAt,
    List<String> scopes) {

  TokenSet {
    scopes = List.copyOf(scopes);
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
    return new TokenSet(
        accessToken,
        values.get("refresh_token"),
        obtainedAt == null ? now : obtainedAt,
        instant(values.get("expires_at")),
        scope == null ? List.of() : List.of(scope.reveal().split(" ")));
  }

  /** Returns the form in which a vault keeps it. */
  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    values.put("access_token", accessToken);
    values.put("token_type", Secret.of("Bearer"));
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
    return values;
  }

  /** Returns a copy that has from {@code previous} what a refresh may leave unsaid. */
  TokenSet completedFrom(TokenSet previous) {
    return new TokenSet(
        accessToken,
        refreshToken == null ? previous.refreshToken : refreshToken,
        obtainedAt,
        expiresAt,
        scopes.isEmpty() ? previous.scopes : scopes);
  }

  TokenSet withoutRefreshToken() {
    return new TokenSet(accessToken, null, obtainedAt, expiresAt, scopes);
  }

  private static @Nullable Instant instant(@Nullable Secret text) {
    try {
      return text == null ? null : Instant.parse(text.reveal());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
