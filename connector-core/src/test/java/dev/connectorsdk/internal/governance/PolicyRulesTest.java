package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.governance.PolicyFinding.ActionBlocked;
import dev.connectorsdk.governance.PolicyFinding.Blocked;
import dev.connectorsdk.governance.PolicyFinding.EndpointDenied;
import dev.connectorsdk.governance.PolicyFinding.Mixed;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The platform's rules of data policies, section by section. */
@Tag("I3")
class PolicyRulesTest {

  private static final Environment PROD = Environment.of("prod");

  private final DataPolicy.Builder policy = DataPolicy.named("p");

  // 7.2 Policy object

  @Test
  @DisplayName("7.2: a connector that appears later gets the default group")
  void aConnectorThatAppearsLaterGetsTheDefaultGroup() {
    for (Group group : Group.values()) {
      DataPolicy later = DataPolicy.named("p").business("mail").others(group).build();

      assertThat(Classification.of(use("new").connector(), later)).isEqualTo(group);
    }
  }

  // 7.3 Scope and authority

  @Test
  @DisplayName("7.3: all applicable policies apply together")
  void allApplicablePoliciesApplyTogether() {
    DataPolicy tenant = DataPolicy.named("tenant").blocked("chat").build();
    DataPolicy environment =
        DataPolicy.named("environment").ofEnvironment("prod").business("chat", "mail").build();

    assertThat(decide(List.of(tenant, environment), use("chat"), use("mail")).findings())
        .singleElement()
        .isEqualTo(new Blocked("tenant", "tenant", Mode.ENFORCE, ConnectorId.of("chat")));
  }

  @Test
  void peopleReadTheDisplayNameWithTheNameBesideIt() {
    DataPolicy exported =
        DataPolicy.named("8a1b-guid").titled("Contoso only").blocked("chat").build();

    PolicyDecision decision = decide(List.of(exported), use("chat"));

    assertThat(decision.explanation())
        .isEqualTo(
            """
            Refused.
            ! Contoso only (8a1b-guid): Connector 'chat' is blocked. Move 'chat' out of Blocked, or do without it.
              Contoso only (8a1b-guid): Blocked [chat].
            """);
    assertThat(decision.findings()).extracting(PolicyFinding::policy).containsExactly("8a1b-guid");
  }

  @Test
  @DisplayName("7.3: a policy of an environment overrides none of the tenant")
  void anEnvironmentsPolicyCannotWeakenOneOfTheWhole() {
    DataPolicy tenant = DataPolicy.named("a").business("mail").build();
    DataPolicy weaker =
        DataPolicy.named("b").ofEnvironment("prod").business("mail", "chat").build();

    assertThat(decide(List.of(tenant, weaker), use("mail"), use("chat")).isAllowed()).isFalse();
  }

