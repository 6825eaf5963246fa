package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.DefinitionException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Definitions that were made to hurt. The limits in time only end what would run for ever. */
@Tag("H2")
@Timeout(30)
class HostileDefinitionTest {

  @TempDir Path shelf;
  private Folder folder;

  @BeforeEach
  void aFolder() {
    folder = Folder.in(shelf);
  }

  @Test
  void doesNotReadAFileOf200Megabytes() throws IOException {
    Path file = folder.paths("").path().resolve("apiDefinition.swagger.json");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(200L * 1024 * 1024);
    }

    assertRefused("is larger than 5 MiB");
  }

  @Test
  void refusesAHundredThousandOperations() {
    StringBuilder paths = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      paths.append(i == 0 ? "" : ",").append("'/").append(i).append("':{'get':{}}");
    }
    folder.paths(paths.toString());

    assertRefused("the document is too complex");
  }

  @Test
  void allOfThatDoublesAtEachOfFiftyLevelsIsReadOncePerLevel() {
    StringBuilder definitions =
        new StringBuilder("'L0': {'properties': {'a': {'type': 'string'}}}");
    for (int level = 1; level <= 50; level++) {
      String below = "{'$ref': '#/definitions/L" + (level - 1) + "'}";
      definitions.append(",'L%d': {'allOf': [%s, %s]}".formatted(level, below, below));
    }
    withBody("#/definitions/L50", definitions.toString());

    assertThat(folder.action("op").client().request(Folder.json("{'body': {'a': 'x'}}")))
        .isNotNull();
    assertThat(folder.action("op").input().givenSchema().toString()).hasSizeLessThan(100_000);
  }

  @Test
  void allOfThatContainsItselfEnds() {
    withBody(
        "#/definitions/A",
        "'A': {'allOf': [{'$ref': '#/definitions/A'}], 'properties': {'a': {'type': 'string'}}}");

    assertThat(folder.action("op").client().request(Folder.json("{'body': {'a': 'x'}}")))
        .isNotNull();
    assertThat(folder.action("op").input().givenSchema().toString()).hasSizeLessThan(10_000);
  }

  @Test
  void aChainOfTenThousandReferencesIsRefusedOrEnds() {
    StringBuilder definitions = new StringBuilder("'D0': {'type': 'object'}");
    for (int i = 1; i <= 10_000; i++) {
      definitions.append(",'D%d': {'$ref': '#/definitions/D%d'}".formatted(i, i - 1));
    }
    withBody("#/definitions/D10000", definitions.toString());

    try {
      DefinitionAction action = folder.action("op");
      assertThat(action.input().givenSchema().toString()).hasSizeLessThan(10_000);
      assertThat(action.client().request(Folder.json("{'body': {'a': 'x'}}"))).isNotNull();
    } catch (DefinitionException refused) {
      assertThat(refused.getMessage()).contains("schemas lead into each other over 500 times");
    }
  }

  @Test
  void aChainOfSchemasThatCouldBeFollowedIs() {
    withChain(450);

    assertThat(folder.action("op").input().givenSchema()).isNotNull();
    assertThat(folder.action("op").client().request(Folder.json("{}"))).isNotNull();
  }

  @Test
  void aChainOfTenThousandSchemasIsRefused() {
    withChain(10_000);

    assertRefused("schemas lead into each other over 500 times");
  }

  private void withChain(int length) {
    StringBuilder definitions = new StringBuilder("'D0': {'type': 'string', 'default': 'end'}");
    for (int i = 1; i <= length; i++) {
      definitions.append(
          ",'D%d': {'type':'object','required':['n'],'properties':{'n':{'$ref':'#/definitions/D%d'}}}"
              .formatted(i, i - 1));
    }
    withBody("#/definitions/D" + length, definitions.toString());
  }

  private void withBody(String reference, String definitions) {
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'consumes': ['application/json'],
          'parameters': [{'name': 'body', 'in': 'body', 'required': true,
                          'schema': {'$ref': '%s'}}], 'responses': {}}}},
        'definitions': {%s}
        """
            .formatted(reference, definitions));
  }

  private void assertRefused(String problem) {
    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(folder::load)
        .withMessageContaining(problem);
    assertThat(DefinitionCatalogue.load(shelf).broken())
        .singleElement()
        .satisfies(broken -> assertThat(broken.problem()).hasMessageContaining(problem));
  }
}
