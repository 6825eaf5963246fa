package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections a form of the application makes and mends. */
class SignInOffersTest {

  private static final Caller ADA = Principal.user("ada").in("prod");

  private final TasksSite site = new TasksSite();
  private final AuthOption key = AuthOption.apiKeyHeader("X-Key").named("key");
  private final AuthOption browser =
      AuthOption.oauth2(
              OAuth2Scheme.authorizationCode(site.url() + "/authorize", site.url() + "/token"))
          .named("browser");
  private final AuthOption device =
      AuthOption.oauth2(OAuth2Scheme.deviceCode(site.url() + "/device", site.url() + "/token"))
          .named("device");
  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder()
          .addressPolicy(AddressPolicy.allowAll())
          .connector(connector("keys", key))
          .connector(connector("devices", key, device))
          .connector(connector("tasks", key, device, browser))
          .client(
              "tasks",
              "browser",
              ClientRegistration.publicClient("app")
                  .redirectingTo(URI.create("https://app.example/callback/tasks")))
          .client("tasks", "device", ClientRegistration.publicClient("app"))
          .build();

  private final SignInOffers offers = new SignInOffers(runtime, true);
  private final SignInOffers withoutForms = new SignInOffers(runtime, false);

  private Connector connector(String id, AuthOption... options) {
    Connector.Builder builder = Connector.builder(id, site.url() + "/api");
    for (AuthOption option : options) {
      builder.auth(option);
    }
    return builder.build();
  }

  @AfterEach
  void stop() {
    runtime.close();
    site.close();
  }

  @Test
  void aSignInMakesConnectionsOfAConnectorToWhichUsersSignInByABrowser() {
    assertThat(offers.areMadeBySignIn(ADA, ConnectorId.of("tasks"))).isTrue();
    assertThat(offers.areMadeBySignIn(ADA, ConnectorId.of("devices"))).isFalse();
    assertThat(offers.areMadeBySignIn(ADA, ConnectorId.of("keys"))).isFalse();
    assertThat(offers.areMadeBySignIn(ADA, ConnectorId.of("nobody"))).isFalse();
  }

  @Test
  void aSignInMendsConnectionsToWhichUsersSignInByABrowser() {
    site.server()
        .stubFor(
            post("/device")
                .willReturn(
                    okJson(
                        """
                        {"device_code":"d","user_code":"u","verification_uri":"https://id.test"}
                        """)));
    ConnectionId onDevice =
        runtime.consents().beginDevice(ADA, ConnectionSpec.of("tasks", "device")).connection();

    assertThat(offers.areMendedBySignIn(ADA, pendingInBrowser())).isTrue();
    assertThat(offers.areMendedBySignIn(ADA, onDevice)).isFalse();
    assertThat(offers.areMendedBySignIn(ADA, ConnectionId.of("c-gone"))).isFalse();
  }

  @Test
  void whereNoFormBeginsASignInNoneIsOffered() {
    assertThat(withoutForms.areMadeBySignIn(ADA, ConnectorId.of("tasks"))).isFalse();
    assertThat(withoutForms.areMendedBySignIn(ADA, pendingInBrowser())).isFalse();
  }

  private ConnectionId pendingInBrowser() {
    ConnectionSpec spec = ConnectionSpec.of("tasks", "browser");
    return runtime.consents().begin(ADA, spec, "session").connection();
  }
}
