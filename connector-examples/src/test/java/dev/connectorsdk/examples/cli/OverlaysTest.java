package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --overlay corrects, in all commands about one definition. */
@WireMockTest
class OverlaysTest {

  private static final String LIBRARY = "src/test/resources/cli/library";

  @TempDir private Path folder;
  private final Shell shell = new Shell();
  private String overlay;

  @BeforeEach
  void anOverlay(WireMockRuntimeInfo wireMock) throws IOException {
    overlay =
        overlay(
            """
            {"title": "Our library", "baseUrl": "%s/v2",
             "operations": {"ListBooks": {"title": "Look for books", "effect": "WRITE"}}}
            """
                .formatted(wireMock.getHttpBaseUrl()));
    stubFor(get(urlPathEqualTo("/v2/books")).willReturn(okJson("[]")));
  }

  private String overlay(String json) throws IOException {
    return Files.writeString(folder.resolve("library.overlay.json"), json).toString();
  }

  @Test
  void correctsWhatIsTold() {
    assertThat(shell.run("inspect", LIBRARY, "--overlay", overlay).lines())
        .contains("library: Our library");
    assertThat(shell.run("operations", LIBRARY, "--overlay", overlay, "--effect", "write").out())
        .contains("Look for books");
    assertThat(
            shell
                .run("describe", LIBRARY, "ListBooks", "--overlay", overlay, "--json")
                .json()
                .path("effect")
                .asString())
        .isEqualTo("WRITE");
    assertThat(shell.run("docs", LIBRARY, "--overlay", overlay).out())
        .startsWith("# Our library")
        .contains("Look for books");
    assertThat(
            shell
                .run("docs", LIBRARY, "--overlay", overlay, "--json")
                .json()
                .path("markdown")
                .asString())
        .startsWith("# Our library");
  }

  @Test
  void anEffectThatTheNameDoesNotSuggestIsMarked() {
    Shell.Run asDeclared = shell.run("operations", LIBRARY);
    Shell.Run corrected = shell.run("operations", LIBRARY, "--overlay", overlay);

    assertThat(asDeclared.out()).doesNotContain("?");
    assertThat(corrected.lines())
        .anySatisfy(line -> assertThat(line).contains("ListBooks", "write ?"))
        .anySatisfy(line -> assertThat(line).startsWith("?  The name suggests another effect."));
    assertThat(shell.run("operations", LIBRARY, "--overlay", overlay, "--json").json())
        .filteredOn(operation -> operation.path("effectDoubtful").asBoolean())
        .extracting(operation -> operation.path("id").asString())
        .containsExactly("ListBooks");
  }

  @Test
  void correctsWhereCallsGoAndStaysWithAConnection() {
    String home = folder.resolve("home").toString();
    Shell.Run connected =
        shell.run(
            "connect",
            LIBRARY,
            "--overlay",
            overlay,
            "--connect",
            "api_key=c4nary",
            "--home",
            home);
    Shell.Run called = shell.run("call", LIBRARY, "ListBooks", "--home", home);
    Shell.Run shown =
        shell.run(
            "call",
            LIBRARY,
            "ListBooks",
            "--overlay",
            overlay,
            "--base-url",
            "http://localhost:9/v3",
            "--home",
            home,
            "--dry-run");

    assertThat(connected.code()).isZero();
    assertThat(called.out()).isEqualTo("[]\n");
    assertThat(shown.out()).startsWith("GET http://localhost:9/v3/books");
    assertThat(shell.run("test", "--home", home).code()).isZero();
    assertThat(
            shell.run("connections", "--home", home, "--json").json().at("/0/overlay").asString())
        .isEqualTo(overlay);
  }

  @Test
  void whatAConnectionRemembersCountsBeforeTheInputIsRead() throws IOException {
    String home = folder.resolve("home").toString();
    String disabling =
        overlay(
            """
            {"test": null, "operations": {
              "ListBooks": {"disabled": "the library is closed"},
              "WhenABookComes": {"disabled": "the library is closed"}}}
            """);
    Shell.Run connected =
        shell.run(
            "connect",
            LIBRARY,
            "--overlay",
            disabling,
            "--connect",
            "api_key=c4nary",
            "--home",
            home);

    assertThat(connected.code()).as(connected.err()).isZero();
    Map.of("call", "ListBooks", "listen", "WhenABookComes")
        .forEach(
            (command, operation) -> {
              Shell.Run refused =
                  shell.run(command, LIBRARY, operation, "--param", "no-such=1", "--home", home);
              assertThat(refused.code()).as(refused.err()).isEqualTo(1);
              assertThat(refused.err()).contains("the library is closed");
            });
  }

  @Test
  void saysWhatIsWrongWithIt() throws IOException {
    Shell.Run missing = shell.run("operations", LIBRARY, "--overlay", "no-such-file.json");
    Shell.Run unknown =
        shell.run(
            "operations",
            LIBRARY,
            "--overlay",
            overlay("{\"operations\": {\"Nothing\": {\"title\": \"x\"}}}"));
    Shell.Run inspected = shell.run("inspect", LIBRARY, "--overlay", overlay);
    Shell.Run noJson = shell.run("describe", LIBRARY, "ListBooks", "--overlay", overlay("{"));
    Shell.Run several =
        shell.run("inspect", "src/test/resources/cli", "--overlay", overlay("{\"title\": \"x\"}"));

    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).isEqualTo("connectors: no such file: no-such-file.json\n");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains(folder.resolve("library.overlay.json").toString(), "/operations/Nothing");
    assertThat(inspected.code()).isEqualTo(2);
    assertThat(inspected.err()).isEqualTo(unknown.err());
    assertThat(noJson.code()).isEqualTo(2);
    assertThat(noJson.err())
        .isEqualTo(
            "connectors: "
                + folder.resolve("library.overlay.json")
                + ":1:2: is not JSON, or names a member twice\n");
    assertThat(several.code()).isEqualTo(2);
    assertThat(several.err()).contains("--overlay corrects one definition, not 3");
  }
}
