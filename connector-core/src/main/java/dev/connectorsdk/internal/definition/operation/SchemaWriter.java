package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the schema of an input or output as JSON Schema 2020-12. Referenced definitions become
 * {@code $defs}, only those that are reached, each once, so recursive types stay as they are.
 *
 * <p>Of an input, what cannot be sent is refused and nothing else. Numbers and booleans may be
 * texts and texts may be numbers, since workflows pass on what they got, the declared type first;
 * null stands for nothing; enumerations, patterns and ranges, which services do not agree with
 * themselves about, are declared and, by {@code "x-limits": "advisory"} at the root, not enforced.
 * A host may ask for the strict schema instead. The limits of an output are always advisory, and
 * what need not be there may be null: OpenAPI 2.0 cannot say so, and services send it.
 *
 * <p>One writer writes one schema. Not safe for use by several threads.
 */
public final class SchemaWriter {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final Set<String> FORMATS =
      Set.of(
          "int32",
          "int64",
          "float",
          "double",
          "decimal",
          "byte",
          "binary",
          "date",
          "date-time",
          "time",
          "duration",
          "uuid",
          "uri",
          "email",
          "hostname",
          "ipv4",
          "ipv6",
          "password",
          "html");

  private final DeclaredSchemas schemas;
  private final boolean input;
  private final boolean strict;
  private final SchemaTypes types;
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Set<String> takenKeys = new HashSet<>();
  private final Deque<String> unwritten = new ArrayDeque<>();

  private SchemaWriter(DeclaredSchemas schemas, boolean input, boolean strict, JsonNode whole) {
    this.schemas = schemas;
    this.input = input;
    this.strict = strict;
    this.types = new SchemaTypes(schemas, input, input && !strict, schemas.resolve(whole));
  }

  /** Returns the schema of an operation's input. */
  public static ObjectNode input(
      List<Parameter> parameters, DeclaredSchemas schemas, boolean strict) {
    return new SchemaWriter(schemas, true, strict, MissingNode.getInstance())
        .writeInput(parameters);
  }

  /** Returns the schema of an output whose body has this schema. */
  public static ObjectNode output(JsonNode body, DeclaredSchemas schemas) {
    return new SchemaWriter(schemas, false, false, body).writeOutput(body);
  }

  /** Returns the schema of what a service sends, written as a whole. */
  public static ObjectNode whole(JsonNode sent, DeclaredSchemas schemas) {
    SchemaWriter writer = new SchemaWriter(schemas, false, false, sent);
    ObjectNode schema = writer.schema(sent, false);
    schema.put("$schema", DIALECT);
    schema.put("x-limits", "advisory");
    return writer.withDefinitions(schema);
  }

  private ObjectNode writeInput(List<Parameter> parameters) {
    ObjectNode schema = root();
    ObjectNode properties = schema.putObject("properties");
    Set<String> required = new LinkedHashSet<>();
    for (Parameter parameter : parameters) {
      if (isHidden(parameter)) {
        continue;
      }
      boolean asked = isAsked(parameter);
      if (asked || !properties.has(parameter.name())) {
        properties.set(parameter.name(), parameterSchema(parameter, !asked));
      }
      if (!asked) {
        continue;
      }
      if (parameter.isBody() && schemas.type(parameter.schema()).equals("object")) {
        requireBodyOrMembers(schema, parameter);
      } else {
        required.add(parameter.name());
      }
    }
    putRequired(required, schema);
    return withDefinitions(schema);
  }

  // The body may come as a whole or as members called "body/...".
  private static void requireBodyOrMembers(ObjectNode schema, Parameter body) {
    schema
        .putObject("if")
        .putObject("propertyNames")
        .putObject("not")
        .put("pattern", "^" + regexLiteral(body.name()) + "/");
    schema.putObject("then").putArray("required").add(body.name());
  }

  private static String regexLiteral(String text) {
    return text.replaceAll("[\\\\^$.|?*+()\\[\\]{}]", "\\\\$0");
  }

