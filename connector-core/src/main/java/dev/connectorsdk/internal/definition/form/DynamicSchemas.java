package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.Form;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.operation.Operations;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills in the parts of a schema that the service has to be asked for: {@code
 * x-ms-dynamic-properties}, {@code x-ms-dynamic-schema}. What cannot be asked for yet, and what the
 * service knows nothing about, stays as the definition has it.
 *
 * <p>For one form and one state of it. Not safe for use by several threads.
 */
@SuppressWarnings("ReferenceEquality") // A part was filled in if another node stands there now.
final class DynamicSchemas {

  // A schema from the service may hold parts that have to be asked for again, without end.
  private static final int MAX_ASKED = 20;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NODES = 50_000;

  private final Operations operations;
  private final DeclaredSchemas schemas;
  private final FormInputs inputs;
  private final Form.Calls calls;
  private final Set<String> waitingFor = new LinkedHashSet<>();
  private final IdentityHashMap<JsonNode, JsonNode> filled = new IdentityHashMap<>();
  private int asked;
  private int nodes;

  DynamicSchemas(Operations operations, FormInputs inputs, Form.Calls calls) {
    this.operations = operations;
    this.schemas = operations.schemas();
    this.inputs = inputs;
    this.calls = calls;
  }

  /** Returns the inputs without which some parts could not be asked for. */
  Set<String> waitingFor() {
    return waitingFor;
  }

  /**
   * Returns the extension of a schema; a missing node if the schema does not ask for anything. A
   * reference may have its own beside it.
   */
  static JsonNode extension(DeclaredSchemas schemas, JsonNode schema, String name) {
    JsonNode beside = schema.path(name);
    return beside.isObject() ? beside : schemas.resolve(schema).path(name);
  }

  private static boolean isDynamic(DeclaredSchemas schemas, JsonNode schema) {
    return extension(schemas, schema, "x-ms-dynamic-properties").isObject()
        || extension(schemas, schema, "x-ms-dynamic-schema").isObject();
  }

  /**
   * Returns whether a schema, or an object in it, has parts that the service has to be asked for.
   */
  static boolean isHeldBy(DeclaredSchemas schemas, JsonNode schema) {
    Set<JsonNode> seen = DeclaredSchemas.visited();
    Deque<JsonNode> open = new ArrayDeque<>();
    open.add(schema);
    while (!open.isEmpty()) {
      JsonNode next = open.remove();
      if (isDynamic(schemas, next)) {
        return true;
      }
      if (seen.add(schemas.resolve(next))) {
        open.addAll(schemas.properties(next).values());
      }
    }
    return false;
  }

  /** Returns a schema with everything in it filled in; the same if there is nothing to fill in. */
  JsonNode fill(JsonNode schema) {
    return fill(schema, 0);
  }

  private JsonNode fill(JsonNode schema, int depth) {
    JsonNode resolved = schemas.resolve(schema);
    if (!resolved.isObject() || depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      return schema;
    }
    JsonNode known = filled.get(schema);
    if (known != null) {
      return known;
    }
    filled.put(schema, schema); // Types that hold themselves end here.
    JsonNode result = isDynamic(schemas, schema) ? obtained(schema, depth) : null;
    if (result == null) {
      result = filledMembers(schema, resolved, depth);
    }
    filled.put(schema, result);
    return result;
  }

  private @Nullable JsonNode obtained(JsonNode schema, int depth) {
    ObjectNode obtained = obtain(schema);
    if (obtained == null) {
      return null;
    }
    for (String label : new String[] {"title", "description", "x-ms-summary", "x-ms-visibility"}) {
      JsonNode own = schema.has(label) ? schema.get(label) : schemas.resolve(schema).get(label);
      if (own != null && !obtained.has(label)) {
        obtained.set(label, own);
      }
    }
    return fill(obtained, depth + 1);
  }

