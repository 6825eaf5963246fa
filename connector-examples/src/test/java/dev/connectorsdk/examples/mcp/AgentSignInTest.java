package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.fixtures.NodeScript;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The official client gets a token for tools by itself, from an authorization server that nobody
 * here wrote and that has never heard of it.
 */
@WireMockTest
@ExtendWith(NodeServer.Installed.class)
class AgentSignInTest {

  private static final String CALL =
      "{\"tool\":\"desk__listTickets\",\"arguments\":{\"status\":\"open\"}}";

  private final HttpClient http = HttpClient.newHttpClient();
  private NodeServer issuer;
  private ConnectorRuntime runtime;
  private Tools tools;
  private ToolHost host;

  @BeforeEach
  void serve(WireMockRuntimeInfo service) throws Exception {
    stubFor(get(urlPathEqualTo("/tickets")).willReturn(okJson("[{\"id\":\"7\"}]")));
    issuer = NodeServer.start("authorization-server.mjs");
    runtime = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    Desk.connect(runtime, ADA);
    tools = Tools.of(runtime, PROD, Desk.agent()).choosing(ActionFilter.all()).build();
    URI address = ToolHost.freeAddress();
    URI keys = URI.create(issuer.url() + "/jwks");
    host =
        ToolHost.start(
            address, tools, OAuthTokens.of(address, issuer.url(), keys).requiring("tools"));
  }

  @AfterEach
  void stop() {
    host.close();
    tools.close();
    runtime.close();
    issuer.close();
  }

  private JsonNode agent(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(host.address().toString(), "ada", CALL));
    arguments.addAll(List.of(more));
    return AgentsTest.result(
        NodeScript.run("signing-in-agent.mjs", arguments.toArray(String[]::new)));
  }

  private JsonNode issued() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(issuer.url() + "/counts")).build();
    return Desk.JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private static List<String> trace(JsonNode seen) {
    return seen.path("trace").valueStream().map(JsonNode::asString).toList();
  }

  @Test
  void aClientWithoutATokenRegistersAndSignsItsPersonIn() throws Exception {
    JsonNode seen = agent();

    assertThat(trace(seen))
        .startsWith(
            "POST /mcp 401",
            "GET /.well-known/oauth-protected-resource/mcp 200",
            "GET /.well-known/oauth-authorization-server 200",
            "POST /reg 201")
        .containsSubsequence("POST /token 200", "POST /mcp 200");
    assertThat(seen.at("/signIns/0").asString()).isEqualTo("tools");
    assertThat(seen.path("tools")).hasSize(5);
    assertThat(seen.at("/answer/structuredContent/items/0/id").asString()).isEqualTo("7");
    verify(
        getRequestedFor(urlPathEqualTo("/tickets")).withHeader("X-Api-Key", equalTo("key-of-ada")));
  }

  @Test
  void anExpiredTokenIsRenewedWithoutThePerson() throws Exception {
    http.send(
        HttpRequest.newBuilder(URI.create(issuer.url() + "/expired"))
            .POST(BodyPublishers.noBody())
            .build(),
        BodyHandlers.discarding());

    JsonNode seen = agent();

    assertThat(seen.path("signIns")).hasSize(1);
    assertThat(seen.path("answer").path("isError").asBoolean()).isFalse();
    assertThat(issued())
        .isEqualTo(Desk.object("{'registered':1,'authorization_code':1,'refresh_token':1}"));
  }

  @Test
  void aTokenForAnotherResourceIsRefused() throws Exception {
    JsonNode seen = agent("", "https://other.example/mcp");

    assertThat(seen.path("error").asString()).contains("401 after successful authentication");
    assertThat(trace(seen)).contains("POST /token 200").doesNotContain("POST /mcp 200");
    verify(0, getRequestedFor(urlPathEqualTo("/tickets")));
  }

  @Test
  void aTokenWithoutTheScopeIsExchangedForOneWithIt() throws Exception {
    JsonNode seen = agent("openid");

    assertThat(trace(seen)).startsWith("POST /mcp 403").contains("POST /mcp 200");
    assertThat(seen.at("/signIns/0").asString()).isEqualTo("tools");
    assertThat(seen.path("tools")).hasSize(5);
  }
}
