package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What asks for an on-premises gateway, which does not exist yet, is never sent directly. */
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
    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> service.call("op", "{}"))
        .withMessageContaining(problem);
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void operationsBehindARequiredGatewayAreRefused() {
    service.parameter("gate", REQUIRED);

    assertThat(service.definition().report().operation("op").orElseThrow().obstacles())
        .containsExactly("its connections need an on-premises gateway, which is not supported yet");
    assertThat(service.definition().report().authOptions().get(0).limitation())
        .contains("on-premises gateway");
    refuses("its connections need an on-premises gateway");
  }

  @Test
  void anOptionBehindAGatewayIsRefusedAndOthersAreNot() {
    sets();
    DefinitionReport report = service.option("inside").definition().report();

    assertThat(report.operation("op").orElseThrow().isSupported()).isTrue();
    assertThat(report.authOption("inside").orElseThrow().limitation())
        .isEqualTo(
            "it asks for an on-premises gateway, which is not supported yet: calls are refused");
    assertThat(report.authOption("cloud").orElseThrow().isLimited()).isFalse();
    refuses("connections made with 'inside' need an on-premises gateway");
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
        .contains("asks for an on-premises gateway, which is not supported yet");
  }

  @Test
  void theCapabilityAloneAsksForNothing() {
    service.properties("'capabilities': ['gateway']");

    service.call("op", "{}");

    verify(1, anyRequestedFor(anyUrl()));
  }
}