  /** Asks for one schema; {@code null} if that is not possible yet, or there is none. */
  @Nullable ObjectNode obtain(JsonNode schema) {
    JsonNode properties = extension(schemas, schema, "x-ms-dynamic-properties");
    boolean old = !properties.isObject();
    JsonNode extension = old ? extension(schemas, schema, "x-ms-dynamic-schema") : properties;
    if (!extension.isObject()) {
      return null;
    }
    DynamicCall call = DynamicCall.of(extension, inputs, operations, null);
    if (!call.isReady()) {
      waitingFor.addAll(call.waitingFor());
      return null;
    }
    if (++asked > MAX_ASKED) {
      return null;
    }
    String path = Lookup.findText(extension, old ? "value-path" : "itemValuePath");
    JsonNode body = calls.call(call.operation(), call.input()).path("body");
    return schema(body, path == null ? "" : path);
  }

  private static @Nullable ObjectNode schema(JsonNode body, String path) {
    JsonNode found = PathString.at(body, path);
    if (!(found instanceof ObjectNode object) || object.isEmpty()) {
      return null;
    }
    if (isSchema(object) && !isPropertyMap(path)) {
      return withoutReferences(object);
    }
    // The path leads to the properties of the schema, not to the schema.
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "object");
    schema.set("properties", withoutReferences(object));
    int end = path.lastIndexOf('/');
    JsonNode required =
        isPropertyMap(path)
            ? (end < 0 ? body : PathString.at(body, path.substring(0, end))).path("required")
            : null;
    if (required != null && required.isArray()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static boolean isPropertyMap(String path) {
    return path.equals("properties") || path.endsWith("/properties");
  }

  /** Tells a schema from a map of properties, whose members are all schemas. */
  private static boolean isSchema(JsonNode object) {
    JsonNode type = object.path("type");
    return type.isString()
        || type.isArray()
        || object.path("allOf").isArray()
        || object.path("enum").isArray()
        || isMapOfObjects(object.path("properties"))
        || (object.path("items").isObject() && object.size() <= 2)
        || !isMapOfObjects(object);
  }

  private static boolean isMapOfObjects(JsonNode node) {
    if (!node.isObject() || node.isEmpty()) {
      return false;
    }
    for (JsonNode member : node) {
      if (!member.isObject()) {
        return false;
      }
    }
    return true;
  }

  // References of a service's answer would be looked up in the definition.
  private static ObjectNode withoutReferences(ObjectNode schema) {
    ObjectNode copy = schema.deepCopy();
    strip(copy);
    return copy;
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("$ref").isString()) {
      object.remove("$ref");
    }
    node.forEach(DynamicSchemas::strip);
  }

  /** Copies a schema if one of its parts was filled in. */
  private JsonNode filledMembers(JsonNode schema, JsonNode resolved, int depth) {
    Map<String, JsonNode> changed = new LinkedHashMap<>();
    JsonNode properties = resolved.path("properties");
    JsonNode filledProperties = filledProperties(properties, depth);
    if (filledProperties != properties) {
      changed.put("properties", filledProperties);
    }
    for (String single : new String[] {"items", "additionalProperties"}) {
      JsonNode part = resolved.path(single);
      JsonNode now = part.isObject() ? fill(part, depth + 1) : part;
      if (now != part) {
        changed.put(single, now);
      }
    }
    JsonNode parts = resolved.path("allOf");
    JsonNode filledParts = filledParts(parts, depth);
    if (filledParts != parts) {
      changed.put("allOf", filledParts);
    }
    if (changed.isEmpty()) {
      return schema;
    }
    ObjectNode copy = shallow(resolved);
    changed.forEach(copy::set);
    return copy;
  }

  private JsonNode filledProperties(JsonNode properties, int depth) {
    ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      JsonNode now = fill(property.getValue(), depth + 1);
      if (now != property.getValue()) {
        copy = copy == null ? shallow(properties) : copy;
        copy.set(property.getKey(), now);
      }
    }
    return copy == null ? properties : copy;
  }

  private JsonNode filledParts(JsonNode parts, int depth) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    boolean changed = false;
    for (JsonNode part : parts) {
      JsonNode now = fill(part, depth + 1);
      changed |= now != part;
      all.add(now);
    }
    return changed ? all : parts;
  }

  private static ObjectNode shallow(JsonNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    object.properties().forEach(member -> copy.set(member.getKey(), member.getValue()));
    return copy;
  }
}
