package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of what a caller gave what a service expects: constants and defaults are added where they
 * are required, read-only properties removed, texts turned into the declared types.
 */
final class BodyValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String operation;
  private final DeclaredSchemas schemas;
  private final @Nullable Expressions expressions;
  private final List<Fault> faults;
  private final boolean isAsked;

  /**
   * @param expressions what evaluates defaults that are expressions, or {@code null} for nothing
   * @param faults where what is missing is added
   */
  BodyValues(
      String operation,
      DeclaredSchemas schemas,
      @Nullable Expressions expressions,
      List<Fault> faults) {
    this(operation, schemas, expressions, faults, true);
  }

  private BodyValues(
      String operation,
      DeclaredSchemas schemas,
      @Nullable Expressions expressions,
      List<Fault> faults,
      boolean isAsked) {
    this.operation = operation;
    this.schemas = schemas;
    this.expressions = expressions;
    this.faults = faults;
    this.isAsked = isAsked;
  }

  /** Returns what to send for a value that was given. */
  JsonNode complete(JsonNode schema, JsonNode given, String pointer) {
    return complete(schema, given, pointer, DeclaredSchemas.visited());
  }

  /**
   * Returns what to send for a required value that was not given.
   *
   * @return {@code null} if nothing is to be sent, or a fault was added
   */
  @Nullable JsonNode missing(JsonNode schema, String pointer) {
    return missing(schema, pointer, DeclaredSchemas.visited());
  }

  /** Returns the same for what people are not asked for: what is missing there is no fault. */
  BodyValues unasked() {
    return new BodyValues(operation, schemas, expressions, new ArrayList<>(), false);
  }

  private JsonNode complete(
      JsonNode schema, JsonNode given, String pointer, Set<JsonNode> selfMade) {
    String type = schemas.type(schema);
    if (given.isArray()) {
      JsonNode items = schemas.resolve(schema).path("items");
      ArrayNode list = JSON.arrayNode();
      int index = 0;
      for (JsonNode item : given) {
        list.add(item.isNull() ? item : complete(items, item, pointer + "/" + index, selfMade));
        index++;
      }
      return list;
    }
    if (given instanceof ObjectNode object) {
      // A file in the place of a text is sent as Base64.
      return (type.equals("string") || type.equals("file")) && FileContent.isWritten(object)
          ? object.path("$content")
          : completeObject(schema, object, pointer, selfMade);
    }
    return Scalars.coerce(given, type);
  }

  private JsonNode completeObject(
      JsonNode schema, ObjectNode given, String pointer, Set<JsonNode> selfMade) {
    Map<String, JsonNode> properties = schemas.properties(schema);
    JsonNode additional = schemas.resolve(schema).path("additionalProperties");
    Set<String> required = schemas.required(schema);
    ObjectNode complete = JSON.objectNode();
    for (Map.Entry<String, JsonNode> member : given.properties()) {
      String name = member.getKey();
      JsonNode property = properties.getOrDefault(name, additional);
      JsonNode value = member.getValue();
      if (!property.isObject()) {
        complete.set(name, value);
      } else if (value.isNull()) {
        if (!required.contains(name) || schemas.isNullable(property)) {
          complete.set(name, value);
        }
      } else if (!schemas.isReadOnly(property)) {
        complete.set(name, complete(property, value, JsonPointers.child(pointer, name), selfMade));
      }
    }
    for (String name : required) {
      if (!complete.has(name)) {
        JsonNode value = missing(properties.get(name), JsonPointers.child(pointer, name), selfMade);
        if (value != null) {
          complete.set(name, value);
        }
      }
    }
    return complete;
  }

  /**
   * @param schema {@code null} if only its name is declared
   */
  private @Nullable JsonNode missing(
      @Nullable JsonNode schema, String pointer, Set<JsonNode> selfMade) {
    if (schema == null) {
      faults.add(new Fault(pointer, "is required"));
      return null;
    }
    if (schemas.isReadOnly(schema)) {
      return null;
    }
    JsonNode declared = isAsked ? schemas.usualOf(schema) : schemas.defaultOf(schema);
    if (declared != null) {
      return defaultValue(declared, schemas.type(schema), pointer);
    }
    JsonNode resolved = schemas.resolve(schema);
    if (schemas.isGivenAsAWhole(schema)) {
      JsonNode list = listOfOne(resolved, pointer);
      if (list == null && !schemas.isInternal(schema)) {
        faults.add(new Fault(pointer, "is required"));
      }
      return list;
    }
    // A type that requires itself ends here.
    if (!selfMade.add(resolved)) {
      return null;
    }
    BodyValues inside = schemas.isInternal(schema) ? unasked() : this;
    JsonNode made = inside.completeObject(schema, JSON.objectNode(), pointer, selfMade);
    selfMade.remove(resolved);
    return made;
  }

  /** Returns a list for whose items nobody is asked, if these have a default. */
  private @Nullable JsonNode listOfOne(JsonNode schema, String pointer) {
    JsonNode items = schema.path("items");
    if (!items.isObject() || (isAsked && !schemas.isInternal(items))) {
      return null;
    }
    JsonNode declared = schemas.defaultOf(items);
    JsonNode one =
        declared == null
            ? selfMade(items, pointer + "/0")
            : defaultValue(declared, schemas.type(items), pointer + "/0");
    return one == null ? null : JSON.arrayNode().add(one);
  }

  /** Returns an object all of whose required properties have a default, or {@code null}. */
  private @Nullable JsonNode selfMade(JsonNode schema, String pointer) {
    boolean canBe = !schemas.required(schema).isEmpty() && schemas.isSelfMade(schema);
    JsonNode made = canBe ? unasked().missing(schema, pointer) : null;
    return made == null || made.isEmpty() ? null : made;
  }

  /**
   * Returns a default as it is sent.
   *
   * @throws OperationUnsupportedException if it is an expression that only a workflow can evaluate
   */
  JsonNode defaultValue(JsonNode declared, String type, String pointer) {
    if (expressions != null && Scalars.isExpression(declared)) {
      JsonNode value = expressions.evaluate(declared.stringValue());
      if (value != null) {
        return type.equals("string") && value.isContainer()
            ? JSON.stringNode(value.toString())
            : Scalars.coerce(value, type);
      }
    }
    if (Scalars.isWorkflow(declared)) {
      return type.equals("object") ? JSON.objectNode() : JSON.stringNode("{}");
    }
    if (Scalars.isExpression(declared)) {
      throw new OperationUnsupportedException(
          operation,
          "the default of "
              + pointer
              + " is a workflow expression, which cannot be evaluated here; give a value");
    }
    return Scalars.coerce(declared, type);
  }
}
