package dev.connectorsdk.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies as values and as files; sections 7.2, 7.3 and 7.7 of the platform's rules. */
class DataPolicyTest {

  /** As the platform exports it, with the names that its admin center shows. */
  private static final String EXPORTED =
      """
      {
        "name": "0f3e",
        "displayName": "Customer data",
        "etag": "7b",
        "createdBy": { "displayName": "Ada" },
        "environmentType": "ExceptEnvironments",
        "environments": [ { "id": "/providers/x/environments/dev", "name": "dev", "type": "x" } ],
        "defaultConnectorsClassification": "Non-Business",
        "connectorGroups": [
          { "classification": "Business", "connectors": [
            { "id": "/providers/Microsoft.PowerApps/apis/shared_mail", "name": "Mail",
              "type": "Microsoft.PowerApps/apis" },
            { "id": "crm" } ] },
          { "classification": "Blocked", "connectors": [ { "id": "chat" } ] } ],
        "connectorActionConfigurations": [ {
          "connectorId": "/providers/Microsoft.PowerApps/apis/shared_crm",
          "actionRules": [ { "actionId": "delete", "behavior": "Block" } ],
          "defaultConnectorActionRuleBehavior": "Allow" } ],
        "endpointConfigurations": [ {
          "connectorId": "http",
          "endpointRules": [
            { "order": 20, "endpoint": "*", "behavior": "Deny" },
            { "order": 10, "endpoint": "https://*.contoso.test", "behavior": "Allow" } ] } ],
        "rules": [
          { "order": 1, "customConnectorRuleClassification": "Confidential",
            "pattern": "https://*.contoso.test" },
          { "order": 2, "customConnectorRuleClassification": "Ignore", "pattern": "*" } ],
        "exemptResources": [ { "id": "/flows/payroll", "type": "Flow" } ]
      }
      """;

  @Test
  @DisplayName("7.2: Confidential is Business, General is Non-business")
  void readsThePlatformsShapeWithBothNamesOfAGroup() {
    DataPolicy policy = DataPolicy.read("a file", EXPORTED);

    assertThat(policy.name()).isEqualTo("0f3e");
    assertThat(policy.displayName()).isEqualTo("Customer data");
    assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
    assertThat(policy.scope()).isEqualTo(Scope.EXCEPT_ENVIRONMENTS);
    assertThat(policy.defaultGroup()).isEqualTo(Group.NON_BUSINESS);
    assertThat(policy.connectors(Group.BUSINESS)).containsExactly("crm", "shared_mail");
    assertThat(policy.groupOf(ConnectorId.of("mail"))).isEqualTo(Group.BUSINESS);
    assertThat(policy.groupOf(ConnectorId.of("shared_CRM"))).isEqualTo(Group.BUSINESS);
    assertThat(policy.groupOf(ConnectorId.of("chat"))).isEqualTo(Group.BLOCKED);
    assertThat(policy.groupOf(ConnectorId.of("files"))).isNull();
    assertThat(policy.actionRules(ConnectorId.of("crm"))).isEqualTo(ActionRules.blocking("delete"));
    assertThat(policy.endpointRules(ConnectorId.of("http")))
        .extracting(DataPolicy.EndpointRule::endpoint)
        .containsExactly("https://*.contoso.test", "*");
    assertThat(policy.customConnectors())
        .extracting(DataPolicy.UrlPattern::group)
        .containsExactly(Group.BUSINESS, null);
    assertThat(policy.exemptFlows()).containsExactly("payroll");
  }

  @Test
  void readsAFileThatBeginsWithAByteOrderMark() {
    assertThat(DataPolicy.read("a file", "\uFEFF" + EXPORTED))
        .isEqualTo(DataPolicy.read("a file", EXPORTED));
  }

  @Test
  void writesTheSameBytesForTheSamePolicy() {
    DataPolicy policy = DataPolicy.read("a file", EXPORTED);
    String written = policy.toJson();

    assertThat(DataPolicy.read("a file", written).toJson()).isEqualTo(written);
    assertThat(DataPolicy.read("a file", written)).isEqualTo(policy).hasSameHashCodeAs(policy);
    assertThat(DataPolicy.named("p").business("b", "a").blocked("c").build().toJson())
        .isEqualTo(DataPolicy.named("p").blocked("c").business("a").business("b").build().toJson());
    assertThat(written).doesNotContain("\r").endsWith("}\n");
  }

  @Test
  void writesThePlatformsNames() {
    assertThat(DataPolicy.named("p").business("mail").in("test", "prod").build().toJson())
        .isEqualTo(
            """
            {
              "name": "p",
              "displayName": "p",
              "defaultConnectorsClassification": "General",
              "connectorGroups": [
                {
                  "classification": "Confidential",
                  "connectors": [
                    {
                      "id": "/providers/Microsoft.PowerApps/apis/mail",
                      "name": "mail",
                      "type": "Microsoft.PowerApps/apis"
                    }
                  ]
                },
                {
                  "classification": "General",
                  "connectors": []
                },
                {
                  "classification": "Blocked",
                  "connectors": []
                }
              ],
              "environmentType": "OnlyEnvironments",
              "environments": [
                {
                  "id": "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/prod",
                  "name": "prod",
                  "type": "Microsoft.BusinessAppPlatform/scopes/environments"
                },
                {
                  "id": "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/test",
                  "name": "test",
                  "type": "Microsoft.BusinessAppPlatform/scopes/environments"
                }
              ]
            }
            """);
  }

