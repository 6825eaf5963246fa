package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
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
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class BrowserSignInTest {

  private static final Pattern REDIRECT = Pattern.compile("[?&]redirect_uri=([^&]*)");
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]*)");

  @TempDir private Path folder;
  private Connector connector;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    String service = wireMock.getHttpBaseUrl();
    connector =
        Connector.builder("mail", service)
            .auth(
                AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(service + "/authorize", service + "/token")))
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

  /** Follows the link as soon as it is printed, as a person with a browser would. */
  private static PrintStream browserThatReads(ByteArrayOutputStream seen) {
    return new PrintStream(seen, true, UTF_8) {
      @Override
      public void println(Object line) {
        super.println(line);
        new Thread(() -> comeBack(String.valueOf(line))).start();
      }
    };
  }

  private static void comeBack(String link) {
    Matcher redirect = REDIRECT.matcher(link);
    Matcher state = STATE.matcher(link);
    if (redirect.find() && state.find()) {
      String callback = URLDecoder.decode(redirect.group(1), UTF_8);
      URI uri = URI.create(callback + "?code=c4nary-code&state=" + state.group(1));
      try (InputStream page = uri.toURL().openStream()) {
        page.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
      connection = SignIn.run(runtime, option, spec, browserThatReads(seen));
      home.remember(connection.id(), new Home.Origin(folder, null, client));
    }

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(seen.toString(UTF_8)).contains("/authorize?").doesNotContain("c4nary");
    try (Home home = Home.open(folder.resolve("home"))) {
      assertThat(home.origin(connection.id()).client().clientId()).isEqualTo("my-client");
      assertThat(home.secrets(connection.id()))
          .contains(Secret.of("c4nary-client"), Secret.of("c4nary-access"));
      var request = new DryRun(connector, "list", Json.object()).with(home, connection);
      Mask mask = Mask.of(home.secrets(connection.id()));
      assertThat(new ShownRequest(request, mask).toText())
          .contains("GET ", "/mails", "Authorization: Bearer ***")
          .doesNotContain("c4nary");
    }
    assertThat(Files.readString(folder.resolve("home/origins.json"))).doesNotContain("c4nary");
  }
}
