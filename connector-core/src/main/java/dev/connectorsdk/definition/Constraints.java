package dev.connectorsdk.definition;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the limits of an OpenAPI 2.0 schema as those of JSON Schema 2020-12. */
final class Constraints {

  private static final List<String> COUNTS =
      List.of("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties");

  private Constraints() {}

  /**
   * Writes the limits of {@code node}; what is none by its own rules is left out.
   *
   * @param nullable whether null stands for nothing, whatever the choices
   */
  static void write(JsonNode node, boolean nullable, ObjectNode schema) {
    JsonNode choices = node.path("enum");
    if (choices.isArray() && !choices.isEmpty()) {
      ArrayNode written = schema.putArray("enum");
      choices.forEach(written::add);
      if (nullable) {
        written.addNull();
      }
    }
    JsonNode pattern = node.path("pattern");
    if (pattern.isString() && isPattern(pattern.stringValue())) {
      schema.set("pattern", pattern);
    }
    limit(node, "minimum", "exclusiveMinimum", schema);
    limit(node, "maximum", "exclusiveMaximum", schema);
    for (String count : COUNTS) {
      JsonNode value = node.path(count);
      if (value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= 0) {
        schema.set(count, value);
      }
    }
    if (Lookup.isTrue(node.get("uniqueItems"))) {
      schema.put("uniqueItems", true);
    }
    JsonNode factor = node.path("multipleOf");
    if (factor.isNumber() && factor.decimalValue().signum() > 0) {
      schema.set("multipleOf", factor);
    }
  }

  /**
   * OpenAPI 2.0 says by a boolean that a limit is outside; JSON Schema has another limit for it.
   */
  private static void limit(JsonNode node, String inside, String outside, ObjectNode schema) {
    JsonNode value = node.path(inside);
    if (value.isNumber()) {
      schema.set(Lookup.isTrue(node.get(outside)) ? outside : inside, value);
    }
  }

  private static boolean isPattern(String text) {
    try {
      Pattern.compile(text);
      return true;
    } catch (PatternSyntaxException anotherDialect) {
      return false;
    }
  }
}
