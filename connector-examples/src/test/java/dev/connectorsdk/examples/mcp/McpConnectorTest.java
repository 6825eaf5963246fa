package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A server of the protocol, here our own, as a connector of another runtime. */
@WireMockTest
class McpConnectorTest {

  private static final ConnectionReference REMOTE = ConnectionReference.invoker("mine", "remote");

  private ConnectorRuntime behind;
  private Tools tools;
  private ToolHost host;
  private McpConnector remote;
  private ConnectorRuntime runtime;

  @BeforeEach
  void serve(WireMockRuntimeInfo service) throws Exception {
    stubFor(
        get(urlPathEqualTo("/tickets")).willReturn(okJson("[{\"id\":\"7\",\"title\":\"Fire\"}]")));
    stubFor(delete("/tickets/7").willReturn(ok()));
    behind = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    Desk.connect(behind, ADA);
    tools =
        Tools.of(behind, PROD, Desk.agent())
            .choosing(ActionFilter.all())
            .allowing("desk__closeTicket")
            .build();
    host = ToolHost.start(ToolHost.freeAddress(), tools, new NamedTokens());
    remote = McpConnector.at("remote", host.address()).auth(AuthOption.bearer());
    runtime = running(remote.connector());
  }

  private static ConnectorRuntime running(Connector connector) {
    ConnectorRuntime runtime = ConnectorRuntime.builder().connector(connector).build();
    runtime
        .connections()
        .create(
            ADA.in("prod"),
            ConnectionSpec.of("remote", connector.authOptions().get(0).id())
                .secret("token", Secret.of("ada"))
                .untested());
    return runtime;
  }

  @AfterEach
  void stop() {
    runtime.close();
    host.close();
    tools.close();
    behind.close();
  }

  private JsonNode call(String action, Object input) {
    return runtime.invoke(ADA.in("prod"), REMOTE, action, input);
  }

  private void knowing(McpConnector server) {
    Connector connector = server.with(call(McpConnector.LIST_TOOLS, Map.of()));
    runtime.close();
    runtime = running(connector);
  }

  @Test
  void listsTheToolsWithTheConnectionOfTheCaller() {
    assertThat(call(McpConnector.LIST_TOOLS, Map.of()).path("tools"))
        .extracting(tool -> tool.path("name").asString())
        .contains("desk__listTickets", "desk__closeTicket");
  }

