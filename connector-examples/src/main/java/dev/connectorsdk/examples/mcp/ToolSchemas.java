package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas of tools. One that a client cannot read makes it refuse all tools of a server, so what
 * comes out is valid JSON Schema 2020-12 of an object whatever goes in: keywords that are known,
 * with values that fit them, and references to definitions that are there. What is left out is
 * still checked when the action is called.
 */
final class ToolSchemas {

  /** In place of a larger schema, readers are told to rely on what a call says. */
  private static final int MOST_BYTES = 32 * 1024;

  private static final int DEEPEST = 40;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> PLACES = List.of("#/definitions/", "#/$defs/");
  private static final Set<String> SCHEMAS =
      Set.of(
          "items",
          "additionalProperties",
          "contains",
          "propertyNames",
          "not",
          "if",
          "then",
          "else",
          "unevaluatedItems",
          "unevaluatedProperties");

  private static final Set<String> TEXTS = Set.of("title", "description");

  /** The less of them is left, the more they refuse. */
  private static final Set<String> TURNING = Set.of("not", "if");

  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> MAPS = Set.of("properties", "dependentSchemas");

  /** What an answer may do all the same; services keep to it less than they say. */
  private static final Set<String> NOT_OF_ANSWERS =
      Set.of(
          "required",
          "enum",
          "const",
          "format",
          "pattern",
          "not",
          "if",
          "then",
          "else",
          "multipleOf",
          "uniqueItems",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties");

  private final JsonNode schema;
  private final boolean isOfAnswers;

  /** Whether the schema comes out as that of a member, so that the root is another. */
  private final boolean isWrapped;

  /** The names under which definitions come out, by the references to them. */
  private final Map<String, String> definitions = new HashMap<>();

  /** References to definitions that lead further, maybe to themselves. */
  private final Set<String> furtherReferences = new HashSet<>();

  /**
   * Whether nothing that refuses is left out anywhere, so that references are as good as theirs.
   */
  private boolean isExact;

  private int leftOut;
  private int loosened;
  private int references;

  private ToolSchemas(JsonNode schema, boolean isOfAnswers) {
    this.schema = schema;
    this.isOfAnswers = isOfAnswers;
    this.isWrapped = wrapped(schema) != null;
  }

  /** Returns the schema of a tool's input. */
  static ObjectNode input(JsonNode schema) {
    return new ToolSchemas(schema, false).root(true);
  }

  /** Returns the schema of a tool's input, however large it is. */
  static ObjectNode wholeInput(JsonNode schema) {
    return new ToolSchemas(schema, false).root(false);
  }

  /** Returns a schema that describes the structured content of a tool's answers. */
  static ObjectNode output(JsonNode schema) {
    return new ToolSchemas(schema, true).root(true);
  }

  /** Returns the member in which a value goes that is no object, or {@code null} for objects. */
  static @Nullable String wrapped(JsonNode schema) {
    JsonNode type = resolved(schema).path("type");
    if (!type.isString() || type.stringValue().equals("object")) {
      return null;
    }
    return type.stringValue().equals("array") ? "items" : "value";
  }

  private static JsonNode resolved(JsonNode schema) {
    JsonNode reference = schema.path("$ref");
    if (!reference.isString() || !reference.stringValue().startsWith("#/")) {
      return schema;
    }
    JsonNode place = schema;
    for (String token : reference.stringValue().substring(2).split("/", -1)) {
      place = place.path(token.replace("~1", "/").replace("~0", "~"));
    }
    return place;
  }

  private ObjectNode root(boolean isLimited) {
    String member = wrapped(schema);
    ObjectNode known = definitions();
    JsonNode clean = clean(schema, 0);
    if (leftOut == 0 && loosened > 0) {
      isExact = true;
      known = definitions();
      clean = clean(schema, 0);
    }
    ObjectNode root = clean instanceof ObjectNode object ? object : JSON.objectNode();
    if (member != null) {
      ObjectNode wrapper = JSON.objectNode();
      wrapper.putObject("properties").set(member, root);
      if (!isOfAnswers) {
        wrapper.putArray("required").add(member);
      }
      root = wrapper;
    }
    if (isOfAnswers) {
      root = describing(root);
    }
    ObjectNode whole = JSON.objectNode();
    whole.put("type", "object");
    root.remove("type");
    whole.setAll(root);
    if (!known.isEmpty()) {
      whole.set("$defs", known);
    }
    withoutCircles(whole, known);
    return isLimited && bytes(whole) > MOST_BYTES ? unlisted() : whole;
  }

  /** Returns how much of a message a schema takes. */
  static int bytes(ObjectNode schema) {
    return schema.toString().getBytes(UTF_8).length;
  }

  /** Returns what stands for a schema that is too large for a list. */
  static ObjectNode unlisted() {
    ObjectNode any = JSON.objectNode();
    any.put("type", "object");
    any.put("description", "Too large to be listed. A call says everything that does not fit.");
    return any;
  }

  /** Has a schema inform and refuse nothing: all members are of the described type, or another. */
  private static ObjectNode describing(ObjectNode root) {
    ObjectNode described = JSON.objectNode();
    ObjectNode rest = root.deepCopy();
    for (String text : TEXTS) {
      JsonNode value = rest.remove(text);
      if (value != null) {
        described.set(text, value);
      }
    }
    rest.remove("type");
    if (rest.remove("properties") instanceof ObjectNode properties) {
      ObjectNode loose = described.putObject("properties");
      properties.propertyStream().forEach(p -> loose.set(p.getKey(), orAny(p.getValue())));
    }
    rest.remove("additionalProperties");
    if (!rest.isEmpty()) {
      described.set("anyOf", JSON.arrayNode().add(rest).add(JSON.objectNode()));
    }
    return described;
  }

  private static JsonNode orAny(JsonNode schema) {
    if (!(schema instanceof ObjectNode object) || object.isEmpty()) {
      return JSON.objectNode();
    }
    ObjectNode loose = JSON.objectNode();
    ObjectNode strict = object.deepCopy();
    for (String text : TEXTS) {
      JsonNode value = strict.remove(text);
      if (value != null) {
        loose.set(text, value);
      }
    }
    loose.set("anyOf", JSON.arrayNode().add(strict).add(JSON.objectNode()));
    return loose;
  }

  private ObjectNode definitions() {
    ObjectNode clean = JSON.objectNode();
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (String place : PLACES) {
      schema
          .at(place.substring(1, place.length() - 1))
          .properties()
          .forEach(one -> all.put(place + one.getKey(), one.getValue()));
    }
    all.keySet().forEach(one -> definitions.putIfAbsent(one, "d" + definitions.size()));
    all.forEach(
        (one, value) -> {
          if (value.has("$ref")) {
            furtherReferences.add(one);
          }
        });
    all.forEach((one, value) -> clean.set(definitions.get(one), clean(value, 1)));
    return clean;
  }

  private JsonNode clean(JsonNode schema, int depth) {
    if (schema.isBoolean()) {
      return schema.booleanValue() || isOfAnswers
          ? JSON.objectNode()
          : JSON.objectNode().set("not", JSON.objectNode());
    }
    ObjectNode clean = JSON.objectNode();
    if (!(schema instanceof ObjectNode object) || depth >= DEEPEST) {
      leftOut++;
      return clean;
    }
    int before = loss();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String keyword = member.getKey();
      if (isLeftOut(keyword, object)) {
        leftOut++;
      } else if (keyword.equals("additionalItems")) {
        // What came after a list of items, before there was prefixItems.
        if (object.path("items").isArray()) {
          schemas("items", member.getValue(), clean, depth + 1);
        }
      } else {
        copy(keyword, member.getValue(), clean, depth + 1);
      }
    }
    loosen(clean, before);
    return clean;
  }

