package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.error.StoreException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parameters that are not secret, as they are stored. */
final class ParameterJson {

  private final JsonMapper mapper;

  ParameterJson(JsonMapper mapper) {
    this.mapper = mapper;
  }

  String write(Map<String, Object> parameters) {
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = mapper.createGenerator(json)) {
      generator.writeStartObject();
      for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
        if (parameter.getValue() instanceof String text) {
          generator.writeStringProperty(parameter.getKey(), text);
        } else {
          generator.writePOJOProperty(parameter.getKey(), parameter.getValue());
        }
      }
      generator.writeEndObject();
    }
    return json.toString();
  }

  /**
   * Returns parameters by name.
   *
   * @throws StoreException if the text is something else than what {@link #write} writes
   */
  Map<String, Object> read(String json) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : parsed(json).properties()) {
      parameters.put(property.getKey(), value(property.getValue()));
    }
    return parameters.isEmpty() ? Map.of() : Collections.unmodifiableMap(parameters);
  }

  private ObjectNode parsed(String json) {
    try {
      if (mapper.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      // Its message would quote the text.
    }
    throw new StoreException(
        "The stored parameters of a connection are damaged: they are no JSON object", false, null);
  }

  private static Object value(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    return node.isNumber() ? new BigDecimal(node.asString()) : node.asString();
  }
}
