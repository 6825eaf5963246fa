package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InspectTest {

  private static final Path ROOMS = Path.of("src/main/resources/definitions/rooms");

  private final Shell shell = new Shell();

  @Test
  void tellsOfEveryOperationThatCannotBeUsedWhy(@TempDir Path folder) throws Exception {
    aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run run = shell.run("inspect", folder.resolve("a-rooms").toString());

    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .contains(
            "a-rooms: Rooms",
            "  1 of 2 actions can be used",
            "  1 of 1 triggers can be used",
            "    apiKey  API key",
            "    BookRoom  action  "
                + "script not available: no port of the connector's script was registered");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void goesThroughAFolderOfDefinitionsAndSaysWhereABrokenOneIsBroken(@TempDir Path folder)
      throws Exception {
    Path broken = aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run run = shell.run("inspect", folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .contains("a-rooms: Rooms")
        .anyMatch(line -> line.startsWith("  " + broken + "/apiDefinition.swagger.json:3:"))
        .contains("  " + folder.resolve("c-empty") + ": has no apiProperties.json");
    assertThat(run.lines())
        .endsWith(
            "3 operations, 1 of them triggers",
            "  1 of 2 actions can be used",
            "  1 of 1 triggers can be used");
  }

  @Test
  void listsWhatCanBeUsedIfItIsAskedTo(@TempDir Path folder) throws Exception {
    aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run run = shell.run("inspect", folder.resolve("a-rooms").toString(), "--all");

    List<String> lines = run.lines();
    int usable = lines.indexOf("  Can be used");
    assertThat(usable).isNotNegative();
    assertThat(lines.get(usable + 1)).matches("    FindRooms +action .*");
    assertThat(lines.get(usable + 2)).contains("  trigger  ");
  }

  @Test
  void looksAtTwoVersionsOfADefinition(@TempDir Path folder) throws Exception {
    Path before = Files.createDirectory(folder.resolve("before"));
    Path after = Files.createDirectory(folder.resolve("after"));
    aGoodABrokenAndAnEmptyDefinition(before);
    aGoodABrokenAndAnEmptyDefinition(after);

    Shell.Run run =
        shell.run(
            "inspect",
            before.resolve("a-rooms").toString(),
            after.resolve("a-rooms").toString(),
            after.resolve("a-rooms").toString());

    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .filteredOn(line -> line.equals("a-rooms: Rooms"))
        .as("each folder once")
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"operations", "docs", "connect"})
  void namesOneOfTheDefinitionsInAFolderWhereOneIsAskedFor(String command, @TempDir Path folder)
      throws Exception {
    aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run run = shell.run(command, folder.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "connectors: %s is a folder of definitions; name one of them, such as %s\n"
                .formatted(folder, folder.resolve("a-rooms")));
  }

  @Test
  void saysInEveryCommandInWhichFolderABrokenFileIs(@TempDir Path folder) throws Exception {
    Path broken = aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run describe = shell.run("describe", broken.toString(), "FindRooms");
    Shell.Run empty = shell.run("operations", folder.resolve("c-empty").toString());

    assertThat(describe.code()).isEqualTo(1);
    assertThat(describe.err())
        .startsWith("connectors: " + broken + "/apiDefinition.swagger.json:3:")
        .endsWith("Correct the file at the named place.\n")
        .hasLineCount(1);
    assertThat(empty.code()).isEqualTo(1);
    assertThat(empty.err())
        .startsWith("connectors: " + folder.resolve("c-empty") + ": has no apiProperties.json");
  }

  @Test
  void givesMachinesTheSame(@TempDir Path folder) throws Exception {
    aGoodABrokenAndAnEmptyDefinition(folder);

    Shell.Run run = shell.run("inspect", folder.toString(), "--json");

    assertThat(run.code()).isEqualTo(1);
    JsonNode json = run.json();
    assertThat(json.at("/totals/definitions").asInt()).isEqualTo(3);
    assertThat(json.at("/totals/broken").asInt()).isEqualTo(2);
    assertThat(json.at("/totals/actions").asInt()).isEqualTo(2);
    assertThat(json.at("/totals/supportedActions").asInt()).isEqualTo(1);
    assertThat(json.at("/totals/supported").asInt()).isEqualTo(2);
    assertThat(json.at("/definitions/0/operations/0/id").asString()).isEqualTo("FindRooms");
    assertThat(json.at("/definitions/0/operations/1/obstacles/0").asString()).isNotEmpty();
    assertThat(json.at("/definitions/1/problem/line").asInt()).isEqualTo(3);
    assertThat(json.at("/definitions/1/problem/column").asInt()).isPositive();
  }

  @Test
  void refusesAFolderThatDoesNotExist() {
    Shell.Run run = shell.run("inspect", "no/such/folder");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualToIgnoringNewLines("connectors: no such folder: no/such/folder");
  }

  @Test
  void comesToAnEndOverAllPublishedDefinitions() {
    Path corpus = Path.of(System.getProperty("corpus", "corpus"));
    assumeTrue(
        Files.isDirectory(corpus),
        () ->
            "NOT TESTED against published definitions: no folder "
                + corpus
                + "; -Dcorpus=/path/to/definitions names one");

    Shell.Run run = shell.run("inspect", corpus.toString(), "--json");

    assertThat(run.code()).isEqualTo(1);
    JsonNode totals = run.json().path("totals");
    assertThat(totals.path("loaded").asInt()).isGreaterThan(500);
    assertThat(totals.path("operations").asInt())
        .isEqualTo(totals.path("supported").asInt() + totals.path("unsupported").asInt());
  }

  private static Path aGoodABrokenAndAnEmptyDefinition(Path folder) throws Exception {
    Path good = Files.createDirectory(folder.resolve("a-rooms"));
    Path broken = Files.createDirectory(folder.resolve("b-broken"));
    Files.createDirectory(folder.resolve("c-empty"));
    String properties =
        Files.readString(ROOMS.resolve("apiProperties.json"))
            .replace("\"properties\": {", "\"properties\": {\"scriptOperations\": [\"BookRoom\"],");
    for (Path target : new Path[] {good, broken}) {
      Files.writeString(target.resolve("apiProperties.json"), properties);
    }
    Files.copy(
        ROOMS.resolve("apiDefinition.swagger.json"), good.resolve("apiDefinition.swagger.json"));
    Files.writeString(
        broken.resolve("apiDefinition.swagger.json"), "{\n  \"swagger\": \"2.0\",\n  \"paths\" }");
    return broken;
  }
}
