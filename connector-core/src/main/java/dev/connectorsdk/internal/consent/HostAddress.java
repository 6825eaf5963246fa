package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.api.internal.ThisMachine;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a host may have browsers sent: redirect URIs, and where users go on afterwards. */
final class HostAddress {

  private final Set<Origin> origins = new HashSet<>();

  /**
   * @param origins of the host, such as {@code https://app.example.com}
   * @throws IllegalArgumentException if one is not an origin
   */
  HostAddress(List<String> origins) {
    for (String text : origins) {
      URI uri = URI.create(text);
      Origin origin = origin(uri);
      if (origin == null || !(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
        throw new IllegalArgumentException(
            "Not an origin such as https://app.example.com: " + text);
      }
      this.origins.add(origin);
    }
  }

  /**
   * Checks a redirect URI; RFC 9700 sections 2.1 and 4.4, RFC 8252 section 7.3.
   *
   * @throws IllegalArgumentException if it is not one of the host's, or does not name the
   *     connector, and for a custom one its environment
   */
  void requireRedirectUri(URI redirectUri, ClientKey key) {
    Origin origin = origin(redirectUri);
    if (origin == null || redirectUri.getRawFragment() != null || isUnclaimedName(origin)) {
      throw new IllegalArgumentException(
          "A redirect URI is an https URL, or http at 127.0.0.1 or [::1], or at localhost if that"
              + " is one of the host's origins, without user and fragment");
    }
    boolean isOwn = ThisMachine.isAddress(origin.host()) || origins.contains(origin);
    if (!origins.isEmpty() && !isOwn) {
      throw new IllegalArgumentException(
          "The redirect URI is not on one of the host's origins: " + origin);
    }
    requireNaming(named(key), redirectUri);
  }

  /** The name localhost may lead elsewhere, RFC 8252 section 8.3, unless the host says it is it. */
  private boolean isUnclaimedName(Origin origin) {
    return origin.scheme().equals("http")
        && !ThisMachine.isAddress(origin.host())
        && !origins.contains(origin);
  }

  /** Returns the part of a path that tells a connector from all others of the runtime. */
  static String named(ClientKey key) {
    return key.environment() == null
        ? "/" + key.connector()
        : "/" + key.environment() + "/" + key.connector();
  }

  private static void requireNaming(String named, URI redirectUri) {
    if (!(redirectUri.getPath() + "/").contains(named + "/")) {
      throw new IllegalArgumentException(
          "The path of the redirect URI must name the connector, as in /callback"
              + named
              + ", so that what one service sends is not taken for another one's");
    }
  }

  /**
   * Returns where a user goes on, as a whole URL.
   *
   * @param text a path, or a URL; possibly from a browser
   * @param redirectUri on whose origin a path is
   * @throws InvalidInputException if it leads away from the host
   */
  @Nullable URI returnTo(@Nullable String text, URI redirectUri) {
    if (text == null) {
      return null;
    }
    try {
      URI uri = redirectUri.resolve(new URI(text));
      boolean isPath = text.startsWith("/") && !text.startsWith("//");
      if ((isPath || text.equals(uri.toString())) && isOfHost(uri, redirectUri)) {
        return uri;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Browsers and URI do not agree about such a text, which is what attackers live on.
    }
    throw new InvalidInputException(
        "a sign-in", "/returnTo", "must be a path or a URL on one of the host's origins");
  }

  private boolean isOfHost(URI uri, URI redirectUri) {
    Origin origin = origin(uri);
    return origin != null && (origin.equals(origin(redirectUri)) || origins.contains(origin));
  }

  /** Returns where an https URL leads, or an http one on this machine; else {@code null}. */
  private static @Nullable Origin origin(URI uri) {
    try {
      Origin origin = Origin.of(uri);
      boolean local = origin.scheme().equals("http") && ThisMachine.is(origin.host());
      return origin.scheme().equals("https") || local ? origin : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
