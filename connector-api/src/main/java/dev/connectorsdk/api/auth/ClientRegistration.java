package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The OAuth client that a host has registered with a provider.
 *
 * @param clientId the public id
 * @param clientSecret the secret, or {@code null} for a public client
 */
public record ClientRegistration(String clientId, @Nullable Secret clientSecret) {

  public ClientRegistration {
    Objects.requireNonNull(clientId, "clientId");
  }

  /** Returns a confidential client. */
  public static ClientRegistration of(String clientId, Secret clientSecret) {
    return new ClientRegistration(clientId, Objects.requireNonNull(clientSecret, "clientSecret"));
  }

  /** Returns a public client. */
  public static ClientRegistration publicClient(String clientId) {
    return new ClientRegistration(clientId, null);
  }
}
