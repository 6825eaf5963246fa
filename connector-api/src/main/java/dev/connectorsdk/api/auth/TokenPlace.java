package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import java.util.Objects;

/**
 * Where a token goes in a request to the service.
 *
 * @param placement header, query or cookie
 * @param name of the header, query parameter or cookie
 * @param template the value, with {@code {access_token}} for the token
 */
public record TokenPlace(Placement placement, String name, String template) {

  /** The Authorization header, as RFC 6750 section 2.1 says. */
  public static final TokenPlace BEARER = header("Authorization", "Bearer {access_token}");

  public TokenPlace {
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(template, "template");
    if (name.isBlank()) {
      throw new IllegalArgumentException("A token needs a name to be sent under");
    }
  }

  /** Returns a header that holds the token and nothing else. */
  public static TokenPlace header(String name) {
    return header(name, "{access_token}");
  }

  /** Returns a header. */
  public static TokenPlace header(String name, String template) {
    return new TokenPlace(Placement.HEADER, name, template);
  }

  /** Returns a query parameter. Where a choice is, a header is better: URLs are logged. */
  public static TokenPlace query(String name, String template) {
    return new TokenPlace(Placement.QUERY, name, template);
  }

  /** Returns a cookie. */
  public static TokenPlace cookie(String name, String template) {
    return new TokenPlace(Placement.COOKIE, name, template);
  }
}