  @Test
  void aToolIsAnAction() {
    knowing(remote);

    assertThat(call("desk__listTickets", Map.of("status", "open")))
        .isEqualTo(object("{'items':[{'id':'7','title':'Fire'}]}"));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> call("desk__listTickets", Map.of("status", 7)));
  }

  @Test
  void aServerIsNotBelievedWhatItsToolsDo() {
    JsonNode listed = call(McpConnector.LIST_TOOLS, Map.of());

    assertThat(remote.with(listed).actions())
        .filteredOn(action -> !action.id().equals(McpConnector.LIST_TOOLS))
        .allMatch(action -> action.effect() == Effect.DESTRUCTIVE && action.needsConfirmation());
  }

  @Test
  void aTrustedServerSaysWhatItsToolsDo() {
    Connector connector =
        remote.trustingAnnotations().with(call(McpConnector.LIST_TOOLS, Map.of()));

    assertThat(connector.action("desk__listTickets").map(Action::effect)).hasValue(Effect.READ);
    assertThat(connector.action("desk__openTicket").map(Action::effect)).hasValue(Effect.WRITE);
    assertThat(connector.action("desk__closeTicket").map(Action::effect))
        .hasValue(Effect.DESTRUCTIVE);
  }

  @Test
  void aToolThatFailsIsAFailedAction() {
    knowing(remote);
    stubFor(
        get(urlPathEqualTo("/tickets"))
            .willReturn(com.github.tomakehurst.wiremock.client.WireMock.status(404)));

    assertThatExceptionOfType(ActionFailedException.class)
        .isThrownBy(() -> call("desk__listTickets", Map.of("status", "open")))
        .withMessageContaining("desk__listTickets");
    assertThat(call("desk__closeTicket", Map.of("id", "7"))).isEqualTo(object("{}"));
    verify(deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  @Test
  void dataPoliciesHoldForTools() {
    knowing(remote);
    runtime
        .policies()
        .save(Administrator.ofRuntime(HOST), DataPolicy.named("none").blocked("remote").build(), 0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> call("desk__listTickets", Map.of("status", "open")));
  }

  @Test
  void answersThatAreNoneOfTheProtocolAreErrors(WireMockRuntimeInfo service) {
    for (String path : new String[] {"/stream", "/page", "/error"}) {
      stubFor(
          com.github.tomakehurst.wiremock.client.WireMock.post(path)
              .willReturn(
                  path.equals("/error")
                      ? okJson("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601}}")
                      : ok("data: {\n\n")
                          .withHeader(
                              "Content-Type",
                              path.equals("/page") ? "application/json" : "text/event-stream")));
      McpConnector other = McpConnector.at("remote", URI.create(service.getHttpBaseUrl() + path));
      try (ConnectorRuntime odd = ConnectorRuntime.builder().connector(other.connector()).build()) {
        odd.connections().create(ADA.in("prod"), ConnectionSpec.of("remote", "none"));
        assertThatExceptionOfType(ResponseException.class)
            .isThrownBy(
                () -> odd.invoke(ADA.in("prod"), REMOTE, McpConnector.LIST_TOOLS, Map.of()));
      }
    }
  }

  private static void listing(String url, String tools) {
    stubFor(
        com.github.tomakehurst.wiremock.client.WireMock.post(urlEqualTo(url))
            .willReturn(
                okJson("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" + tools + "]}}")));
  }

  private JsonNode listedAt(URI address) {
    try (ConnectorRuntime odd =
        ConnectorRuntime.builder()
            .connector(McpConnector.at("remote", address).connector())
            .build()) {
      odd.connections().create(ADA.in("prod"), ConnectionSpec.of("remote", "none"));
      return odd.invoke(ADA.in("prod"), REMOTE, McpConnector.LIST_TOOLS, Map.of());
    }
  }

  @Test
  void aServerWithoutSessionsIsCalledByItsWholeAddress(WireMockRuntimeInfo service) {
    listing("/mcp?tenant=1", "{\"name\":\"a\"}");

    JsonNode listed = listedAt(URI.create(service.getHttpBaseUrl() + "/mcp?tenant=1"));

    assertThat(listed.path("tools")).hasSize(1);
    verify(
        postRequestedFor(urlEqualTo("/mcp?tenant=1"))
            .withRequestBody(containing("tools/list"))
            .withHeader("MCP-Protocol-Version", equalTo("2025-11-25")));
  }

  @Test
  void aListWithoutEndIsRefused(WireMockRuntimeInfo service) {
    listing("/mcp", String.join(",", Collections.nCopies(1_001, "{}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> listedAt(URI.create(service.getHttpBaseUrl() + "/mcp")))
        .withMessageContaining("1000 tools");
  }

  @Test
  void aServerThatRefusesTheTokenIsAnErrorOfTheService() {
    host.close();
    host = ToolHost.start(host.address(), tools, OneSecret.of(ADA));

    assertThatExceptionOfType(dev.connectorsdk.api.error.ConnectorException.class)
        .isThrownBy(() -> call(McpConnector.LIST_TOOLS, Map.of()))
        .isNotInstanceOf(ServiceException.class);
  }

  @Test
  void signsInWhereClientsRegisterThemselves() {
    AuthOption option = remote.signIn("https://id.example");

    assertThat(option.scheme().needsConsent()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> McpConnector.at("remote", URI.create("/mcp")))
        .withMessageContaining("/mcp");
  }
}
