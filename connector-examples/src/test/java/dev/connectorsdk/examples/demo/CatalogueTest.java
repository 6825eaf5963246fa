package dev.connectorsdk.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {

  private static final Path ROOMS = Path.of("src/main/resources/definitions/rooms");

  private static List<String> linesOf(Path... folders) throws IOException {
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    Catalogue.print(List.of(folders), new PrintStream(captured, true, UTF_8));
    return captured.toString(UTF_8).lines().toList();
  }

  @Test
  void listsEveryOperationAsSupportedOrWithTheReasonWhyNot() throws Exception {
    assertThat(linesOf(ROOMS))
        .containsExactly(
            "rooms: Rooms",
            "  sign in with: apiKey",
            "  action  FindRooms: supported",
            "  action  BookRoom: supported",
            "  trigger WhenRoomIsFree: not supported, it is a trigger",
            "Why operations are not supported, some for several reasons:",
            "      1  it is a trigger",
            "1 of 1 definitions loaded, 3 operations, 2 supported, 1 not");
  }

  @Test
  void goesThroughAFolderOfDefinitionsAndSaysWhereABrokenOneIsBroken(@TempDir Path folder)
      throws Exception {
    Path good = Files.createDirectory(folder.resolve("a-rooms"));
    Path broken = Files.createDirectory(folder.resolve("b-broken"));
    Files.createDirectory(folder.resolve("c-empty"));
    for (Path target : List.of(good, broken)) {
      Files.copy(ROOMS.resolve("apiProperties.json"), target.resolve("apiProperties.json"));
    }
    Files.copy(
        ROOMS.resolve("apiDefinition.swagger.json"), good.resolve("apiDefinition.swagger.json"));
    Files.writeString(
        broken.resolve("apiDefinition.swagger.json"), "{\n  \"swagger\": \"2.0\",\n  \"paths\" }");

    List<String> lines = linesOf(folder);

    assertThat(lines).startsWith("a-rooms: Rooms").contains("b-broken", "c-empty");
    assertThat(lines)
        .filteredOn(line -> line.startsWith("  broken: "))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("  broken: apiDefinition.swagger.json:3:"),
            line -> assertThat(line).isEqualTo("  broken: c-empty: has no apiProperties.json"));
    assertThat(lines).contains("Broken:", "  c-empty: c-empty: has no apiProperties.json");
    assertThat(lines)
        .last()
        .isEqualTo("1 of 3 definitions loaded, 3 operations, 2 supported, 1 not");
  }
}
