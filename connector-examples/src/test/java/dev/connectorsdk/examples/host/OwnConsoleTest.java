package dev.connectorsdk.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.examples.host.OwnConsole.Login;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class OwnConsoleTest {

  private final HttpClient browser =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  private HttpResponse<String> open(URI uri) throws Exception {
    return browser.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoIsLoggedInAtTheApplicationIsKnownToItsConsole() throws Exception {
    URI address = URI.create("http://127.0.0.1:" + LocalServer.freePort() + "/console");
    Javalin app = Javalin.create(config -> config.showJavalinBanner = false);
    app.get(
        "/login",
        ctx -> ctx.sessionAttribute("login", new Login(Principal.user("ada"), "Ada", true)));
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().build()) {
      OwnConsole.add(app, runtime, FlowDirectory.of(), address);
      app.start("127.0.0.1", address.getPort());

      assertThat(open(address).statusCode()).isEqualTo(401);
      open(address.resolve("/login"));
      assertThat(open(address).body()).contains("Hello, Ada", "prod", "Administrator");
    } finally {
      app.stop();
    }
  }
}