  private boolean isLeftOut(String keyword, ObjectNode schema) {
    return (isOfAnswers && NOT_OF_ANSWERS.contains(keyword))
        || (keyword.equals("additionalProperties") && schema.has("patternProperties"));
  }

  /** Grows with what is left out, and with what is only known once all is done. */
  private int loss() {
    return isExact ? 0 : leftOut + loosened + references;
  }

  /** Removes what refuses more the less is left beside it. */
  private void loosen(ObjectNode clean, int before) {
    if (!clean.has("contains")) {
      clean.remove(List.of("minContains", "maxContains"));
    }
    if (loss() != before) {
      int size = clean.size();
      clean.remove(List.of("maxContains", "unevaluatedItems", "unevaluatedProperties"));
      loosened += size - clean.size();
    }
  }

  private void copy(String keyword, JsonNode value, ObjectNode clean, int depth) {
    if (SCHEMAS.contains(keyword)) {
      schemas(keyword, value, clean, depth);
    } else if (LISTS.contains(keyword)) {
      list(keyword, value, clean, depth);
    } else if (MAPS.contains(keyword)) {
      map(keyword, value, clean, depth);
    } else if (keyword.equals("$ref")) {
      reference(value, clean);
    } else {
      JsonNode fitting = SchemaKeywords.fitting(keyword, value);
      if (fitting != null) {
        clean.set(keyword, fitting);
      } else if (SchemaKeywords.refuses(keyword)) {
        leftOut++;
      }
    }
  }

