package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.badRequest;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.NodeScript;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Programs that nobody here wrote: the official client and inspector, and the suite they keep. */
@WireMockTest
@ExtendWith(NodeServer.Installed.class)
class AgentsTest {

  private static final String INSPECTOR =
      "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private ConnectorRuntime runtime;
  private Tools tools;
  private ToolHost host;

  @BeforeEach
  void serve(WireMockRuntimeInfo service) throws Exception {
    stubFor(
        get(urlPathEqualTo("/tickets")).willReturn(okJson("[{\"id\":\"7\",\"title\":\"Fire\"}]")));
    stubFor(delete("/tickets/7").willReturn(ok()));
    runtime = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    tools =
        Tools.of(runtime, PROD, Desk.agent())
            .choosing(ActionFilter.all())
            .signIns((caller, connector, own) -> Optional.of(URI.create("https://app.example/in")))
            .build();
    host = ToolHost.start(ToolHost.freeAddress(), tools, new NamedTokens());
  }

  @AfterEach
  void stop() {
    host.close();
    tools.close();
    runtime.close();
  }

  private JsonNode agent(String user, String calls) throws Exception {
    return result(
        NodeScript.run(
            "agent.mjs", "http", host.address().toString(), user, calls.replace('\'', '"')));
  }

  static JsonNode result(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith("RESULT "))
        .map(line -> Desk.JSON.readTree(line.substring("RESULT ".length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError(printed));
  }

  @Test
  void theOfficialClientListsCallsConfirmsAndReads() throws Exception {
    Desk.connect(runtime, ADA);
    stubFor(
        get("/files/7")
            .willReturn(aResponse().withHeader("Content-Type", "text/plain").withBody("Smoke")));

    JsonNode seen =
        agent(
            "ada",
            """
            [{'tool':'desk__listTickets','arguments':{'status':'open'}},
             {'tool':'desk__closeTicket','arguments':{'id':'7'}},
             {'tool':'desk__downloadFile','arguments':{'id':'7'}}]""");

    assertThat(seen.path("tools")).hasSize(5);
    assertThat(seen.path("invalid")).isEmpty();
    assertThat(seen.at("/answers/0/structuredContent/items/0/title").asString()).isEqualTo("Fire");
    assertThat(seen.at("/questions/0").asString()).startsWith("Run \"Close a ticket\"");
    assertThat(seen.at("/answers/2/read/text").asString()).isEqualTo("Smoke");
    verify(
        deleteRequestedFor(urlEqualTo("/tickets/7"))
            .withHeader("X-Api-Key", equalTo("key-of-ada")));
  }

  @Test
  void theOfficialClientOpensTheSignInOfWhoHasNoConnection() throws Exception {
    JsonNode seen = agent("ben", "[{'tool':'desk__listTickets','arguments':{'status':'open'}}]");

    assertThat(seen.at("/questions/0").asString()).isEqualTo("https://app.example/in");
    assertThat(seen.at("/answers/0/isError").asBoolean()).isTrue();
  }

  @Test
  void theInspectorListsAndCalls() throws Exception {
    Desk.connect(runtime, ADA);

    String listed = inspect("tools/list", "--strict");
    assertThat(listed).contains("desk__listTickets");
    assertThat(
            inspect("tools/call", "--tool-name", "desk__listTickets", "--tool-arg", "status=open"))
        .contains("Fire");
  }

  private String inspect(String method, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--cli", host.address().toString(), "--transport", "http"));
    arguments.addAll(List.of("--header", "Authorization: Bearer ada", "--method", method));
    arguments.addAll(List.of(more));
    return NodeScript.run(INSPECTOR, arguments.toArray(String[]::new));
  }

  /** The command line as a process of its own, in place of the one that a person would name. */
  private static Path command(Path folder) throws IOException {
    Path script = folder.resolve("tools.sh");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        script,
        "#!/bin/sh\nexec '"
            + java
            + "' -cp '"
            + classPath
            + "' dev.connectorsdk.examples.cli.Connectors mcp '"
            + Path.of("src/main/resources/definitions/rooms").toAbsolutePath()
            + "' --home '"
            + folder.resolve("home")
            + "'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theOfficialClientTalksToTheCommandOverItsStreams(@TempDir Path folder) throws Exception {
    JsonNode seen =
        result(
            NodeScript.run(
                "agent.mjs",
                "stdio",
                "[\"" + command(folder) + "\"]",
                "[{\"tool\":\"rooms__FindRooms\",\"arguments\":{\"floor\":2,\"seats\":2}}]"));

    assertThat(seen.path("tools")).hasSize(2);
    assertThat(seen.path("invalid")).isEmpty();
    assertThat(seen.at("/answers/0/content/0/text").asString()).contains("connectors connect");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theInspectorTalksToTheCommandOverItsStreams(@TempDir Path folder) throws Exception {
    assertThat(
            NodeScript.run(
                INSPECTOR, "--cli", command(folder).toString(), "--method", "tools/list"))
        .contains("rooms__FindRooms", "rooms__BookRoom");
  }

  /** The list of expected failures says what is not served, and why. */
  @Test
  void theConformanceSuiteFindsNoOtherFault(WireMockRuntimeInfo service) throws Exception {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "NOT TESTED by the conformance suite, whose Node.js 22 is for Linux on x64");
    String text = "{\"text\":\"This is a simple text response for testing.\"}";
    stubFor(get("/text").willReturn(okJson(text)));
    stubFor(post("/text").willReturn(okJson(text)));
    stubFor(get("/slow").willReturn(okJson(text).withFixedDelay(1_000)));
    stubFor(get("/error").willReturn(badRequest()));
    stubFor(
        get("/picture")
            .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody(PNG)));
    stubFor(get("/notes").willReturn(ok("Notes").withHeader("Content-Type", "text/plain")));
    stubFor(
        get("/files")
            .willReturn(
                okJson(
                    "{\"picture\":{\"$content-type\":\"image/png\",\"$content\":\""
                        + Base64.getEncoder().encodeToString(PNG)
                        + "\"},\"notes\":{\"$content-type\":\"text/plain\",\"$content\":\"QQ==\"}}")));
    URI address = ToolHost.freeAddress();
    Connector suite = SuiteTools.at(service.getHttpBaseUrl());
    try (ConnectorRuntime own = ConnectorRuntime.builder().connector(suite).build();
        Tools served =
            Tools.of(own, PROD, Desk.agent())
                .choosing(ActionFilter.all())
                .progressEvery(Duration.ofMillis(50))
                .build();
        ToolHost open = ToolHost.withoutTokens(address, new SuiteTools(served), ADA)) {
      own.connections().create(ADA.in(PROD), ConnectionSpec.of("suite", "none"));

      NodeScript.run("conformance.mjs", open.address().toString(), "expected-failures.yml");
    }
    verify(postRequestedFor(urlEqualTo("/text")));
  }
}
