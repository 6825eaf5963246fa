package dev.connectorsdk.internal.registration;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.DefinitionText;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The texts of a definition as the one text that is stored. */
final class DefinitionJson {

  private static final int LONGEST_TEXT = 16_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
                  .build())
          .build();

  private DefinitionJson() {}

  static String write(DefinitionText text) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("swagger", text.swagger());
    json.put("properties", text.properties());
    if (text.overlay() != null) {
      json.put("overlay", text.overlay());
    }
    json.put("scripted", text.scripted());
    return json.toString();
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws DefinitionException if it is something else
   */
  static DefinitionText read(ConnectorId connector, String content) {
    try {
      JsonNode json = MAPPER.readTree(content);
      return new DefinitionText(
          connector,
          json.required("swagger").stringValue(),
          json.required("properties").stringValue(),
          json.path("overlay").isString() ? json.path("overlay").stringValue() : null,
          json.path("scripted").booleanValue(false));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DefinitionException(
          connector.value(), 0, 0, "is stored in a form that this version cannot read");
    }
  }
}
