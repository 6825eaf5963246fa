package dev.connectorsdk.internal.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * Finds out quickly that a value fits a schema, which most do. It can only say yes: what it does
 * not know, and what does not seem to fit, is for the validator, which also says what is wrong.
 *
 * <p>It knows the keywords that inputs are mostly described with, and gives up on values that take
 * long, as the validator does. Safe for use by several threads.
 */
final class QuickCheck {

  private static final int MOST_STEPS = 10_000;
  private static final int MOST_DEPTH = 64;

  /** Say nothing that is checked. */
  private static final Set<String> NOTES =
      Set.of(
          "$comment",
          "$defs",
          "$schema",
          "contentEncoding",
          "contentMediaType",
          "default",
          "definitions",
          "deprecated",
          "description",
          "examples",
          "format",
          "if", // What follows from it must hold anyway, as far as can be told here.
          "readOnly",
          "title",
          "writeOnly");

  private static final Rule NEVER = (value, walk) -> false;

  private final Rule root;

  private QuickCheck(Rule root) {
    this.root = root;
  }

  /** Looks a schema over once. */
  static QuickCheck of(JsonNode schema) {
    return new QuickCheck(new Compiler(schema).rule(schema));
  }

  /** Returns whether a value fits for sure. */
  boolean fits(JsonNode value) {
    return root.fits(value, new Walk());
  }

  private interface Rule {
    boolean fits(JsonNode value, Walk walk);
  }

  /** How far one check has gone. */
  private static final class Walk {
    private int steps;
    private int depth;
  }

  /** All that one schema says. */
  private static final class All implements Rule {

    private Rule[] rules = {NEVER};

    @Override
    public boolean fits(JsonNode value, Walk walk) {
      if (++walk.steps > MOST_STEPS || walk.depth == MOST_DEPTH) {
        return false;
      }
      walk.depth++;
      for (Rule rule : rules) {
        if (!rule.fits(value, walk)) {
          return false;
        }
      }
      walk.depth--;
      return true;
    }
  }

  private static final class Compiler {

    private final JsonNode root;
    private final Map<String, Rule> targets = new HashMap<>();

    Compiler(JsonNode root) {
      this.root = root;
    }

    Rule rule(JsonNode schema) {
      if (schema.isBoolean()) {
        return schema.booleanValue() ? (value, walk) -> true : NEVER;
      }
      All all = new All();
      fill(all, schema);
      return all;
    }

    private void fill(All all, JsonNode schema) {
      List<Rule> rules = new ArrayList<>();
      if (!schema.isObject()) {
        rules.add(NEVER);
      }
      for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
        String name = keyword.getKey();
        if (!NOTES.contains(name) && !name.startsWith("x-")) {
          rules.add(rule(name, keyword.getValue(), schema));
        }
      }
      all.rules = rules.toArray(Rule[]::new);
    }

    private Rule rule(String keyword, JsonNode content, JsonNode schema) {
      return switch (keyword) {
        case "type" -> type(content);
        case "properties" -> properties(content);
        case "required" -> required(content);
        case "additionalProperties" -> additional(content, schema);
        case "items" -> items(rule(content));
        case "enum" -> choices(content);
        case "$ref" -> target(content.asString(""));
        case "allOf" -> all(content);
        case "then", "else" -> rule(content);
        case "pattern", "minLength", "maxLength" ->
            (value, walk) -> !value.isString() && !value.isBinary() && !value.isPojo();
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" ->
            (value, walk) -> !value.isNumber();
        case "minItems", "maxItems", "uniqueItems" -> (value, walk) -> !value.isArray();
        case "minProperties", "maxProperties" -> (value, walk) -> !value.isObject();
        default -> NEVER;
      };
    }

    private static Rule type(JsonNode types) {
      int allowed = types.isString() ? Kind.named(types.stringValue()) : 0;
      for (JsonNode type : types) {
        allowed |= Kind.named(type.asString(""));
      }
      int any = allowed;
      return (value, walk) -> (any & Kind.of(value)) != 0;
    }

    private Rule properties(JsonNode properties) {
      String[] names = properties.propertyNames().toArray(String[]::new);
      Rule[] rules = properties.values().stream().map(this::rule).toArray(Rule[]::new);
      return (value, walk) -> {
        for (int i = 0; i < names.length; i++) {
          JsonNode member = value.get(names[i]);
          if (member != null && !rules[i].fits(member, walk)) {
            return false;
          }
        }
        return true;
      };
    }

    private static Rule required(JsonNode required) {
      String[] names = required.values().stream().map(JsonNode::asString).toArray(String[]::new);
      return (value, walk) -> {
        for (String name : names) {
          if (value.isObject() && !value.has(name)) {
            return false;
          }
        }
        return true;
      };
    }

    private Rule additional(JsonNode others, JsonNode schema) {
      if (schema.has("patternProperties")) {
        return NEVER;
      }
      Set<String> known = new HashSet<>(schema.path("properties").propertyNames());
      Rule rule = rule(others);
      return (value, walk) -> {
        for (Map.Entry<String, JsonNode> member : value.properties()) {
          if (!known.contains(member.getKey()) && !rule.fits(member.getValue(), walk)) {
            return false;
          }
        }
        return true;
      };
    }

    private static Rule items(Rule rule) {
      return (value, walk) -> {
        for (int i = 0; value.isArray() && i < value.size(); i++) {
          if (!rule.fits(value.get(i), walk)) {
            return false;
          }
        }
        return true;
      };
    }

    private static Rule choices(JsonNode choices) {
      Set<JsonNode> known = new HashSet<>(choices.values());
      return (value, walk) -> known.contains(value);
    }

    private Rule all(JsonNode parts) {
      All all = new All();
      all.rules = parts.values().stream().map(this::rule).toArray(Rule[]::new);
      return all;
    }

    /** A schema may refer to itself, so what it refers to is known before it has been read. */
    private Rule target(String reference) {
      if (!reference.startsWith("#/") || reference.indexOf('%') >= 0) {
        return NEVER;
      }
      Rule known = targets.get(reference);
      if (known != null) {
        return known;
      }
      JsonNode target = root.at(reference.substring(1));
      if (!target.isObject()) {
        return NEVER;
      }
      All all = new All();
      targets.put(reference, all);
      fill(all, target);
      return all;
    }
  }

  /** The types that a value has, each a bit; none for what does not come from JSON. */
  private static final class Kind {

    private static final int OBJECT = 1;
    private static final int ARRAY = 2;
    private static final int STRING = 4;
    private static final int INTEGER = 8;
    private static final int NUMBER = 16;
    private static final int BOOLEAN = 32;
    private static final int NULL = 64;

    private Kind() {}

    static int named(String type) {
      return switch (type) {
        case "object" -> OBJECT;
        case "array" -> ARRAY;
        case "string" -> STRING;
        case "integer" -> INTEGER;
        case "number" -> NUMBER;
        case "boolean" -> BOOLEAN;
        case "null" -> NULL;
        default -> 0;
      };
    }

    /** What is infinite or no number is of no type. */
    private static int fraction(JsonNode value) {
      return value instanceof NumericNode number && number.isNaN() ? 0 : NUMBER;
    }

    static int of(JsonNode value) {
      return switch (value.getNodeType()) {
        case OBJECT -> OBJECT;
        case ARRAY -> ARRAY;
        case STRING -> STRING;
        case NUMBER -> value.isIntegralNumber() ? INTEGER | NUMBER : fraction(value);
        case BOOLEAN -> BOOLEAN;
        case NULL -> NULL;
        default -> 0;
      };
    }
  }
}