  private static boolean isHidden(Parameter parameter) {
    if (!parameter.internal()) {
      return false;
    }
    JsonNode declared = parameter.declaredDefault();
    if (declared != null) {
      // What cannot be evaluated has to come from the caller.
      return !Scalars.isExpression(declared) || Scalars.isWorkflow(declared);
    }
    return parameter.in() != ParameterPlace.PATH;
  }

  private boolean isAsked(Parameter parameter) {
    if (!parameter.required() || parameter.declaredDefault() != null) {
      return false;
    }
    return parameter.isBody() ? !schemas.isSelfMade(parameter.schema()) : true;
  }

  private ObjectNode parameterSchema(Parameter parameter, boolean nullable) {
    ObjectNode property = schema(parameter.schema(), nullable);
    if (parameter.isBody()) {
      label(parameter.node(), property);
    }
    return property;
  }

  private ObjectNode writeOutput(JsonNode body) {
    ObjectNode schema = root();
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("statusCode").put("type", "integer");
    properties
        .putObject("headers")
        .put("type", "object")
        .putObject("additionalProperties")
        .put("type", "string");
    properties.set("body", schema(body, true));
    schema.putArray("required").add("statusCode").add("headers");
    return withDefinitions(schema);
  }

  private ObjectNode root() {
    ObjectNode root = JSON.objectNode();
    root.put("$schema", DIALECT);
    if (!strict) {
      root.put("x-limits", "advisory");
    }
    root.put("type", "object");
    return root;
  }

  private ObjectNode withDefinitions(ObjectNode root) {
    ObjectNode definitions = JSON.objectNode();
    while (!unwritten.isEmpty()) {
      String target = unwritten.remove();
      JsonNode definition = schemas.at(target);
      definitions.set(key(target), write(definition, true, target));
    }
    if (!definitions.isEmpty()) {
      root.set("$defs", definitions);
    }
    return root;
  }

  /** Returns the schema of a node that may be a reference. */
  private ObjectNode schema(JsonNode node, boolean nullable) {
    String target = schemas.finalTarget(node);
    if (target == null) {
      return write(node, nullable, null);
    }
    ObjectNode reference = JSON.objectNode();
    if (schemas.resolve(node).isObject()) {
      reference.put("$ref", "#/$defs/" + key(target));
    }
    label(node, reference);
    return reference;
  }

