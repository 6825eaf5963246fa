package dev.connectorsdk.internal.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lifts the limits of a schema whose root says {@code "x-limits": "advisory"}: choices, patterns,
 * ranges and sizes tell readers what a service is known to take, and nothing is refused for them.
 *
 * <p>What the schema accepts, the lifted one accepts. So limits stay where lifting them could
 * refuse more: in {@code not}, {@code if}, {@code oneOf} and {@code contains}, and in what these
 * refer to.
 */
final class AdvisoryLimits {

  private static final List<String> LIMITS =
      List.of(
          "enum",
          "pattern",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties");

  /** Where a schema that accepts more can make the whole accept less. */
  private static final List<String> CONDITIONS = List.of("not", "if", "oneOf", "contains");

  private static final List<String> SCHEMAS =
      List.of(
          "items",
          "additionalProperties",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "then",
          "else");
  private static final List<String> COLLECTIONS_OF_SCHEMAS =
      List.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "$defs",
          "definitions",
          "prefixItems",
          "allOf",
          "anyOf");
  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef");

  private final JsonNode root;
  private final Set<JsonNode> kept = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean keepsAll;

  private AdvisoryLimits(JsonNode root) {
    this.root = root;
  }

  /** Returns a schema without its advisory limits; the same if it has none. */
  static JsonNode lift(JsonNode schema) {
    if (!schema.path("x-limits").asString("").equals("advisory")) {
      return schema;
    }
    AdvisoryLimits limits = new AdvisoryLimits(schema.deepCopy());
    limits.findKept();
    if (!limits.keepsAll) {
      limits.liftFrom(limits.root);
    }
    return limits.root;
  }

  /** Collects the conditions, with everything in them and behind them. */
  private void findKept() {
    Deque<JsonNode> conditions = conditions();
    while (!conditions.isEmpty()) {
      JsonNode node = conditions.remove();
      if (!node.isContainer() || !kept.add(node)) {
        continue;
      }
      node.forEach(conditions::add);
      for (String keyword : REFERENCES) {
        JsonNode reference = node.path(keyword);
        JsonNode target = target(reference);
        keepsAll |= reference.isString() && target.isMissingNode(); // It could lead anywhere.
        conditions.add(target);
      }
    }
  }

  private Deque<JsonNode> conditions() {
    Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<JsonNode> open = new ArrayDeque<>();
    Deque<JsonNode> conditions = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      JsonNode schema = open.remove();
      if (!schema.isObject() || !seen.add(schema)) {
        continue;
      }
      CONDITIONS.forEach(keyword -> conditions.add(schema.path(keyword)));
      open.addAll(parts(schema));
      REFERENCES.forEach(keyword -> open.add(target(schema.path(keyword))));
    }
    return conditions;
  }

  private JsonNode target(JsonNode reference) {
    String text = reference.asString("");
    boolean pointer = text.equals("#") || text.startsWith("#/");
    return pointer ? root.at(text.substring(1)) : MissingNode.getInstance();
  }

  private void liftFrom(JsonNode schema) {
    if (schema instanceof ObjectNode object && !kept.contains(schema)) {
      object.remove(LIMITS);
      parts(schema).forEach(this::liftFrom);
    }
  }

  private static List<JsonNode> parts(JsonNode schema) {
    List<JsonNode> parts = new ArrayList<>();
    SCHEMAS.forEach(keyword -> parts.add(schema.path(keyword)));
    COLLECTIONS_OF_SCHEMAS.forEach(keyword -> schema.path(keyword).forEach(parts::add));
    return parts;
  }
}
