package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@WireMockTest
class ChoicesTest {

  private static final String DESK = "src/test/resources/cli/desk";
  private static final String KEY = "c4nary-of-the-desk";

  @TempDir private Path folder;
  private Shell shell;
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    baseUrl = wireMock.getHttpBaseUrl() + "/api";
    shell = new Shell().with("KEY", KEY);
    stubFor(
        ask("/api/teams")
            .willReturn(okJson("{\"teams\": [{\"id\": 7, \"name\": \"Red\"}, {\"id\": 8}]}")));
    stubFor(
        ask("/api/teams/7/queues")
            .willReturn(okJson("[{\"id\": \"q1\", \"name\": \"Printers\"}]")));
    stubFor(
        ask("/api/teams/7/fields")
            .willReturn(
                okJson(
                    "{\"schema\": {\"type\": \"object\", \"properties\":"
                        + " {\"colour\": {\"type\": \"string\"}}}}")));
    stubFor(
        ask("/api/folders")
            .willReturn(okJson("[{\"id\": \"f1\", \"name\": \"Documents\", \"folder\": true}]")));
    stubFor(
        ask("/api/folders/f1")
            .willReturn(okJson("[{\"id\": \"f2\", \"name\": \"a.txt\", \"folder\": false}]")));
  }

  private static MappingBuilder ask(String path) {
    return get(path).withHeader("X-Desk-Key", equalTo(KEY));
  }

  private Shell.Run choices(String... more) {
    Shell.Run run =
        shell.run(
            Shell.arguments(
                List.of(
                    "choices",
                    DESK,
                    "OpenTicket",
                    "--base-url",
                    baseUrl,
                    "--home",
                    folder.resolve("home").toString(),
                    "--connect",
                    "api_key=env:KEY"),
                more));
    assertThat(run.all()).doesNotContain(KEY);
    return run;
  }

  @Test
  void listsWhatTheServiceOffers() {
    Shell.Run run = choices("team");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.lines()).containsExactly("VALUE  TITLE", "7      Red", "8      8");
  }

  @Test
  void givesMachinesTheSame() {
    JsonNode json = choices("team", "--json").json();

    assertThat(json.path("kind").asString()).isEqualTo("LIST");
    assertThat(json.at("/choices/0/value").asInt()).isEqualTo(7);
    assertThat(json.at("/choices/0/title").asString()).isEqualTo("Red");
  }

  @Test
  void saysWhichParameterIsNeededFirstAndAsksNothing() {
    Shell.Run run = choices("queue");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("connectors: needs first --param team=VALUE\n");
    verify(0, anyRequestedFor(anyUrl()));
    assertThat(choices("queue", "--param", "team=7").out()).contains("q1     Printers");
  }

  @Test
  void opensATreeLevelByLevel() {
    assertThat(choices("folder").lines()).last().asString().contains("Documents", "can be opened");
    assertThat(choices("folder", "--open", "Documents").lines())
        .last()
        .asString()
        .startsWith("f2")
        .contains("a.txt");
    Shell.Run closed = choices("folder", "--open", "Pictures");
    assertThat(closed.code()).isEqualTo(2);
    assertThat(closed.err()).contains("nothing called 'Pictures' can be opened", "Documents");
  }

  @Test
  void printsTheWholeInputAsTheServiceKnowsIt() {
    Shell.Run before = choices("--schema");
    Shell.Run after = choices("--schema", "--param", "team=7");

    assertThat(before.err()).isEqualTo("More is known with --param team=VALUE\n");
    assertThat(before.out()).doesNotContain("colour");
    assertThat(after.err()).isEmpty();
    assertThat(after.json().toString()).contains("colour");
  }

  @Test
  void saysIfAnythingMayBeGiven() {
    Shell.Run run = choices("note");

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("Anything may be given for note\n");
    assertThat(choices("note", "--json").json().path("kind").asString()).isEqualTo("NONE");
  }

  @Test
  void failsIfTheServiceDoes() {
    stubFor(ask("/api/teams").willReturn(status(403)));

    Shell.Run run = choices("team");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("403").hasLineCount(1);
  }

  @Test
  void refusesACommandLineThatDoesNotFit() {
    assertThat(choices().code()).isEqualTo(2);
    assertThat(choices("team", "--schema").code()).isEqualTo(2);
    Shell.Run unknown = choices("nothing");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .startsWith("connectors: operation 'OpenTicket' has no parameter 'nothing'; it takes team,")
        .hasLineCount(1);
    assertThat(choices("team", "--param", "nothing=1").code()).isEqualTo(2);
    verify(0, anyRequestedFor(anyUrl()));
  }
}
