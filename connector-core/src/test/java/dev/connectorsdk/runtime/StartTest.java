package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A host in a JVM of its own, which ends after its first answer. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartTest {

  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** What takes a good part of a start to load: nothing of it is for a first call without TLS. */
  private static final List<String> LATER =
      List.of(
          "com.github.benmanes.caffeine.",
          "com.nimbusds.jose.crypto.",
          "com.networknt.",
          "com.github.victools.",
          "java.lang.runtime.ObjectMethods",
          "sun.security.ssl.SSLContextImpl");

  @RegisterExtension
  private final WireMockExtension service = WireMockExtension.newInstance().build();

  /** The host. */
  static final class Host {

    private Host() {}

    public static void main(String[] arguments) {
      Caller ada = Principal.user("ada").in("dev");
      try (ConnectorRuntime runtime =
          ConnectorRuntime.builder()
              .connector(Tickets.builder(arguments[0]).build())
              .addressPolicy(AddressPolicy.allowAll())
              .build()) {
        runtime
            .connections()
            .create(
                ada,
                ConnectionSpec.of("tickets", "oauth2")
                    .with("client_id", "desk")
                    .secret("client_secret", Secret.of("s3cr3t"))
                    .untested());
        ConnectionReference mine = ConnectionReference.invoker("mine", "tickets");
        System.out.println(
            "answered " + runtime.invoke(ada, mine, Tickets.GET, new TicketId("1")).title());
      }
    }
  }

  @Test
  void loadsWhatTheFirstCallNeedsAlone() throws Exception {
    service.stubFor(
        WireMock.post("/token")
            .willReturn(
                WireMock.okJson(
                    """
                    {"access_token": "t1", "token_type": "Bearer", "expires_in": 3600}""")));
    service.stubFor(
        WireMock.get("/tickets/1")
            .willReturn(
                WireMock.okJson(
                    """
                    {"id": "1", "title": "Door"}""")));

    List<String> said = linesOfHost();

    assertThat(said).contains("answered Door");
    assertThat(said.stream().filter(line -> LATER.stream().anyMatch(line::contains))).isEmpty();
  }

  private List<String> linesOfHost() throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:stdout",
                "-cp",
                CLASS_PATH,
                Host.class.getName(),
                service.baseUrl())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      List<String> lines = new String(host.getInputStream().readAllBytes(), UTF_8).lines().toList();
      assertThat(host.waitFor()).isZero();
      return lines;
    } finally {
      host.destroyForcibly();
    }
  }
}
