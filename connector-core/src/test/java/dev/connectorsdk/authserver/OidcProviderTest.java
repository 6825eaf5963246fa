package dev.connectorsdk.authserver;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.node.NodeServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NodeServer.Installed.class)
class OidcProviderTest extends AuthorizationServerContract {

  private static RSAKey key;
  private static OidcProvider server;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("k1").generate();
    server = OidcProvider.start(key);
  }

  @AfterAll
  static void stopServer() {
    server.close();
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
  List<String> scopes() {
    return List.of("openid", "offline_access", "tickets.read");
  }

  @Override
  Duration lifeOfBoundTokens() {
    return Duration.ofMinutes(10);
  }
}
