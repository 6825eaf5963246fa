package dev.connectorsdk.authserver;

import dev.connectorsdk.api.Secret;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The same against a Keycloak that is running: {@code -Dconnectorsdk.test.keycloak=url}, and {@code
 * -Dconnectorsdk.test.keycloak.key=jwk} with the private key of its client {@code keyed}.
 */
@EnabledIfSystemProperty(named = "connectorsdk.test.keycloak", matches = "http.*")
class KeycloakTest extends AuthorizationServerContract {

  private static Keycloak server;

  @BeforeAll
  static void find() {
    server = new Keycloak(System.getProperty("connectorsdk.test.keycloak", ""));
  }

  @Override
  AuthorizationServer server() {
    return server;
  }

  @Override
  Secret key() {
    return Secret.of(System.getProperty("connectorsdk.test.keycloak.key", "{}"));
  }

  @Override
  List<String> serviceScopes() {
    return List.of("openid");
  }

  @Override
  List<String> scopes() {
    return List.of("openid", "profile", "email");
  }
}
