package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host in a JVM of its own, whose trust store is of a type that nobody knows. */
@Timeout(120)
class HostWithoutTlsTest {

  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** The host, which says how its call ended and of what it was told. */
  static final class Host {

    private Host() {}

    public static void main(String[] arguments) {
      Caller ada = Principal.user("ada").in("dev");
      try (ConnectorRuntime runtime =
          ConnectorRuntime.builder()
              .connector(Tickets.builder("https://localhost:1").build())
              .listener(event -> System.out.println("told of " + event.getClass().getSimpleName()))
              .build()) {
        runtime.connections().create(ada, ConnectionSpec.of("tickets", "none").untested());
        runtime.invoke(
            ada, ConnectionReference.invoker("mine", "tickets"), Tickets.GET, new TicketId("1"));
      } catch (ActionFailedException e) {
        System.out.println("failed: " + e.getCause());
      }
    }
  }

  @Test
  void aCallEndsWithWhatIsWrong() throws Exception {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djavax.net.ssl.trustStoreType=NONSENSE",
                "-cp",
                CLASS_PATH,
                Host.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String said = new String(host.getInputStream().readAllBytes(), UTF_8);

      assertThat(said)
          .contains("told of CallEnded")
          .contains("failed: java.lang.IllegalStateException: The JDK's TLS cannot be set up");
      assertThat(host.waitFor()).isZero();
    } finally {
      host.destroyForcibly();
    }
  }
}
