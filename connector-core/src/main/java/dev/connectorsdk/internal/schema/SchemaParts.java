package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.internal.JsonPointers;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * Refuses schemas that refer to something outside themselves, before anything could load it, and
 * patterns that Java does not know.
 */
final class SchemaParts {

  private static final Set<String> KEYWORDS = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  private static final Set<String> ANCHORS = Set.of("$anchor", "$dynamicAnchor");

  /** What stands below these is data, not schema. */
  private static final Set<String> DATA = Set.of("const", "default", "enum", "example", "examples");

  private final JsonNode root;

  private SchemaParts(JsonNode root) {
    this.root = root;
  }

  /**
   * Checks a whole schema.
   *
   * @throws IllegalArgumentException naming the place of the first reference that leads outside or
   *     to nothing, or of the first pattern that is none
   */
  static void check(JsonNode schema) {
    new SchemaParts(schema).check(schema, "", 0);
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
      if (member.getValue().isString()) {
        checkText(member.getKey(), member.getValue().asString(), place);
      } else if (!DATA.contains(member.getKey()) || path.endsWith("/properties")) {
        check(member.getValue(), place, depth + 1);
      }
      if (path.endsWith("/patternProperties")) {
        checkPattern(member.getKey(), place);
      }
    }
  }

  private void checkText(String keyword, String text, String place) {
    if (KEYWORDS.contains(keyword)) {
      checkTarget(text, place);
    } else if (keyword.equals("pattern")) {
      checkPattern(text, place);
    }
  }

  private static void checkPattern(String pattern, String place) {
    try {
      EcmaPattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "Not a JSON Schema of 2020-12: the pattern at "
              + place
              + " cannot be used: "
              + e.getDescription(),
          e);
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
    if (!pointer && !hasAnchor(root, target.substring(1))) {
      throw new IllegalArgumentException(
          "Not a JSON Schema of 2020-12: there is no anchor for the reference at " + place);
    }
  }

  private static boolean hasAnchor(JsonNode node, String name) {
    return ANCHORS.stream().anyMatch(keyword -> node.path(keyword).asString("").equals(name))
        || node.valueStream().anyMatch(part -> hasAnchor(part, name));
  }
}
