package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.notContaining;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.dryrun.Mask;
import dev.connectorsdk.examples.dryrun.ShownRequest;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class BrowserSignInTest {

  @TempDir private Path folder;
  private Connector connector;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    String service = wireMock.getHttpBaseUrl();
    connector =
        Connector.builder("mail", service)
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(service + "/authorize", service + "/token")
                        .scopes("mail.read")
                        .issuedBy(service)))
            .action(
                Action.builder("list", Effect.READ, Nothing.class, String.class)
                    .run((input, call) -> call.http().get("/mails").send().text()))
            .build();
    stubFor(any(anyUrl()).willReturn(unauthorized()));
    stubFor(
        post("/token")
            .withRequestBody(containing("code=c4nary-code"))
            .willReturn(
                okJson(
                    """
                    {"access_token": "c4nary-access", "refresh_token": "c4nary-refresh",
                     "token_type": "Bearer", "expires_in": 3600}
                    """)));
    stubFor(
        get("/mails")
            .withHeader("Authorization", equalTo("Bearer c4nary-access"))
            .willReturn(okJson("[]")));
  }

  @Test
  void keepsWhatASignInWithABrowserLedToAndTheClientThatItNeeds() throws Exception {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    ClientRegistration client = ClientRegistration.of("my-client", Secret.of("c4nary-client"));
    Connection connection;
    try (Home home = Home.open(folder.resolve("home"));
        ConnectorRuntime runtime =
            home.runtime().connector(connector).client("mail", "oauth2", client).build()) {
      AuthOption option = connector.authOptions().get(0);
      ConnectionSpec spec = ConnectionSpec.of("mail", "oauth2");
      connection = SignIn.run(runtime, option, spec, FakeBrowser.reading(seen, "c4nary-code"));
      home.remember(connection.id(), new Home.Origin(DefinitionSource.of(folder), client));
    }

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(seen.toString(UTF_8)).contains("/authorize?").doesNotContain("c4nary");
    try (Home home = Home.open(folder.resolve("home"))) {
      assertThat(home.origin(connection.id()).client().clientId()).isEqualTo("my-client");
      assertThat(home.secrets(connection.id()))
          .contains(Secret.of("c4nary-client"), Secret.of("c4nary-access"))
          .doesNotContain(Secret.of("mail.read"));
      var request = new DryRun(connector, "list", Json.object()).with(home, connection);
      Mask mask = Mask.of(home.secrets(connection.id()));
      assertThat(new ShownRequest(request, mask).toText())
          .contains("GET ", "/mails", "Authorization: Bearer ***")
          .doesNotContain("c4nary");
    }
    assertThat(Files.readString(folder.resolve("home/origins.json"))).doesNotContain("c4nary");
  }

  @Test
  void keepsTheKeyOfAClientForRenewals() throws Exception {
    String assertion = "client_assertion=";
    stubFor(
        post("/token")
            .withRequestBody(containing("code=c4nary-code"))
            .withRequestBody(containing(assertion))
            .withRequestBody(notContaining("client_secret"))
            .willReturn(
                okJson(
                    """
                    {"access_token": "c4nary-old", "refresh_token": "c4nary-refresh",
                     "token_type": "Bearer", "expires_in": 1}
                    """)));
    stubFor(
        post("/token")
            .withRequestBody(containing("grant_type=refresh_token"))
            .withRequestBody(containing(assertion))
            .willReturn(
                okJson(
                    """
                    {"access_token": "c4nary-access", "token_type": "Bearer", "expires_in": 3600}
                    """)));
    ClientRegistration client =
        ClientRegistration.withKey("my-client", Secret.of(PrivateKeys.pem()), "k1");
    Connection connection;
    try (Home home = Home.open(folder.resolve("home"));
        ConnectorRuntime runtime =
            home.runtime().connector(connector).client("mail", "oauth2", client).build()) {
      connection =
          SignIn.run(
              runtime,
              connector.authOptions().get(0),
              ConnectionSpec.of("mail", "oauth2"),
              FakeBrowser.reading(new ByteArrayOutputStream(), "c4nary-code"));
      home.remember(connection.id(), new Home.Origin(DefinitionSource.of(folder), client));
    }

    try (Home home = Home.open(folder.resolve("home"))) {
      assertThat(home.origin(connection.id()).client().keyId()).isEqualTo("k1");
      assertThat(home.secrets(connection.id())).contains(Secret.of(PrivateKeys.pem()));
      try (ConnectorRuntime runtime = home.runtime(connector, connection).build()) {
        var mine = ConnectionReference.invoker("mine", "mail");
        assertThat(runtime.invoke(Home.me(), mine, "list", Map.of()).asString()).isEqualTo("[]");
      }
    }
    String line = PrivateKeys.pem().lines().skip(1).findFirst().orElseThrow();
    assertThat(Files.readString(folder.resolve("home/origins.json"))).doesNotContain(line);
  }

  @Test
  void signsInOnAnotherDevice(WireMockRuntimeInfo wireMock) throws Exception {
    String service = wireMock.getHttpBaseUrl();
    Connector device =
        Connector.builder("mail", service)
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.deviceCode(service + "/device", service + "/device-token")))
            .build();
    stubFor(
        post("/device")
            .withRequestBody(containing("client_id=my-client"))
            .willReturn(
                okJson(
                    """
                    {"device_code": "c4nary-device", "user_code": "WDJB-MJHT", "interval": 5,
                     "verification_uri": "%s/activate", "expires_in": 900}
                    """
                        .formatted(service))));
    stubFor(
        post("/device-token")
            .inScenario("person")
            .whenScenarioStateIs("Started")
            .willReturn(jsonResponse("{\"error\": \"authorization_pending\"}", 400))
            .willSetStateTo("done"));
    stubFor(
        post("/device-token")
            .inScenario("person")
            .whenScenarioStateIs("done")
            .withRequestBody(containing("device_code=c4nary-device"))
            .willReturn(
                okJson("{\"access_token\": \"c4nary-access\", \"token_type\": \"Bearer\"}")));
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    List<Duration> pauses = new ArrayList<>();
    try (Home home = Home.open(folder.resolve("home"));
        ConnectorRuntime runtime =
            home.runtime()
                .connector(device)
                .client("mail", "oauth2", ClientRegistration.publicClient("my-client"))
                .sleeper(pauses::add)
                .build()) {
      Connection connection =
          SignIn.run(
              runtime,
              device.authOptions().get(0),
              ConnectionSpec.of("mail", "oauth2"),
              new PrintStream(seen, true, UTF_8));

      assertThat(connection.status().isConnected()).isTrue();
    }
    assertThat(seen.toString(UTF_8))
        .isEqualTo("Open " + service + "/activate on any device and enter WDJB-MJHT\n");
    assertThat(pauses).hasSize(2);
  }
}
