package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What fits for sure, and that it fits for the validator too. */
class QuickCheckTest {

  static final List<String> SCHEMAS =
      List.of(
          "true",
          "false",
          "{}",
          "{'type': 'string'}",
          "{'type': ['integer', 'null']}",
          "{'type': 'number'}",
          "{'type': 'integer', 'minimum': 3}",
          "{'type': ['integer', 'string'], 'pattern': '^-?(0|[1-9][0-9]*)$'}",
          "{'type': 'string', 'minLength': 2, 'maxLength': 3, 'format': 'uuid'}",
          "{'enum': [1, 'a', null, {'b': [1]}]}",
          "{'type': 'array', 'items': {'type': 'integer'}, 'maxItems': 2}",
          "{'items': {'type': 'string'}, 'prefixItems': [{'type': 'integer'}]}",
          "{'type': 'object', 'required': ['a'], 'properties': {'a': {'type': 'string'}}}",
          "{'required': ['a']}",
          "{'required': ['a'], 'additionalProperties': {'type': 'string'}}",
          "{'required': ['a', 'b'], 'properties': {'b': {}}, 'additionalProperties': false}",
          "{'properties': {'a': {}}, 'additionalProperties': false}",
          "{'properties': {'a': {}}, 'additionalProperties': {'type': 'string'}}",
          "{'patternProperties': {'^a': {}}, 'additionalProperties': false}",
          "{'$ref': '#/$defs/tree', '$defs': {'tree': {'type': 'object',"
              + " 'properties': {'a': {'$ref': '#/$defs/tree'}}}}}",
          "{'allOf': [{'required': ['a']}, {'properties': {'a': {'type': 'string'}}}]}",
          "{'anyOf': [{'type': 'string'}, {'type': 'null'}]}",
          "{'not': {'type': 'string'}}",
          "{'if': {'required': ['b']}, 'then': {'required': ['a']}}",
          "{'if': {'required': ['b']}, 'then': {'required': ['a']}, 'else': {'required': ['c']}}",
          "{'dependentRequired': {'a': ['b']}}",
          "{'propertyNames': {'maxLength': 0}}",
          "{'const': 1}",
          "{'unevaluatedProperties': false, 'properties': {'a': {}}}",
          "{'x-limits': 'advisory', 'type': 'integer', 'minimum': 100}");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "1",
          "3",
          "1.0",
          "1.5",
          "123456789012345678901234567890",
          "'a'",
          "'ab'",
          "'1'",
          "[]",
          "[1]",
          "[1, 2, 3]",
          "['a', 1]",
          "{}",
          "{'a': 'x'}",
          "{'a': 1}",
          "{'a': {'a': {}}}",
          "{'a': {'a': 1}}",
          "{'a': 'x', 'b': 1}",
          "{'b': 'x'}",
          "{'b': [1]}",
          "{'c': 1}");

  private final JsonMapper mapper = JsonSettings.newMapper();

  private JsonNode json(String text) {
    return mapper.readTree(text.replace('\'', '"'));
  }

  private boolean fits(String schema, JsonNode value) {
    return QuickCheck.of(AdvisoryLimits.lift(json(schema))).fits(value);
  }

  @ParameterizedTest
  @FieldSource("SCHEMAS")
  @DisplayName("what fits for sure has no fault that the validator would find")
  void saysYesOnlyWhereTheValidatorDoes(String schema) {
    CompiledSchema validator = CompiledSchema.of(json(schema));

    assertThat(VALUES)
        .filteredOn(value -> fits(schema, json(value)))
        .allSatisfy(value -> assertThat(validator.faultsFoundByValidator(json(value))).isEmpty());
  }

  @ParameterizedTest
  @FieldSource("SCHEMAS")
  void saysYesOnlyWhereTheValidatorDoesOfWhatNoJsonTextIs(String schema) {
    CompiledSchema validator = CompiledSchema.of(json(schema));
    JsonNodeFactory nodes = JsonNodeFactory.instance;

    assertThat(
            List.of(
                nodes.numberNode(Double.NaN),
                nodes.numberNode(Float.NEGATIVE_INFINITY),
                nodes.binaryNode(new byte[100]),
                nodes.pojoNode(Map.of("a", 1))))
        .filteredOn(value -> fits(schema, value))
        .allSatisfy(value -> assertThat(validator.faultsFoundByValidator(value)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'type': ['integer', 'string'], 'pattern': '^[0-9]*$'} | 3",
        "{'type': ['number', 'null']} | null",
        "{'properties': {'a': {'type': 'string'}}, 'required': ['a']} | {'a': 'x', 'b': 1}",
        "{'type': 'array', 'items': {'enum': ['a', 'b']}} | ['b', 'a']",
        "{'$ref': '#/$defs/t', '$defs': {'t': {'properties': {'a': {'$ref': '#/$defs/t'}}}}}"
            + " | {'a': {'a': {}}}",
        "{'if': {'propertyNames': {'not': {'pattern': '^a/'}}}, 'then': {'required': ['a']}}"
            + " | {'a': 1}",
        "{'x-limits': 'advisory', 'type': 'string', 'pattern': '^x'} | 'a'",
      })
  void knowsWhatInputsAreMostlyDescribedWith(String schema, String value) {
    assertThat(fits(schema, json(value))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'$dynamicRef': '#'}", "{'$id': 'a', 'type': 'object'}", "{'foo': 1}"})
  void leavesWhatItDoesNotKnowToTheValidator(String schema) {
    assertThat(fits(schema, json("{}"))).isFalse();
  }

  @Test
  void givesUpOnWhatTakesLong() {
    ObjectNode definitions = mapper.createObjectNode();
    for (int i = 0; i < 40; i++) {
      String next = "{'allOf': [{'$ref': '#/$defs/NEXT'}, {'$ref': '#/$defs/NEXT'}]}";
      definitions.set("d" + i, json(next.replace("NEXT", "d" + (i + 1))));
    }
    definitions.set("d40", json("{}"));
    ObjectNode schema = mapper.createObjectNode().put("$ref", "#/$defs/d0");
    schema.set("$defs", definitions);

    assertThat(QuickCheck.of(schema).fits(json("{}"))).isFalse();
  }

  @Test
  void givesUpOnManyMembersThatAreLookedAtManyTimes() {
    ObjectNode value = mapper.createObjectNode();
    for (int i = 0; i < 10_000; i++) {
      value.put("member" + i, i);
    }
    JsonNode named = json("{'properties': {'a': {'type': 'string'}}}");
    ObjectNode twice = mapper.createObjectNode();
    twice.putArray("allOf").add(named).add(named);

    assertThat(QuickCheck.of(twice).fits(json("{'b': 1}"))).isTrue();
    assertThat(QuickCheck.of(twice).fits(value)).isFalse();
  }

  @Test
  void givesUpOnWhatIsDeep() {
    JsonNode schema =
        json("{'$ref': '#/$defs/t', '$defs': {'t': {'properties': {'a': {'$ref': '#/$defs/t'}}}}}");

    assertThat(QuickCheck.of(schema).fits(json("{'a':".repeat(100) + "1" + "}".repeat(100))))
        .isFalse();
  }
}
