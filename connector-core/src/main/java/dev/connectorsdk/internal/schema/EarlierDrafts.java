package dev.connectorsdk.internal.schema;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rewrites what JSON Schema said in another way before 2020-12: draft-04 to 2019-09, as most
 * services publish it. What one schema cannot mean in both is left to the validator to refuse.
 */
final class EarlierDrafts {

  private static final String DIALECT = "$schema";
  private static final Set<String> KNOWN =
      Set.of(
          "json-schema.org/schema",
          "json-schema.org/draft-04/schema",
          "json-schema.org/draft-06/schema",
          "json-schema.org/draft-07/schema",
          "json-schema.org/draft/2019-09/schema",
          "json-schema.org/draft/2020-12/schema");

  /** Up to here a reference stood alone, whatever else was beside it. */
  private static final Set<String> REFERENCE_IS_ALL =
      Set.of(
          "json-schema.org/draft-04/schema",
          "json-schema.org/draft-06/schema",
          "json-schema.org/draft-07/schema");

  private static final List<String> KEPT_BESIDE_REFERENCE =
      List.of("$ref", "definitions", "$defs", "title", "description");

  private static final List<String> SCHEMAS =
      List.of(
          "items",
          "additionalItems",
          "unevaluatedItems",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "contains",
          "not",
          "if",
          "then",
          "else");
  private static final List<String> COLLECTIONS_OF_SCHEMAS =
      List.of(
          "properties",
          "patternProperties",
          "dependencies",
          "dependentSchemas",
          "definitions",
          "$defs",
          "prefixItems",
          "allOf",
          "anyOf",
          "oneOf");

  private final boolean isReferenceAll;

  private EarlierDrafts(boolean isReferenceAll) {
    this.isReferenceAll = isReferenceAll;
  }

  /** Returns a schema of 2020-12 that accepts the same. */
  static JsonNode rewritten(JsonNode schema) {
    if (!schema.isObject()) {
      return schema;
    }
    ObjectNode copy = (ObjectNode) schema.deepCopy();
    String dialect = dialect(copy.path(DIALECT).asString(""));
    if (KNOWN.contains(dialect)) {
      copy.remove(DIALECT);
    }
    new EarlierDrafts(REFERENCE_IS_ALL.contains(dialect)).rewrite(copy);
    return copy;
  }

  private static String dialect(String url) {
    return url.replaceFirst("^https?://", "").replaceFirst("#$", "");
  }

  private void rewrite(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    SCHEMAS.forEach(keyword -> rewrite(schema.path(keyword)));
    COLLECTIONS_OF_SCHEMAS.forEach(keyword -> schema.path(keyword).forEach(this::rewrite));
    if (schema.path("items").isArray()) {
      schema.path("items").forEach(this::rewrite);
    }
    if (schema.path("id").isString()) {
      schema.remove("id"); // As a URL, which is looked up nowhere.
    }
    exclusive(schema, "exclusiveMinimum", "minimum");
    exclusive(schema, "exclusiveMaximum", "maximum");
    tuple(schema);
    dependencies(schema);
    recursion(schema);
    if (isReferenceAll && schema.path("$ref").isString()) {
      schema.retain(KEPT_BESIDE_REFERENCE);
    }
  }

  private static void exclusive(ObjectNode schema, String exclusive, String limit) {
    JsonNode flag = schema.path(exclusive);
    if (flag.isBoolean()) {
      schema.remove(exclusive);
      if (flag.booleanValue() && schema.has(limit)) {
        schema.set(exclusive, schema.remove(limit));
      }
    }
  }

  private static void tuple(ObjectNode schema) {
    JsonNode more = schema.remove("additionalItems");
    if (schema.path("items").isArray()) {
      schema.set("prefixItems", schema.remove("items"));
      if (more != null) {
        schema.set("items", more);
      }
    }
  }

  /** To the schema itself: what extends it from outside does not exist here. */
  private static void recursion(ObjectNode schema) {
    schema.remove("$recursiveAnchor");
    JsonNode reference = schema.remove("$recursiveRef");
    if (reference == null) {
      return;
    }
    if (schema.has("$ref")) {
      schema.withArrayProperty("allOf").addObject().set("$ref", reference);
    } else {
      schema.set("$ref", reference);
    }
  }

  private static void dependencies(ObjectNode schema) {
    JsonNode all = schema.remove("dependencies");
    if (all == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> one : all.properties()) {
      String keyword = one.getValue().isArray() ? "dependentRequired" : "dependentSchemas";
      schema.withObjectProperty(keyword).set(one.getKey(), one.getValue());
    }
  }
}