  private String key(String target) {
    String known = keys.get(target);
    if (known != null) {
      return known;
    }
    String name = target.substring(target.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    String key = name;
    for (int number = 2; !takenKeys.add(key); number++) {
      key = name + "-" + number;
    }
    keys.put(target, key);
    unwritten.add(target);
    return key;
  }

  /**
   * Writes a schema that is no reference.
   *
   * @param target where it stands if others refer to it, else {@code null}
   */
  private ObjectNode write(JsonNode node, boolean nullable, @Nullable String target) {
    ObjectNode schema = JSON.objectNode();
    if (!node.isObject()) {
      return schema;
    }
    label(node, schema);
    boolean nullToo = nullable || schemas.isNullable(node);
    types.write(node, nullToo, schema);
    String format = schemas.format(node);
    if (FORMATS.contains(format)) {
      schema.put("format", format);
    }
    String type = schemas.type(node);
    defaultValue(node, type, schema);
    Constraints.write(node, type, nullToo, schema);
    if (input && !strict) {
      Constraints.ofTextFor(type, schema);
    }
    members(node, schema);
    elements(node, schema);
    parts(node, nullable, target, schema);
    return schema;
  }

  private void defaultValue(JsonNode node, String type, ObjectNode schema) {
    JsonNode declared = schemas.defaultOf(node);
    if (declared == null || Scalars.isExpression(declared)) {
      return;
    }
    if (input && schemas.hasExample(node)) {
      schema.putArray("examples").add(declared);
    } else {
      schema.set("default", Scalars.coerce(declared, type));
    }
  }

  private void elements(JsonNode node, ObjectNode schema) {
    JsonNode items = node.path("items");
    if (items.isObject()) {
      schema.set("items", schema(items, true));
    }
    JsonNode additional = node.path("additionalProperties");
    if (additional.isObject() && !additional.isEmpty()) {
      schema.set("additionalProperties", schema(additional, true));
    }
  }

  private void parts(JsonNode node, boolean nullable, @Nullable String target, ObjectNode schema) {
    ArrayNode parts = JSON.arrayNode();
    for (JsonNode part : node.path("allOf")) {
      if (part.isObject() && !returnsTo(part, node, target)) {
        parts.add(schema(part, nullable));
      }
    }
    if (!parts.isEmpty()) {
      schema.set("allOf", parts);
    }
  }

  private void members(JsonNode node, ObjectNode schema) {
    Set<String> asked = asked(node);
    ObjectNode properties = JSON.objectNode();
    for (Map.Entry<String, JsonNode> entry : node.path("properties").properties()) {
      JsonNode property = entry.getValue();
      if (!input || !isLeftOut(property)) {
        properties.set(entry.getKey(), schema(property, !asked.contains(entry.getKey())));
      }
    }
    if (!properties.isEmpty()) {
      schema.set("properties", properties);
    }
    putRequired(asked, schema);
  }

  /** Returns what has to be there; of an input, without what is made for the caller. */
  private Set<String> asked(JsonNode node) {
    Set<String> asked = new LinkedHashSet<>();
    for (JsonNode name : node.path("required")) {
      if (name.isString()) {
        asked.add(name.stringValue());
      }
    }
    if (input && !asked.isEmpty()) {
      // What is required here may stand in a part of allOf.
      Map<String, JsonNode> all = schemas.properties(node);
      asked.removeIf(name -> all.containsKey(name) && schemas.isSelfMade(all.get(name)));
    }
    return asked;
  }

  private static void putRequired(Set<String> required, ObjectNode schema) {
    if (!required.isEmpty()) {
      ArrayNode names = schema.putArray("required");
      required.forEach(names::add);
    }
  }

  private boolean isLeftOut(JsonNode property) {
    if (schemas.isReadOnly(property)) {
      return true;
    }
    JsonNode declared = schemas.defaultOf(property);
    return schemas.isInternal(property)
        && (declared == null || !Scalars.isExpression(declared) || Scalars.isWorkflow(declared));
  }

  private static void label(JsonNode node, ObjectNode schema) {
    String title = Lookup.text(node, "x-ms-summary");
    put("title", title == null ? Lookup.text(node, "title") : title, schema);
    put("description", Lookup.text(node, "description"), schema);
    String visibility = Lookup.text(node, "x-ms-visibility");
    put("x-ms-visibility", visibility == null ? null : Lookup.lower(visibility), schema);
    // Says that there are choices to ask for, so that a form need not try.
    if (node.path("x-ms-dynamic-tree").isObject()) {
      schema.put("x-choices", "tree");
    } else if (node.path("x-ms-dynamic-list").isObject()
        || node.path("x-ms-dynamic-values").isObject()) {
      schema.put("x-choices", "list");
    }
  }

  private static void put(String name, @Nullable String text, ObjectNode schema) {
    if (text != null && !text.isBlank()) {
      schema.put(name, text.trim());
    }
  }

  /**
   * Returns whether a part of {@code allOf} leads back to the schema it is a part of: a validator
   * would never come to an end.
   */
  private boolean returnsTo(JsonNode part, JsonNode node, @Nullable String target) {
    if (target == null) {
      return false;
    }
    Set<JsonNode> start = DeclaredSchemas.visited();
    start.add(node);
    Set<JsonNode> seen = DeclaredSchemas.visited();
    Deque<JsonNode> open = new ArrayDeque<>();
    open.add(part);
    while (!open.isEmpty()) {
      JsonNode next = schemas.resolve(open.remove());
      if (start.contains(next)) {
        return true;
      }
      if (next.isObject() && seen.add(next)) {
        next.path("allOf").forEach(open::add);
      }
    }
    return false;
  }
}
