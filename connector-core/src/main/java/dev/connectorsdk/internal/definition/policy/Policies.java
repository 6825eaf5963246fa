package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which policies and scripts an operation is under. An operation whose request or answer they would
 * change must not run without them.
 */
public final class Policies {

  private final List<Policy> policies = new ArrayList<>();
  private final Set<String> used = new HashSet<>();
  private final IdentityHashMap<Policy, Set<String>> usedBy = new IdentityHashMap<>();
  private final @Nullable PolicyScope scripted;
  private final HostAdditions additions;
  private final Map<Set<Integer>, OperationPolicies> shared = new ConcurrentHashMap<>();

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
      Set<String> used = new HashSet<>();
      addUsed(instance, used);
      result.used.addAll(used);
      Policy policy = reader.read(instance);
      result.usedBy.put(policy, used);
      if (!(policy.movesHost() && additions.setsBaseUrl())) {
        result.policies.add(policy);
      }
    }
    return result;
  }

  /** Takes the connection parameters that an instance asks for, wherever it does. */
  private static void addUsed(JsonNode node, Set<String> used) {
    if (node.isString()) {
      PolicyText.of(node.stringValue()).calls().stream()
          .filter(call -> call.source() == PolicyText.Source.CONNECTION)
          .forEach(call -> used.add(Lookup.lower(call.name())));
    }
    node.forEach(each -> addUsed(each, used));
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

  /**
   * Returns which of some connection parameters the policies over an operation read.
   *
   * @param parameters names in lower case
   */
  public Set<String> reads(String operationId, Set<String> parameters) {
    Set<String> read = new TreeSet<>();
    for (Policy policy : over(operationId)) {
      read.addAll(usedBy.getOrDefault(policy, Set.of()));
    }
    read.retainAll(parameters);
    return read;
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
    return addresses(policies).map(ServiceAddress::written).toList();
  }

  private static Stream<ServiceAddress> addresses(List<Policy> policies) {
    return policies.stream().map(policy -> policy.step().address()).filter(Objects::nonNull);
  }

  /**
   * Returns the connection parameter that the host of an operation is made of and that no
   * connection has, or {@code null} if there is none.
   *
   * @param declared the names of connection parameters, in lower case
   */
  public @Nullable String missingForHost(String operationId, Set<String> declared) {
    return addresses(over(operationId))
        .map(address -> address.missing(declared))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the template of the URL that an operation goes to if the input of a call chooses its
   * host, or {@code null} if it does not.
   */
  public @Nullable String hostOfCaller(String operationId, List<Parameter> parameters) {
    CallerChoices choices = new CallerChoices(parameters);
    for (Policy policy : over(operationId)) {
      ServiceAddress address = policy.step().address();
      if (address != null && address.isChosenByCaller(choices)) {
        return address.written();
      }
      if (policy.section() == Section.REQUEST) {
        policy.step().note(choices);
      }
    }
    return null;
  }

  /** Returns whether a policy asks for a connection parameter, or there is a script, which may. */
  public boolean mayUse(String connectionParameter) {
    return scripted != null || used.contains(Lookup.lower(connectionParameter));
  }

  /** Returns whether a policy sends a connection parameter in this header or query parameter. */
  public boolean sends(String connectionParameter, String name) {
    return policies.stream().anyMatch(policy -> policy.step().sends(connectionParameter, name));
  }
}