  @Test
  @DisplayName("7.2: a new policy has all in Non-business")
  void aNewPolicyHasEverythingInNonBusinessAndHoldsEverywhere() {
    DataPolicy policy = DataPolicy.named("p").build();

    assertThat(policy.defaultGroup()).isEqualTo(Group.NON_BUSINESS);
    assertThat(policy.connectors(Group.BUSINESS)).isEmpty();
    assertThat(policy.appliesIn(Environment.of("any"))).isTrue();
    assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
  }

  @Test
  @DisplayName("7.2: a connector is in exactly one group per policy")
  void aConnectorIsInExactlyOneGroup() {
    DataPolicy policy = DataPolicy.named("p").business("crm").blocked("shared_CRM").build();

    assertThat(policy.connectors(Group.BUSINESS)).isEmpty();
    assertThat(policy.groupOf(ConnectorId.of("crm"))).isEqualTo(Group.BLOCKED);
    assertThat(
            faults(
                """
                { "name": "p", "connectorGroups": [
                  { "classification": "General", "connectors": [ { "id": "crm" } ] },
                  { "classification": "Blocked", "connectors": [ { "id": "shared_crm" } ] } ] }
                """))
        .containsExactly("/connectorGroups/1/connectors/0/id: occurs twice");
  }

  @ParameterizedTest
  @CsvSource({
    "ALL_ENVIRONMENTS, true, true",
    "ONLY_ENVIRONMENTS, true, false",
    "SINGLE_ENVIRONMENT, true, false",
    "EXCEPT_ENVIRONMENTS, false, true"
  })
  @DisplayName(
      "7.2, 7.3: a policy applies everywhere, only or except in its environments, or in a single one")
  void appliesInEnvironmentsByItsType(Scope scope, boolean inProd, boolean inDev) {
    DataPolicy.Builder builder = DataPolicy.named("p");
    DataPolicy policy =
        (scope == Scope.ALL_ENVIRONMENTS ? builder : builder.applying(scope, "prod")).build();

    assertThat(policy.appliesIn(Environment.of("prod"))).isEqualTo(inProd);
    assertThat(policy.appliesIn(Environment.of("dev"))).isEqualTo(inDev);
  }

  @Test
  @DisplayName("7.2: URL patterns are ordered")
  void patternsOfCustomConnectorsAreSortedByOrder() {
    DataPolicy policy =
        DataPolicy.read(
            "a file",
            """
            { "name": "p", "rules": [
              { "order": 9, "customConnectorRuleClassification": "Blocked", "pattern": "*" },
              { "order": 3, "customConnectorRuleClassification": "General", "pattern": "*.a.test" }
            ] }
            """);

    assertThat(policy.customConnectors())
        .extracting(DataPolicy.UrlPattern::pattern)
        .containsExactly("*.a.test", "*");
  }

  @Test
  @DisplayName("7.2, 7.6: the pattern * is last")
  void aStarThatIsNotLastIsRefused() {
    assertThat(
            faultsOf(
                DataPolicy.named("p")
                    .customConnectors("*", Group.BUSINESS)
                    .customConnectors("*.a.test", Group.BLOCKED)))
        .containsExactly("/rules/1: '*' must be last: no rule behind it is ever asked");
    assertThat(
            faultsOf(DataPolicy.named("p").denyEndpoint("http", "*").allowEndpoint("http", "a.b")))
        .containsExactly(
            "/endpointConfigurations/http/endpointRules/1:"
                + " '*' must be last: no rule behind it is ever asked");
  }

  @Test
  @DisplayName("7.7: Ignore is only allowed on the last rule")
  void ignoreIsOnlyAllowedOnTheLastRule() {
    assertThat(
            faultsOf(
                DataPolicy.named("p")
                    .customConnectors("*.a.test", null)
                    .customConnectors("*", Group.BLOCKED)))
        .singleElement()
        .asString()
        .startsWith("/rules/1: only the last rule may be Ignore");
    assertThat(DataPolicy.named("p").customConnectors("*.a.test", null).build()).isNotNull();
  }

  @Test
  @DisplayName("7.2, 7.7: URL patterns are for policies of the tenant")
  void patternsOfCustomConnectorsAreForPoliciesOfTheRuntime() {
    assertThat(
            faultsOf(
                DataPolicy.named("p").ofEnvironment("prod").customConnectors("*", Group.BLOCKED)))
        .singleElement()
        .asString()
        .startsWith("/rules: belong to a policy of the runtime");
  }

