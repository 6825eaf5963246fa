package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.List;

/**
 * A token that the connection's owner got elsewhere, sent as RFC 6750 section 2.1 says.
 *
 * @param parameter the secret connection parameter that holds the token
 */
public record BearerScheme(String parameter) implements AuthScheme {

  /** Returns the scheme with the parameter {@code token}. */
  public static BearerScheme standard() {
    return new BearerScheme("token");
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return List.of(ConnectionParameter.secret(parameter).titled("Access token"));
  }
}