  private void schemas(String keyword, JsonNode value, ObjectNode clean, int depth) {
    if (keyword.equals("items") && value.isArray()) {
      list("prefixItems", value, clean, depth);
    } else if (value.isObject()) {
      int before = loss();
      JsonNode inside = clean(value, depth);
      if (TURNING.contains(keyword) && loss() != before) {
        loosened++;
      } else {
        clean.set(keyword, inside);
      }
    } else if (value.isBoolean() && !isOfAnswers) {
      clean.set(keyword, value);
    } else {
      leftOut++;
    }
  }

  private void list(String keyword, JsonNode value, ObjectNode clean, int depth) {
    if (!value.isArray() || value.isEmpty()) {
      leftOut++;
      return;
    }
    int before = loss();
    ArrayNode all = JSON.arrayNode();
    value.valueStream().forEach(one -> all.add(clean(one, depth)));
    if (!keyword.equals("oneOf") || loss() == before) {
      clean.set(keyword, all);
      return;
    }
    // With less in them, several may fit what was for one.
    loosened++;
    if (!clean.has("anyOf")) {
      clean.set("anyOf", all);
    }
  }

  private void map(String keyword, JsonNode value, ObjectNode clean, int depth) {
    if (value instanceof ObjectNode object) {
      ObjectNode all = clean.putObject(keyword);
      object.properties().forEach(one -> all.set(one.getKey(), clean(one.getValue(), depth)));
    } else {
      leftOut++;
    }
  }

  private void reference(JsonNode value, ObjectNode clean) {
    references++;
    String text = value.asString("").replace("~1", "/").replace("~0", "~");
    String target = target(text);
    if (target == null || furtherReferences.contains(text)) {
      leftOut++;
    }
    if (target != null) {
      clean.put("$ref", target);
    }
  }

  private @Nullable String target(String reference) {
    if (reference.equals("#")) {
      return isWrapped ? null : reference;
    }
    String known = definitions.get(reference);
    return known == null ? null : "#/$defs/" + known;
  }

  /** Removes references that only lead to further references. */
  private static void withoutCircles(JsonNode schema, ObjectNode known) {
    if (schema instanceof ObjectNode object) {
      JsonNode reference = object.path("$ref");
      if (reference.isString() && isCircle(reference.stringValue(), known)) {
        object.remove("$ref");
      }
    }
    schema.forEach(inside -> withoutCircles(inside, known));
  }

  private static boolean isCircle(String reference, ObjectNode known) {
    String at = reference;
    for (int hops = 0; hops <= known.size(); hops++) {
      JsonNode next = known.path(at.substring(at.lastIndexOf('/') + 1)).path("$ref");
      if (!next.isString() || next.stringValue().equals("#")) {
        return false;
      }
      at = next.stringValue();
    }
    return true;
  }
}
