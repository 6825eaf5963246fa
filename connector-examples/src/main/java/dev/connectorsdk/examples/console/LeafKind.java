package dev.connectorsdk.examples.console;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** How a value of a schema is filled in. */
enum LeafKind {
  TEXT,
  SECRET,
  DATE,
  NUMBER,
  INTEGER,
  YES_OR_NO,
  CHOICE,
  JSON;

  static LeafKind of(JsonNode schema) {
    if (schema.path("enum").isArray()) {
      return CHOICE;
    }
    String format = schema.path("format").asString("");
    return switch (typeOf(schema)) {
      case "boolean" -> YES_OR_NO;
      case "integer" -> INTEGER;
      case "number" -> NUMBER;
      case "string" ->
          format.equals("password") || schema.path("writeOnly").asBoolean(false)
              ? SECRET
              : format.equals("date") ? DATE : TEXT;
      default -> JSON;
    };
  }

  /**
   * Returns the type; empty if there are several or none. It does not count that a value may be
   * null, nor that numbers may be given as text and text as numbers, as definitions have it.
   */
  static String typeOf(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (!type.isArray()) {
      return type.asString(schema.path("properties").isObject() ? "object" : "");
    }
    List<String> types =
        type.valueStream().map(JsonNode::asString).filter(one -> !one.equals("null")).toList();
    if (types.size() == 1) {
      return types.get(0);
    }
    boolean scalars = types.stream().noneMatch(one -> List.of("object", "array").contains(one));
    List<String> others = types.stream().filter(one -> !one.equals("string")).toList();
    return !scalars || types.isEmpty() ? "" : others.size() == 1 ? others.get(0) : "string";
  }
}
