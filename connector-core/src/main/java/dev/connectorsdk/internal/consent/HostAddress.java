package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a host may have browsers sent: redirect URIs, and where users go on afterwards. */
final class HostAddress {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

  private final Set<String> origins = new HashSet<>();

  /**
   * @param origins of the host, such as {@code https://app.example.com}
   * @throws IllegalArgumentException if one is not an origin
   */
  HostAddress(List<String> origins) {
    for (String text : origins) {
      URI uri = URI.create(text);
      if (!isWeb(uri) || !(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
        throw new IllegalArgumentException(
            "Not an origin such as https://app.example.com: " + text);
      }
      this.origins.add(origin(uri));
    }
  }

  /**
   * Checks a redirect URI; RFC 9700 sections 2.1 and 4.4, RFC 8252 section 7.3.
   *
   * @throws IllegalArgumentException if it is not one of the host's, or does not name the connector
   */
  void requireRedirectUri(URI redirectUri, ConnectorId connector) {
    if (!isWeb(redirectUri) || redirectUri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "A redirect URI is an https URL, or http at 127.0.0.1 or [::1], without user and"
              + " fragment");
    }
    if (!origins.isEmpty() && !isLoopback(redirectUri) && !isAllowed(redirectUri)) {
      throw new IllegalArgumentException(
          "The redirect URI is not on one of the host's origins: " + origin(redirectUri));
    }
    if (!Arrays.asList(redirectUri.getPath().split("/")).contains(connector.value())) {
      throw new IllegalArgumentException(
          "The path of the redirect URI must name the connector, as in /callback/"
              + connector
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
      if ((isPath || text.equals(uri.toString()))
          && isWeb(uri)
          && (origin(uri).equals(origin(redirectUri)) || isAllowed(uri))) {
        return uri;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Browsers and URI do not agree about such a text, which is what attackers live on.
    }
    throw new InvalidInputException(
        "a sign-in",
        List.of(new Fault("/returnTo", "must be a path or a URL on one of the host's origins")));
  }

  private boolean isAllowed(URI uri) {
    return origins.contains(origin(uri));
  }

  private static boolean isWeb(URI uri) {
    String scheme = uri.getScheme();
    return ("https".equals(scheme) || ("http".equals(scheme) && isLoopback(uri)))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawPath() != null;
  }

  private static boolean isLoopback(URI uri) {
    return uri.getHost() != null && LOOPBACK.contains(uri.getHost());
  }

  private static String origin(URI uri) {
    boolean standard =
        uri.getPort() < 0 || ("https".equals(uri.getScheme()) && uri.getPort() == 443);
    return uri.getScheme()
        + "://"
        + uri.getHost().toLowerCase(Locale.ROOT)
        + (standard ? "" : ":" + uri.getPort());
  }
}
