package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.internal.JsonPointers;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Refuses schemas that refer to something outside themselves, before anything could load it. */
final class SchemaReferences {

  private static final Set<String> KEYWORDS = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  /** What stands below these is data, not schema. */
  private static final Set<String> DATA = Set.of("const", "default", "enum", "example", "examples");

  private final JsonNode root;

  private SchemaReferences(JsonNode root) {
    this.root = root;
  }

  /**
   * Checks a whole schema.
   *
   * @throws IllegalArgumentException naming the place of the first reference that leads outside or
   *     to nothing
   */
  static void check(JsonNode schema) {
    new SchemaReferences(schema).check(schema, "", 0);
  }

  private void check(JsonNode node, String path, int depth) {
    if (depth > JsonSettings.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "The schema is nested deeper than " + JsonSettings.MAX_DEPTH + " levels");
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(node.get(i), JsonPointers.child(path, i), depth + 1);
      }
      return;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String place = JsonPointers.child(path, member.getKey());
      if (KEYWORDS.contains(member.getKey()) && member.getValue().isString()) {
        checkTarget(member.getValue().asString(), place);
      } else if (!DATA.contains(member.getKey()) || path.endsWith("/properties")) {
        check(member.getValue(), place, depth + 1);
      }
    }
  }

  private void checkTarget(String target, String place) {
    if (!target.startsWith("#")) {
      throw new IllegalArgumentException(
          "The reference at " + place + " leads out of the schema; only #/... is followed");
    }
    boolean pointer = target.equals("#") || target.startsWith("#/");
    if (pointer && target.indexOf('%') < 0 && root.at(target.substring(1)).isMissingNode()) {
      throw new IllegalArgumentException(
          "The reference at " + place + " leads to nothing: " + target);
    }
  }
}
