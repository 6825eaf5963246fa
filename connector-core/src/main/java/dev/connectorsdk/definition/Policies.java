package dev.connectorsdk.definition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which policies and scripts an operation is under. An operation whose request or answer they would
 * change must not run without them.
 */
final class Policies {

  private static final String SCOPE = "x-ms-apimTemplate-operationName";
  private static final String ARGUMENT = "x-ms-apimTemplateParameter.";

  private record Policy(String template, List<String> scope, JsonNode parameters) {}

  private final List<Policy> policies = new ArrayList<>();
  private final @Nullable List<String> scripted;

  private Policies(@Nullable List<String> scripted) {
    this.scripted = scripted;
  }

  static Policies read(JsonNode properties, boolean scriptFile, Warnings warnings) {
    Policies result = new Policies(scripted(properties, scriptFile));
    JsonNode instances = Lookup.find(properties, "policyTemplateInstances");
    if (instances == null) {
      return result;
    }
    // Whatever cannot be read counts as a policy over everything: none may be overlooked.
    if (!instances.isArray()) {
      warnings.add("/properties/policyTemplateInstances", "is not a list");
      result.policies.add(new Policy("unreadable", List.of(), properties));
      return result;
    }
    for (JsonNode instance : instances) {
      String template = Lookup.findText(instance, "templateId");
      JsonNode parameters = Lookup.find(instance, "parameters");
      JsonNode scope = parameters == null ? null : Lookup.find(parameters, SCOPE);
      result.policies.add(
          new Policy(
              template == null ? "without id" : Lookup.lower(template),
              scope == null ? List.of() : names(scope),
              parameters == null ? instance : parameters));
    }
    return result;
  }

  /** Returns the ids of scripted operations, empty for all, {@code null} for no script. */
  private static @Nullable List<String> scripted(JsonNode properties, boolean scriptFile) {
    JsonNode operations = Lookup.find(properties, "scriptOperations");
    if (operations != null) {
      return names(operations);
    }
    JsonNode script = Lookup.find(properties, "script");
    if (script != null) {
      JsonNode ids = Lookup.find(script, "operationIds");
      return ids == null ? List.of() : names(ids);
    }
    return scriptFile ? List.of() : null;
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : list) {
      if (name.isString()) {
        names.add(name.stringValue());
      }
    }
    return names;
  }

  /** Returns why policies and scripts keep an operation from being called. */
  List<String> obstacles(String operationId) {
    List<String> obstacles = new ArrayList<>();
    for (Policy policy : policies) {
      if (covers(policy.scope(), operationId)) {
        String obstacle = "policy template '" + policy.template() + "' is not supported yet";
        if (!obstacles.contains(obstacle)) {
          obstacles.add(obstacle);
        }
      }
    }
    if (scripted != null && covers(scripted, operationId)) {
      obstacles.add("it needs a script, and no script is available");
    }
    return obstacles;
  }

  /** Returns whether the runtime has to ask for the list and compare. */
  boolean isPolled(String operationId) {
    return policies.stream()
        .anyMatch(
            p ->
                p.template().equals("pollingtrigger")
                    && !p.scope().isEmpty()
                    && covers(p.scope(), operationId));
  }

  /** Returns whether a policy sends a connection parameter in this header or query parameter. */
  boolean sends(String connectionParameter, String name) {
    String quoted = "connectionparameters('" + Lookup.lower(connectionParameter) + "'";
    for (Policy policy : policies) {
      String target = Lookup.findText(policy.parameters(), ARGUMENT + "name");
      String value = Lookup.findText(policy.parameters(), ARGUMENT + "value");
      if (target != null
          && target.equalsIgnoreCase(name)
          && value != null
          && Lookup.lower(value).contains(quoted)) {
        return true;
      }
    }
    return false;
  }

  // An empty list means all operations. A name that differs in case counts: running an operation
  // without its policy is worse than not running it.
  private static boolean covers(List<String> scope, String operationId) {
    return scope.isEmpty() || scope.stream().anyMatch(operationId::equalsIgnoreCase);
  }
}
