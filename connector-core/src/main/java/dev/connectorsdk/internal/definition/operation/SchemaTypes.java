package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the types that a value may have: for an input, whatever can be read as the declared type.
 *
 * @param lenient whether texts may stand for other types and these for texts
 * @param whole the whole body of an output, which alone can be a file: in JSON there are texts only
 */
record SchemaTypes(DeclaredSchemas schemas, boolean input, boolean lenient, JsonNode whole) {

  void write(JsonNode node, boolean nullable, ObjectNode schema) {
    List<String> types = of(node);
    if (types.isEmpty()) {
      return;
    }
    if (types.size() == 1 && !nullable) {
      schema.put("type", types.get(0));
    } else {
      ArrayNode all = schema.putArray("type");
      types.forEach(all::add);
      if (nullable) {
        all.add("null");
      }
    }
    if (isReturnedFile(node)) {
      ObjectNode file = schema.putObject("properties");
      file.putObject("$content-type").put("type", "string");
      file.putObject("$content").put("type", "string").put("contentEncoding", "base64");
    }
  }

  /** The declared type comes first. */
  private List<String> of(JsonNode node) {
    String type = schemas.type(node);
    return switch (type) {
      case "file" -> input ? List.of("object", "string") : ofText(node);
      case "string" -> ofText(node);
      case "integer", "number", "boolean" -> orText(type, lenient);
      case "array" -> orText(type, lenient && node.has("in"));
      case "object" -> List.of(type);
      default -> List.of();
    };
  }

  @SuppressWarnings("ReferenceEquality") // An equal schema elsewhere is another place.
  private boolean isReturnedFile(JsonNode node) {
    return !input && node == whole && schemas.isFile(node);
  }

  private static List<String> orText(String type, boolean text) {
    return text ? List.of(type, "string") : List.of(type);
  }

  private List<String> ofText(JsonNode node) {
    if (isReturnedFile(node)) {
      return List.of("object");
    }
    if (input && (schemas.isFile(node) || schemas.format(node).equals("byte"))) {
      return List.of("string", "object");
    }
    return lenient ? List.of("string", "number", "boolean") : List.of("string");
  }
}
