package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.BadAnswers;
import dev.connectorsdk.fixtures.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ServerSocketFactory;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services that try to fill the memory of a small host. */
@Tag("E13")
@Timeout(600)
class MisbehavingServicesTest {

  private static final int USERS = 4;
  private static final long ALLOWANCE = 2 * 1024 * 1024;
  private static final long OF_CALLS = 10 * 1024 * 1024 + ALLOWANCE;
  private static final long OF_TOKENS = 256 * 1024 + ALLOWANCE;

  private final Certificates certificates = new Certificates("authority");
  private final List<LocalServer> servers = new ArrayList<>();
  private final List<String> services = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (LocalServer server : servers) {
      server.close();
    }
  }

  private void start(
      String protocol, ServerSocketFactory sockets, Map<String, LocalServer.Service> answers) {
    String scheme = protocol.equals("HTTP/1") || protocol.equals("token") ? "http" : "https";
    answers.forEach(
        (name, answer) -> {
          LocalServer server = new LocalServer(sockets, answer);
          servers.add(server);
          services.add(
              String.join(
                  "\t",
                  protocol + ": " + name,
                  scheme + "://localhost:" + server.port(),
                  protocol));
        });
  }

  @Test
  @DisplayName("E13: with 256 MiB, no service makes a call hold more than its limit and 2 MiB")
  void noServiceMakesACallHoldMoreThanItsLimit(@TempDir Path folder) throws Exception {
    ServerSocketFactory plain = ServerSocketFactory.getDefault();
    ServerSocketFactory tls =
        certificates.of(certificates.server).sslContext().getServerSocketFactory();
    start("HTTP/1", plain, BadAnswers.overHttp1());
    Map<String, LocalServer.Service> worst = BadAnswers.overHttp1();
    worst.keySet().removeIf(name -> !name.contains("short") && !name.contains("without end"));
    start("token", plain, worst);
    start("TLS", tls, worst);
    start("HTTP/2", tls, BadAnswers.overHttp2());
    Path authority = folder.resolve("authority.pem");
    Files.writeString(authority, certificates.authority.certificatePem());
    Path list = folder.resolve("services");
    Files.write(list, services);
    Path output = folder.resolve("output");

    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallHost.class.getName(),
                authority.toString(),
                list.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(host.waitFor()).as(Files.readString(output)).isZero();

    List<String[]> results =
        Files.readAllLines(output).stream()
            .map(line -> line.split("\t", -1))
            .filter(parts -> parts.length == 3)
            .toList();
    assertThat(results).hasSameSizeAs(services);
    SoftAssertions all = new SoftAssertions();
    for (String[] result : results) {
      long most = result[0].startsWith("token") ? OF_TOKENS : OF_CALLS;
      all.assertThat(result[1])
          .as(result[0])
          .matches("\\[\\w+Exception(, \\w+Exception){" + (USERS - 1) + "}]");
      all.assertThat(Long.parseLong(result[2])).as(result[0]).isLessThan(USERS * most);
    }
    all.assertAll();
  }
}
