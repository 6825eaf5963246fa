package dev.connectorsdk.authserver;

import static dev.connectorsdk.authserver.AuthorizationServer.CALLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.fixtures.NodeServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NodeServer.Installed.class)
class OidcProviderTest extends AuthorizationServerContract {

  private static RSAKey key;
  private static OidcProvider server;

  private Map<String, Integer> before = Map.of();

  @BeforeEach
  void count() {
    before = server.counts();
  }

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

  @Override
  Map<String, OAuth2Scheme> options() {
    Map<String, OAuth2Scheme> options = super.options();
    String[] scopes = scopes().toArray(String[]::new);
    OAuth2Scheme issuer =
        OAuth2Scheme.issuer(server().issuer()).scopes(scopes).registeringClients();
    options.put("registering", issuer);
    options.put("registeringPublic", issuer.clientAuthentication(ClientAuthentication.NONE));
    options.put(
        "registeringDevice",
        OAuth2Scheme.deviceCode("{device_authorization_endpoint}", "{token_endpoint}")
            .discoveredAt(server().issuer())
            .scopes(scopes)
            .registeringClients());
    return options;
  }

  @ParameterizedTest
  @ValueSource(strings = {"registering", "registeringPublic"})
  void aConnectionRegistersItsClientAndDeletesIt(String option) {
    Connection connection = signIn(option);

    assertThat(call().toString()).contains("ada");
    PendingConsent again =
        runtime
            .consents()
            .begin(
                ADA, connection.id(), "session", ConsentOptions.standard().redirectUri(CALLBACK));
    URI back = browser.open(again.authorizationUrl(), CALLBACK);
    runtime.consents().complete(ADA.principal(), back, "session");
    assertThat(call().toString()).contains("ada");
    assertThat(added("registered")).isEqualTo(1);

    clock.advance(Duration.ofMinutes(11));
    assertThat(call().toString()).contains("ada");
    assertThat(added("granted refresh_token")).isEqualTo(1);

    runtime.connections().delete(ADA, connection.id());
    assertThat(added("unregistered")).isEqualTo(1);
  }

  @Test
  void aDeviceSignInRegistersItsClient() throws InterruptedException {
    PendingDeviceConsent pending =
        runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "registeringDevice"));
    server().signInOnDevice(browser, pending.verificationUriComplete().orElseThrow(), "ada");
    pending.await();

    assertThat(call().toString()).contains("ada");
    clock.advance(Duration.ofMinutes(11));
    assertThat(call().toString()).contains("ada");
    assertThat(added("registered")).isEqualTo(1);
  }

  private int added(String what) {
    return server().counts().getOrDefault(what, 0) - before.getOrDefault(what, 0);
  }
}
