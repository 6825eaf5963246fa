package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.form.FormInputs.Found;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The call that a dynamic extension describes, with its inputs put in.
 *
 * @param operation the id of the operation to call
 * @param input its input
 * @param waitingFor the inputs that are missing for the call
 */
record DynamicCall(String operation, ObjectNode input, Set<String> waitingFor) {

  boolean isReady() {
    return waitingFor.isEmpty();
  }

  /**
   * Puts the inputs of a call together.
   *
   * @param extension names the operation and its parameters
   * @param item the choice of a tree to look below, or {@code null}
   * @throws NotFoundException if there is no such operation
   */
  static DynamicCall of(
      JsonNode extension, FormInputs inputs, Operations operations, @Nullable JsonNode item) {
    return of(extension, JsonNodeFactory.instance.objectNode(), inputs, operations, item);
  }

  /**
   * Puts the inputs of a call together.
   *
   * @param further parameters that are passed on if the operation takes them
   */
  static DynamicCall of(
      JsonNode extension,
      JsonNode further,
      FormInputs inputs,
      Operations operations,
      @Nullable JsonNode item) {
    String id = Lookup.findText(extension, "operationId");
    Operation called = id == null ? null : operations.find(id.trim());
    if (called == null) {
      throw new NotFoundException(
          "operation", id == null ? "" : id, "The definition asks for choices or a schema there.");
    }
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    Set<String> waitingFor = new LinkedHashSet<>();
    JsonNode own = Lookup.find(extension, "parameters");
    for (JsonNode parameters :
        own == null ? new JsonNode[] {further} : new JsonNode[] {further, own}) {
      for (Map.Entry<String, JsonNode> entry : parameters.properties()) {
        String target = target(called, operations.schemas(), entry.getKey());
        if (target != null) {
          JsonNode value = value(entry.getValue(), inputs, item, waitingFor);
          if (value != null && !value.isNull()) {
            input.set(target, value);
          }
        }
      }
    }
    return new DynamicCall(called.id(), input, waitingFor);
  }

  /** Returns the input of the called operation that a key means; {@code null} if there is none. */
  private static @Nullable String target(Operation called, DeclaredSchemas schemas, String key) {
    for (Parameter parameter : called.parameters()) {
      if (parameter.name().equals(key)) {
        return key;
      }
    }
    Parameter body = called.request().body();
    if (body != null) {
      if (key.startsWith(body.name() + "/")) {
        return key;
      }
      if (key.startsWith("body/")) {
        return body.name() + key.substring("body".length());
      }
      if (schemas.properties(body.schema()).containsKey(key)) {
        return body.name() + "/" + JsonPointers.escape(key);
      }
    }
    for (Parameter parameter : called.parameters()) {
      if (parameter.name().equalsIgnoreCase(key)) {
        return parameter.name();
      }
    }
    return null;
  }

  private static @Nullable JsonNode value(
      JsonNode source, FormInputs inputs, @Nullable JsonNode item, Set<String> waitingFor) {
    if (!source.isObject()) {
      return source;
    }
    String reference = Lookup.findText(source, "parameterReference");
    String name = Lookup.findText(source, "parameter");
    Found found =
        reference != null
            ? inputs.byReference(reference)
            : name != null ? inputs.byName(name) : null;
    if (found != null) {
      if (found.value() == null && found.askable()) {
        waitingFor.add(found.path());
      }
      return found.value();
    }
    String ofItem = Lookup.findText(source, "selectedItemValuePath");
    if (ofItem == null) {
      ofItem = Lookup.findText(source, "value-property");
    }
    if (ofItem != null) {
      return item == null ? null : PathString.at(item, ofItem);
    }
    return source.has("value") ? source.get("value") : source;
  }
}
