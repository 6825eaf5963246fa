package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The OAuth client that a host has registered with a provider. Immutable: each method that changes
 * something returns a copy. Its text holds no secret.
 *
 * <p>Its secrets belong to the host application, not to the owner of a connection. Where the
 * owner's parameters decide which host a token request goes to, {@link #sentTo} names those that
 * may get it.
 */
public final class ClientRegistration {

  private final String clientId;
  private final @Nullable Secret clientSecret;
  private final @Nullable Secret privateKey;
  private final @Nullable String keyId;
  private final List<String> origins;
  private final List<URI> redirectUris;
  private final Map<String, Secret> values;
  private final @Nullable UserAssertionProvider userAssertions;
  private final boolean pkce;
  private final List<Secret> webhookSecrets;
  private final @Nullable Secret webhookToken;

  private ClientRegistration(Draft draft) {
    this.clientId = draft.clientId;
    this.clientSecret = draft.clientSecret;
    this.privateKey = draft.privateKey;
    this.keyId = draft.keyId;
    this.origins = draft.origins;
    this.redirectUris = draft.redirectUris;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(draft.values));
    this.userAssertions = draft.userAssertions;
    this.pkce = draft.pkce;
    this.webhookSecrets = draft.webhookSecrets;
    this.webhookToken = draft.webhookToken;
  }

  /** Returns a confidential client. */
  public static ClientRegistration of(String clientId, Secret clientSecret) {
    Draft draft = new Draft(clientId);
    draft.clientSecret = Objects.requireNonNull(clientSecret, "clientSecret");
    return new ClientRegistration(draft);
  }

  /** Returns a public client. */
  public static ClientRegistration publicClient(String clientId) {
    return new ClientRegistration(new Draft(clientId));
  }

  /**
   * Returns a client that authenticates with a key; RFC 7523 section 2.2.
   *
   * @param privateKey a PEM private key (PKCS #8) or a private JWK
   * @param keyId the {@code kid} under which the provider knows it, or {@code null} for that of the
   *     JWK, if it has one
   */
  public static ClientRegistration withKey(
      String clientId, Secret privateKey, @Nullable String keyId) {
    Draft draft = new Draft(clientId);
    draft.privateKey = Objects.requireNonNull(privateKey, "privateKey");
    draft.keyId = keyId;
    return new ClientRegistration(draft);
  }

  /**
   * Returns a copy that goes to token endpoints on these origins only. Where a further value of the
   * client goes along to the service itself, it goes to these origins, and to where the connector's
   * author decides about the host.
   */
  public ClientRegistration sentTo(String... origins) {
    return changed(draft -> draft.origins = List.of(origins));
  }

  /**
   * Returns a copy that names where the provider sends browsers back to after a sign-in, as
   * configured when the client was registered: https, or http at 127.0.0.1 or [::1]. The path names
   * the connector, such as {@code https://app.example.com/callback/tickets}. The first one is used
   * where a sign-in does not name another of them, such as a host with several domains has.
   *
   * <p>If the last segment of the path is {@code *}, the runtime puts the id of the connection in
   * its place, so that each connection has a redirect URI of its own. The provider has to accept
   * that. Where the owner of a connection chooses the host at which users sign in, it is needed
   * unless {@link #sentTo} names the sites that are trusted: a site must not accept the redirect
   * URI of another one's connection (RFC 9700 section 4.4).
   *
   * <p>The runtime checks them when it is built.
   */
  public ClientRegistration redirectingTo(URI... redirectUris) {
    return changed(draft -> draft.redirectUris = List.of(redirectUris));
  }

  /**
   * Returns a copy with a further value of the application, such as the developer token that some
   * services want beside the user's. Templates name it like a connection parameter, and it takes
   * precedence over one of the same name.
   */
  public ClientRegistration with(String name, Secret value) {
    return changed(draft -> draft.values.put(name, Objects.requireNonNull(value, "value")));
  }

  /** Returns a copy whose sign-ins use PKCE even where the connector has switched it off. */
  public ClientRegistration withPkce() {
    return changed(draft -> draft.pkce = true);
  }

  /** Returns a copy that can act for users whom the host knows; see {@link OAuth2Scheme}. */
  public ClientRegistration onBehalfOf(UserAssertionProvider assertions) {
    return changed(draft -> draft.userAssertions = Objects.requireNonNull(assertions));
  }

  /**
   * Returns a copy that receives the webhooks of all its accounts at one URL; see {@link
   * dev.connectorsdk.api.WebhookTrigger.Application}. They are no secrets of OAuth, and go nowhere.
   *
   * @param secrets what deliveries are signed with: several while one replaces another
   */
  public ClientRegistration withWebhookSecrets(Secret... secrets) {
    return changed(draft -> draft.webhookSecrets = List.of(secrets));
  }

  /**
   * Returns a copy with the token by which the service's handshake at that URL is recognised, where
   * there is one, such as Meta's verify token. Without {@linkplain #withWebhookSecrets secrets} it
   * has no effect.
   *
   * @throws IllegalArgumentException if it is empty or blank
   */
  public ClientRegistration withWebhookToken(Secret token) {
    if (token.reveal().isBlank()) {
      throw new IllegalArgumentException("The token of handshakes is blank: anybody could send it");
    }
    return changed(draft -> draft.webhookToken = token);
  }

  /** Returns the public id. */
  public String clientId() {
    return clientId;
  }

  /** Returns the secret, or {@code null} if there is none. */
  public @Nullable Secret clientSecret() {
    return clientSecret;
  }

  /** Returns the private key, or {@code null} if there is none. */
  public @Nullable Secret privateKey() {
    return privateKey;
  }

  /** Returns the id of the private key, or {@code null} if there is none. */
  public @Nullable String keyId() {
    return keyId;
  }

  /**
   * Returns the only origins ({@code https://id.example.com}) of token endpoints that may get the
   * client; empty for those that the connector's author fixed.
   */
  public List<String> origins() {
    return origins;
  }

  /** Returns where the provider sends browsers back to; empty if that was not said. */
  public List<URI> redirectUris() {
    return redirectUris;
  }

  /** Returns further values by name. */
  public Map<String, Secret> values() {
    return values;
  }

  /** Returns what gives the tokens of users whom the host knows. */
  public Optional<UserAssertionProvider> userAssertions() {
    return Optional.ofNullable(userAssertions);
  }

  /** Returns what the application's webhooks are signed with; empty if it receives none. */
  public List<Secret> webhookSecrets() {
    return webhookSecrets;
  }

  /** Returns the token of handshakes, or {@code null} if there is none. */
  public @Nullable Secret webhookToken() {
    return webhookToken;
  }

  /** Returns whether sign-ins use PKCE even where the connector has switched it off. */
  public boolean wantsPkce() {
    return pkce;
  }

  /** Returns whether it holds anything secret that providers or services get. */
  public boolean isConfidential() {
    return clientSecret != null
        || privateKey != null
        || !values.isEmpty()
        || userAssertions != null;
  }

  /** Returns the id, and what else there is without its value. */
  @Override
  public String toString() {
    return "client "
        + clientId
        + (privateKey != null ? " with a key" : clientSecret != null ? " with a secret" : "")
        + (values.isEmpty() ? "" : " and " + values.keySet());
  }

  private ClientRegistration changed(Consumer<Draft> change) {
    Draft draft = new Draft(clientId);
    draft.clientSecret = clientSecret;
    draft.privateKey = privateKey;
    draft.keyId = keyId;
    draft.origins = origins;
    draft.redirectUris = redirectUris;
    draft.values.putAll(values);
    draft.userAssertions = userAssertions;
    draft.pkce = pkce;
    draft.webhookSecrets = webhookSecrets;
    draft.webhookToken = webhookToken;
    change.accept(draft);
    return new ClientRegistration(draft);
  }

  private static final class Draft {
    final String clientId;
    @Nullable Secret clientSecret;
    @Nullable Secret privateKey;
    @Nullable String keyId;
    List<String> origins = List.of();
    List<URI> redirectUris = List.of();
    final Map<String, Secret> values = new LinkedHashMap<>();
    @Nullable UserAssertionProvider userAssertions;
    boolean pkce;
    List<Secret> webhookSecrets = List.of();
    @Nullable Secret webhookToken;

    Draft(String clientId) {
      this.clientId = Objects.requireNonNull(clientId, "clientId");
    }
  }
}
