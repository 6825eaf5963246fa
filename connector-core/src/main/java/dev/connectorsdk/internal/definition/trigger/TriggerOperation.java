package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.form.DefinitionForm;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.OperationClient;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.operation.SchemaWriter;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all triggers of a definition have in common: the operation, without what the runtime fills
 * in.
 */
final class TriggerOperation {

  private final OperationClient client;
  private final Operation operation;
  private final Operations operations;
  private final DeclaredRequest asked;
  private final TriggerEvents events;
  private volatile @Nullable Shape<JsonNode> configuration;
  private volatile @Nullable Shape<JsonNode> event;

  /**
   * @param filled what the runtime fills in
   */
  TriggerOperation(
      Operation operation, Operations operations, List<FilledInput> filled, TriggerEvents events) {
    this.operation = operation;
    this.operations = operations;
    this.client = operations.client(operation);
    this.events = events;
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : operation.parameters()) {
      List<FilledInput> parts = filled.stream().filter(one -> one.isOf(parameter)).toList();
      if (parts.stream().noneMatch(FilledInput::isWhole)) {
        parameters.add(parts.isEmpty() ? parameter : without(parts, parameter));
      }
    }
    this.asked = operation.request().withParameters(parameters);
  }

  private Parameter without(List<FilledInput> parts, Parameter body) {
    JsonNode schema = body.schema();
    for (FilledInput part : parts) {
      schema = hidden(schema, part.path());
    }
    return body.withSchema(schema).asRequired();
  }

  /** Marks a property as one that people are not asked for. */
  private JsonNode hidden(JsonNode schema, List<String> path) {
    DeclaredSchemas schemas = operations.schemas();
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    JsonNode resolved = schemas.resolve(schema);
    resolved.properties().forEach(member -> copy.set(member.getKey(), member.getValue()));
    if (path.isEmpty()) {
      copy.put("x-ms-visibility", "internal");
      return copy;
    }
    if (schemas.isInternal(schema)) {
      return schema;
    }
    ObjectNode properties = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> property : schemas.properties(schema).entrySet()) {
      properties.set(
          property.getKey(),
          property.getKey().equals(path.get(0))
              ? hidden(property.getValue(), path.subList(1, path.size()))
              : property.getValue());
    }
    copy.set("properties", properties);
    JsonNode required = JsonNodeFactory.instance.arrayNode();
    schemas.required(schema).forEach(((tools.jackson.databind.node.ArrayNode) required)::add);
    copy.set("required", required);
    copy.remove("allOf");
    copy.remove("default"); // The runtime gives a part of it.
    return copy;
  }

  OperationClient client() {
    return client;
  }

  Operation operation() {
    return operation;
  }

  TriggerEvents events() {
    return events;
  }

  Shape<JsonNode> configuration() {
    Shape<JsonNode> shape = configuration;
    if (shape == null) {
      shape = Shape.json(operations.inputSchema(asked.parameters()));
      configuration = shape;
    }
    return shape;
  }

  Shape<JsonNode> event() {
    Shape<JsonNode> shape = event;
    if (shape == null) {
      shape = Shape.json(eventSchema(events.schema()));
      event = shape;
    }
    return shape;
  }

  private JsonNode eventSchema(JsonNode whole) {
    return SchemaWriter.whole(events.eventSchema(whole), operations.schemas());
  }

  Form form() {
    return new DefinitionForm(
        asked, operations, operations::inputSchema, events.schema(), this::eventSchema);
  }

  /** Returns the configuration with further inputs, which replace what is there. */
  static ObjectNode with(JsonNode configuration, ObjectNode further) {
    ObjectNode input =
        configuration instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    further.properties().forEach(member -> input.set(member.getKey(), member.getValue()));
    return input;
  }
}
