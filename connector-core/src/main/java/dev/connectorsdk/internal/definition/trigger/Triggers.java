package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.operation.DeclaredTrigger;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.operation.TriggerStyle;
import dev.connectorsdk.internal.definition.policy.Policies;
import dev.connectorsdk.internal.definition.policy.PollingPolicy;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the triggers of a definition. */
public record Triggers(
    Operations operations,
    Policies policies,
    ServiceLocation locations,
    Map<String, SignedDeliveries> signed) {

  /**
   * Returns what makes the triggers of a definition.
   *
   * @param basePath of the definition, without a slash at the end
   * @param signed whose deliveries are signed, by the id of the operation
   */
  public static Triggers of(
      Operations operations,
      Policies policies,
      String basePath,
      Map<String, SignedDeliveries> signed) {
    return new Triggers(operations, policies, new ServiceLocation(basePath, operations), signed);
  }

  /** Returns the trigger of an operation that is one. */
  public Trigger<JsonNode, JsonNode> trigger(Operation operation, DeclaredTrigger declared) {
    if (declared.style() == TriggerStyle.CALLBACK) {
      FilledInput callback = callback(operation);
      SignedDeliveries signing = signed.getOrDefault(operation.id(), SignedDeliveries.NOT);
      return new DefinitionWebhookTrigger(
          new TriggerOperation(
              operation,
              operations,
              Stream.of(callback, signing.sentAs()).flatMap(Stream::ofNullable).toList(),
              new TriggerEvents(
                  operations.schemas(),
                  operations.notification(operation),
                  declared.batch(),
                  null)),
          callback == null ? "" : callback.input(),
          signing,
          locations);
    }
    PollingPolicy ofPolicies = policies.polling(operation.id());
    PollingPolicy policy =
        ofPolicies == null ? PollingPolicy.ofParameters(operation.parameters()) : ofPolicies;
    return new DefinitionPollingTrigger(
        new TriggerOperation(
            operation,
            operations,
            policy == null
                ? List.of()
                : policy.templates().keySet().stream().map(FilledInput::whole).toList(),
            new TriggerEvents(
                operations.schemas(),
                operation.answer().schema(),
                declared.batch() || policy != null,
                policy == null ? null : policy.data())),
        policy,
        locations);
  }

  /** Returns where the callback URL goes. */
  private @Nullable FilledInput callback(Operation operation) {
    for (Parameter parameter : operation.parameters()) {
      if (Lookup.isTrue(parameter.node().get("x-ms-notification-url"))) {
        return FilledInput.whole(parameter.name());
      }
      List<String> path = find(parameter.schema(), DeclaredSchemas.visited());
      if (path != null) {
        return new FilledInput(parameter.name(), path);
      }
    }
    return null;
  }

  private @Nullable List<String> find(JsonNode schema, Set<JsonNode> seen) {
    DeclaredSchemas schemas = operations.schemas();
    JsonNode resolved = schemas.resolve(schema);
    if (Lookup.isTrue(schema.get("x-ms-notification-url"))
        || Lookup.isTrue(resolved.get("x-ms-notification-url"))) {
      return List.of();
    }
    if (!resolved.isObject() || !seen.add(resolved)) {
      return null;
    }
    for (Map.Entry<String, JsonNode> property : schemas.properties(resolved).entrySet()) {
      List<String> below = find(property.getValue(), seen);
      if (below != null) {
        List<String> path = new ArrayList<>();
        path.add(property.getKey());
        path.addAll(below);
        return path;
      }
    }
    return null;
  }
}
