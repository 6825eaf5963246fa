package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sign-in whose hosts depend on the region that the owner of a connection chooses. */
class RegionalSignInTest {

  private static final Caller ADA = Principal.user("ada").in("test");

  @TempDir Path temp;
  private ConnectorRuntime runtime;
  private String connector;

  @BeforeEach
  void start() {
    Folder folder = Folder.in(temp);
    folder.paths("");
    folder.connectionParameters(
        """
        'token': {'type': 'oauthSetting', 'oAuthSettings': {
          'identityProvider': 'oauth2generic', 'customParameters': {
            'authorizationUrlTemplate': {'value': 'https://{usDomain}{euDomain}/auth'},
            'tokenUrlTemplate': {'value': 'https://api.{usDomain}{euDomain}/token'},
            'usDomain': {'value': 'vault.example.com'}, 'euDomain': {'value': 'eu.example.com'}},
          'additionalParameters': {
            'usDomain': {'applicableWhen': [{'parameter': 'region', 'oneOf': [null, 'US']}]},
            'euDomain': {'applicableWhen': [{'parameter': 'region', 'oneOf': ['EU']}]}}}}
        , 'token:region': {'type': 'string'}
        """);
    var loaded = folder.load().connector();
    connector = loaded.id().value();
    runtime =
        ConnectorRuntime.builder()
            .connector(loaded)
            .client(connector, "oauth2", ClientRegistration.of("app", Secret.of("s3cret")))
            .build();
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @CsvSource(
      value = {"EU, eu.example.com", "US, vault.example.com", "none, vault.example.com"},
      nullValues = "none")
  void theRegionDecides(String region, String host) {
    ConnectionSpec spec = ConnectionSpec.of(connector, "oauth2");

    URI link = begin(region == null ? spec : spec.with("token:region", region));

    assertThat(link).hasScheme("https").hasHost(host).hasPath("/auth");
  }

  @Test
  void aRegionThatTheDefinitionDoesNotNameLeadsNowhere() {
    ConnectionSpec spec =
        ConnectionSpec.of(connector, "oauth2").with("token:region", "evil.example");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> begin(spec))
        .withMessageContaining("/token:region")
        .withMessageNotContaining("evil");
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  private URI begin(ConnectionSpec spec) {
    URI callback = URI.create("https://app.test/callback/" + connector);
    return runtime
        .consents()
        .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(callback))
        .authorizationUrl();
  }
}
