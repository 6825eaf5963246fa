package dev.connectorsdk.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.ByteOrderMark;
import dev.connectorsdk.api.internal.NotJson;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a policy from the platform's shape, and names everything that is wrong with it. */
final class PolicyReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The last are of the platform's service alone, and say nothing about what is allowed. */
  private static final Set<String> MEMBERS =
      Set.of(
          "name",
          "displayName",
          "mode",
          "insteadOf",
          "defaultConnectorsClassification",
          "connectorGroups",
          "environmentType",
          "environments",
          "connectorActionConfigurations",
          "endpointConfigurations",
          "rules",
          "exemptResources",
          "id",
          "type",
          "etag",
          "createdBy",
          "createdTime",
          "lastModifiedBy",
          "lastModifiedTime",
          "isLegacySchemaVersion");

  private final String source;
  private final List<Fault> faults = new ArrayList<>();

  PolicyReader(String source) {
    this.source = source;
  }

  DataPolicy read(String json) {
    JsonNode root = tree(json);
    requireShape(root);
    String name = text(root, "", "name");
    failIfFaulty();
    DataPolicy.Builder policy = builder(name);
    known(root, "", MEMBERS);
    policy.titled(optionalText(root, "displayName", name));
    policy.mode(choice(root, "", "mode", PlatformNames::mode, Mode.ENFORCE));
    if (root.has("insteadOf")) {
      policy.insteadOf(optionalText(root, "insteadOf", ""));
    }
    policy.others(
        choice(
            root, "", "defaultConnectorsClassification", PlatformNames::group, Group.NON_BUSINESS));
    groups(policy, root);
    environments(policy, root);
    actions(policy, root);
    endpoints(policy, root);
    customConnectors(policy, root);
    exemptFlows(policy, root);
    failIfFaulty();
    return policy.build();
  }

  private JsonNode tree(String json) {
    try {
      return MAPPER.readTree(ByteOrderMark.removedFrom(json));
    } catch (JacksonException e) {
      throw new InvalidInputException(source, "", NotJson.problem(e));
    }
  }

  /** Tools export policies in other shapes too. What these hold is not guessed, but said. */
  private void requireShape(JsonNode root) {
    if (!root.isObject() || root.path("value").isArray()) {
      add(
          root.isObject() ? "/value" : "",
          "must be one policy, an object with name, connectorGroups and so on: put each policy of a"
              + " list into a file of its own");
    } else if (root.has("policyDefinition")) {
      add(
          "/policyDefinition",
          "must not be there: put its members, and those of"
              + " connectorConfigurationsDefinition (connectorActionConfigurations,"
              + " endpointConfigurations), customConnectorUrlPatternsDefinition (rules) and"
              + " exemptResourcesDefinition (exemptResources), into one object");
    } else if (root.has("properties")) {
      add(
          "/properties",
          "must not be there: this is the former shape, with apiGroups. Export the policy in the"
              + " present one, with name, connectorGroups and so on");
    }
    failIfFaulty();
  }

  private DataPolicy.Builder builder(String name) {
    try {
      return DataPolicy.named(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(source, "/name", String.valueOf(e.getMessage()));
    }
  }

  private void groups(DataPolicy.Builder policy, JsonNode root) {
    Set<String> listed = new HashSet<>();
    each(
        root,
        "",
        "connectorGroups",
        (entry, path) -> {
          known(entry, path, Set.of("classification", "connectors"));
          Optional<Group> group = choice(entry, path, "classification", PlatformNames::group);
          each(
              entry,
              path,
              "connectors",
              (connector, place) -> {
                known(connector, place, Set.of("id", "name", "type"));
                String id = connector(connector, place, "id", listed);
                if (!id.isEmpty()) {
                  group.ifPresent(
                      present -> policy.list(present, id, optionalText(connector, "name", id)));
                }
              });
        });
  }

  private void environments(DataPolicy.Builder policy, JsonNode root) {
    List<String> names = new ArrayList<>();
    each(
        root,
        "",
        "environments",
        (entry, path) -> {
          known(entry, path, Set.of("id", "name", "type"));
          String name = optionalText(entry, "name", last(optionalText(entry, "id", "")));
          try {
            names.add(Environment.of(name).name());
          } catch (IllegalArgumentException e) {
            add(path, "names no environment");
          }
        });
    Scope scope = choice(root, "", "environmentType", PlatformNames::scope, Scope.ALL_ENVIRONMENTS);
    policy.applying(scope, names.toArray(String[]::new));
  }

  private void actions(DataPolicy.Builder policy, JsonNode root) {
    Set<String> configured = new HashSet<>();
    each(
        root,
        "",
        "connectorActionConfigurations",
        (entry, path) -> {
          known(
              entry,
              path,
              Set.of("connectorId", "actionRules", "defaultConnectorActionRuleBehavior"));
          String connector = connector(entry, path, "connectorId", configured);
          ActionRules rules = actionRules(entry, path);
          if (!connector.isEmpty()) {
            policy.actions(connector, rules);
          }
        });
  }

  private ActionRules actionRules(JsonNode entry, String path) {
    Set<String> named = new HashSet<>();
    SortedSet<String> allowed = new TreeSet<>();
    SortedSet<String> blocked = new TreeSet<>();
    each(
        entry,
        path,
        "actionRules",
        (rule, place) -> {
          known(rule, place, Set.of("actionId", "behavior"));
          String action = text(rule, place, "actionId");
          if (!named.add(action)) {
            add(place + "/actionId", "occurs twice");
          } else {
            (allows(rule, place, "behavior", "Block") ? allowed : blocked).add(action);
          }
        });
    String others = "defaultConnectorActionRuleBehavior";
    return new ActionRules(
        allowed, blocked, !entry.has(others) || allows(entry, path, others, "Block"));
  }

  private void endpoints(DataPolicy.Builder policy, JsonNode root) {
    Set<String> configured = new HashSet<>();
    each(
        root,
        "",
        "endpointConfigurations",
        (entry, path) -> {
          known(entry, path, Set.of("connectorId", "endpointRules"));
          String connector = connector(entry, path, "connectorId", configured);
          List<EndpointRule> rules = new ArrayList<>();
          each(
              entry,
              path,
              "endpointRules",
              (rule, place) -> {
                known(rule, place, Set.of("order", "endpoint", "behavior"));
                rules.add(
                    new EndpointRule(
                        order(rule, place),
                        text(rule, place, "endpoint"),
                        allows(rule, place, "behavior", "Deny")));
              });
          if (!connector.isEmpty()) {
            policy.endpoints(connector, rules);
          }
        });
  }

  private void customConnectors(DataPolicy.Builder policy, JsonNode root) {
    List<UrlPattern> rules = new ArrayList<>();
    each(
        root,
        "",
        "rules",
        (rule, path) -> {
          String group = "customConnectorRuleClassification";
          known(rule, path, Set.of("order", group, "pattern"));
          boolean isIgnored = rule.path(group).asString("").equalsIgnoreCase(PlatformNames.IGNORE);
          rules.add(
              new UrlPattern(
                  order(rule, path),
                  text(rule, path, "pattern"),
                  isIgnored ? null : choice(rule, path, group, PlatformNames::group).orElse(null)));
        });
    policy.customConnectors(rules);
  }

  private void exemptFlows(DataPolicy.Builder policy, JsonNode root) {
    each(
        root,
        "",
        "exemptResources",
        (entry, path) -> {
          known(entry, path, Set.of("id", "type"));
          policy.exempt(last(text(entry, path, "id")));
        });
  }

  private void each(
      JsonNode parent, String path, String member, BiConsumer<JsonNode, String> reader) {
    JsonNode list = parent.path(member);
    if (!list.isArray() && !list.isMissingNode()) {
      add(path + "/" + member, "must be an array");
    }
    for (int i = 0; list.isArray() && i < list.size(); i++) {
      reader.accept(list.get(i), path + "/" + member + "/" + i);
    }
  }

  private void known(JsonNode node, String path, Set<String> members) {
    if (!node.isObject()) {
      add(path, "must be an object");
    }
    for (String member : node.propertyNames()) {
      if (!members.contains(member)) {
        add(path + "/" + member, "is not known here, and might restrict something");
      }
    }
  }

  private String text(JsonNode node, String path, String member) {
    String text = optionalText(node, member, "");
    if (text.isBlank()) {
      add(path + "/" + member, "must be a text");
    }
    return text;
  }

  private static String optionalText(JsonNode node, String member, String otherwise) {
    return node.path(member).isString() ? node.path(member).asString() : otherwise;
  }

  private int order(JsonNode rule, String path) {
    JsonNode order = rule.path("order");
    if (!order.isInt()) {
      add(path + "/order", "must be a whole number");
      return faults.size();
    }
    return order.asInt();
  }

  /** Returns a connector's short id, or the empty text if there is none or it came before. */
  private String connector(JsonNode node, String path, String member, Set<String> before) {
    String id = last(text(node, path, member));
    try {
      ConnectorId.of(id);
    } catch (IllegalArgumentException e) {
      add(path + "/" + member, "names no connector");
      return "";
    }
    if (!before.add(ConnectorMap.key(id))) {
      add(path + "/" + member, "occurs twice");
    }
    return id;
  }

  private static String last(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private boolean allows(JsonNode node, String path, String member, String otherwise) {
    String behavior = text(node, path, member);
    if (!behavior.equalsIgnoreCase("Allow") && !behavior.equalsIgnoreCase(otherwise)) {
      add(path + "/" + member, "must be Allow or " + otherwise);
    }
    return behavior.equalsIgnoreCase("Allow");
  }

  private <T> T choice(
      JsonNode node,
      String path,
      String member,
      Function<String, Optional<T>> choices,
      T otherwise) {
    return node.path(member).isMissingNode()
        ? otherwise
        : choice(node, path, member, choices).orElse(otherwise);
  }

  private <T> Optional<T> choice(
      JsonNode node, String path, String member, Function<String, Optional<T>> choices) {
    Optional<T> chosen = choices.apply(optionalText(node, member, ""));
    if (chosen.isEmpty()) {
      add(path + "/" + member, "is none of the choices");
    }
    return chosen;
  }

  private void add(String path, String problem) {
    faults.add(new Fault(path, problem));
  }

  private void failIfFaulty() {
    if (!faults.isEmpty()) {
      throw new InvalidInputException(source, faults);
    }
  }
}
