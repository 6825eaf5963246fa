package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@link PolicyDifferences} leaves to the JSON: titles and spellings of connectors, the
 * numbers by which rules are ordered, and rules about actions that change nothing.
 */
final class PolicyDetails {

  private final DataPolicy now;
  private final DataPolicy then;

  private PolicyDetails(DataPolicy now, DataPolicy then) {
    this.now = now;
    this.then = then;
  }

  /** Returns whether two versions of a policy differ in that. */
  static boolean differ(DataPolicy now, DataPolicy then) {
    var details = new PolicyDetails(now, then);
    return details.titlesDiffer()
        || details.spellingsDiffer(DataPolicy::connectorsWithActionRules)
        || details.spellingsDiffer(DataPolicy::connectorsWithEndpointRules)
        || details.actionsDiffer()
        || details.ordersDiffer();
  }

  private boolean titlesDiffer() {
    Map<String, JsonNode> before = listed(now);
    Map<String, JsonNode> after = listed(then);
    return Stream.concat(before.keySet().stream(), after.keySet().stream())
        .anyMatch(key -> titleDiffers(before.get(key), after.get(key)));
  }

  private static Map<String, JsonNode> listed(DataPolicy policy) {
    Map<String, JsonNode> all = new HashMap<>();
    for (JsonNode group : JsonMapper.shared().readTree(policy.toJson()).path("connectorGroups")) {
      for (JsonNode connector : group.path("connectors")) {
        all.put(PolicyNames.key(id(connector)), connector);
      }
    }
    return all;
  }

  private static String id(JsonNode connector) {
    String id = connector.path("id").asString();
    return id.substring(id.lastIndexOf('/') + 1);
  }

  /** The table says that one was added or removed, with its id for a title. */
  private static boolean titleDiffers(@Nullable JsonNode before, @Nullable JsonNode after) {
    if (before != null && after != null) {
      return !before.equals(after);
    }
    JsonNode one = before == null ? after : before;
    return one != null && !one.path("name").asString().equals(id(one));
  }

  private boolean spellingsDiffer(Function<DataPolicy, List<String>> connectors) {
    List<String> after = connectors.apply(then);
    return connectors.apply(now).stream()
        .anyMatch(
            id ->
                !after.contains(id)
                    && after.stream().map(PolicyNames::key).anyMatch(PolicyNames.key(id)::equals));
  }

  private boolean actionsDiffer() {
    return Stream.of(now, then)
        .flatMap(policy -> policy.connectorsWithActionRules().stream())
        .map(ConnectorId::of)
        .anyMatch(id -> actionsDiffer(now.actionRules(id), then.actionRules(id)));
  }

  private static boolean actionsDiffer(@Nullable ActionRules before, @Nullable ActionRules after) {
    ActionRules first = Objects.requireNonNullElseGet(before, ActionRules::blocking);
    ActionRules second = Objects.requireNonNullElseGet(after, ActionRules::blocking);
    if (first.equals(second)) {
      return !Objects.equals(before, after);
    }
    return named(first, second).stream()
        .anyMatch(
            action ->
                first.allows(action) == second.allows(action)
                    && names(first, action) != names(second, action));
  }

  private static Set<String> named(ActionRules first, ActionRules second) {
    Set<String> all = new TreeSet<>(first.allowed());
    Stream.of(first.blocked(), second.allowed(), second.blocked()).forEach(all::addAll);
    return all;
  }

  private static boolean names(ActionRules rules, String action) {
    return rules.allowed().contains(action) || rules.blocked().contains(action);
  }

  private boolean ordersDiffer() {
    return now.connectorsWithEndpointRules().stream()
            .map(ConnectorId::of)
            .anyMatch(
                id ->
                    ordersDiffer(
                        now.endpointRules(id),
                        then.endpointRules(id),
                        rule -> new EndpointRule(0, rule.endpoint(), rule.allows())))
        || ordersDiffer(
            now.customConnectors(),
            then.customConnectors(),
            one -> new UrlPattern(0, one.pattern(), one.group()));
  }

  private static <T> boolean ordersDiffer(List<T> before, List<T> after, Function<T, T> unordered) {
    return !before.equals(after)
        && before.stream().map(unordered).toList().equals(after.stream().map(unordered).toList());
  }
}
