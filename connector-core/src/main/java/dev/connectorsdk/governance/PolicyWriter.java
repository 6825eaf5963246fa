package dev.connectorsdk.governance;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a policy in the platform's shape: always the same text for the same policy. */
final class PolicyWriter {

  static final String CONNECTORS = "/providers/Microsoft.PowerApps/apis/";
  static final String ENVIRONMENTS =
      "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/";

  private static final JsonMapper MAPPER = new JsonMapper();

  private final DataPolicy policy;
  private final ObjectNode root = JsonNodeFactory.instance.objectNode();

  private PolicyWriter(DataPolicy policy) {
    this.policy = policy;
  }

  static String write(DataPolicy policy) {
    var writer = new PolicyWriter(policy);
    writer.head();
    writer.groups();
    writer.environments();
    writer.actions();
    writer.endpoints();
    writer.customConnectors();
    writer.exemptFlows();
    return MAPPER.writer().with(printer()).writeValueAsString(writer.root) + "\n";
  }

  /** Jackson's own breaks lines as the machine does. */
  private static DefaultPrettyPrinter printer() {
    var lines = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""))
        .withObjectIndenter(lines)
        .withArrayIndenter(lines);
  }

  private void head() {
    root.put("name", policy.name());
    root.put("displayName", policy.displayName());
    if (policy.mode() != Mode.ENFORCE) {
      root.put("mode", PlatformNames.of(policy.mode()));
    }
    if (policy.insteadOf() != null) {
      root.put("insteadOf", policy.insteadOf());
    }
    root.put("defaultConnectorsClassification", PlatformNames.of(policy.defaultGroup()));
  }

  private void groups() {
    ArrayNode groups = root.putArray("connectorGroups");
    for (Group group : Group.values()) {
      ObjectNode written = groups.addObject().put("classification", PlatformNames.of(group));
      ArrayNode connectors = written.putArray("connectors");
      for (ConnectorMap.Entry<DataPolicy.Member> entry : policy.members().entries()) {
        if (entry.value().group() == group) {
          connectors
              .addObject()
              .put("id", CONNECTORS + entry.id())
              .put("name", entry.value().title())
              .put("type", "Microsoft.PowerApps/apis");
        }
      }
    }
  }

  private void environments() {
    root.put("environmentType", PlatformNames.of(policy.scope()));
    ArrayNode environments = root.putArray("environments");
    for (Environment environment : policy.environments()) {
      environments
          .addObject()
          .put("id", ENVIRONMENTS + environment.name())
          .put("name", environment.name())
          .put("type", "Microsoft.BusinessAppPlatform/scopes/environments");
    }
  }

  private void actions() {
    for (ConnectorMap.Entry<ActionRules> entry : policy.actions().entries()) {
      ActionRules rules = entry.value();
      ObjectNode written = configuration("connectorActionConfigurations", entry.id());
      ArrayNode list = written.putArray("actionRules");
      rules.allowed().forEach(id -> action(list, id, "Allow"));
      rules.blocked().forEach(id -> action(list, id, "Block"));
      written.put("defaultConnectorActionRuleBehavior", rules.allowsOthers() ? "Allow" : "Block");
    }
  }

  private static void action(ArrayNode list, String id, String behavior) {
    list.addObject().put("actionId", id).put("behavior", behavior);
  }

  private void endpoints() {
    for (ConnectorMap.Entry<List<EndpointRule>> entry : policy.endpoints().entries()) {
      ArrayNode list =
          configuration("endpointConfigurations", entry.id()).putArray("endpointRules");
      for (EndpointRule rule : entry.value()) {
        list.addObject()
            .put("order", rule.order())
            .put("endpoint", rule.endpoint())
            .put("behavior", rule.allows() ? "Allow" : "Deny");
      }
    }
  }

  private ObjectNode configuration(String member, String connector) {
    return root.withArray(member).addObject().put("connectorId", CONNECTORS + connector);
  }

  private void customConnectors() {
    for (UrlPattern rule : policy.customConnectors()) {
      Group group = rule.group();
      root.withArray("rules")
          .addObject()
          .put("order", rule.order())
          .put(
              "customConnectorRuleClassification",
              group == null ? PlatformNames.IGNORE : PlatformNames.of(group))
          .put("pattern", rule.pattern());
    }
  }

  private void exemptFlows() {
    for (String flow : policy.exemptFlows()) {
      root.withArray("exemptResources").addObject().put("id", flow).put("type", "Flow");
    }
  }
}
