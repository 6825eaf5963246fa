package dev.connectorsdk.definition;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that fits a schema, formats, choices and limits included.
 *
 * @param whole whether it has all members, not only those that must be there
 */
record ConformingSample(JsonNode root, boolean whole) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PUNCTUATED = "a-1_2.3~(x) y+z&q=1@b:c";
  private static final int DEEP = 6;
  private static final List<String> CANDIDATES =
      List.of(
          "ab-1_2.3@c",
          "ab-1_2.3",
          "ab-1_2",
          "0123456789abcdef01234567",
          "/companies/a-1",
          "en_US",
          "192.0.2.1",
          "https://www.caller.example/x?y=(1)",
          "Token a-1",
          "/2024-05-01/",
          "/Date(1234567890123+0100)/",
          "a1",
          "1",
          "abcdefgh",
          "10:00",
          "a!1.1",
          "ada@example.com",
          "2024-05-01",
          "2024-05-01T10:00:00Z",
          "123e4567-e89b-12d3-a456-426614174000",
          "https://caller.example/x",
          "+491701234567",
          "USD",
          "EN",
          "12345678");

  /** The least value. */
  ConformingSample(JsonNode root) {
    this(root, false);
  }

  JsonNode value() {
    ObjectNode sample = object(root, 0);
    if (root.has("then")) {
      String body = root.at("/then/required/0").stringValue();
      sample.set(body, value(root.path("properties").path(body), 0));
    }
    return sample;
  }

  private JsonNode value(JsonNode schema, int depth) {
    String reference = schema.path("$ref").stringValue("");
    if (!reference.isEmpty()) {
      return value(root.at(reference.substring(1)), depth + 1);
    }
    if (!schema.path("enum").isEmpty()) {
      return schema.path("enum").get(0);
    }
    JsonNode declared = schema.path("default");
    if (isValue(declared)) {
      return declared;
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).stringValue() : type.stringValue("object")) {
      case "array" -> array(schema, depth);
      case "string" -> JSON.stringNode(text(schema));
      case "integer", "number" -> number(schema);
      case "boolean" -> JSON.booleanNode(true);
      default -> object(schema, depth);
    };
  }

  private static boolean isValue(JsonNode declared) {
    return declared.isNumber()
        || declared.isBoolean()
        || (declared.isString() && !declared.stringValue().isBlank());
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = JSON.arrayNode();
    for (int i = 0;
        i < Math.max(depth < 8 ? 1 : 0, schema.path("minItems").asInt(0)) && i < 20;
        i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private static JsonNode number(JsonNode schema) {
    BigDecimal value = BigDecimal.ONE;
    BigDecimal least = limit(schema, "minimum", "exclusiveMinimum", BigDecimal.ONE);
    BigDecimal most = limit(schema, "maximum", "exclusiveMaximum", BigDecimal.ONE.negate());
    if (least != null && least.compareTo(value) > 0) {
      value = least;
    } else if (most != null && most.compareTo(value) < 0) {
      value = most;
    }
    return JSON.numberNode(value);
  }

  private static BigDecimal limit(JsonNode schema, String inside, String outside, BigDecimal step) {
    if (schema.path(inside).isNumber()) {
      return schema.path(inside).decimalValue();
    }
    return schema.path(outside).isNumber() ? schema.path(outside).decimalValue().add(step) : null;
  }

  private String text(JsonNode schema) {
    String pattern = schema.path("pattern").stringValue("");
    List<String> candidates = new ArrayList<>(CANDIDATES);
    candidates.add(pattern);
    for (String candidate : candidates) {
      try {
        if (!pattern.isEmpty() && Pattern.compile(pattern).matcher(candidate).find()) {
          return candidate;
        }
      } catch (PatternSyntaxException notJava) {
        break;
      }
    }
    String text =
        switch (schema.path("format").stringValue("").trim()) {
          case "date-time" -> "2024-05-01T10:00:00Z";
          case "date" -> "2024-05-01";
          case "uuid" -> "123e4567-e89b-12d3-a456-426614174000";
          case "email" -> "ada@example.com";
          case "uri", "url" -> "https://caller.example/x";
          case "ipv4" -> "192.0.2.1";
          case "ipv6" -> "2001:db8::1";
          case "hostname" -> "caller.example";
          case "byte" -> "eA==";
          default -> whole ? PUNCTUATED : "eA";
        };
    int minimum = Math.min(1_000, schema.path("minLength").asInt(0));
    int maximum = schema.path("maxLength").asInt(Integer.MAX_VALUE);
    StringBuilder padded = new StringBuilder(text);
    while (padded.length() < minimum) {
      padded.append('x');
    }
    return padded.length() > maximum
        ? padded.substring(0, Math.max(1, maximum))
        : padded.toString();
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = JSON.objectNode();
    if (schema.path("type").isArray()
        && schema.path("type").size() > 1
        && schema.path("type").get(1).stringValue().equals("string")) {
      return object.put("$content", "eA==");
    }
    if (depth > 30) {
      return object;
    }
    for (JsonNode part : schema.path("allOf")) {
      if (value(part, depth + 1) instanceof ObjectNode more) {
        object.setAll(more);
      }
    }
    for (String name : names(schema, depth)) {
      JsonNode member = schema.path("properties").path(name);
      boolean json = isMediaType(name) && member.path("enum").isEmpty();
      object.set(name, json ? JSON.stringNode("application/json") : value(member, depth + 1));
    }
    return object;
  }

  private Set<String> names(JsonNode schema, int depth) {
    Set<String> names = new LinkedHashSet<>();
    schema.path("required").forEach(name -> names.add(name.stringValue()));
    if (whole && depth < DEEP) {
      schema.path("properties").propertyNames().stream()
          .filter(name -> !isMediaType(name))
          .forEach(names::add);
    }
    return names;
  }

  private static boolean isMediaType(String name) {
    return name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Accept");
  }
}
