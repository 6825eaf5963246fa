package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AdvisoryLimitsTest {

  private static final JsonMapper MAPPER = JsonSettings.newMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'enum': ['a']}                        | 'b'",
        "{'pattern': '^a'}                      | 'b'",
        "{'minimum': 2}                         | 1",
        "{'maximum': 2}                         | 3",
        "{'exclusiveMinimum': 2}                | 2",
        "{'exclusiveMaximum': 2}                | 2",
        "{'multipleOf': 2}                      | 3",
        "{'minLength': 2}                       | 'a'",
        "{'maxLength': 2}                       | 'abc'",
        "{'minItems': 1}                        | []",
        "{'maxItems': 1}                        | [1, 2]",
        "{'uniqueItems': true}                  | [1, 1]",
        "{'minProperties': 1}                   | {}",
        "{'maxProperties': 1}                   | {'a': 1, 'b': 2}",
        "{'properties': {'enum': {'enum': [1]}}} | {'enum': 2}",
        "{'properties': {'not': {'enum': [1]}, 'oneOf': {'enum': [1]}}} | {'not': 2, 'oneOf': 2}",
        "{'items': {'maxLength': 1}}            | ['abc']",
        "{'prefixItems': [{'maxLength': 1}]}    | ['abc']",
        "{'additionalProperties': {'enum': []}} | {'a': 1}",
        "{'patternProperties': {'a': {'maximum': 1}}} | {'a': 2}",
        "{'propertyNames': {'pattern': '^a'}}   | {'b': 2}",
        "{'allOf': [{'anyOf': [{'enum': [1]}]}]} | 2",
        "{'if': true, 'then': {'enum': [1]}}    | 2",
        "{'if': false, 'else': {'enum': [1]}}   | 2",
        "{'$ref': '#/$defs/A', '$defs': {'A': {'enum': [1]}}} | 2"
      })
  void nothingIsRefusedForALimit(String schema, String input) {
    assertThat(faults(json(schema), input)).isNotEmpty();
    assertThat(faults(advisory(schema), input)).isEmpty();
  }

  @Test
  void typesAndRequiredMembersHold() {
    JsonNode schema =
        advisory(
            """
            {'type': 'object', 'required': ['n'], 'additionalProperties': false,
             'properties': {'n': {'type': 'integer', 'minimum': 1}, 'k': {'const': 'v'}}}
            """);

    assertThat(faults(schema, "{'n': 0}")).isEmpty();
    assertThat(faults(schema, "{'k': 'w', 'z': 1}"))
        .extracting(Fault::path)
        .containsExactlyInAnyOrder("/n", "/k", "/z");
    assertThat(faults(schema, "{'n': 'x'}"))
        .containsExactly(new Fault("/n", "must be integer, but is string"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'x-limits': 'binding', 'enum': [1]}", "{'x-limits': true, 'enum': [1]}"})
  void onlyTheWordAdvisoryLiftsThem(String schema) {
    assertThat(faults(json(schema), "2")).hasSize(1);
  }

  @Test
  void onlyTheRootCanSaySo() {
    JsonNode schema = json("{'items': {'x-limits': 'advisory', 'enum': [1]}}");

    assertThat(faults(schema, "[2]")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'not': {'enum': [1]}}",
        "{'not': {'properties': {'a': {'enum': [1]}}}}",
        "{'oneOf': [{'enum': [1]}, {'enum': [2, 'a']}]}",
        "{'oneOf': [{'maxLength': 1}, {'minLength': 2}]}",
        "{'if': {'pattern': '^a'}, 'then': {'type': 'integer'}}",
        "{'if': {'propertyNames': {'not': {'pattern': '^a'}}}, 'then': {'required': ['b']}}",
        "{'contains': {'enum': [1]}, 'maxContains': 1}",
        "{'not': {'$ref': '#/$defs/A'}, '$defs': {'A': {'enum': [1]}}}",
        "{'not': {'$ref': '#/$defs/A'}, '$defs': {'A': {'$ref': '#/$defs/B'}, 'B': {'enum': [1]}}}",
        "{'$ref': '#/x/y', 'x': {'y': {'not': {'$ref': '#/$defs/A'}}}, '$defs': {'A': {'enum': [1]}}}",
        "{'not': {'$ref': '#A'}, '$defs': {'A': {'$anchor': 'A', 'enum': [1]}}}",
        "{'not': {'$dynamicRef': '#A'}, '$defs': {'A': {'$dynamicAnchor': 'A', 'enum': [1]}}}",
        "{'anyOf': [{'properties': {'a': {'enum': [1]}}}, true], 'unevaluatedProperties': false}"
      })
  void whatFitsASchemaFitsItWithAdvisoryLimitsToo(String schema) {
    for (String input :
        List.of(
            "1",
            "2",
            "'a'",
            "'ab'",
            "'b'",
            "[]",
            "[1]",
            "[1, 2]",
            "[2]",
            "{}",
            "{'a': 1}",
            "{'a': 2}",
            "{'b': 1}")) {
      if (faults(json(schema), input).isEmpty()) {
        assertThat(faults(advisory(schema), input)).as(input).isEmpty();
      }
    }
  }

  @Test
  void theSchemaItselfStaysAsItIs() {
    JsonNode schema = advisory("{'enum': [1]}");
    JsonNode before = schema.deepCopy();

    CompiledSchema.of(schema);

    assertThat(schema).isEqualTo(before);
  }

  private static List<Fault> faults(JsonNode schema, String input) {
    return CompiledSchema.of(schema).faults(json(input));
  }

  private static JsonNode advisory(String schema) {
    return ((ObjectNode) json(schema)).put("x-limits", "advisory");
  }

  private static JsonNode json(String text) {
    return MAPPER.readTree(text.replace('\'', '"'));
  }
}
