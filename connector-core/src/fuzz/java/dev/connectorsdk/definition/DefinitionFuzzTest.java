package dev.connectorsdk.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.internal.definition.document.DefinitionContent;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import java.nio.file.Path;

/** Whatever the files of a definition hold, it is loaded or refused. */
class DefinitionFuzzTest {

  private static final DefinitionFiles FILES =
      new DefinitionFiles(
          "fuzzed", Path.of("apiDefinition.swagger.json"), Path.of("apiProperties.json"), null);
  private static final String PROPERTIES = "{\"properties\":{\"connectionParameters\":{}}}";
  private static final String SWAGGER = "{\"swagger\":\"2.0\",\"host\":\"a.example\",\"paths\":{}}";

  @FuzzTest
  void swagger(byte[] swagger) {
    load(swagger, PROPERTIES.getBytes(UTF_8));
  }

  @FuzzTest
  void properties(byte[] properties) {
    load(SWAGGER.getBytes(UTF_8), properties);
  }

  /** Each member is text that was made to be looked at: an address, a policy, a parameter. */
  @FuzzTest
  void members(FuzzedDataProvider data) {
    String swagger =
        """
        {"swagger":"2.0","host":%s,"basePath":%s,"schemes":["https"],"paths":{%s:{"get":{
          "operationId":%s,"parameters":[{"name":%s,"in":"query","type":"string","pattern":%s}],
          "responses":{"200":{"description":"","schema":{"$ref":%s}}}}}}}
        """
            .formatted(
                json(data), json(data), json(data), json(data), json(data), json(data), json(data));
    String properties =
        """
        {"properties":{"connectionParameters":{%s:{"type":%s}},"policyTemplateInstances":[
          {"templateId":"dynamichosturl","title":"x","parameters":{
            "x-ms-apimTemplateParameter.urlTemplate":%s}}]}}
        """
            .formatted(json(data), json(data), json(data));
    load(swagger.getBytes(UTF_8), properties.getBytes(UTF_8));
  }

  private static String json(FuzzedDataProvider data) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : data.consumeString(200).toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  private static void load(byte[] swagger, byte[] properties) {
    try {
      DefinitionReader.read(
          FILES,
          new DefinitionContent(swagger, properties),
          ConnectorId.of("fuzzed"),
          LoadOptions.standard());
    } catch (DefinitionException expected) {
      // That is how a definition is refused.
    }
  }
}
