package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which policies and scripts an operation is under. An operation whose request or answer they would
 * change must not run without them.
 */
public final class Policies {

  private final List<Policy> policies = new ArrayList<>();
  private final @Nullable PolicyScope scripted;
  private final HostAdditions additions;
  private final Map<Set<Integer>, OperationPolicies> shared = new HashMap<>();

  private Policies(@Nullable PolicyScope scripted, HostAdditions additions) {
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
          Policy.refused(PolicyScope.of(null, true), false, "its policies are not a list"));
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

  /** Returns which operations are scripted, {@code null} for none. */
  private static @Nullable PolicyScope scripted(JsonNode properties, boolean scriptFile) {
    JsonNode operations = Lookup.find(properties, "scriptOperations");
    if (operations != null) {
      return PolicyScope.of(operations, true);
    }
    JsonNode script = Lookup.find(properties, "script");
    if (script != null) {
      return PolicyScope.of(Lookup.find(script, "operationIds"), true);
    }
    return scriptFile ? PolicyScope.of(null, true) : null;
  }

  private boolean isScripted(String operationId) {
    return scripted != null && scripted.covers(operationId);
  }

  private List<Policy> over(String operationId) {
    return policies.stream().filter(policy -> policy.covers(operationId)).toList();
  }

  /** Returns why policies and scripts keep an operation from being called. */
  public List<String> obstacles(String operationId) {
    List<String> obstacles = new ArrayList<>();
    for (Policy policy : over(operationId)) {
      String obstacle = policy.obstacle();
      if (obstacle != null && !obstacles.contains(obstacle)) {
        obstacles.add(obstacle);
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
    for (int i = 0; i < policies.size(); i++) {
      if (policies.get(i).covers(operationId)) {
        covering.add(i);
      }
    }
    Script script = isScripted(operationId) ? additions.scripts().apply(operationId) : null;
    return script == null
        ? shared.computeIfAbsent(
            covering, none -> new OperationPolicies(over(operationId), null, additions))
        : new OperationPolicies(over(operationId), script, additions);
  }

  /** Returns whether the host of the definition does not matter to an operation. */
  public boolean replacesHost(String operationId) {
    return over(operationId).stream()
        .anyMatch(policy -> policy.movesHost() && policy.obstacle() == null);
  }

  /** Returns how an operation is polled, or {@code null} if no policy says so. */
  public @Nullable PollingPolicy polling(String operationId) {
    return over(operationId).stream()
        .map(Policy::polling)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the templates of where policies send requests, as they are written, besides the
   * service's own URL.
   */
  public List<String> hosts() {
    return policies.stream()
        .map(policy -> policy.step().movesTo())
        .filter(Objects::nonNull)
        .toList();
  }

  /** Returns whether a policy sends a connection parameter in this header or query parameter. */
  public boolean sends(String connectionParameter, String name) {
    return policies.stream().anyMatch(policy -> policy.step().sends(connectionParameter, name));
  }
}