  @Test
  @DisplayName("7.3: a policy for listed environments says nothing in others")
  void aPolicyOfAnotherEnvironmentSaysNothing() {
    DataPolicy other = policy.in("dev").blocked("chat").build();

    PolicyDecision decision = decide(List.of(other), use("chat"));

    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.reasons()).containsExactly("p does not apply in prod.");
  }

  // 7.4 Unblockable connectors

  @Test
  @DisplayName("7.2, 7.4: an unblockable connector is Non-business where the default is Blocked")
  void anUnblockableConnectorIsNonBusinessWhereTheDefaultGroupIsBlocked() {
    DataPolicy closed = policy.others(Group.BLOCKED).build();

    assertThat(Classification.of(unblockable("mail"), closed)).isEqualTo(Group.NON_BUSINESS);
    assertThat(Classification.of(connector("chat"), closed)).isEqualTo(Group.BLOCKED);
  }

  @Test
  @DisplayName("7.4: what was blocked before it became unblockable stays blocked")
  void whatWasBlockedBeforeItBecameUnblockableStaysBlocked() {
    assertThat(Classification.of(unblockable("mail"), policy.blocked("mail").build()))
        .isEqualTo(Group.BLOCKED);
  }

  // 7.5 Action control

  @Test
  @DisplayName("7.5: each action is allowed or blocked, and others follow the default")
  void aBlockedActionIsRefusedAndOthersFollowTheDefault() {
    DataPolicy policy = this.policy.actions("crm", ActionRules.blocking("delete")).build();

    PolicyDecision refused = decide(List.of(policy), use("crm", "list", "delete"));
    assertThat(refused.findings())
        .containsExactly(
            new ActionBlocked("p", "p", Mode.ENFORCE, ConnectorId.of("crm"), "delete"));
    assertThat(refused.reasons())
        .containsExactly("p: Non-business [crm], blocked operations [delete of crm].");
    assertThat(decide(List.of(policy), use("crm", "list", "addedLater")).isAllowed()).isTrue();
  }

  @Test
  @DisplayName("7.5: the default holds for actions that are added later")
  void actionsThatAreAddedLaterAreBlockedWhereTheDefaultIsBlock() {
    DataPolicy policy = this.policy.actions("crm", ActionRules.allowingOnly("list")).build();

    assertThat(decide(List.of(policy), use("crm", "list")).isAllowed()).isTrue();
    assertThat(decide(List.of(policy), use("crm", "addedLater")).isAllowed()).isFalse();
  }

  @Test
  @DisplayName("7.5: action rules are for prebuilt connectors that can be blocked")
  void actionRulesAreForBlockablePublicConnectors() {
    DataPolicy policy =
        this.policy
            .actions("mail", ActionRules.allowingOnly())
            .actions("own", ActionRules.allowingOnly())
            .build();

    assertThat(
            decide(
                    List.of(policy),
                    new FlowUses.Use(unblockable("mail"), Set.of("send"), List.of()),
                    new FlowUses.Use(custom("own", "https://own.test"), Set.of("x"), List.of()))
                .isAllowed())
        .isTrue();
  }

  // 7.6 Endpoint filtering

  @Test
  @DisplayName("7.6: endpoint rules are evaluated in ascending order, and the first match decides")
  void endpointRulesAreAskedInOrderAndTheFirstThatMatchesDecides() {
    DataPolicy policy =
        this.policy
            .denyEndpoint("http", "https://secret.contoso.test")
            .allowEndpoint("http", "https://*.contoso.test")
            .denyEndpoint("http", "*")
            .build();

    assertThat(denying(policy, "https://www.contoso.test/a")).isNull();
    assertThat(denying(policy, "https://secret.contoso.test/a"))
        .isEqualTo("1 Deny https://secret.contoso.test");
    assertThat(denying(policy, "https://evil.test/")).isEqualTo("3 Deny *");
  }

  @Test
  @DisplayName("7.6: what no rule matches is allowed")
  void whatNoRuleMatchesIsAllowed() {
    assertThat(denying(policy.denyEndpoint("http", "evil.test").build(), "https://good.test/"))
        .isNull();
  }

  @ParameterizedTest
  @DisplayName("7.6: * is the only wildcard")
  @CsvSource({
    "api.*.test, https://api.contoso.test/, true",
    "api.contoso.test, https://apiXcontoso.test/, false",
    "api.(contoso|x).test, https://api.contoso.test/, false",
    "api.c%.test, https://api.contoso.test/, false"
  })
  void aStarIsTheOnlyWildcard(String pattern, String url, boolean isMatched) {
    DataPolicy policy = this.policy.denyEndpoint("http", pattern).build();

    assertThat(denying(policy, url) != null).isEqualTo(isMatched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://API.Blocked.test/x",
        "https://api.blocked.test:443/x",
        "https://api.blocked.test:8443/x",
        "http://api.blocked.test/x",
        "https://user@api.blocked.test/x",
        "https://api.blocked.test./x",
        "https://api.blocked.test/a/../x",
        "https://api.blocked.test?x=1"
      })
  @DisplayName("7.6: matching is case-insensitive, on the effective URL")
  void theEffectiveUrlHasOneSpelling(String url) {
    assertThat(denying(policy.denyEndpoint("http", "api.blocked.test").build(), url))
        .isEqualTo("1 Deny api.blocked.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.test/admin/users",
        "https://api.test/x/../ADMIN/users",
        "https://api.test/%61dmin/users",
        "https://api.test/x/%2e%2e/admin/users?y"
      })
  void aPathHasOneSpelling(String url) {
    assertThat(denying(policy.denyEndpoint("http", "https://api.test/admin/*").build(), url))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "*.contoso.test, https://evil.test/x.contoso.test",
    "*.contoso.test/*, https://evil.test/.contoso.test/x",
    "https://*.contoso.test, https://evil.test/.contoso.test",
    "contoso.test, https://contoso.test:8443/",
    "https://contoso.test, http://contoso.test/",
    "contoso.test, https://contoso.test.evil.test/"
  })
  void nothingInAPathOrPortPassesForAnAllowedHost(String pattern, String url) {
    DataPolicy policy =
        this.policy.allowEndpoint("http", pattern).denyEndpoint("http", "*").build();

    assertThat(denying(policy, url)).isEqualTo("2 Deny *");
  }

  @Test
  void aRuleThatDeniesAlsoMatchesTheWholeText() {
    DataPolicy policy = this.policy.denyEndpoint("http", "*tenant-b*").build();

    assertThat(denying(policy, "https://api.test/tenant-b/files")).isNotNull();
    assertThat(denying(policy, "https://api.test/tenant-a/files")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://127.0.0.1./"
      })
  void anAddressIsDeniedWhereRulesNameHosts(String url) {
    assertThat(
            denying(
                policy.denyEndpoint("http", "evil.test").allowEndpoint("http", "*").build(), url))
        .isEqualTo("IP addresses");
    assertThat(denying(DataPolicy.named("q").allowEndpoint("http", "*").build(), url)).isNull();
  }

  @Test
  void anAddressIsAllowedByARuleThatSpellsOne() {
    DataPolicy policy =
        this.policy
            .allowEndpoint("http", "http://10.0.*")
            .allowEndpoint("http", "[fd00::*]")
            .allowEndpoint("http", "https://*")
            .denyEndpoint("http", "*")
            .build();

    assertThat(denying(policy, "http://10.0.0.7/")).isNull();
    assertThat(denying(policy, "http://[fd00::1]/")).isNull();
    assertThat(denying(policy, "https://11.0.0.7/")).isEqualTo("4 Deny *");
    assertThat(denying(policy, "https://name.test/")).isNull();
  }

  @Test
  void aFindingNamesNoPath() {
    DataPolicy policy = this.policy.denyEndpoint("http", "*").build();
    var url = EffectiveUrl.parse("https://api.test/secret-path?token=1");

    PolicyDecision decision =
        decide(List.of(policy), new FlowUses.Use(connector("http"), Set.of("get"), List.of(url)));

    assertThat(decision.findings())
        .containsExactly(
            new EndpointDenied(
                "p",
                "p",
                Mode.ENFORCE,
                ConnectorId.of("http"),
                "https://api.test",
                "endpointConfigurations/http/1 Deny *"));
    assertThat(decision.explanation()).doesNotContain("secret-path");
  }

  // 7.7 Custom connectors

  @Test
  @DisplayName(
      "7.7: a policy of an environment lists custom connectors by name, and unlisted ones get the default group")
  void anEnvironmentsPolicySortsCustomConnectorsByNameAndOthersByDefault() {
    DataPolicy policy =
        this.policy.ofEnvironment("prod").business("own").others(Group.BLOCKED).build();

    assertThat(Classification.of(custom("own", "https://own.test"), policy))
        .isEqualTo(Group.BUSINESS);
    assertThat(Classification.of(custom("other", "https://own.test"), policy))
        .isEqualTo(Group.BLOCKED);
  }

  @Test
  @DisplayName(
      "7.7: a policy of the tenant classifies them by URL pattern, and the first match gives the class")
  void thePoliciesOfTheWholeSortCustomConnectorsByUrlAndTheFirstPatternDecides() {
    DataPolicy policy =
        this.policy
            .customConnectors("https://*.contoso.test", Group.BUSINESS)
            .customConnectors("*.test", Group.NON_BUSINESS)
            .customConnectors("*", Group.BLOCKED)
            .build();

    assertThat(Classification.of(custom("a", "https://api.contoso.test/v2"), policy))
        .isEqualTo(Group.BUSINESS);
    assertThat(Classification.of(custom("b", "https://other.test"), policy))
        .isEqualTo(Group.NON_BUSINESS);
    assertThat(Classification.of(custom("c", "https://else.example"), policy))
        .isEqualTo(Group.BLOCKED);
  }

  @Test
  @DisplayName("7.7: a name that is listed beats the URL patterns")
  void aCustomConnectorThatIsListedByNameIsNotSortedByUrl() {
    DataPolicy policy = this.policy.nonBusiness("own").customConnectors("*", Group.BLOCKED).build();

    assertThat(Classification.of(custom("own", "https://own.test"), policy))
        .isEqualTo(Group.NON_BUSINESS);
  }

  @Test
  @DisplayName("7.7, 7.8: what all policies ignore may be combined with both groups")
  void withNothingButIgnoreACustomConnectorGoesWithBothGroups() {
    DataPolicy policy =
        this.policy
            .business("mail")
            .customConnectors("*.other.test", Group.BLOCKED)
            .customConnectors("*", null)
            .build();
    var own = new FlowUses.Use(custom("own", "https://own.test"), Set.of(), List.of());

    assertThat(decide(List.of(policy), use("mail"), own).isAllowed()).isTrue();
    assertThat(decide(List.of(policy), use("chat"), own).isAllowed()).isTrue();
    assertThat(decide(List.of(policy), use("chat"), own).reasons())
        .containsExactly("p: Non-business [chat], not sorted [own].");
  }

  @Test
  @DisplayName("7.7: the default of the URL patterns is Ignore")
  void withoutPatternsAPolicyOfTheWholeSaysNothingAboutCustomConnectors() {
    assertThat(
            Classification.of(
                custom("own", "https://own.test"), policy.others(Group.BLOCKED).build()))
        .isNull();
  }

  // 7.8 Combined effect

  @Test
  @DisplayName("7.8: blocked in any applicable policy is blocked")
  void whatOnePolicyBlocksIsBlocked() {
    DataPolicy a = DataPolicy.named("a").business("chat").build();
    DataPolicy b = DataPolicy.named("b").blocked("chat").build();

    assertThat(decide(List.of(a, b), use("chat")).findings())
        .extracting(PolicyFinding::policy)
        .containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource({"mail, crm", "mail, files", "mail, chat", "crm, files", "crm, chat", "files, chat"})
  @DisplayName("7.8: connectors that two policies sort into four cells are not combined")
  void twoPoliciesMakeFourCellsThatAreNotCombined(String one, String other) {
    DataPolicy a = DataPolicy.named("a").business("mail", "crm").build();
    DataPolicy b = DataPolicy.named("b").business("mail", "files").build();

    assertThat(decide(List.of(a, b), use(one)).isAllowed()).isTrue();
    assertThat(decide(List.of(a, b), use(one), use(other)).isAllowed()).isFalse();
  }

  // 7.9 Evaluation

  @Test
  @DisplayName("7.9: each flow is its own resource")
  void eachFlowIsEvaluatedByItself() {
    DataPolicy one = policy.business("mail").build();

    assertThat(decide(List.of(one), use("mail")).isAllowed()).isTrue();
    assertThat(decide(List.of(one), use("chat")).isAllowed()).isTrue();
    assertThat(decide(List.of(one), use("mail"), use("chat")).isAllowed()).isFalse();
  }

  @Test
  void aMixtureNamesBothSidesAndTheSmallestChange() {
    DataPolicy policy = this.policy.business("mail", "crm").build();

    PolicyDecision decision = decide(List.of(policy), use("mail"), use("chat"), use("crm"));

    assertThat(decision.findings())
        .containsExactly(
            new Mixed(
                "p",
                "p",
                Mode.ENFORCE,
                List.of(ConnectorId.of("crm"), ConnectorId.of("mail")),
                List.of(ConnectorId.of("chat"))));
    assertThat(decision.smallestChange())
        .containsExactly(policy.toBuilder().business("chat").build());
    assertThat(decision.explanation())
        .isEqualTo(
            """
            Refused.
            ! p: Connectors of Business (crm, mail) and of Non-business (chat) are used together.\
             Move chat to Business, or use connectors of one group only.
              p: Business [crm, mail], Non-business [chat].
            """);
  }

  @Test
  @DisplayName("7.9, 7.10: an exempt flow is not evaluated by that policy")
  void anExemptFlowIsNotEvaluatedByThatPolicy() {
    DataPolicy a = DataPolicy.named("a").blocked("chat").exempt("payroll").build();
    DataPolicy b = DataPolicy.named("b").blocked("mail").build();

    PolicyDecision decision = decide(List.of(a, b), use("chat"), use("mail"));

    assertThat(decision.findings()).extracting(PolicyFinding::policy).containsExactly("b");
    assertThat(decision.reasons().get(0)).isEqualTo("a exempts this flow.");
  }

  @ParameterizedTest
  @CsvSource({"AUDIT, true", "WARN, true", "ENFORCE, false"})
  void onlyAPolicyThatIsEnforcedRefuses(Mode mode, boolean allowed) {
    PolicyDecision decision =
        decide(List.of(policy.blocked("chat").mode(mode).build()), use("chat"));

    assertThat(decision.isAllowed()).isEqualTo(allowed);
    assertThat(decision.findings()).extracting(PolicyFinding::mode).containsExactly(mode);
  }

  @Test
  void anAllowedUseIsExplainedToo() {
    PolicyDecision decision =
        decide(List.of(policy.business("mail", "crm").build()), use("mail"), use("crm"));

    assertThat(decision.explanation()).isEqualTo("Allowed.\n  p: Business [crm, mail].\n");
    assertThat(decision.smallestChange()).isEmpty();
  }

  private static PolicyDecision decide(List<DataPolicy> policies, FlowUses.Use... uses) {
    return new PolicyJudge(policies).decide(PROD, new FlowUses("payroll", Arrays.asList(uses)));
  }

  private static @Nullable String denying(DataPolicy policy, String url) {
    EffectiveUrl effective = EffectiveUrl.parse(url);
    assertThat(effective).isNotNull();
    return new EndpointRules(policy.endpointRules(ConnectorId.of("http"))).denying(effective);
  }

  private static FlowUses.Use use(String connector, String... operations) {
    return new FlowUses.Use(connector(connector), Set.of(operations), List.of());
  }

  private static ConnectorFacts connector(String id) {
    return new ConnectorFacts(ConnectorId.of(id), false, true, null);
  }

  private static ConnectorFacts unblockable(String id) {
    return new ConnectorFacts(ConnectorId.of(id), false, false, null);
  }

  private static ConnectorFacts custom(String id, String url) {
    return new ConnectorFacts(ConnectorId.of(id), true, true, EffectiveUrl.parse(url));
  }
}