  @Test
  void aPolicyIsTriedOutInThePlaceOfAnother() {
    assertThat(faultsOf(DataPolicy.named("p").mode(Mode.AUDIT).insteadOf("p")))
        .singleElement()
        .asString()
        .startsWith("/insteadOf: names the policy itself");
    assertThat(faultsOf(DataPolicy.named("p").insteadOf("q")))
        .containsExactly("/insteadOf: is for a policy that is not enforced");
    assertThat(DataPolicy.named("p").mode(Mode.AUDIT).insteadOf("q").build()).isNotNull();
  }

  @Test
  @DisplayName("7.2: at most 2,000 resources are exempt")
  void atMostTwoThousandFlowsAreExempt() {
    String[] flows = new String[2_001];
    for (int i = 0; i < flows.length; i++) {
      flows[i] = "flow-" + i;
    }

    assertThat(faultsOf(DataPolicy.named("p").exempt(flows)))
        .containsExactly("/exemptResources: names more than 2,000 flows");
  }

  @Test
  @Tag("I3")
  void whatMightRestrictSomethingIsNotPassedOver() {
    assertThat(faults("{ \"name\": \"p\", \"furtherRestrictions\": [] }"))
        .containsExactly("/furtherRestrictions: is not known here, and might restrict something");
    assertThat(
            faults(
                "{ \"name\": \"p\", \"connectorGroups\": [ { \"classification\": \"Secret\" } ] }"))
        .containsExactly("/connectorGroups/0/classification: is none of the choices");
    assertThat(faults("{ \"name\": \"p\", \"mode\": \"Off\" }"))
        .containsExactly("/mode: is none of the choices");
    assertThat(
            faults(
                """
                { "name": "p", "environments": [ { "name": "prod" } ],
                  "endpointConfigurations": [ { "connectorId": "http", "endpointRules": [
                    { "order": 1, "endpoint": "https://a.test?x=1", "behavior": "Deny" } ] } ] }
                """))
        .containsExactly(
            "/environments: must be empty where the policy is for all environments",
            "/endpointConfigurations/http/endpointRules/1:"
                + " must be '*' or [scheme://]host[:port][/path], without blanks and query");
  }

  @ParameterizedTest
  @ValueSource(strings = {":8443", "https:///admin", "https://", "::1", "[::1", "[::1]x", "a.b:"})
  void aPatternThatMatchesNoHostIsRefused(String pattern) {
    assertThat(faultsOf(DataPolicy.named("p").denyEndpoint("http", pattern)))
        .singleElement()
        .asString()
        .contains("must be '*' or [scheme://]host[:port][/path]");
  }

  @Test
  void namesEveryFault() {
    assertThat(
            faults(
                """
                { "name": "p", "connectorActionConfigurations": [
                    { "connectorId": "?", "actionRules": [ { "actionId": "a" } ] } ],
                  "rules": [ { "order": "1", "pattern": "*",
                    "customConnectorRuleClassification": "Blocked" } ],
                  "exemptResources": {} }
                """))
        .containsExactly(
            "/connectorActionConfigurations/0/connectorId: names no connector",
            "/connectorActionConfigurations/0/actionRules/0/behavior: must be a text",
            "/connectorActionConfigurations/0/actionRules/0/behavior: must be Allow or Block",
            "/rules/0/order: must be a whole number",
            "/exemptResources: must be an array");
    assertThat(faults("{ \"name\": ")).singleElement().asString().contains("is not JSON at line 1");
    assertThatIllegalArgumentException().isThrownBy(() -> DataPolicy.named("no name"));
  }

  @Test
  void refusesJsonOfExtremesWithoutAPlace() {
    String limit = "(input): is nested too deeply, or has too long a number, name or text";

    assertThat(faults("{\"rules\": " + "[".repeat(100_000))).containsExactly(limit);
    assertThat(faults("{\"order\": " + "1".repeat(2_000) + "}")).containsExactly(limit);
  }

  private static List<String> faults(String json) {
    return texts(
        catchThrowableOfType(InvalidInputException.class, () -> DataPolicy.read("a file", json)));
  }

  private static List<String> faultsOf(DataPolicy.Builder policy) {
    return texts(catchThrowableOfType(InvalidInputException.class, policy::build));
  }

  private static List<String> texts(InvalidInputException refused) {
    return refused.faults().stream().map(InvalidInputException.Fault::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'value': [{'name': 'p'}]} | /value | into a file of its own",
        "[{'name': 'p'}] | | into a file of its own",
        "{'policyDefinition': {'name': 'p'}} | /policyDefinition |"
            + " connectorConfigurationsDefinition (connectorActionConfigurations,",
        "{'name': 'p', 'properties': {'definition': {}}} | /properties | with apiGroups"
      })
  void anotherShapeIsRefusedWithWhatIsExpected(String json, String place, String expected) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> DataPolicy.read("p.json", json.replace('\'', '"')))
        .satisfies(
            e -> {
              assertThat(e.faults())
                  .singleElement()
                  .extracting(Fault::path)
                  .isEqualTo(place == null ? "" : place);
              assertThat(e.faults().get(0).problem()).contains(expected);
            });
  }
}
