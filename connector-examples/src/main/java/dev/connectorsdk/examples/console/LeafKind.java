package dev.connectorsdk.examples.console;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** How a value of a schema is filled in. */
enum LeafKind {
  TEXT,
  SECRET,
  /** JSON with a secret somewhere in it, or a secret that is no text. */
  SECRET_JSON,
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
      case "string" -> isSecret(schema) ? SECRET : format.equals("date") ? DATE : TEXT;
      default -> JSON;
    };
  }

  /** Returns whether what is filled in stands in no page again. */
  boolean isSecret() {
    return this == SECRET || this == SECRET_JSON;
  }

  /** Returns whether a schema says of its own values that they are not to be shown. */
  static boolean isSecret(JsonNode schema) {
    return schema.path("format").asString("").equals("password")
        || schema.path("writeOnly").asBoolean(false);
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
