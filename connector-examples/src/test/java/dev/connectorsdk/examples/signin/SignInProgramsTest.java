package dev.connectorsdk.examples.signin;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WireMockTest(httpPort = 0)
class SignInProgramsTest {

  private static final Caller ADA = Principal.user("ada").in("prod");

  private final HttpClient browser =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .build();
  private ConnectorRuntime runtime;
  private URI callback;

  @BeforeEach
  void start(WireMockRuntimeInfo service) throws IOException {
    String url = "http://127.0.0.1:" + service.getHttpPort();
    String back = "{{request.query.redirect_uri}}?code=c-1&state={{urlEncode request.query.state}}";
    stubFor(
        get(urlPathEqualTo("/authorize"))
            .willReturn(temporaryRedirect(back).withTransformers("response-template")));
    stubFor(
        post("/token").willReturn(okJson("{\"access_token\":\"t-1\",\"refresh_token\":\"r-1\"}")));
    stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"ABCD","verification_uri":"https://id.test/d"}
                    """)));
    callback = URI.create("http://127.0.0.1:" + LocalServer.freePort() + "/callback/tickets");
    ClientRegistration app = ClientRegistration.publicClient("app").redirectingTo(callback);
    runtime =
        ConnectorRuntime.builder()
            .connector(
                Connector.builder("tickets", url)
                    .titled("Tickets")
                    .auth(
                        AuthOption.oauth2(
                                OAuth2Scheme.authorizationCode(url + "/authorize", url + "/token"))
                            .named("signIn"))
                    .auth(
                        AuthOption.oauth2(OAuth2Scheme.deviceCode(url + "/device", url + "/token"))
                            .named("device"))
                    .build())
            .client("tickets", "signIn", app)
            .client("tickets", "device", app)
            .sleeper(pause -> {})
            .build();
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private HttpResponse<String> open(URI uri) throws IOException, InterruptedException {
    return browser.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void assertAdaIsConnected() {
    assertThat(runtime.connections().list(ADA))
        .singleElement()
        .satisfies(connection -> assertThat(connection.status().isConnected()).isTrue());
  }

  @Test
  void javalinSignsUsersIn() throws Exception {
    Javalin app = Javalin.create(config -> config.showJavalinBanner = false);
    app.get("/login", ctx -> ctx.sessionAttribute("user", "ada"));
    new JavalinSignIn(runtime, callback).addTo(app);
    app.start("127.0.0.1", callback.getPort());
    try {
      open(callback.resolve("/login"));
      HttpResponse<String> page = open(callback.resolve("/connect/tickets"));

      assertThat(page.body()).isEqualTo("Connected as Tickets");
      assertAdaIsConnected();
      assertThat(open(page.uri()).statusCode()).isEqualTo(403);
    } finally {
      app.stop();
    }
  }

  @Test
  void aServletSignsUsersIn() throws Exception {
    ServletHolder servlet = new ServletHolder(new ServletSignIn(runtime, callback));
    Javalin container =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.jetty.modifyServletContextHandler(
                  handler -> {
                    handler.addFilter(
                        new FilterHolder(authenticated("ada")),
                        "/*",
                        EnumSet.of(jakarta.servlet.DispatcherType.REQUEST));
                    handler.addServlet(servlet, "/connect/tickets");
                    handler.addServlet(servlet, "/callback/tickets");
                  });
            });
    container.get("/desk", ctx -> ctx.result("The desk"));
    container.start("127.0.0.1", callback.getPort());
    try {
      HttpResponse<String> page = open(callback.resolve("/connect/tickets?returnTo=/desk"));

      assertThat(page.body()).isEqualTo("The desk");
      assertAdaIsConnected();
    } finally {
      container.stop();
    }
  }

  private static Filter authenticated(String user) {
    return (request, response, chain) ->
        chain.doFilter(
            new HttpServletRequestWrapper((HttpServletRequest) request) {
              @Override
              public java.security.Principal getUserPrincipal() {
                return () -> user;
              }
            },
            response);
  }

  /** Has a person read what is printed. */
  private static PrintStream terminal(Consumer<String> person) {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
      @Override
      public void println(String line) {
        person.accept(line);
      }
    };
  }

  @Test
  void aTerminalWaitsForTheBrowser() throws Exception {
    TerminalSignIn.withBrowser(
        runtime,
        ADA,
        terminal(
            line -> {
              URI link = URI.create(line.substring("Open ".length()));
              var unused =
                  browser.sendAsync(
                      HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.discarding());
            }));

    assertAdaIsConnected();
  }

  @Test
  void aTerminalWaitsForAnotherDevice() throws Exception {
    StringBuilder printed = new StringBuilder();

    TerminalSignIn.onAnotherDevice(runtime, ADA, terminal(printed::append));

    assertThat(printed.toString()).isEqualTo("Open https://id.test/d and enter ABCD");
    assertAdaIsConnected();
  }
}
