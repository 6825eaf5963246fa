package dev.connectorsdk.definition;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The webhook triggers of a definition, read from its file by Jackson alone: what the service that
 * the definition describes would know of itself.
 */
record RawWebhooks(JsonNode document) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_TRAILING_COMMA, JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  /**
   * One trigger.
   *
   * @param body the name of the body
   * @param mark where the callback URL goes in it
   * @param content what the service sends
   * @param remover what names what it makes: the path of the DELETE operation for it, with the
   *     query that this requires; {@code null} if there is no such operation
   */
  record Webhook(String id, String body, List<String> mark, JsonNode content, String remover) {}

  /** Reads the file of a folder that is its definition. */
  static RawWebhooks in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".json"))
              .filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).contains("swagger"))
              .findFirst()
              .orElse(null);
      String text =
          file == null ? "{}" : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return new RawWebhooks(MAPPER.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text));
    }
  }

  List<Webhook> all() {
    List<Webhook> all = new ArrayList<>();
    document
        .path("paths")
        .forEachEntry(
            (path, item) -> {
              if (!item.has("x-ms-notification-content")) {
                return;
              }
              item.forEachEntry(
                  (method, operation) -> {
                    if (operation.has("x-ms-trigger")) {
                      all.add(
                          new Webhook(
                              operation.path("operationId").asString(""),
                              body(item, operation).path("name").asString(""),
                              mark(body(item, operation).path("schema"), new HashSet<>()),
                              item.path("x-ms-notification-content").path("schema"),
                              remover(path)));
                    }
                  });
            });
    return all;
  }

  private JsonNode body(JsonNode item, JsonNode operation) {
    for (JsonNode list : List.of(operation.path("parameters"), item.path("parameters"))) {
      for (JsonNode declared : list) {
        JsonNode parameter = resolved(declared);
        if (parameter.path("in").asString("").equals("body")) {
          return parameter;
        }
      }
    }
    return MissingNode.getInstance();
  }

  private List<String> mark(JsonNode declared, Set<JsonNode> seen) {
    JsonNode schema = resolved(declared);
    if (isMarked(declared) || isMarked(schema)) {
      return List.of();
    }
    if (!seen.add(schema)) {
      return null;
    }
    for (JsonNode part : schema.path("allOf")) {
      List<String> found = mark(part, seen);
      if (found != null) {
        return found;
      }
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      List<String> below = mark(property.getValue(), seen);
      if (below != null) {
        List<String> path = new ArrayList<>(List.of(property.getKey()));
        path.addAll(below);
        return path;
      }
    }
    return null;
  }

  private static boolean isMarked(JsonNode schema) {
    return schema.path("x-ms-notification-url").asString("").equals("true");
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode at = node;
    for (int i = 0; i < 20 && at.path("$ref").isString(); i++) {
      at = document.at(at.path("$ref").asString().substring(1).replace("%20", " "));
    }
    return at;
  }

  /**
   * A service removes below where it made, or else where the definition has something hidden. A
   * Location names no body and no headers.
   */
  private String remover(String path) {
    String best = null;
    int most = -1;
    for (Map.Entry<String, JsonNode> item : document.path("paths").properties()) {
      JsonNode delete = item.getValue().path("delete");
      String query = delete.isObject() ? query(item.getValue(), delete) : null;
      if (query == null || delete.has("x-ms-trigger")) {
        continue;
      }
      int likely = common(path, item.getKey());
      likely += delete.path("x-ms-visibility").asString("").equals("internal") ? 1_000 : 0;
      if (likely > most) {
        most = likely;
        best = item.getKey() + query;
      }
    }
    return best;
  }

  /** Returns what has to stand in the query; {@code null} if a body or a header is required. */
  private String query(JsonNode item, JsonNode operation) {
    StringBuilder query = new StringBuilder();
    for (JsonNode list : List.of(operation.path("parameters"), item.path("parameters"))) {
      for (JsonNode declared : list) {
        JsonNode parameter = resolved(declared);
        boolean asked = parameter.path("required").asBoolean(false) && !parameter.has("default");
        String in = parameter.path("in").asString("");
        if (asked && in.equals("query")) {
          query.append(query.isEmpty() ? '?' : '&').append(name(parameter)).append("=q7");
        } else if (asked && !in.equals("path")) {
          return null;
        }
      }
    }
    return query.toString();
  }

  private static String name(JsonNode parameter) {
    return URLEncoder.encode(parameter.path("name").asString(""), StandardCharsets.UTF_8);
  }

  private static int common(String one, String other) {
    int i = 0;
    while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }

  /** Returns the URL of something at the service; without a host if that is a placeholder. */
  String location(String path) {
    String host = document.path("host").asString("");
    String base = document.path("basePath").asString("");
    String below = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    return host.matches("[A-Za-z0-9.:-]+")
        ? document.path("schemes").path(0).asString("https") + "://" + host + below
        : below;
  }

  /** Returns something that the service could send. */
  JsonNode sample(JsonNode schema) {
    return sample(schema, 0);
  }

  private JsonNode sample(JsonNode declared, int depth) {
    JsonNode schema = resolved(declared);
    String type = schema.path("type").asString(schema.has("items") ? "array" : "object");
    if (type.equals("string") && schema.path("enum").path(0).isString()) {
      return schema.path("enum").path(0);
    }
    return switch (type) {
      case "string" -> JSON.stringNode(text(schema.path("format").asString("")));
      case "integer", "number" -> JSON.numberNode(7);
      case "boolean" -> JSON.booleanNode(true);
      case "array" -> array(schema, depth);
      default -> object(schema, depth);
    };
  }

  private static String text(String format) {
    return switch (format) {
      case "date-time" -> "2024-05-01T10:00:00Z";
      case "date" -> "2024-05-01";
      case "uuid" -> "123e4567-e89b-12d3-a456-426614174000";
      case "email" -> "ada@example.com";
      case "uri" -> "https://sent.example/x";
      default -> "Zoë";
    };
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = JSON.arrayNode();
    if (depth < 6) {
      array.add(sample(schema.path("items"), depth + 1));
    }
    return array;
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = JSON.objectNode();
    for (JsonNode part : schema.path("allOf")) {
      if (sample(part, depth + 1) instanceof ObjectNode more) {
        object.setAll(more);
      }
    }
    if (depth < 6) {
      schema
          .path("properties")
          .forEachEntry((name, property) -> object.set(name, sample(property, depth + 1)));
    }
    if (depth == 0 && object.isEmpty()) {
      JsonNode others = schema.path("additionalProperties");
      object.set(
          "sent", others.isObject() ? sample(others, depth + 1) : JSON.stringNode("anything"));
    }
    return object;
  }
}
