package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.DefinitionLimits;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.OperationIds;
import dev.connectorsdk.internal.definition.document.ScannedOperation;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.operation.Operation.Content;
import dev.connectorsdk.internal.definition.policy.OperationPolicies;
import dev.connectorsdk.internal.definition.request.CredentialPlace;
import dev.connectorsdk.internal.definition.request.DeclaredAnswer;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.OperationPath;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the operations of a definition, each with what keeps it from being called. Safe for use by
 * several threads, but for {@link #read}.
 */
public final class OperationReader {

  private final JsonNode swagger;
  private final DeclaredSchemas schemas;
  private final OperationRules rules;
  private final Set<CredentialPlace> places;
  private final Warnings warnings;

  /**
   * Reads one document.
   *
   * @param places what authentication puts into every request, whatever the option
   */
  public OperationReader(
      JsonNode swagger,
      DeclaredSchemas schemas,
      OperationRules rules,
      Set<CredentialPlace> places,
      Warnings warnings) {
    this.swagger = swagger;
    this.schemas = schemas;
    this.rules = rules;
    this.places = places;
    this.warnings = warnings;
  }

  /** Returns the operations that were noted, each of which is read when it is needed. */
  public List<Operation> noted(List<ScannedOperation> operations) {
    return operations.stream()
        .map(one -> new Operation(one.id(), one.trigger(), () -> content(one)))
        .toList();
  }

  private Content content(ScannedOperation noted) {
    JsonNode pathItem = swagger.path("paths").path(noted.path());
    String pointer = JsonPointers.child(JsonPointers.child("/paths", noted.path()), noted.key());
    return content(
        noted.path(), pathItem, noted.key(), pathItem.path(noted.key()), pointer, noted.id());
  }

  /** Reads all operations now. */
  public List<Operation> read() {
    List<Operation> operations = new ArrayList<>();
    OperationIds ids = new OperationIds();
    for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
      String pathPointer = JsonPointers.child("/paths", path.getKey());
      if (!path.getValue().isObject()) {
        warnings.add(pathPointer, "is not an object; it has no operations");
        continue;
      }
      for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
        String key = member.getKey();
        String pointer = JsonPointers.child(pathPointer, key);
        if (OperationIds.METHODS.contains(Lookup.lower(key)) && member.getValue().isObject()) {
          String id = ids.unique(id(member.getValue(), key, path.getKey()));
          operations.add(
              Operation.of(
                  content(path.getKey(), path.getValue(), key, member.getValue(), pointer, id)));
          if (operations.size() > DefinitionLimits.OPERATIONS) {
            throw DefinitionLimits.tooManyOperations(warnings.file());
          }
        } else if (!key.equals("parameters") && !key.startsWith("x-")) {
          warnings.add(pointer, "is not an operation and was left out");
        }
      }
    }
    return operations;
  }

  private Content content(
      String path,
      JsonNode pathItem,
      String methodKey,
      JsonNode declared,
      String pointer,
      String id) {
    String method = Lookup.upper(methodKey);
    List<String> obstacles = new ArrayList<>();
    String own = id(declared, methodKey, path);
    if (!own.equals(Lookup.text(declared, "operationId"))) {
      warnings.add(pointer, "has no operationId and is called '" + own + "'");
    }
    if (!own.equals(id)) {
      obstacles.add("another operation has the same id, '" + own + "'");
    }
    JsonNode node = rules.corrections().applied(id, declared);
    if (Effects.wantsChunks(node)) {
      warnings.add(
          pointer + "/x-ms-capabilities",
          "asks for chunkTransfer, which is left out: a file is sent in one request, and the"
              + " Location of an answer 202 is not followed unless an overlay says so");
    }
    obstacles.addAll(rules.obstacles(id));
    DeclaredTrigger trigger = trigger(id, pathItem, node, obstacles);
    OperationPolicies policies = rules.policies().of(id);
    String sent = policies.method() == null ? method : policies.method();
    ParameterReader reader =
        new ParameterReader(sent, pointer, schemas, places, warnings, obstacles);
    List<Parameter> parameters =
        reader.read(pathItem.path("parameters"), node.path("parameters")).stream()
            .map(p -> p.withDefault(rules.corrections().defaultValue(id, p.name())))
            .toList();
    OperationPath template = OperationPath.parse(path, parameters, obstacles);
    DeclaredAnswer answer = DeclaredAnswer.of(node, contentTypes(node, "produces"), schemas);
    return new Content(
        new DeclaredOperation(id, method, path, node),
        new DeclaredRequest(
            id,
            sent,
            template,
            parameters,
            reader.unsent(),
            contentTypes(node, "consumes"),
            answer.accept()),
        answer,
        trigger,
        policies,
        Effects.of(id, sent, node, swagger, rules.corrections()),
        obstacles);
  }

  private static String id(JsonNode node, String methodKey, String path) {
    String declared = Lookup.text(node, "operationId");
    return declared != null && OperationIds.isDeclared(declared)
        ? declared
        : OperationIds.substitute(methodKey, path);
  }

  private @Nullable DeclaredTrigger trigger(
      String id, JsonNode pathItem, JsonNode node, List<String> obstacles) {
    String declared = Lookup.text(node, "x-ms-trigger");
    if (declared == null) {
      return null;
    }
    TriggerStyle style = TriggerStyle.LOCATION;
    if (rules.policies().polling(id) != null || hasTriggerValue(node)) {
      style = TriggerStyle.LIST;
    } else if (takesCallback(node)) {
      style = TriggerStyle.CALLBACK;
    } else if (pathItem.path("x-ms-notification-content").isObject()) {
      style = TriggerStyle.CALLBACK;
      obstacles.add("its body has no place for a callback URL");
    }
    return new DeclaredTrigger(style, declared.trim().equalsIgnoreCase("batch"));
  }

  private boolean hasTriggerValue(JsonNode node) {
    for (JsonNode parameter : node.path("parameters")) {
      if (schemas.resolve(parameter).path("x-ms-trigger-value").isObject()) {
        return true;
      }
    }
    return false;
  }

  private boolean takesCallback(JsonNode node) {
    for (JsonNode parameter : node.path("parameters")) {
      JsonNode resolved = schemas.resolve(parameter);
      if (takesCallback(resolved, DeclaredSchemas.visited())
          || takesCallback(resolved.path("schema"), DeclaredSchemas.visited())) {
        return true;
      }
    }
    return false;
  }

  private boolean takesCallback(JsonNode schema, Set<JsonNode> seen) {
    JsonNode resolved = schemas.resolve(schema);
    if (Lookup.isTrue(schema.get("x-ms-notification-url"))
        || Lookup.isTrue(resolved.get("x-ms-notification-url"))) {
      return true;
    }
    if (!resolved.isObject() || !seen.add(resolved)) {
      return false;
    }
    return schemas.properties(resolved).values().stream().anyMatch(p -> takesCallback(p, seen));
  }

  /** Returns the types that an operation lists, or else the document for all operations. */
  private List<String> contentTypes(JsonNode node, String list) {
    JsonNode own = node.path(list);
    List<String> types = new ArrayList<>();
    for (JsonNode type : own.isArray() ? own : swagger.path(list)) {
      if (type.isString() && !type.stringValue().isBlank()) {
        types.add(type.stringValue().trim());
      }
    }
    return types;
  }
}
