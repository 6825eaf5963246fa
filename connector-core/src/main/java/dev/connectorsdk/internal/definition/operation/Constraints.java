package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @param type what the node declares
   * @param nullable whether null stands for nothing, whatever the choices
   */
  static void write(JsonNode node, String type, boolean nullable, ObjectNode schema) {
    choices(node.path("enum"), type, nullable, schema);
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
   * Writes which texts can stand for a value of another type, unless something says so already.
   * Patterns are for texts alone.
   */
  static void ofTextFor(String type, ObjectNode schema) {
    if (schema.has("enum") || schema.has("pattern")) {
      return;
    }
    switch (type) {
      case "integer" -> schema.put("pattern", "^-?(0|[1-9][0-9]*)$");
      case "number" -> schema.put("pattern", "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$");
      case "boolean" -> schema.put("pattern", "^(true|false)$");
      default -> {}
    }
  }

  /** Of what is not of the declared type, nothing could be chosen. */
  private static void choices(JsonNode declared, String type, boolean nullable, ObjectNode schema) {
    if (!declared.isArray()) {
      return;
    }
    Map<String, JsonNode> choices = new LinkedHashMap<>(); // by their JSON: numbers have kinds
    for (JsonNode choice : declared) {
      JsonNode value = Scalars.coerce(choice, type);
      if (isOf(type, value)) {
        choices.putIfAbsent(value.toString(), value);
      }
    }
    if (choices.isEmpty()) {
      return;
    }
    ArrayNode written = schema.putArray("enum");
    choices.values().forEach(written::add);
    if (nullable && !choices.containsKey("null")) {
      written.addNull();
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> true;
    };
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
