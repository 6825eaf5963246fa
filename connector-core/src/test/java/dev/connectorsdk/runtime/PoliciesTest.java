package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyChanged;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What administrators do with data policies. */
class PoliciesTest extends HostTest {

  private static final Administrator WHOLE = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator OF_DEV = Administrator.of(Principal.user("dee"), "dev");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    OAuth2Scheme elsewhere = OAuth2Scheme.clientCredentials("https://id.test/token");
    return builder
        .unblockable("mail")
        .connector(Connector.builder("mail", url()).auth(AuthOption.none()).build())
        .connector(
            Connector.builder("custom", "https://api.ours.test")
                .auth(AuthOption.oauth2(elsewhere))
                .build(),
            "dev");
  }

  @Test
  @Tag("I4")
  void aPolicyIsSavedOverTheVersionThatWasRead() {
    DataPolicy policy = DataPolicy.named("p").blocked("chat").build();
    DataPolicy changed = policy.toBuilder().nonBusiness("chat").build();

    Saved first = runtime.policies().save(WHOLE, policy, 0);
    assertThat(first).isEqualTo(new Saved(policy, 1));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.policies().save(WHOLE, changed, 0));
    assertThat(runtime.policies().save(WHOLE, changed, 1).version()).isEqualTo(2);
    assertThat(runtime.policies().list(WHOLE)).containsExactly(new Saved(changed, 2));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.policies().delete(WHOLE, "p", 1));
    runtime.policies().delete(WHOLE, "p", 2);
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.policies().delete(WHOLE, "p", 2));
    assertThat(runtime.policies().list(WHOLE)).isEmpty();
    assertThat(heard(PolicyChanged.class))
        .extracting(PolicyChanged::by, PolicyChanged::policy, PolicyChanged::version)
        .containsExactly(
            tuple(WHOLE.principal(), "p", 1L),
            tuple(WHOLE.principal(), "p", 2L),
            tuple(WHOLE.principal(), "p", 0L));
  }

  @Test
  @Tag("I4")
  void aPolicyIsNotTakenForADeletedOneOfItsName() {
    DataPolicy policy = DataPolicy.named("p").build();
    runtime.policies().save(WHOLE, policy, 0);
    runtime.policies().delete(WHOLE, "p", 1);
    DataPolicy other = DataPolicy.named("p").blocked("chat").build();

    assertThat(runtime.policies().save(WHOLE, other, 0).version()).isEqualTo(3);
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.policies().save(WHOLE, policy, 1));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.policies().delete(WHOLE, "p", 1));
    assertThat(runtime.policies().list(WHOLE)).containsExactly(new Saved(other, 3));
  }

  @Test
  void aPolicyThatIsTooLongIsRefused() {
    DataPolicy.Builder policy = DataPolicy.named("p");
    for (int i = 0; i < 10_000; i++) {
      policy.business("connector-" + i);
    }

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.policies().save(WHOLE, policy.build(), 0))
        .withMessageContaining("data policy 'p'")
        .withMessageContaining("must not have more than 1,000,000");
    assertThat(runtime.policies().list(WHOLE)).isEmpty();
  }

  @Test
  @Tag("I3")
  @DisplayName("7.3: environment admins write policies for one environment each, and no others")
  void anAdministratorOfAnEnvironmentWritesPoliciesOfThisEnvironmentAlone() {
    DataPolicy whole = DataPolicy.named("whole").blocked("chat").build();
    runtime.policies().save(WHOLE, whole, 0);
    DataPolicy own = DataPolicy.named("own").ofEnvironment("dev").blocked("sms").build();

    runtime.policies().save(OF_DEV, own, 0);

    for (DataPolicy other :
        new DataPolicy[] {
          DataPolicy.named("x").build(),
          DataPolicy.named("x").in("dev").build(),
          DataPolicy.named("x").exceptIn("dev").build(),
          DataPolicy.named("x").ofEnvironment("prod").build()
        }) {
      Optional<Environment> missing =
          other.scope() == Scope.SINGLE_ENVIRONMENT
              ? Optional.of(Environment.of("prod"))
              : Optional.empty();
      assertThatExceptionOfType(PermissionDeniedException.class)
          .isThrownBy(() -> runtime.policies().save(OF_DEV, other, 0))
          .withMessageContaining("may not write data policy 'x'")
          .returns(missing, PermissionDeniedException::environment);
    }
    DataPolicy instead = DataPolicy.named("whole").ofEnvironment("dev").build();
    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> runtime.policies().save(OF_DEV, instead, 1));
    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> runtime.policies().delete(OF_DEV, "whole", 1));
    assertThat(runtime.policies().list(WHOLE)).extracting(Saved::policy).contains(whole, own);
  }

  @Test
  void anAdministratorSeesWhatAppliesInTheEnvironment() {
    runtime.policies().save(WHOLE, DataPolicy.named("all").build(), 0);
    runtime.policies().save(WHOLE, DataPolicy.named("elsewhere").in("prod").build(), 0);

    assertThat(runtime.policies().list(OF_DEV))
        .extracting(saved -> saved.policy().name())
        .containsExactly("all");
    assertThat(runtime.policies().list(WHOLE)).hasSize(2);
  }

  @Test
  @DisplayName("7.4: a policy that blocks an unblockable connector is not saved")
  void whatCannotBeBlockedIsNot() {
    DataPolicy blocking = DataPolicy.named("p").blocked("shared_mail").build();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.policies().save(WHOLE, blocking, 0))
        .withMessageContaining("'mail' cannot be blocked");

    DataPolicy closed = DataPolicy.named("p").others(Group.BLOCKED).build();
    runtime.policies().save(WHOLE, closed, 0);
    Flow flow =
        Flow.of("f", ADA.principal()).calling(ConnectionReference.embedded("m", "mail"), "send");
    assertThat(runtime.policies().check(Environment.of("dev"), flow).isAllowed()).isTrue();
  }

  @Test
  @DisplayName(
      "7.1, 10: a virtual connector is only a name in policies, and is judged as others are")
  void aVirtualConnectorIsJudgedAsOthersAre() {
    Flow desktop =
        Flow.of("f", ADA.principal())
            .calling(ConnectionReference.embedded("windows", "uiautomation"), "click")
            .calling(ConnectionReference.embedded("m", "mail"), "send");
    Environment dev = Environment.of("dev");
    assertThat(runtime.policies().check(dev, desktop).isAllowed()).isTrue();

    runtime.policies().save(WHOLE, DataPolicy.named("p").business("uiautomation").build(), 0);
    assertThat(runtime.policies().check(dev, desktop).findings())
        .singleElement()
        .isInstanceOf(PolicyFinding.Mixed.class);

    runtime.policies().save(WHOLE, DataPolicy.named("p").blocked("uiautomation").build(), 1);
    assertThat(runtime.policies().check(dev, desktop).findings())
        .singleElement()
        .isInstanceOf(PolicyFinding.Blocked.class);
  }

  @Test
  @Tag("I3")
  void anExplanationNamesTheSignInsThatAClosingDenyShutsOut() {
    Flow flow =
        Flow.of("f", ADA.principal()).calling(ConnectionReference.embedded("c", "custom"), "x");
    DataPolicy.Builder closed =
        DataPolicy.named("p")
            .allowEndpoint("custom", "https://api.ours.test")
            .denyEndpoint("custom", "*");
    runtime.policies().save(WHOLE, closed.build(), 0);

    PolicyDecision decision = runtime.policies().check(Environment.of("dev"), flow);

    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.explanation())
        .endsWith(" Denied: sign-ins of 'custom' need https://id.test.\n");
    assertThat(runtime.policies().check(Environment.of("prod"), flow).explanation())
        .doesNotContain("sign-ins");
  }

  @Test
  void aReviewNamesWhatMayNotDoWhatIsExpected() {
    DataPolicy policy =
        DataPolicy.named("p")
            .business("ghost")
            .actions("tickets", ActionRules.blocking("deleteTicket", "noSuchThing"))
            .allowEndpoint("tickets", "https://*.a.test")
            .denyEndpoint("tickets", "https://x.a.test")
            .denyEndpoint("tickets", "*")
            .build();

    assertThat(runtime.policies().review(policy))
        .containsExactly(
            "connectorGroups: no environment has a connector 'ghost'.",
            "connectorGroups: no connector is in Business, so none is kept apart.",
            "connectorActionConfigurations/tickets: the connector has no operation 'noSuchThing'.",
            "endpointConfigurations/tickets: sign-ins need " + url() + ", which is denied.",
            "endpointConfigurations/tickets: 'https://x.a.test' is never reached, because of a"
                + " rule before it.");
    assertThat(
            runtime
                .policies()
                .review(
                    DataPolicy.named("q")
                        .business("tickets")
                        .actions("tickets", ActionRules.allowingOnly("getTicket"))
                        .build()))
        .isEmpty();
  }

  @Test
  void aReviewNamesACandidateThatTakesNobodysPlace() {
    DataPolicy candidate =
        DataPolicy.named("next").mode(Mode.AUDIT).insteadOf("present").business("tickets").build();

    assertThat(runtime.policies().review(candidate))
        .containsExactly("insteadOf: there is no policy 'present' whose place it could take.");

    DataPolicy present = DataPolicy.named("present").build();
    runtime.policies().save(WHOLE, present.toBuilder().mode(Mode.WARN).build(), 0);
    assertThat(runtime.policies().review(candidate))
        .containsExactly(
            "insteadOf: policy 'present' is not enforced, so nothing takes its place.");

    runtime.policies().save(WHOLE, present, 1);
    assertThat(runtime.policies().review(candidate)).isEmpty();
  }

  @Test
  void aRequestIsExplainedWithTheSmallestChange() {
    Environment dev = Environment.of("dev");
    ConnectorId tickets = ConnectorId.of("tickets");
    URI url = URI.create("https://api.x.test/a?b=c");
    DataPolicy policy =
        DataPolicy.named("p")
            .allowEndpoint("tickets", "https://*.ours.test")
            .denyEndpoint("tickets", "*")
            .build();
    runtime.policies().save(WHOLE, policy, 0);

    PolicyDecision denied = runtime.policies().checkRequest(dev, tickets, url);
    assertThat(denied.isAllowed()).isFalse();
    assertThat(denied.findings())
        .extracting(PolicyFinding::rule)
        .containsExactly("endpointConfigurations/tickets/2 Deny *");
    runtime.policies().save(WHOLE, denied.smallestChange().get(0), 1);
    assertThat(runtime.policies().checkRequest(dev, tickets, url).isAllowed()).isTrue();
    assertThat(
            runtime
                .policies()
                .checkRequest(dev, tickets, URI.create("https://api.y.test"))
                .isAllowed())
        .isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> runtime.policies().checkRequest(dev, tickets, URI.create("ftp://x.test")));
  }

  @Test
  @Tag("I3")
  void aRequestOfACustomConnectorGoesByThePatternsForThem() {
    Environment dev = Environment.of("dev");
    ConnectorId custom = ConnectorId.of("custom");
    DataPolicy policy =
        DataPolicy.named("p")
            .customConnectors("https://*.ours.test", Group.BUSINESS)
            .customConnectors("*", Group.BLOCKED)
            .build();
    runtime.policies().save(WHOLE, policy, 0);

    PolicyDecision away =
        runtime.policies().checkRequest(dev, custom, URI.create("https://evil.test/x"));

    assertThat(
            runtime
                .policies()
                .checkRequest(dev, custom, URI.create("https://api.ours.test/x"))
                .isAllowed())
        .isTrue();
    assertThat(away.isAllowed()).isFalse();
    assertThat(away.findings())
        .containsExactly(
            new PolicyFinding.EndpointDenied(
                "p", "p", Mode.ENFORCE, custom, "https://evil.test", "rules/2 *"));
    runtime.policies().save(WHOLE, away.smallestChange().get(0), 1);
    assertThat(
            runtime
                .policies()
                .checkRequest(dev, custom, URI.create("https://evil.test/x"))
                .isAllowed())
        .isTrue();
    assertThat(
            runtime
                .policies()
                .checkRequest(dev, ConnectorId.of("tickets"), URI.create("https://evil.test/x"))
                .isAllowed())
        .as("a public one is sorted by its name")
        .isTrue();
  }

  @Test
  void aReviewNamesActionRulesThatDoNotHold() {
    DataPolicy policy =
        DataPolicy.named("p")
            .business("tickets")
            .actions("mail", ActionRules.allowingOnly())
            .actions("custom", ActionRules.allowingOnly())
            .build();

    assertThat(runtime.policies().review(policy))
        .containsExactly(
            "connectorActionConfigurations/custom: custom connectors and those that cannot be"
                + " blocked have no action rules.",
            "connectorActionConfigurations/mail: custom connectors and those that cannot be"
                + " blocked have no action rules.");
  }

  @Test
  void aReviewNamesSignInsThatPatternsOfCustomConnectorsShutOut() {
    DataPolicy.Builder policy =
        DataPolicy.named("p").customConnectors("*.ours.test", Group.BUSINESS);

    assertThat(runtime.policies().review(policy.customConnectors("*", Group.BLOCKED).build()))
        .containsExactly("rules: sign-ins of 'custom' need https://id.test, which is Blocked.");
  }
}
