package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class AuditCommandTest {

  private static final String LIBRARY = "src/test/resources/cli/library";
  private static final String KEY = "c4nary-of-the-house";

  @TempDir private Path folder;
  private final Shell shell = new Shell().with("KEY", KEY);
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    baseUrl = wireMock.getHttpBaseUrl() + "/v1";
    stubFor(get(anyUrl()).willReturn(okJson("[]")));
  }

  private Shell.Run run(String... arguments) {
    Path home = folder.resolve("home");
    Shell.Run run = shell.run(Shell.arguments(List.of(arguments), "--home", home.toString()));
    assertThat(run.all()).doesNotContain(KEY);
    return run;
  }

  @Test
  void listsWhatWasDoneWithStoredConnections() {
    run(
        "connect",
        LIBRARY,
        "--base-url",
        baseUrl,
        "--name",
        "house",
        "--connect",
        "api_key=env:KEY");
    run("call", LIBRARY, "ListBooks");
    String id = run("connections", "--json").json().at("/0/id").asString();
    run("connections", "delete", "house");

    Shell.Run list = run("audit");
    Shell.Run json = run("audit", "--connection", id, "--json");

    assertThat(list.err()).isEmpty();
    assertThat(list.lines().get(0)).startsWith("WHEN").contains("WHO", "WHAT", "RESULT");
    assertThat(list.lines().get(1)).contains("connection deleted").endsWith("done");
    assertThat(list.lines().get(2)).contains("ListBooks", "library").endsWith("done");
    assertThat(list.lines().get(list.lines().size() - 1)).contains("connection created");
    assertThat(json.json().at("/1/operation").asString()).isEqualTo("ListBooks");
    assertThat(json.json().at("/1/effect").asString()).isEqualTo("READ");
    assertThat(json.json().at("/1/connection").asString()).isEqualTo(id);
    assertThat(json.json().at("/1/allowed").asBoolean()).isTrue();
  }

  @Test
  void listsNothingWhereNothingIs() {
    assertThat(run("audit").out()).startsWith("no records in ");
    assertThat(run("audit", "--json").out().strip()).isEqualTo("[]");
    assertThat(run("audit", "--refused").code()).isZero();
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThat(run("audit", "--since", "yesterday").code()).isEqualTo(2);
    assertThat(run("audit", "--limit", "0").code()).isEqualTo(2);
    run(
        "connect",
        LIBRARY,
        "--base-url",
        baseUrl,
        "--name",
        "house",
        "--connect",
        "api_key=env:KEY");
    assertThat(run("audit", "--connection", "barn").err()).contains("no connection 'barn'");
  }
}
