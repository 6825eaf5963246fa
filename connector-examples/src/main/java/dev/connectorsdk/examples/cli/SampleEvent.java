package dev.connectorsdk.examples.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Makes up a value that fits a schema, to be edited or sent as it is. */
final class SampleEvent {

  private static final int DEEPEST = 8;

  /** What refers to itself in several places would grow too large long before it is too deep. */
  private static final int MOST_VALUES = 1_000;

  private final JsonNode schema;
  private final Instant now;
  private int values;

  private SampleEvent(JsonNode schema, Instant now) {
    this.schema = schema;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Returns a value; an empty object if the schema says nothing. */
  static JsonNode of(@Nullable JsonNode schema, Instant now) {
    JsonNode made =
        schema == null ? MissingNode.getInstance() : new SampleEvent(schema, now).value(schema, 0);
    return made.isMissingNode() ? Json.object() : made;
  }

  private JsonNode value(JsonNode declared, int depth) {
    if (depth > DEEPEST || ++values > MOST_VALUES) {
      return MissingNode.getInstance();
    }
    if (declared.has("$ref")) {
      return value(schema.at(declared.path("$ref").asString("").substring(1)), depth + 1);
    }
    return Stream.of(
            declared.path("const"),
            declared.path("example"),
            declared.at("/examples/0"),
            declared.path("default"),
            declared.at("/enum/0"))
        .filter(given -> !given.isMissingNode())
        .findFirst()
        .orElseGet(() -> made(declared, depth));
  }

  private JsonNode made(JsonNode declared, int depth) {
    JsonNode type =
        declared.path("type").isArray() ? declared.at("/type/0") : declared.path("type");
    return switch (type.asString("")) {
      case "integer", "number" -> IntNode.valueOf(declared.path("minimum").asInt(1));
      case "boolean" -> BooleanNode.TRUE;
      case "string" -> StringNode.valueOf(text(declared.path("format").asString("")));
      case "array" -> items(declared, depth);
      default -> object(declared, depth);
    };
  }

  private JsonNode items(JsonNode declared, int depth) {
    JsonNode item = value(declared.path("items"), depth + 1);
    return item.isMissingNode() ? Json.array() : Json.array().add(item);
  }

  /** All parts of what has several, and the first choice of what has some. */
  private JsonNode object(JsonNode declared, int depth) {
    ObjectNode object = Json.object();
    for (JsonNode part : declared.path("allOf")) {
      if (value(part, depth + 1) instanceof ObjectNode members) {
        object.setAll(members);
      }
    }
    for (String choice : new String[] {"oneOf", "anyOf"}) {
      JsonNode first = declared.path(choice).path(0);
      JsonNode made = first.isMissingNode() ? first : value(first, depth + 1);
      if (made instanceof ObjectNode members) {
        object.setAll(members);
      } else if (!made.isMissingNode()) {
        return made;
      }
    }
    declared
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode made = value(property.getValue(), depth + 1);
              if (!made.isMissingNode()) {
                object.set(property.getKey(), made);
              }
            });
    return object;
  }

  private String text(String format) {
    return switch (format) {
      case "date-time" -> now.toString();
      case "date" -> now.atOffset(ZoneOffset.UTC).toLocalDate().toString();
      case "uuid" -> "00000000-0000-4000-8000-000000000000";
      case "email" -> "ada@example.com";
      case "uri", "url" -> "https://example.com/";
      case "byte" -> "c2FtcGxl";
      default -> "sample";
    };
  }
}
