package dev.connectorsdk.examples.mcp;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Keywords of JSON Schema 2020-12 that hold no schemas, and the values that they may have. */
final class SchemaKeywords {

  /** Longer ones are left out, for what looks at them recurses. */
  private static final int LONGEST_PATTERN = 1_000;

  private static final String ESCAPE =
      "\\\\(?:[dDwWsSfnrtv^$\\\\.*+?()\\[\\]{}|/]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})";

  // What ECMA-262 with its flag u and Java read alike: nothing like (?i), a++ or [a&&[b]].
  private static final Pattern OF_BOTH =
      Pattern.compile(
          "(?:"
              + "[^\\\\()\\[\\]{}*+?]|"
              + ESCAPE
              + "|\\\\[bB]|\\((?:\\?(?::|=|!|<=|<!)|(?!\\?))|\\)|"
              + "\\[\\^?(?:(?!&&)[^\\\\\\[\\]]|"
              + ESCAPE
              + "|\\\\-)+\\]|"
              + "(?:[*+?]|\\{\\d+(?:,\\d*)?\\})\\??(?!\\+)"
              + ")*");

  // Of these, what ECMA-262 with its flag u refuses: a class at an end of a range, as in [\\w-.],
  // and
  // how often an edge or a look ahead or behind is to be there, as in ^* or (?=a)+.
  private static final Pattern REFUSED_BY_ECMA =
      Pattern.compile(
          "\\[(?:[^\\]\\\\]|\\\\.)*?(?:\\\\[dDwWsS]-(?!\\])|[^\\[^\\\\]-\\\\[dDwWsS])"
              + "|(?<![\\\\\\[])[\\^$][*+?{]|\\\\[bB][*+?{]|\\(\\?<?[=!][^()]*\\)[*+?{]");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "number", "integer", "boolean", "null");
  private static final Set<String> TEXTS =
      Set.of("title", "description", "format", "contentEncoding", "contentMediaType");
  private static final Set<String> COUNTS =
      Set.of(
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "minContains",
          "maxContains");
  private static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  /** Without them a schema takes more. Of the others, those that are not known say nothing. */
  private static final Set<String> REFUSING =
      Set.of(
          "type",
          "enum",
          "required",
          "pattern",
          "multipleOf",
          "uniqueItems",
          "dependentRequired",
          "dependencies",
          "patternProperties",
          "$dynamicRef",
          "$recursiveRef");

  private SchemaKeywords() {}

  /** Returns whether a keyword, these or another, may have a schema refuse something. */
  static boolean refuses(String keyword) {
    return REFUSING.contains(keyword) || COUNTS.contains(keyword) || NUMBERS.contains(keyword);
  }

  /** Returns the value of a keyword as far as it is allowed there, or {@code null}. */
  static @Nullable JsonNode fitting(String keyword, JsonNode value) {
    if (TEXTS.contains(keyword)) {
      return value.isString() ? value : null;
    }
    if (COUNTS.contains(keyword)) {
      return value.isIntegralNumber() && value.asLong(-1) >= 0 ? value : null;
    }
    if (NUMBERS.contains(keyword)) {
      return value.isNumber() ? value : null;
    }
    return switch (keyword) {
      case "type" -> type(value);
      case "enum" -> distinct(value);
      case "dependentRequired" -> dependent(value);
      case "required" -> value.valueStream().allMatch(JsonNode::isString) ? distinct(value) : null;
      case "const", "default" -> value;
      case "deprecated", "readOnly", "writeOnly", "uniqueItems" -> value.isBoolean() ? value : null;
      case "multipleOf" -> value.isNumber() && value.asDouble() > 0 ? value : null;
      case "examples" -> value.isArray() ? value : null;
      case "pattern" -> value.isString() && isPattern(value.stringValue()) ? value : null;
      default -> null;
    };
  }

  private static @Nullable JsonNode type(JsonNode value) {
    if (value.isString()) {
      return TYPES.contains(value.stringValue()) ? value : null;
    }
    JsonNode all = distinct(value);
    return all != null && all.valueStream().allMatch(one -> TYPES.contains(one.asString("")))
        ? all
        : null;
  }

  private static @Nullable JsonNode distinct(JsonNode value) {
    if (!value.isArray() || value.isEmpty()) {
      return null;
    }
    Set<JsonNode> all = new LinkedHashSet<>();
    value.valueStream().forEach(all::add);
    return JSON.arrayNode().addAll(all);
  }

  private static @Nullable JsonNode dependent(JsonNode value) {
    if (!value.isObject()) {
      return null;
    }
    ObjectNode all = JSON.objectNode();
    for (Map.Entry<String, JsonNode> one : value.properties()) {
      JsonNode names = one.getValue();
      if (!names.isArray() || !names.valueStream().allMatch(JsonNode::isString)) {
        return null;
      }
      JsonNode distinct = distinct(names);
      all.set(one.getKey(), distinct == null ? names : distinct);
    }
    return all;
  }

  /** What only one of ECMA-262 and Java knows is rare; clients go without such patterns. */
  private static boolean isPattern(String text) {
    if (text.length() > LONGEST_PATTERN
        || !OF_BOTH.matcher(text).matches()
        || REFUSED_BY_ECMA.matcher(text).find()) {
      return false;
    }
    try {
      Pattern.compile(text);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
