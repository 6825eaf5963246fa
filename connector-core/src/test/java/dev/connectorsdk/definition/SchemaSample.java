package dev.connectorsdk.definition;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The least value that fits a schema. */
record SchemaSample(JsonNode root) {

  JsonNode value() {
    ObjectNode sample = object(root);
    if (root.has("then")) {
      String body = root.at("/then/required/0").stringValue();
      sample.set(body, value(root.path("properties").path(body)));
    }
    return sample;
  }

  private JsonNode value(JsonNode schema) {
    String reference = schema.path("$ref").stringValue("");
    if (!reference.isEmpty()) {
      return value(root.at(reference.substring(1)));
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).stringValue() : type.stringValue("object")) {
      case "array" -> JsonNodeFactory.instance.arrayNode();
      case "string" -> JsonNodeFactory.instance.stringNode("eA==");
      case "integer", "number" -> JsonNodeFactory.instance.numberNode(1);
      case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
      default -> object(schema);
    };
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (isFile(schema)) {
      return object.put("$content", "eA==");
    }
    for (JsonNode part : schema.path("allOf")) {
      object.setAll((ObjectNode) value(part));
    }
    for (JsonNode name : schema.path("required")) {
      object.set(
          name.stringValue(),
          name.stringValue().equalsIgnoreCase("Content-Type")
              ? JsonNodeFactory.instance.stringNode("text/plain")
              : value(schema.path("properties").path(name.stringValue())));
    }
    return object;
  }

  private static boolean isFile(JsonNode schema) {
    return schema.path("type").isArray()
        && schema.path("type").size() > 1
        && schema.path("type").get(1).stringValue().equals("string");
  }
}
