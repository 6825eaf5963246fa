package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The host is asked once who sends a request, and says nothing that cannot be. */
class KnownVisitorsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");

  private final AtomicInteger asked = new AtomicInteger();
  private final URI address = URI.create("http://127.0.0.1:" + LocalServer.freePort() + "/console");
  private final Javalin app = Javalin.create(config -> config.showJavalinBanner = false);
  private ConnectorRuntime runtime;

  @BeforeEach
  void start() {
    runtime = ConnectorRuntime.builder().build();
    Console.of(
            runtime,
            request -> {
              asked.incrementAndGet();
              return Optional.ofNullable(request.cookie("session"))
                  .filter(session -> !session.isEmpty())
                  .map(session -> Visitor.of(ADA, "Ada", session));
            },
            address)
        .addTo(app);
    app.start("127.0.0.1", address.getPort());
  }

  @AfterEach
  void stop() {
    app.stop();
    runtime.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', ada-1, 200",
    "'', '', 401",
    "callback/dev/tickets?state=x, ada-1, 403",
    "callback/dev/tickets?state=x, '', 200",
    "callback/dev/tickets?state=x&again=1, '', 401"
  })
  void theHostIsAskedOnceForEachRequest(String page, String session, int status) {
    assertThat(new ConsoleBrowser(address, session).open(page).statusCode()).isEqualTo(status);

    assertThat(asked).hasValue(1);
  }

  @Test
  void aLinkThatIsUsedUpLeadsOn() {
    new OneTimeLinks(address).addTo(app);

    HttpResponse<String> page = new ConsoleBrowser(address, "").open("/enter/none");

    assertThat(page.statusCode()).isEqualTo(410);
    assertThat(page.body())
        .contains("This link is used up", "ask for a new link", "href=\"" + address + "\"");
  }

  @ParameterizedTest
  @CsvSource({"dev, true", "test, false"})
  @DisplayName("B11: a link makes nobody the administrator of another environment")
  void aLinkIsForAnAdministratorOfTheEnvironmentThatThePagesShow(
      String environment, boolean isMade) {
    OneTimeLinks links = new OneTimeLinks(address);
    Administrator root = Administrator.of(Principal.user("root"), environment);

    if (isMade) {
      assertThat(links.link(ADA, "Root", root).getPath()).startsWith("/enter/");
    } else {
      assertThatExceptionOfType(PermissionDeniedException.class)
          .isThrownBy(() -> links.link(ADA, "Root", root));
    }
  }
}
