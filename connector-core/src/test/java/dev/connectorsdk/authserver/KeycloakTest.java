package dev.connectorsdk.authserver;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.connectorsdk.api.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The same against Keycloak, whose distribution is in the folder that the system property {@code
 * connectorsdk.test.keycloak} names. The Maven profile {@code keycloak} puts it there.
 */
@EnabledIfSystemProperty(
    named = "connectorsdk.test.keycloak",
    matches = ".+",
    disabledReason = "NOT TESTED against Keycloak, which is in a profile: -Pkeycloak")
class KeycloakTest extends AuthorizationServerContract {

  private static RSAKey key;
  private static Keycloak server;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException, JOSEException {
    // Keycloak does not look at keys that do not say what they are for.
    key = new RSAKeyGenerator(2048).keyID("k1").keyUse(KeyUse.SIGNATURE).generate();
    server = Keycloak.start(Path.of(System.getProperty("connectorsdk.test.keycloak", "")), key);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  AuthorizationServer server() {
    return server;
  }

  @Override
  Secret key() {
    return Secret.of(key.toJSONString());
  }

  @Override
  List<String> serviceScopes() {
    return List.of("openid");
  }

  @Override
  List<String> scopes() {
    return List.of("openid", "profile", "email");
  }

  /** The clock of a proof may be ahead by no more than a few seconds. */
  @Override
  Duration lifeOfBoundTokens() {
    return Duration.ofSeconds(10);
  }
}
