package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.policy.Policy.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which policies and scripts an operation is under. An operation whose request or answer they would
 * change must not run without them.
 */
public final class Policies {

  private final List<Policy> policies = new ArrayList<>();
  private final @Nullable List<String> scripted;
  private final HostAdditions additions;
  private final Map<Set<Integer>, OperationPolicies> shared = new HashMap<>();

  private Policies(@Nullable List<String> scripted, HostAdditions additions) {
    this.scripted = scripted;
    this.additions = additions;
  }

  /**
   * Reads policies and scripts.
   *
   * @param plainScheme whether the definition itself asks for http
   */
  public static Policies read(
      JsonNode properties,
      boolean scriptFile,
      boolean plainScheme,
      HostAdditions additions,
      Warnings warnings) {
    Policies result = new Policies(scripted(properties, scriptFile), additions);
    JsonNode instances = Lookup.find(properties, "policyTemplateInstances");
    if (instances == null) {
      return result;
    }
    // Whatever cannot be read counts as a policy over everything: none may be overlooked.
    if (!instances.isArray()) {
      warnings.add("/properties/policyTemplateInstances", "is not a list");
      result.policies.add(
          new Policy(
              "unreadable",
              List.of(),
              Section.REQUEST,
              null,
              "its policies are not a list",
              properties));
      return result;
    }
    PolicyReader reader = new PolicyReader(plainScheme);
    for (JsonNode instance : instances) {
      Policy policy = reader.read(instance);
      if (!(policy.movesHost() && additions.setsBaseUrl())) {
        result.policies.add(policy);
      }
    }
    return result;
  }

  /** Returns the ids of scripted operations, empty for all, {@code null} for no script. */
  private static @Nullable List<String> scripted(JsonNode properties, boolean scriptFile) {
    JsonNode operations = Lookup.find(properties, "scriptOperations");
    if (operations != null) {
      return PolicyReader.names(operations);
    }
    JsonNode script = Lookup.find(properties, "script");
    if (script != null) {
      JsonNode ids = Lookup.find(script, "operationIds");
      return ids == null ? List.of() : PolicyReader.names(ids);
    }
    return scriptFile ? List.of() : null;
  }

  private boolean isScripted(String operationId) {
    return scripted != null
        && (scripted.isEmpty() || scripted.stream().anyMatch(operationId::equalsIgnoreCase));
  }

  /** Returns why policies and scripts keep an operation from being called. */
  public List<String> obstacles(String operationId) {
    List<String> obstacles = new ArrayList<>();
    for (Policy policy : policies) {
      if (policy.obstacle() != null
          && policy.covers(operationId)
          && !obstacles.contains(policy.obstacle())) {
        obstacles.add(policy.obstacle());
      }
    }
    if (isScripted(operationId) && additions.scripts().apply(operationId) == null) {
      obstacles.add("script not available: no port of the connector's script was registered");
    }
    return obstacles;
  }

  /** Returns what an operation is under, in order. Operations under the same share it. */
  public OperationPolicies of(String operationId) {
    Set<Integer> covering = new HashSet<>();
    List<Policy> own = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      Policy policy = policies.get(i);
      boolean named = !policy.scope().isEmpty() || !policy.template().equals("pollingtrigger");
      if (named && policy.covers(operationId)) {
        covering.add(i);
        own.add(policy);
      }
    }
    Script script = isScripted(operationId) ? additions.scripts().apply(operationId) : null;
    return script == null
        ? shared.computeIfAbsent(covering, none -> new OperationPolicies(own, null, additions))
        : new OperationPolicies(own, script, additions);
  }

  /** Returns whether the host of the definition does not matter to an operation. */
  public boolean replacesHost(String operationId) {
    return policies.stream()
        .anyMatch(p -> p.movesHost() && p.step() != null && p.covers(operationId));
  }

  /** Returns whether the runtime has to ask for the list and compare. */
  public boolean isPolled(String operationId) {
    return policies.stream()
        .anyMatch(
            p ->
                p.template().equals("pollingtrigger")
                    && !p.scope().isEmpty()
                    && p.covers(operationId));
  }

  /** Returns how an operation is polled, or {@code null} if no policy says so. */
  public @Nullable JsonNode polling(String operationId) {
    return policies.stream()
        .filter(p -> p.template().equals("pollingtrigger") && !p.scope().isEmpty())
        .filter(p -> p.covers(operationId))
        .map(Policy::parameters)
        .findFirst()
        .orElse(null);
  }

  /** Returns whether a policy sends a connection parameter in this header or query parameter. */
  public boolean sends(String connectionParameter, String name) {
    String quoted = "connectionparameters('" + Lookup.lower(connectionParameter) + "'";
    for (Policy policy : policies) {
      String target = PolicyReader.argument(policy.parameters(), "name");
      String value = PolicyReader.argument(policy.parameters(), "value");
      if (target != null
          && target.equalsIgnoreCase(name)
          && value != null
          && Lookup.lower(value).contains(quoted)) {
        return true;
      }
    }
    return false;
  }
}
