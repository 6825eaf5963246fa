package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas.Member;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas.Members;
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
  private @Nullable Set<JsonNode> selfMade; // what is being made for nobody gave it

  /**
   * @param expressions what evaluates defaults that are expressions, or {@code null} for nothing
   * @param faults where what is missing is added
   */
  BodyValues(
      String operation,
      DeclaredSchemas schemas,
      @Nullable Expressions expressions,
      List<Fault> faults) {
    this(operation, schemas, expressions, faults, true, null);
  }

  private BodyValues(
      String operation,
      DeclaredSchemas schemas,
      @Nullable Expressions expressions,
      List<Fault> faults,
      boolean isAsked,
      @Nullable Set<JsonNode> selfMade) {
    this.operation = operation;
    this.schemas = schemas;
    this.expressions = expressions;
    this.faults = faults;
    this.isAsked = isAsked;
    this.selfMade = selfMade;
  }

  /** Returns the same for what people are not asked for: what is missing there is no fault. */
  BodyValues unasked() {
    return new BodyValues(operation, schemas, expressions, new ArrayList<>(), false, selfMade);
  }

  /** Returns what to send for a value that was given. */
  JsonNode complete(JsonNode schema, JsonNode given, String pointer) {
    return complete(schema, schemas.type(schema), given, pointer);
  }

  private JsonNode complete(JsonNode schema, String type, JsonNode given, String pointer) {
    if (given.isArray()) {
      JsonNode items = schemas.resolve(schema).path("items");
      ArrayNode list = JSON.arrayNode();
      int index = 0;
      for (JsonNode item : given) {
        String place = item.isContainer() ? pointer + "/" + index : pointer;
        list.add(item.isNull() ? item : complete(items, item, place));
        index++;
      }
      return list;
    }
    if (given instanceof ObjectNode object) {
      // A file in the place of a text is sent as Base64.
      return (type.equals("string") || type.equals("file")) && FileContent.isWritten(object)
          ? object.path("$content")
          : completeObject(schema, object, pointer);
    }
    return Scalars.coerce(given, type);
  }

  private JsonNode completeObject(JsonNode schema, ObjectNode given, String pointer) {
    Members declared = schemas.members(schema);
    ObjectNode complete = JSON.objectNode();
    for (Map.Entry<String, JsonNode> member : given.properties()) {
      String name = member.getKey();
      Member property = declared.of(name);
      JsonNode value = member.getValue();
      if (!property.schema().isObject()) {
        complete.set(name, value);
      } else if (value.isNull()) {
        if (!declared.required().contains(name) || schemas.isNullable(property.schema())) {
          complete.set(name, value);
        }
      } else if (!property.isReadOnly()) {
        String place = value.isContainer() ? JsonPointers.child(pointer, name) : pointer;
        complete.set(name, complete(property.schema(), property.type(), value, place));
      }
    }
    for (String name : declared.required()) {
      if (!complete.has(name)) {
        Member property = declared.named().get(name);
        JsonNode value =
            missing(property == null ? null : property.schema(), JsonPointers.child(pointer, name));
        if (value != null) {
          complete.set(name, value);
        }
      }
    }
    return complete;
  }

  /**
   * Returns what to send for a required value that was not given.
   *
   * @param schema {@code null} if only its name is declared
   * @return {@code null} if nothing is to be sent, or a fault was added
   */
  @Nullable JsonNode missing(@Nullable JsonNode schema, String pointer) {
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
    Set<JsonNode> making = selfMade == null ? DeclaredSchemas.visited() : selfMade;
    selfMade = making;
    if (!making.add(resolved)) {
      return null;
    }
    BodyValues inside = schemas.isInternal(schema) ? unasked() : this;
    JsonNode made = inside.completeObject(schema, JSON.objectNode(), pointer);
    making.remove(resolved);
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
