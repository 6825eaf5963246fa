package dev.connectorsdk.internal.definition.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.DefinitionException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is read when it is needed of a document that was gone through before. */
class DefinitionScanTest {

  private static final String DESK =
      """
      {"swagger": "2.0", "info": {"title": "Dësk", "x": [1, {}]}, "schemes": ["https"],
       "paths": {
         "/a": {"get": {"operationId": "A", "parameters": [{"name": "n", "default": 1.50}]}},
         "/b": null,
         "/a": {"post": {"operationId": "B"}, "x-more": {"deep": {"er": [true, null]}}}},
       "definitions": {"One": {"properties": {"two": {"$ref": "#/definitions/Two"}}}, "Two": [{}]},
       "x-text": "", "x-number": -0.0, "x-empty": {}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "windows-1252"})
  void allOfADocumentIsThereHoweverItIsWritten(String charset) {
    holdsAll(DESK.getBytes(Charset.forName(charset)));
  }

  @Test
  void placesAreCountedFromTheTextThatIsRead() {
    holdsAll(("\uFEFF" + DESK).getBytes(StandardCharsets.UTF_8));
    holdsAll(DESK.replace("\"One\":", "\u00a0\"One\":").getBytes(StandardCharsets.UTF_8));
    holdsAll(DESK.stripTrailing().replaceAll("}$", "").getBytes(StandardCharsets.UTF_8));
  }

  private static void holdsAll(byte[] document) {
    JsonNode whole = TolerantJson.read(document, Warnings.ignored("desk.json"));

    assertThat(scanned(document).root()).hasToString(whole.toString()).isEqualTo(whole);
  }

  @Test
  void partsStayAsTheyAreInWhateverOrderTheyAreRead() {
    List<String> names = IntStream.range(0, 40).mapToObj(i -> "Part" + i).toList();
    StringBuilder definitions = new StringBuilder();
    names.forEach(name -> definitions.append(",\"%s\":{\"own\":\"%s\"}".formatted(name, name)));
    byte[] document =
        ("{\"swagger\":\"2.0\",\"paths\":{},\"definitions\":{" + definitions.substring(1) + "}}")
            .getBytes(StandardCharsets.UTF_8);
    List<String> backwards = new ArrayList<>(names);
    Collections.reverse(backwards);

    for (List<String> order : List.of(names, backwards)) {
      JsonNode read = scanned(document).root().path("definitions");
      assertThat(order).allMatch(name -> read.path(name).path("own").stringValue().equals(name));
      assertThat(order).allMatch(name -> read.path(name).path("own").stringValue().equals(name));
    }
  }

  @Test
  @Tag("H1")
  void whatCouldNotBeReadLaterIsRefusedAtOnce() {
    refused("1e99999999999", "exponent is out of range");
    refused("1".repeat(1_001), "too complex");
    refused("\"" + "long ".repeat(200_001) + "\"", "too complex");
    refused("\"\\x\"", "not JSON here");
    refused("{\"" + "n".repeat(1_001) + "\": 1}", "too complex");
    refused("[".repeat(100) + "]".repeat(100), "too complex");
  }

  private static void refused(String value, String problem) {
    byte[] document =
        DESK.replace("\"deep\":", "\"never\": " + value + ", \"deep\":")
            .getBytes(StandardCharsets.UTF_8);
    Consumer<byte[]> whole = bytes -> TolerantJson.read(bytes, Warnings.ignored("desk.json"));

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> whole.accept(document))
        .satisfies(
            before ->
                assertThatExceptionOfType(DefinitionException.class)
                    .isThrownBy(() -> scanned(document))
                    .withMessage(before.getMessage())
                    .withMessageContaining(problem));
  }

  private static ScannedDocument scanned(byte[] document) {
    return DefinitionScan.swagger(document, Warnings.ignored("desk.json"));
  }
}
