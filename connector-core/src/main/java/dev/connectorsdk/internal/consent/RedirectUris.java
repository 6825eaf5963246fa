package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where services send browsers back to: what the host's clients are registered with. */
public final class RedirectUris {

  /** The last segment of a path in whose place the id of the connection is put. */
  private static final String EACH_CONNECTION = "/*";

  private final Registry registry;
  private final HostAddress host;

  /**
   * For the runtime.
   *
   * @param hostOrigins such as {@code https://app.example.com}
   * @throws IllegalArgumentException if one is not an origin, or a client has a redirect URI that
   *     cannot be used
   */
  public RedirectUris(Registry registry, List<String> hostOrigins) {
    this.registry = registry;
    this.host = new HostAddress(hostOrigins);
    registry.clients().forEach(this::check);
  }

  HostAddress host() {
    return host;
  }

  private void check(ClientKey key, ClientRegistration client) {
    for (URI uri : client.redirectUris()) {
      try {
        host.requireRedirectUri(uri, key);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "The client for "
                + key
                + " cannot have the redirect URI "
                + uri
                + ": "
                + e.getMessage(),
            e);
      }
    }
  }

  /**
   * Returns the redirect URI of a sign-in, as the client has it.
   *
   * @param wanted {@code null} for the first one of the client
   * @throws IllegalArgumentException if there is none, or {@code wanted} is none of them
   */
  URI choose(ClientKey key, @Nullable URI wanted) {
    ClientRegistration client = registry.clients().get(key);
    List<URI> ofClient = client == null ? List.of() : client.redirectUris();
    if (wanted == null) {
      return ofClient.stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Nobody says where the service sends the browser back to. Say so with"
                          + " ClientRegistration.redirectingTo, or, where no client is registered"
                          + " here, with ConsentOptions.redirectUri"));
    }
    if (!ofClient.isEmpty() && !ofClient.contains(wanted)) {
      throw new IllegalArgumentException(
          "The redirect URI is none of those of the client: " + ofClient);
    }
    host.requireRedirectUri(wanted, key);
    return wanted;
  }

  /** Returns the redirect URI for one connection. */
  static URI of(ConnectionId connection, URI redirectUri) {
    String path = redirectUri.getRawPath();
    if (!path.endsWith(EACH_CONNECTION)) {
      return redirectUri;
    }
    String text = redirectUri.toString();
    int star = text.indexOf(path) + path.length() - 1;
    return URI.create(text.substring(0, star) + connection.value() + text.substring(star + 1));
  }
}
