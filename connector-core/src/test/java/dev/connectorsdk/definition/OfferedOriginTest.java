package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sign-in at an origin that the connection's owner chooses among those of the definition. */
class OfferedOriginTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final String LIVE = "https://login.example.com";
  private static final String CHOICES =
      ", 'uiDefinition': {'constraints': {'allowedValues': [{'value': 'https://login.example.com'},"
          + " {'value': 'https://trial.example.com'}]}}";

  @TempDir Path temp;
  private ConnectorRuntime runtime;

  private void start(String choices) {
    Folder folder = Folder.in(temp);
    folder.paths("");
    folder.connectionParameters(
        """
        'token': {'type': 'oauthSetting', 'oAuthSettings': {
          'identityProvider': 'oauth2generic', 'customParameters': {
            'authorizationUrlTemplate': {'value': '{stage}/authorize'},
            'tokenUrlTemplate': {'value': '{stage}/token'},
            'tokenUrlQueryStringTemplate': {'value': '?site={site}'}}}},
        'token:stage': {'type': 'string'%s},
        'token:site': {'type': 'string'}
        """
            .formatted(choices));
    Connector connector = folder.load().connector();
    runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .client(connector.id().value(), "oauth2", ClientRegistration.of("app", Secret.of("s3")))
            .build();
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private URI begin(String stage) {
    ConnectionSpec spec =
        ConnectionSpec.of("parcels", "oauth2").with("token:stage", stage).with("token:site", "n");
    URI callback = URI.create("https://app.test/callback/parcels");
    return runtime
        .consents()
        .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(callback))
        .authorizationUrl();
  }

  @Test
  @DisplayName("H5: the client goes to an origin that the definition offers")
  void theClientGoesToAnOriginThatTheDefinitionOffers() {
    start(CHOICES);

    assertThat(begin(LIVE)).hasHost("login.example.com");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> begin("https://evil.example"));
  }

  @Test
  @DisplayName("E1: the client goes nowhere that only the connection's owner has chosen")
  void theClientGoesNowhereThatOnlyTheOwnerHasChosen() {
    start("");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin(LIVE))
        .withMessageContaining("sentTo");
  }
}
