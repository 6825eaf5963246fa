package dev.connectorsdk.internal.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  /** Say something of the members of objects. */
  private static final List<String> MEMBERS =
      List.of("properties", "required", "additionalProperties");

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

    private int types = Kind.ANY;
    private Rule[] rules = {NEVER};

    @Override
    public boolean fits(JsonNode value, Walk walk) {
      if (++walk.steps > MOST_STEPS || walk.depth == MOST_DEPTH) {
        return false;
      }
      if (types != Kind.ANY && (types & Kind.of(value)) == 0) {
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

  /**
   * What a schema says of the members of an object.
   *
   * @param named those with a name of their own
   * @param others what all others have to fit
   * @param required how many have to be there
   */
  private record Members(Map<String, Member> named, @Nullable Rule others, int required)
      implements Rule {

    @Override
    public boolean fits(JsonNode value, Walk walk) {
      int missing = value.isObject() ? required : 0;
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        if (++walk.steps > MOST_STEPS) {
          return false;
        }
        Member member = named.get(entry.getKey());
        Rule rule = member == null ? others : member.rule();
        if (rule != null && !rule.fits(entry.getValue(), walk)) {
          return false;
        }
        if (member != null && member.isRequired()) {
          missing--;
        }
      }
      return missing == 0;
    }
  }

  /**
   * @param rule what it has to fit, or {@code null} for nothing
   */
  private record Member(@Nullable Rule rule, boolean isRequired) {}

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
      if (MEMBERS.stream().anyMatch(schema::has)) {
        rules.add(members(schema));
      }
      for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
        String name = keyword.getKey();
        if (name.equals("type")) {
          all.types = types(keyword.getValue());
        } else if (!MEMBERS.contains(name) && !NOTES.contains(name) && !name.startsWith("x-")) {
          rules.add(rule(name, keyword.getValue()));
        }
      }
      all.rules = rules.toArray(Rule[]::new);
    }

    private Rule rule(String keyword, JsonNode content) {
      return switch (keyword) {
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

    private static int types(JsonNode types) {
      int allowed = types.isString() ? Kind.named(types.stringValue()) : 0;
      for (JsonNode type : types) {
        allowed |= Kind.named(type.asString(""));
      }
      return allowed;
    }

    private Rule members(JsonNode schema) {
      JsonNode others = schema.get("additionalProperties");
      if (others != null && schema.has("patternProperties")) {
        return NEVER;
      }
      Rule ofOthers = others == null ? null : rule(others);
      Map<String, Member> named = new HashMap<>();
      schema
          .path("properties")
          .forEachEntry((name, content) -> named.put(name, new Member(rule(content), false)));
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(name -> required.add(name.asString()));
      for (String name : required) {
        Member member = named.get(name);
        named.put(name, new Member(member == null ? ofOthers : member.rule(), true));
      }
      return new Members(named, ofOthers, required.size());
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

    /** Of a schema that names none. */
    private static final int ANY = -1;

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
