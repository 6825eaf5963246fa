package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged jar, run as a process. */
@WireMockTest
class ConnectorsJarIT {

  private static final Path JAR =
      Path.of(System.getProperty("connectors.jar", "target/connectors.jar"));
  private static final String LIBRARY = "src/test/resources/cli/library";
  private static final String DESK = "src/test/resources/cli/desk";

  @TempDir private Path folder;

  private record Run(int code, String out, String err) {}

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private Run run(String... arguments) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void tellsItsVersionAndHelpsQuietly() throws Exception {
    assertThat(run("--version").out()).startsWith("connectors 0.");
    Run help = run("help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .isEqualTo(Files.readString(Path.of("src/test/resources/cli/help.txt"), UTF_8));
    assertThat(help.err()).isEmpty();
  }

  @Test
  void inspectsAndShowsARequestWithoutItsSecret() throws Exception {
    JsonNode report = Json.MAPPER.readTree(run("inspect", LIBRARY, "--json").out());
    Run request =
        run("call", LIBRARY, "ListBooks", "--dry-run", "--connect", "api_key=c4nary-value");

    assertThat(report.at("/totals/loaded").asInt()).isEqualTo(1);
    assertThat(request.out())
        .startsWith("GET https://library.example/v1/books")
        .contains("X-Library-Key: ***")
        .doesNotContain("c4nary");
    assertThat(request.err()).isEmpty();
    assertThat(request.code()).isZero();
  }

  @Test
  void correctsADefinitionAndAsksForChoices() throws Exception {
    Path overlay = Files.writeString(folder.resolve("overlay.json"), "{\"title\": \"Our desk\"}");
    Run corrected = run("docs", DESK, "--overlay", overlay.toString());
    String home = folder.resolve("home").toString();
    Run free = run("choices", DESK, "OpenTicket", "note", "--connect", "api_key=k", "--home", home);
    Run early =
        run("choices", DESK, "OpenTicket", "queue", "--connect", "api_key=k", "--home", home);

    assertThat(corrected.out()).startsWith("# Our desk");
    assertThat(free.code()).isZero();
    assertThat(free.err()).isEqualTo("Anything may be given for note\n");
    assertThat(early.code()).isEqualTo(2);
    assertThat(early.err()).contains("needs first --param team=VALUE");
  }

  @Test
  void keepsConnectionsBetweenRunsAndSaysByItsCodeWhatFailed() throws Exception {
    String home = folder.resolve("home").toString();
    Run connected =
        run("connect", LIBRARY, "--no-test", "--connect", "api_key=c4nary", "--home", home);
    Run listed = run("connections", "--home", home);
    Run failed =
        run("call", LIBRARY, "ListBooks", "--base-url", "http://127.0.0.1:9", "--home", home);
    Run wrong = run("describe", LIBRARY, "Nothing");

    assertThat(connected.code()).isZero();
    assertThat(listed.out()).contains("library (apiKey)");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).startsWith("connectors: ").hasLineCount(1);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(connected.out() + connected.err() + listed + failed).doesNotContain("c4nary");
  }

  @Test
  void removesWhatIsRegisteredWhenItIsToldToEnd(WireMockRuntimeInfo shop) throws Exception {
    stubFor(
        post("/v1/hooks")
            .willReturn(aResponse().withStatus(201).withHeader("Location", "/v1/hooks/h-1")));
    stubFor(delete("/v1/hooks/h-1").willReturn(noContent()));
    Process process =
        new ProcessBuilder(
                command(
                    "listen",
                    "src/test/resources/cli/shop",
                    "WhenCancelled",
                    "--base-url",
                    shop.getHttpBaseUrl() + "/v1",
                    "--home",
                    folder.resolve("home").toString(),
                    "--param",
                    "body/town=Turin",
                    "--connect",
                    "api_key=k"))
            .start();
    try (BufferedReader hints = process.errorReader(UTF_8)) {
      assertThat(hints.readLine()).startsWith("Listening to WhenCancelled at http://127.0.0.1:");
      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    verify(1, deleteRequestedFor(urlEqualTo("/v1/hooks/h-1")));
  }

  @Test
  void holdsTheServicesAndLicencesOfAllAndNoSignature() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains(
              "META-INF/services/java.sql.Driver",
              "META-INF/services/dev.connectorsdk.api.spi.ConnectorProvider",
              "META-INF/LICENSE",
              "META-INF/NOTICE")
          .doesNotHaveDuplicates()
          .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)"))
          .noneMatch(name -> name.endsWith("module-info.class"));
    }
  }
}
