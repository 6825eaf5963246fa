package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The OAuth client that a host has registered with a provider.
 *
 * <p>Its secret belongs to the host, not to the owner of a connection. Where the owner's parameters
 * decide to which host a token request goes, say with {@link #sentTo} which ones may have it.
 *
 * @param clientId the public id
 * @param clientSecret the secret, or {@code null} for a public client
 * @param origins the only origins ({@code https://id.example.com}) of token endpoints that may get
 *     the client; empty for those that the connector's author fixed
 */
public record ClientRegistration(
    String clientId, @Nullable Secret clientSecret, List<String> origins) {

  public ClientRegistration {
    Objects.requireNonNull(clientId, "clientId");
    origins = List.copyOf(origins);
  }

  /** Returns a confidential client. */
  public static ClientRegistration of(String clientId, Secret clientSecret) {
    return new ClientRegistration(
        clientId, Objects.requireNonNull(clientSecret, "clientSecret"), List.of());
  }

  /** Returns a public client. */
  public static ClientRegistration publicClient(String clientId) {
    return new ClientRegistration(clientId, null, List.of());
  }

  /** Returns a copy that goes to token endpoints on these origins only. */
  public ClientRegistration sentTo(String... origins) {
    return new ClientRegistration(clientId, clientSecret, List.of(origins));
  }
}
