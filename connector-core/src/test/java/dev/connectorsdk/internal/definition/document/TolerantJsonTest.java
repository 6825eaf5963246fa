package dev.connectorsdk.internal.definition.document;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a document becomes that is kept. */
class TolerantJsonTest {

  private static final JsonMapper JACKSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\": [], \"b\": {}, \"c\": [[], {\"d\": []}]}",
        "{\"a\": 1, \"b\": 2, \"a\": 3}",
        "{\"a\": {\"x\": 1}, \"a\": {\"y\": \"\"}, \"b\": null}",
        "{\"n\": [0, -1, 2147483648, 12345678901234567890, 1.50, 1e3, -0.0, true, false, null]}",
        "{\"t\": [\"abc\", \"abd\", \"abc\", \"aXc\", \"\", \"é\", \"\\ud83d\\ude00\"]}"
      })
  void aTreeIsTheOneThatJacksonReads(String text) {
    assertThat(read(text)).isEqualTo(JACKSON.readTree(text));
    assertThat(read(text)).hasToString(JACKSON.readTree(text).toString());
  }

  @Test
  void membersAreFoundAndStayInTheirOrderHoweverManyThereAre() {
    for (int size = 0; size <= 40; size++) {
      List<String> names = IntStream.range(0, size).mapToObj(i -> "name-" + (99 - i)).toList();
      JsonNode read =
          read(
              names.stream()
                  .map(n -> "\"" + n + "\":\"" + n + "\"")
                  .collect(joining(",", "{", "}")));

      assertThat(read.size()).isEqualTo(size);
      assertThat(read.propertyNames()).containsExactlyElementsOf(names);
      assertThat(names).allMatch(name -> read.path(name).stringValue().equals(name));
      assertThat(read.get("name")).isNull();
    }
  }

  @Test
  void aTreeCanBeChanged() {
    ObjectNode read = (ObjectNode) read("{\"a\": 1, \"b\": 2, \"c\": 3}");
    ObjectNode copy = read.deepCopy();

    assertThat(read.remove("b").intValue()).isEqualTo(2);
    read.put("a", 4).put("d", 5);
    read.properties().removeIf(member -> member.getKey().equals("c"));

    assertThat(read).hasToString("{\"a\":4,\"d\":5}");
    assertThat(read.remove("z")).isNull();
    assertThat(copy).hasToString("{\"a\":1,\"b\":2,\"c\":3}");
  }

  /** As many texts as share their first, middle and last character stay apart. */
  @Test
  void textsAreNotMistakenForOthers() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      texts.add("a" + i % 7 + "b" + i + "c");
    }

    JsonNode read = read(JACKSON.writeValueAsString(Map.of("texts", texts)));

    assertThat(read.path("texts").valueStream().map(JsonNode::stringValue))
        .containsExactlyElementsOf(texts);
  }

  private static JsonNode read(String text) {
    return TolerantJson.read(text.getBytes(StandardCharsets.UTF_8), Warnings.ignored("x.json"));
  }
}
