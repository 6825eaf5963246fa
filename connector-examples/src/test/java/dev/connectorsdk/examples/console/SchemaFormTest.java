package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.examples.console.SchemaForm.Leaf;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaFormTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private static SchemaForm form(String properties) {
    return SchemaForm.of(
        MAPPER.readTree(
            """
            {"type":"object","properties":%s,"definitions":{
             "Login":{"properties":{"key":{"type":"string","format":"password"}}},
             "Loop":{"properties":{"next":{"$ref":"#/definitions/Loop"}}}}}
            """
                .formatted(properties)));
  }

  private static List<String> pointers(SchemaForm form) {
    return form.leaves().stream().map(Leaf::pointer).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TEXT      | {'type':'string'}",
        "TEXT      | {'type':['string','number','boolean']}",
        "TEXT      | {'type':'string','format':'date-time'}",
        "DATE      | {'type':'string','format':'date'}",
        "SECRET    | {'type':'string','format':'password'}",
        "SECRET_JSON | {'type':'integer','writeOnly':true}",
        "SECRET_JSON | {'type':'array','items':{'$ref':'#/definitions/Login'}}",
        "JSON      | {'type':'array','items':{'$ref':'#/definitions/Loop'}}",
        "INTEGER   | {'type':['integer','string']}",
        "NUMBER    | {'type':['number','null']}",
        "YES_OR_NO | {'type':'boolean'}",
        "CHOICE    | {'enum':[1,2]}",
        "JSON      | {'type':'array'}",
        "JSON      | {'type':['object','string']}",
        "JSON      | {}",
        "JSON      | true",
        "TEXT      | {'anyOf':[{'type':'string'},{'type':'null'}]}",
        "JSON      | {'anyOf':[{'type':'string'},{'type':'number'}]}"
      })
  void eachValueHasTheFieldThatFitsIt(LeafKind kind, String schema) {
    assertThat(form("{\"one\":" + schema.replace('\'', '"') + "}").leaves())
        .singleElement()
        .extracting(Leaf::kind)
        .isEqualTo(kind);
  }

  @Test
  void objectsAreGroupsWhoseFieldsAreNamedByPointer() {
    SchemaForm form =
        form("{\"a/b\":{\"type\":\"object\",\"properties\":{\"c~\":{\"type\":\"string\"}}}}");

    assertThat(pointers(form)).containsExactly("/a~1b/c~0");
    JsonNode input = TryInput.of(form, Map.of("i/a~1b/c~0", List.of("x"))).json();
    assertThat(input).hasToString("{\"a/b\":{\"c~\":\"x\"}}");
  }

  @Test
  void aSchemaThatContainsItselfEnds() {
    JsonNode schema =
        MAPPER.readTree(
            """
            {"type":"object","properties":{"next":{"$ref":"#/$defs/node"},
             "loop":{"$ref":"#/$defs/loop"}},
             "$defs":{"loop":{"$ref":"#/$defs/loop"},
              "node":{"type":"object","properties":{"name":{"type":"string"},
               "next":{"$ref":"#/$defs/node"}}}}}
            """);

    assertThat(pointers(SchemaForm.of(schema)))
        .contains("/next/name", "/next/next/name", "/loop")
        .hasSizeLessThan(10);
  }

  @Test
  void aWideSchemaHasAnEndToo() {
    StringBuilder wide = new StringBuilder("{\"p\":{}");
    for (int i = 0; i < 2_000; i++) {
      wide.append(",\"p").append(i).append("\":{\"type\":\"string\"}");
    }

    assertThat(form(wide.append('}').toString()).leaves()).hasSize(300);
  }

  @Test
  void whatWasLeftEmptyIsLeftOut() {
    SchemaForm form =
        form(
            """
            {"name":{"type":"string"},"on":{"type":"boolean"},"count":{"type":"integer"},
             "group":{"type":"object","properties":{"inner":{"type":"string"}}}}
            """);

    assertThat(TryInput.of(form, Map.of("i/name", List.of(""))).json()).hasToString("{}");
    assertThat(
            TryInput.of(form, Map.of("i/on", List.of("false"), "i/count", List.of(" 7 "))).json())
        .hasToString("{\"on\":false,\"count\":7}");
    assertThat(TryInput.of(form, Map.of("i/count", List.of("9".repeat(1_000)))).faults())
        .containsEntry("/count", "is no number");
  }

  @Test
  void aChoiceKeepsItsType() {
    SchemaForm form = form("{\"size\":{\"enum\":[1,2,\"many\"]}}");

    assertThat(TryInput.of(form, Map.of("i/size", List.of("2"))).json())
        .hasToString("{\"size\":2}");
    assertThat(TryInput.of(form, Map.of("i/size", List.of("many"))).json())
        .hasToString("{\"size\":\"many\"}");
  }
}
