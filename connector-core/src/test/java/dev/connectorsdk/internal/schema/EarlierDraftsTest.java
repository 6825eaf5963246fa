package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EarlierDraftsTest {

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static boolean accepts(String schema, String value) {
    return CompiledSchema.of(json(schema)).faults(json(value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://json-schema.org/schema#",
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema"
      })
  void aDialectMayBeNamed(String dialect) {
    String schema = "{'$schema':'" + dialect + "','type':'string'}";

    assertThat(accepts(schema, "'a'")).isTrue();
    assertThat(accepts(schema, "1")).isFalse();
  }

  @Test
  void anUnknownDialectIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> accepts("{'$schema':'https://example.com/mine'}", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'minimum':5,'exclusiveMinimum':true} | 6 | 5",
        "{'minimum':5,'exclusiveMinimum':false} | 5 | 4",
        "{'maximum':5,'exclusiveMaximum':true} | 4 | 5",
        "{'properties':{'a':{'minimum':5,'exclusiveMinimum':true}}} | {'a':6} | {'a':5}",
        "{'id':'http://a.b/c','type':'string'} | 'a' | 1",
        "{'properties':{'id':{'type':'string'}}} | {'id':'a'} | {'id':1}",
        "{'dependentSchemas':{'a':{'properties':{'b':{'minimum':5,'exclusiveMinimum':true}}}}} |"
            + " {'a':1,'b':6} | {'a':1,'b':5}",
        "{'unevaluatedProperties':{'items':[{'type':'string'}]}} | {'a':['b']} | {'a':[1]}",
        "{'items':[{'type':'string'},{'id':'x','type':'number'}]} | ['a',1,true] | [1]",
        "{'items':[{}],'additionalItems':false} | [1] | [1,2]",
        "{'items':{'type':'string'},'additionalItems':false} | ['a','b'] | [1]",
        "{'dependencies':{'a':['b']}} | {'a':1,'b':1} | {'a':1}",
        "{'dependencies':{'a':{'required':['c']}}} | {'a':1,'c':1} | {'a':1}",
        "{'$schema':'https://json-schema.org/draft/2019-09/schema','$recursiveAnchor':true,"
            + "'properties':{'a':{'$recursiveRef':'#'}},'additionalProperties':false} |"
            + " {'a':{'a':{}}} | {'a':{'b':1}}",
        "{'properties':{'a':{'$recursiveRef':'#','$ref':'#/$defs/b'}},'required':['c'],"
            + "'$defs':{'b':{'required':['d']}}} | {'a':{'c':1,'d':1},'c':1} | {'a':{'c':1},'c':1}",
        "{'properties':{'dependencies':{'type':'string'}}} | {'dependencies':'a'} |"
            + " {'dependencies':1}",
        "{'definitions':{'t':{'maximum':1,'exclusiveMaximum':true}},'$ref':'#/definitions/t'} | 0 |"
            + " 1",
        "{'enum':[{'id':'a','exclusiveMinimum':true}]} | {'id':'a','exclusiveMinimum':true} | 1",
        "{'$schema':'http://json-schema.org/draft-07/schema#','definitions':{'t':{'type':'string'}},"
            + "'$ref':'#/definitions/t','maxLength':1} | 'long' | 1"
      })
  void whatWasSaidInAnotherWayMeansTheSame(String schema, String accepted, String refused) {
    assertThat(accepts(schema, accepted)).isTrue();
    assertThat(accepts(schema, refused)).isFalse();
  }

  @Test
  void aSchemaIsNotChangedForItsOwner() {
    JsonNode schema = json("{'minimum':5,'exclusiveMinimum':true}");

    CompiledSchema.of(schema);

    assertThat(schema).isEqualTo(json("{'minimum':5,'exclusiveMinimum':true}"));
  }
}
