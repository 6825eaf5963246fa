package dev.connectorsdk.testkit;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes up a value that fits a JSON Schema. */
final class SampleJson {

  /** How much there is in it. */
  enum Fill {
    /** What has to be there, as callers send it. */
    REQUIRED,
    /** All members, and one element in each list. */
    FULL,
    /** All members, and no element in any list: nothing has happened. */
    QUIET,
    /** What has to be there, and no element in any list: what is at the end. */
    LAST
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 8;

  /** What refers to itself in several places would grow too large long before it is too deep. */
  private static final int MOST_VALUES = 1_000;

  private static final List<String> CANDIDATES =
      List.of(
          "sample",
          "SAMPLE",
          "a1",
          "1",
          "12345678",
          "2026-01-01",
          "2026-01-01T12:00:00Z",
          "10:00",
          "en_US",
          "EN",
          "USD",
          "ada@example.com",
          "https://example.com/",
          "+491701234567",
          "00000000-0000-4000-8000-000000000000",
          "0123456789abcdef01234567",
          "192.0.2.1",
          "/a/b");

  private final JsonNode root;
  private final Fill fill;
  private int values;

  private SampleJson(JsonNode root, Fill fill) {
    this.root = root;
    this.fill = fill;
  }

  static JsonNode of(JsonNode schema, Fill fill) {
    SampleJson sample = new SampleJson(schema, fill);
    JsonNode value = sample.value(schema, 0);
    if (fill == Fill.REQUIRED && value instanceof ObjectNode object) {
      sample.meetConditions(object);
    }
    return value;
  }

  /** A body whose type another member chooses is required by a condition. */
  private void meetConditions(ObjectNode object) {
    for (JsonNode name : root.at("/then/required")) {
      if (!object.has(name.asString(""))) {
        object.set(name.asString(""), value(root.path("properties").path(name.asString("")), 1));
      }
    }
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > DEEPEST || ++values > MOST_VALUES) {
      return JSON.objectNode();
    }
    if (schema.has("$ref")) {
      return value(root.at(schema.path("$ref").asString("").substring(1)), depth + 1);
    }
    if (fill == Fill.REQUIRED || isChoice(schema)) {
      JsonNode given = given(schema);
      if (given != null) {
        return given;
      }
    }
    for (String choice : List.of("oneOf", "anyOf")) {
      for (JsonNode one : schema.path(choice)) {
        if (!one.path("type").asString("").equals("null") && !schema.has("properties")) {
          return value(one, depth + 1);
        }
      }
    }
    return switch (type(schema)) {
      case "array" -> array(schema, depth);
      case "string" -> JSON.stringNode(text(schema));
      case "integer", "number" -> number(schema);
      case "boolean" -> JSON.booleanNode(fill == Fill.REQUIRED);
      case "null" -> JSON.nullNode();
      default -> object(schema, depth);
    };
  }

  private static boolean isChoice(JsonNode schema) {
    return schema.has("const") || schema.has("enum");
  }

  private static @Nullable JsonNode given(JsonNode schema) {
    return Stream.of(
            schema.path("const"),
            schema.path("example"),
            schema.at("/examples/0"),
            schema.path("default"),
            schema.at("/enum/0"))
        .filter(node -> !node.isMissingNode() && !node.isNull() && !isBlank(node))
        .findFirst()
        .orElse(null);
  }

  private static boolean isBlank(JsonNode node) {
    return node.isString() ? node.asString("").isBlank() : node.isContainer() && node.isEmpty();
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type").isArray() ? schema.at("/type/0") : schema.path("type");
    String name = type.asString("");
    return name.isEmpty() && schema.has("items") ? "array" : name;
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = JSON.arrayNode();
    int least = Math.min(20, schema.path("minItems").asInt(0));
    boolean empty = fill == Fill.QUIET || fill == Fill.LAST;
    for (int i = 0; i < (empty ? 0 : Math.max(1, least)); i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private static JsonNode number(JsonNode schema) {
    long least = schema.path("minimum").asLong(schema.path("exclusiveMinimum").asLong(0) + 1);
    long most = schema.path("maximum").asLong(Long.MAX_VALUE);
    return JSON.numberNode(Math.min(Math.max(1, least), most));
  }

  private static String text(JsonNode schema) {
    if (schema.path("contentEncoding").asString("").equals("base64")) {
      return "c2FtcGxl";
    }
    String pattern = schema.path("pattern").asString("");
    if (!pattern.isEmpty()) {
      try {
        Pattern compiled = Pattern.compile(pattern);
        return CANDIDATES.stream()
            .filter(candidate -> compiled.matcher(candidate).find())
            .findFirst()
            .orElse("sample");
      } catch (PatternSyntaxException notJava) {
        return "sample";
      }
    }
    String text =
        switch (schema.path("format").asString("").strip()) {
          case "date-time" -> "2026-01-01T12:00:00Z";
          case "date" -> "2026-01-01";
          case "time" -> "12:00:00Z";
          case "duration" -> "PT1M";
          case "uuid" -> "00000000-0000-4000-8000-000000000000";
          case "email" -> "ada@example.com";
          case "uri", "url", "uri-reference" -> "https://example.com/";
          case "ipv4" -> "192.0.2.1";
          case "byte" -> "c2FtcGxl";
          default -> "sample";
        };
    StringBuilder padded = new StringBuilder(text);
    while (padded.length() < Math.min(1_000, schema.path("minLength").asInt(0))) {
      padded.append('x');
    }
    int most = Math.max(1, schema.path("maxLength").asInt(Integer.MAX_VALUE));
    return padded.length() > most ? padded.substring(0, most) : padded.toString();
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = JSON.objectNode();
    if (schema.at("/type/1").asString("").equals("string")) {
      return object.put("$content", "c2FtcGxl");
    }
    for (JsonNode part : schema.path("allOf")) {
      if (value(part, depth + 1) instanceof ObjectNode members) {
        object.setAll(members);
      }
    }
    List<String> required =
        schema.path("required").valueStream().map(name -> name.asString("")).toList();
    schema
        .path("properties")
        .properties()
        .forEach(
            member -> {
              if (isWanted(member.getValue(), required.contains(member.getKey()))) {
                object.set(member.getKey(), named(member.getKey(), member.getValue(), depth));
              }
            });
    return object;
  }

  private boolean isWanted(JsonNode member, boolean required) {
    return switch (fill) {
      case REQUIRED, LAST -> required || (fill == Fill.LAST && type(member).equals("array"));
      case FULL, QUIET -> true;
    };
  }

  /** A header that says what a body is has to name a type. */
  private JsonNode named(String name, JsonNode schema, int depth) {
    boolean isMediaType = name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Accept");
    return isMediaType && !schema.has("enum")
        ? JSON.stringNode("application/json")
        : Objects.requireNonNull(value(schema, depth + 1));
  }
}
