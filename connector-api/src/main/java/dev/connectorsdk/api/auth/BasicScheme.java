package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.List;

/**
 * HTTP Basic authentication, RFC 7617, in UTF-8.
 *
 * @param userParameter the connection parameter that holds the user name
 * @param passwordParameter the secret connection parameter that holds the password
 */
public record BasicScheme(String userParameter, String passwordParameter) implements AuthScheme {

  /** Returns the scheme with parameters {@code username} and {@code password}. */
  public static BasicScheme standard() {
    return new BasicScheme("username", "password");
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return List.of(
        ConnectionParameter.text(userParameter).titled("User name"),
        ConnectionParameter.secret(passwordParameter).titled("Password"));
  }
}
