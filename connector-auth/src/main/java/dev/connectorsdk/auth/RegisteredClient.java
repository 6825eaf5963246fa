package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that a sign-in has registered for its connection alone; RFC 7591. It is kept for later
 * sign-ins, beside the sign-in that began with it, and with the tokens that it got.
 *
 * @param secret {@code null} for a public client
 * @param expiresAt when the secret expires, or {@code null} if it does not
 * @param terms where it was registered, and for what
 * @param scopes what it may ask for
 * @param management where it can be deleted, or {@code null}; RFC 7592
 */
record RegisteredClient(
    String id,
    @Nullable Secret secret,
    ClientAuthentication method,
    @Nullable Instant expiresAt,
    String terms,
    List<String> scopes,
    @Nullable Management management) {

  /** The address of one client's registration, and what opens it. */
  record Management(String url, Secret token) {}

  private static final String PREFIX = "client.";

  /** A sign-in that begins now can end that much later. */
  private static final Duration LONGEST_SIGN_IN = Duration.ofMinutes(10);

  RegisteredClient {
    scopes = List.copyOf(scopes);
  }

  /** Returns the client among values of several kinds, or {@code null} if there is none. */
  static @Nullable RegisteredClient fromValues(Map<String, Secret> values) {
    String id = text(values, "id");
    String method = text(values, "method");
    if (id == null || method == null) {
      return null;
    }
    String scopes = text(values, "scopes");
    return new RegisteredClient(
        id,
        values.get(PREFIX + "secret"),
        ClientAuthentication.valueOf(method),
        instant(text(values, "expires_at")),
        Objects.requireNonNullElse(text(values, "terms"), ""),
        scopes == null ? List.of() : List.of(scopes.split(" ")),
        management(values));
  }

  private static @Nullable Management management(Map<String, Secret> values) {
    String url = text(values, "management_url");
    Secret token = values.get(PREFIX + "management_token");
    return url == null || token == null ? null : new Management(url, token);
  }

  private static @Nullable String text(Map<String, Secret> values, String name) {
    Secret value = values.get(PREFIX + name);
    return value == null || value.isEmpty() ? null : value.reveal();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    values.put(PREFIX + "id", Secret.of(id));
    values.put(PREFIX + "method", Secret.of(method.name()));
    values.put(PREFIX + "terms", Secret.of(terms));
    values.put(PREFIX + "scopes", Secret.of(String.join(" ", scopes)));
    if (secret != null) {
      values.put(PREFIX + "secret", secret);
    }
    if (expiresAt != null) {
      values.put(PREFIX + "expires_at", Secret.of(expiresAt.toString()));
    }
    if (management != null) {
      values.put(PREFIX + "management_url", Secret.of(management.url()));
      values.put(PREFIX + "management_token", management.token());
    }
    return values;
  }

  /** Returns whether a sign-in that begins now can use it. */
  boolean fits(String wantedTerms, List<String> wantedScopes, Instant now) {
    return terms.equals(wantedTerms)
        && scopes.containsAll(wantedScopes)
        && (expiresAt == null || now.plus(LONGEST_SIGN_IN).isBefore(expiresAt));
  }

  /** Returns the client as a request wants it proved, as far as it can be. */
  OAuthClient provedBy(ClientAuthentication wanted, OAuth2Scheme scheme) {
    boolean asUsual =
        wanted == scheme.clientAuthentication() || (wanted.usesSecret() && isPublic());
    return new OAuthClient(id, secret, null, null, asUsual ? method : wanted);
  }

  private boolean isPublic() {
    return secret == null;
  }

  /** Returns a text without the secrets. */
  @Override
  public String toString() {
    return "registered client " + id;
  }
}
