package dev.connectorsdk.examples.helpdesk;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.AuthScheme;
import java.util.List;

/**
 * A way to authenticate that only this service has: log in with user name and password, get a
 * session, send it with every request until the service has forgotten it.
 *
 * @param loginUrl where to log in, with connection parameters in braces
 */
// tag::scheme[]
public record SessionLogin(String loginUrl) implements AuthScheme {

  @Override
  public List<ConnectionParameter> parameters() {
    return List.of(
        ConnectionParameter.text("username").titled("User name"),
        ConnectionParameter.secret("password").titled("Password"));
  }

  @Override
  public List<String> endpoints() {
    return List.of(loginUrl);
  }
}
// end::scheme[]
