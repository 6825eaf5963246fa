package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema by which nothing could be checked is refused when it is registered. */
class GivenSchemasTest {

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static Connector connector(String input) {
    return Connector.builder("odd", "https://odd.example.com")
        .auth(AuthOption.none())
        .action(
            Action.builder("find", Effect.READ, Shape.json(json(input)), Shape.json(json("{}")))
                .run((in, call) -> in))
        .build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'properties':{'a':{'pattern':'('}}} | /properties/a/pattern",
        "{'patternProperties':{'(':{}}} | /patternProperties/(",
        "{'properties':{'a':{'pattern':'(?<=a*)b{2,1}'}}} | /properties/a/pattern",
        "{'properties':{'a':{'type':'file'}}} | /properties/a/type",
        "{'type':'String'} | /type",
        "{'properties':{'a':{'required':true}}} | /properties/a/required",
        "{'properties':{'a':{'minimum':'5'}}} | /properties/a/minimum",
        "{'properties':{'a':5}} | /properties/a",
        "{'items':'a'} | /items",
        "{'enum':'a'} | /enum",
        "{'minLength':-1} | /minLength",
        "{'properties':{'a':{'$ref':'#/$defs/b'}}} | /properties/a/$ref",
        "{'properties':{'a':{'$dynamicRef':'#b'}}} | /properties/a/$dynamicRef",
        "{'$ref':'https://example.com/other.json'} | /$ref",
        "{'$schema':'https://example.com/mine'} | https://example.com/mine",
        "5 | (input)"
      })
  void whatCannotBeUsedIsRefusedWithItsPlace(String schema, String place) {
    Connector odd = connector(schema);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectorRuntime.builder().connector(odd).build())
        .withMessageStartingWith("Connector 'odd', action 'find': the schema of its input ")
        .withMessageContaining(place);
    assertThat(ConnectorLint.check(odd))
        .filteredOn(finding -> finding.id().equals("unusable-schema"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.problem()).contains(place));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$schema':'http://json-schema.org/draft-04/schema#','id':'http://a.b/c',"
            + "'properties':{'a':{'minimum':5,'exclusiveMinimum':true}}}",
        "{'$schema':'http://json-schema.org/draft-07/schema#','definitions':{'a':{}},"
            + "'items':[{'$ref':'#/definitions/a'}],'additionalItems':false}",
        "{'$schema':'https://json-schema.org/draft/2019-09/schema','$recursiveAnchor':true,"
            + "'properties':{'a':{'$recursiveRef':'#'}}}",
        "{'properties':{'a':{'pattern':'^\\\\Q\\\\/[^]$'}},'x-anything':{'pattern':5}}",
        "{'properties':{'pattern':{'type':'string'},'$ref':{'type':'string'}}}",
        "{'$ref':'#a','$defs':{'b':{'$anchor':'a','type':'string'}}}",
        "true",
        "{}"
      })
  void whatCanBeUsedIsRegistered(String schema) {
    ConnectorRuntime.builder().connector(connector(schema)).build().close();

    assertThat(ConnectorLint.check(connector(schema)))
        .extracting(ConnectorLint.Finding::id)
        .doesNotContain("unusable-schema");
  }

  @Test
  void aProvidersConnectorIsRefusedAsWell() {
    ConnectorProvider provider = () -> List.of(connector("{'type':'file'}"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectorRuntime.builder().provider(provider).build())
        .withMessageContaining("/type");
  }
}
