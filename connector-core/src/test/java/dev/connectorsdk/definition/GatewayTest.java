package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is only reached through an on-premises gateway is never sent directly. */
@WireMockTest
class GatewayTest {

  private static final String REQUIRED =
      "{'type': 'gatewaySetting', 'uiDefinition': {'constraints': {'required': 'true'}}}";

  @TempDir Path temp;
  private Service service;

  @BeforeEach
  void define(WireMockRuntimeInfo server) {
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
    service = new Service(temp, server.getHttpPort()).operation("op", "get", "/x", "");
  }

  @AfterEach
  void close() {
    service.close();
  }

  private void refuses(String problem) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining(problem);
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void noConnectionIsMadeThatGoesPastARequiredGateway() {
    service.parameter("gate", REQUIRED);

    Definition definition = service.definition();
    assertThat(definition.report().operation("op").orElseThrow().isSupported()).isTrue();
    assertThat(definition.report().authOptions().get(0).isLimited()).isFalse();
    assertThat(definition.connector().authOptions().get(0).needsGateway()).isTrue();
    refuses("has to lead through a gateway");
  }

  @Test
  void whatAHostAddsToADefinitionBehindAGatewayIsBehindItToo() {
    service
        .parameter("gate", REQUIRED)
        .options(LoadOptions.standard().authOption(AuthOption.bearer()));

    assertThat(service.definition().connector().authOptions())
        .allMatch(AuthOption::needsGateway)
        .hasSize(2);
  }

  @Test
  void anOptionBehindAGatewayNeedsOneAndOthersDoNot() {
    sets();
    DefinitionReport report = service.option("inside").definition().report();

    assertThat(report.operation("op").orElseThrow().isSupported()).isTrue();
    assertThat(report.authOption("inside").orElseThrow().isLimited()).isFalse();
    assertThat(report.authOption("cloud").orElseThrow().isLimited()).isFalse();
    refuses("with auth option 'inside'");
  }

  @Test
  void anOptionBesideOneBehindAGatewayWorks() {
    sets();
    service.option("cloud").call("op", "{}");

    verify(1, anyRequestedFor(anyUrl()));
  }

  private void sets() {
    service.properties(
        "'connectionParameterSets': {'values': [{'name': 'inside', 'parameters': {'gate': %s}}, {'name': 'cloud', 'parameters': {}}]}"
            .formatted(REQUIRED));
  }

  @Test
  void aGatewayThatMayBeLeftOutIsLeftOut() {
    service.parameter("gate", "{'type': 'gatewaySetting'}");

    service.call("op", "{}");

    verify(1, anyRequestedFor(anyUrl()));
    assertThat(service.definition().report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .noneMatch(message -> message.contains("gateway"));
  }

  @Test
  void theCapabilityAloneAsksForNothing() {
    service.properties("'capabilities': ['gateway']");

    service.call("op", "{}");

    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void anOperationWhosePoliciesReadASecretIsNoneBehindARequiredGateway() {
    service
        .parameter("gate", REQUIRED)
        .parameter("key", "{'type': 'securestring'}")
        .parameter("site", "{'type': 'string'}")
        .operation("other", "get", "/y", "")
        .properties(
            ("'policyTemplateInstances': [{'templateId': 'setheader', 'parameters':"
                    + " {'x-ms-apimTemplateParameter.name': 'X-Key',"
                    + " 'x-ms-apimTemplateParameter.value': '@connectionParameters(#key#)',"
                    + " 'x-ms-apimTemplate-operationName': ['op']}},"
                    + " {'templateId': 'setheader', 'parameters':"
                    + " {'x-ms-apimTemplateParameter.name': 'X-Site',"
                    + " 'x-ms-apimTemplateParameter.value': '@connectionParameters(#site#)'}}]")
                .replace("#", "\\u0027"));

    DefinitionReport report = service.definition().report();

    assertThat(report.operation("op").orElseThrow().isSupported()).isFalse();
    assertThat(report.operation("op").orElseThrow().obstacles().toString())
        .contains("a policy reads the secret 'key', which members of a gateway alone can read");
    assertThat(report.operation("other").orElseThrow().isSupported()).isTrue();
  }

  @Test
  void windowsAuthenticationIsNoChoiceAndTheReportSaysWhatToDo() {
    service
        .document("'securityDefinitions': {'b': {'type': 'basic'}}")
        .parameter(
            "authType",
            "{'type': 'string', 'allowedValues': [{'value': 'basic'}, {'value': 'windows'}]}")
        .parameter("username", "{'type': 'string'}")
        .parameter("password", "{'type': 'securestring'}");

    assertThat(service.definition().report().warnings().toString())
        .contains("/authType", "Negotiate, NTLM", "such as basic, or put a proxy before it");
    service.given("authType", "windows").given("username", "ada").given("password", "pw");
    refuses("/authType: must be one of [basic]");
  }

  @Test
  void aParameterSetForWindowsAuthenticationIsLeftOutAndTheReportSaysWhatToDo() {
    service.properties(
        "'connectionParameterSets': {'values': ["
            + "{'name': 'windows', 'parameters': {'username': {'type': 'string'}, 'password': {'type': 'securestring'}}},"
            + "{'name': 'cloud', 'parameters': {}}]}");

    Definition definition = service.definition();

    assertThat(definition.connector().authOptions())
        .extracting(AuthOption::id)
        .containsExactly("cloud");
    assertThat(definition.report().warnings().toString())
        .contains("/properties/connectionParameterSets/values/0", "Negotiate, NTLM");
  }

  @Test
  void whereWindowsAuthenticationIsTheOnlyWayNothingIsCalled() {
    service
        .document("'securityDefinitions': {'b': {'type': 'basic'}}")
        .parameter("authType", "{'type': 'string', 'allowedValues': ['windows']}")
        .parameter("username", "{'type': 'string'}")
        .parameter("password", "{'type': 'securestring'}");

    DefinitionReport report = service.definition().report();

    assertThat(report.operation("op").orElseThrow().obstacles().toString())
        .contains("Negotiate, NTLM", "put a proxy before it");
    assertThat(report.authOptions()).allMatch(DefinitionReport.Auth::isLimited);
  }

  @Test
  void whereWindowsAuthenticationIsTheOnlyWayAHostCanAddAnother() {
    service
        .parameter("authType", "{'type': 'string', 'allowedValues': ['windows']}")
        .options(LoadOptions.standard().authOption(AuthOption.bearer()));

    assertThat(service.definition().report().operation("op").orElseThrow().isSupported()).isTrue();
  }

  @Test
  void whatAHostAddsToWindowsAuthenticationBehindAGatewayIsBehindItAndAsksForThePlaceToo() {
    service
        .parameter("gate", REQUIRED)
        .parameter("authType", "{'type': 'string', 'allowedValues': ['windows']}")
        .parameter("siteUrl", "{'type': 'string'}")
        .parameter("username", "{'type': 'string'}")
        .parameter("password", "{'type': 'securestring'}")
        .options(LoadOptions.standard().authOption(AuthOption.basic()));

    Connector connector = service.definition().connector();

    assertThat(connector.authOptions()).hasSize(2).allMatch(AuthOption::needsGateway);
    assertThat(connector.parameters(connector.authOptions().get(1)))
        .extracting(ConnectionParameter::name)
        .containsExactlyInAnyOrder("siteUrl", "username", "password");
    refuses("has to lead through a gateway");
  }

  @Test
  void whatAHostAddsToParameterSetsForWindowsAuthenticationIsBehindTheirGateway() {
    String set =
        "{'name': '%s', 'parameters': {'gate': %s, 'siteUrl': {'type': 'string'}, '%s': {'type': 'string'}}}";
    service
        .properties(
            "'connectionParameterSets': {'values': [%s, %s]}"
                .formatted(
                    set.formatted("windowsAuthenticationNonShared", REQUIRED, "domain"),
                    set.formatted("windows", REQUIRED, "username")))
        .options(LoadOptions.standard().authOption(AuthOption.basic()));

    Connector connector = service.definition().connector();

    assertThat(connector.authOptions()).hasSize(2).allMatch(AuthOption::needsGateway);
    assertThat(connector.parameters(connector.authOptions().get(0)))
        .extracting(ConnectionParameter::name)
        .containsExactly("siteUrl");
  }

  @Test
  void aWindowsDefaultWithoutChoicesIsWindowsAuthenticationAlone() {
    service.parameter("authType", "{'type': 'string', 'defaultValue': 'windows'}");

    assertThat(service.definition().report().operation("op").orElseThrow().isSupported()).isFalse();
  }

  @Test
  void aWindowsDefaultAmongOtherChoicesIsLeftOutWithItsChoice() {
    service.parameter(
        "authType",
        "{'type': 'string', 'allowedValues': ['basic', 'windows'], 'defaultValue': 'windows'}");

    assertThat(service.definition().report().operation("op").orElseThrow().isSupported()).isTrue();
    assertThat(service.definition().report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .noneMatch(message -> message.contains("does not fit"))
        .anyMatch(message -> message.contains("Negotiate, NTLM"));
  }

  @Test
  void windowsAuthenticationOfConnectionsThroughAGatewayLeavesDirectOnesTheirWay() {
    service
        .document(
            "'securityDefinitions': {'k': {'type': 'apiKey', 'name': 'X-Key', 'in': 'header'}}")
        .parameter("gate", "{'type': 'gatewaySetting'}")
        .parameter("api_key", "{'type': 'securestring'}")
        .parameter(
            "authType",
            "{'type': 'string', 'allowedValues': ['windows'], 'uiDefinition': {'constraints':"
                + " {'capability': ['gateway']}}}")
        .given("api_key", "k7");

    service.call("op", "{}");

    verify(1, anyRequestedFor(anyUrl()).withHeader("X-Key", equalTo("k7")));
  }

  @Test
  void constraintsSayWhichConnectionsAParameterIsFor() {
    service
        .parameter("plant", constrained("['gateway']"))
        .parameter("region", constrained("['cloud']"))
        .parameter("both", constrained("['cloud', 'gateway']"));

    Connector connector = service.definition().connector();

    assertThat(connector.parameters(connector.authOptions().get(0)))
        .extracting(one -> one.name() + " " + one.isFor(false) + " " + one.isFor(true))
        .contains("plant false true", "region true false", "both true true");
  }

  private static String constrained(String capability) {
    return "{'type': 'string', 'uiDefinition': {'constraints': {'capability': "
        + capability
        + "}}}";
  }
}
