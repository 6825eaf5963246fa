package dev.connectorsdk.examples.mcp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What clients of the protocol see. */
@WireMockTest
class ToolServerTest {

  private static final String LIST = "desk__listTickets";
  private static final String CLOSE = "desk__closeTicket";

  private ConnectorRuntime runtime;
  private Tools tools;
  private ToolHost host;

  @BeforeEach
  void serve(WireMockRuntimeInfo service) throws Exception {
    stubFor(
        get(urlPathEqualTo("/tickets")).willReturn(okJson("[{\"id\":\"7\",\"title\":\"Fire\"}]")));
    stubFor(delete("/tickets/7").willReturn(ok()));
    runtime = ConnectorRuntime.builder().connector(Desk.at(service.getHttpBaseUrl())).build();
    Desk.connect(runtime, ADA);
    tools =
        Tools.of(runtime, PROD, Desk.agent())
            .choosing(ActionFilter.all())
            .progressEvery(Duration.ofMillis(20))
            .signIns(
                (caller, connector, connection) ->
                    Optional.of(URI.create("https://app.example/connect/" + connector)))
            .build();
    host = ToolHost.start(ToolHost.freeAddress(), tools, new NamedTokens());
  }

  @AfterEach
  void stop() {
    host.close();
    tools.close();
    runtime.close();
  }

  private static CallToolRequest list() {
    return CallToolRequest.builder(LIST).arguments(Map.of("status", "open")).build();
  }

  private static CallToolRequest close() {
    return CallToolRequest.builder(CLOSE).arguments(Map.of("id", "7")).build();
  }

  private static String text(CallToolResult result) {
    return ((TextContent) result.content().get(0)).text();
  }

  @Test
  void listsToolsWithTheirAnnotations() {
    try (McpSyncClient client = host.client("ada", spec -> spec)) {
      List<McpSchema.Tool> listed = client.listTools().tools();

      assertThat(listed).extracting(McpSchema.Tool::name).contains(LIST, CLOSE).hasSize(5);
      McpSchema.Tool close =
          listed.stream().filter(tool -> tool.name().equals(CLOSE)).findFirst().orElseThrow();
      assertThat(close.title()).isEqualTo("Help desk: Close a ticket");
      assertThat(close.annotations().readOnlyHint()).isFalse();
      assertThat(close.annotations().destructiveHint()).isTrue();
      assertThat(close.annotations().idempotentHint()).isFalse();
    }
  }

  @Test
  void callsAToolAsTheUserOfTheToken() {
    try (McpSyncClient ada = host.client("ada", spec -> spec);
        McpSyncClient ben = host.client("ben", spec -> spec)) {
      CallToolResult answer = ada.callTool(list());
      assertThat(answer.isError()).isFalse();
      assertThat(answer.structuredContent())
          .isEqualTo(Map.of("items", List.of(Map.of("id", "7", "title", "Fire"))));
      assertThat(text(answer)).isEqualTo("{\"items\":[{\"id\":\"7\",\"title\":\"Fire\"}]}");

      CallToolResult refused = ben.callTool(list());
      assertThat(refused.isError()).isTrue();
      assertThat(text(refused)).endsWith("https://app.example/connect/desk");
    }
  }

  @Test
  void hidesFromListsWhatAPolicyForbids() {
    DataPolicy careful =
        DataPolicy.named("careful").actions("desk", ActionRules.blocking("closeTicket")).build();
    runtime.policies().save(Administrator.ofRuntime(HOST), careful, 0);

    try (McpSyncClient client = host.client("ada", spec -> spec)) {
      assertThat(client.listTools().tools())
          .extracting(McpSchema.Tool::name)
          .contains(LIST)
          .doesNotContain(CLOSE);
    }
  }

  @Test
  void asksForAConfirmationWhereTheClientCan() {
    List<String> questions = Collections.synchronizedList(new ArrayList<>());
    var form = ClientCapabilities.builder().elicitation().build();
    try (McpSyncClient client =
        host.client(
            "ada",
            spec ->
                spec.capabilities(form)
                    .elicitation(
                        request -> {
                          questions.add(request.message());
                          return ElicitResult.builder(ElicitResult.Action.ACCEPT)
                              .content(Map.of())
                              .build();
                        }))) {
      assertThat(client.callTool(close()).isError()).isFalse();
    }
    assertThat(questions).hasSize(1);
    verify(deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  @Test
  @Timeout(15)
  void aPersonIsNotAwaitedForLongerThanACallTakes() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    var form = ClientCapabilities.builder().elicitation().build();
    try (Tools brief =
            Tools.of(runtime, PROD, Desk.agent())
                .choosing(ActionFilter.all())
                .deadline(Duration.ofSeconds(2))
                .build();
        ToolHost other = ToolHost.start(ToolHost.freeAddress(), brief, new NamedTokens());
        McpSyncClient client =
            other.client(
                "ada", spec -> spec.capabilities(form).elicitation(request -> silent(over)))) {
      assertThat(text(client.callTool(close()))).contains("nobody has confirmed it in time");
      over.countDown();
    }
    verify(0, deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  private static ElicitResult silent(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ElicitResult.builder(ElicitResult.Action.CANCEL).build();
  }

  @Test
  void refusesWhatNobodyCanConfirm() {
    try (McpSyncClient client = host.client("ada", spec -> spec)) {
      assertThat(text(client.callTool(close()))).startsWith("Nothing was done");
    }
    verify(0, deleteRequestedFor(urlEqualTo("/tickets/7")));
  }

  @Test
  void hasALinkOpenedWhereTheClientCan() {
    List<String> links = Collections.synchronizedList(new ArrayList<>());
    var url = ClientCapabilities.builder().elicitation(false, true).build();
    try (McpSyncClient client =
        host.client(
            "ben",
            spec ->
                spec.capabilities(url)
                    .urlElicitation(
                        request -> {
                          links.add(request.url());
                          return ElicitResult.builder(ElicitResult.Action.ACCEPT).build();
                        }))) {
      assertThat(text(client.callTool(list()))).contains("Call again").doesNotContain("https:");
    }
    assertThat(links).containsExactly("https://app.example/connect/desk");
  }

  @Test
  void reportsProgressToThoseWhoAskForIt() {
    stubFor(get(urlPathEqualTo("/tickets")).willReturn(okJson("[]").withFixedDelay(500)));
    List<ProgressNotification> heard = Collections.synchronizedList(new ArrayList<>());
    try (McpSyncClient client = host.client("ada", spec -> spec.progressConsumer(heard::add))) {
      client.callTool(list());
      assertThat(heard).isEmpty();
      client.callTool(
          CallToolRequest.builder(LIST)
              .arguments(Map.of("status", "open"))
              .progressToken("t-1")
              .build());
      assertThat(heard).isNotEmpty().allMatch(one -> one.progressToken().equals("t-1"));
    }
  }

  @Test
  void filesAreReadAsResourcesByWhoGotThem() {
    byte[] picture = {(byte) 0x89, 'P', 'N', 'G'};
    stubFor(
        get("/files/7")
            .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody(picture)));
    try (McpSyncClient ada = host.client("ada", spec -> spec);
        McpSyncClient ben = host.client("ben", spec -> spec)) {
      CallToolResult answer =
          ada.callTool(
              CallToolRequest.builder("desk__downloadFile").arguments(Map.of("id", "7")).build());
      ResourceLink link = (ResourceLink) answer.content().get(1);

      assertThat(link.mimeType()).isEqualTo("image/png");
      assertThat(
              ada.readResource(ReadResourceRequest.builder(link.uri()).build()).contents().get(0))
          .isEqualTo(
              McpSchema.BlobResourceContents.builder(link.uri(), "iVBORw==")
                  .mimeType("image/png")
                  .build());
      assertThat(
              ben.readResource(ReadResourceRequest.builder(link.uri()).build()).contents().get(0))
          .isInstanceOfSatisfying(
              McpSchema.TextResourceContents.class,
              contents -> assertThat(contents.text()).startsWith("There is nothing here"));
    }
  }

  @Test
  void aPictureIsShownBesidesUnlessItIsLarge() {
    stubFor(get("/files/7").willReturn(picture(1024 * 1024)));
    stubFor(get("/files/8").willReturn(picture(1024 * 1024 + 1)));
    try (McpSyncClient ada = host.client("ada", settings -> settings)) {
      List<Content> shown = ada.callTool(download("7")).content();
      assertThat(shown).hasSize(3).element(1).isInstanceOf(ResourceLink.class);
      ImageContent image = (ImageContent) shown.get(2);
      assertThat(image.mimeType()).isEqualTo("image/png");
      assertThat(Base64.getDecoder().decode(image.data())).hasSize(1024 * 1024);

      assertThat(ada.callTool(download("8")).content())
          .hasSize(2)
          .noneMatch(ImageContent.class::isInstance);
    }
  }

  private static ResponseDefinitionBuilder picture(int bytes) {
    byte[] picture = Arrays.copyOf("\211PNG\r\n\032\n".getBytes(ISO_8859_1), bytes);
    return aResponse().withHeader("Content-Type", "Image/PNG").withBody(picture);
  }

  @Test
  void whatOnlyIsSaidToBeAPictureIsLinkedAlone() {
    stubFor(
        get("/files/7")
            .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody("<html>")));
    try (McpSyncClient ada = host.client("ada", settings -> settings)) {
      assertThat(ada.callTool(download("7")).content())
          .hasSize(2)
          .element(1)
          .isInstanceOf(ResourceLink.class);
    }
  }

  private static CallToolRequest download(String id) {
    return CallToolRequest.builder("desk__downloadFile").arguments(Map.of("id", id)).build();
  }

  @Test
  void aShortTextIsInTheAnswerBesides() {
    stubFor(get("/files/7").willReturn(text(32 * 1024)));
    stubFor(get("/files/8").willReturn(text(32 * 1024 + 1)));
    stubFor(get("/files/9").willReturn(text(0)));
    try (McpSyncClient ada = host.client("ada", settings -> settings)) {
      List<Content> shown = ada.callTool(download("7")).content();
      ResourceLink link = (ResourceLink) shown.get(1);
      EmbeddedResource text = (EmbeddedResource) shown.get(2);
      assertThat(text.resource())
          .isEqualTo(
              McpSchema.TextResourceContents.builder(link.uri(), "x".repeat(32 * 1024))
                  .mimeType("text/csv")
                  .build());

      assertThat(ada.callTool(download("8")).content()).hasSize(2);
      assertThat(ada.callTool(download("9")).content()).hasSize(2);
    }
  }

  private static ResponseDefinitionBuilder text(int bytes) {
    return aResponse().withHeader("Content-Type", "text/csv").withBody("x".repeat(bytes));
  }

  @Test
  void whatIsNoTextIsNotShownAsOne() {
    String base64 = Base64.getEncoder().encodeToString(new byte[100]);
    String file = "{\"$content-type\":\"text/plain\",\"$content\":\"" + base64 + "\"}";
    stubFor(get("/history/7").willReturn(okJson("{\"a\":" + file + "}")));
    try (McpSyncClient ada = host.client("ada", settings -> settings)) {
      var call = CallToolRequest.builder("desk__getHistory").arguments(Map.of("id", "7")).build();

      assertThat(ada.callTool(call).content()).noneMatch(EmbeddedResource.class::isInstance);
    }
  }

  @Test
  void ofSeveralTextsTheFirstAreInTheAnswer() {
    String base64 = Base64.getEncoder().encodeToString("x".repeat(20 * 1024).getBytes(UTF_8));
    String file = "{\"$content-type\":\"text/plain\",\"$content\":\"" + base64 + "\"}";
    stubFor(get("/history/7").willReturn(okJson("{\"a\":" + file + ",\"b\":" + file + "}")));
    try (McpSyncClient ada = host.client("ada", settings -> settings)) {
      var call = CallToolRequest.builder("desk__getHistory").arguments(Map.of("id", "7")).build();

      assertThat(ada.callTool(call).content())
          .hasSize(4)
          .filteredOn(EmbeddedResource.class::isInstance)
          .hasSize(1);
    }
  }

  @Test
  void aFileWithoutANameIsLinkedAsTheTool() {
    stubFor(
        get("/history/7")
            .willReturn(
                okJson(
                    "{\"$content-type\":\"image/png\",\"$filename\":\"\",\"$content\":\"AAAA\"}")));
    try (McpSyncClient client = host.client("ada", spec -> spec)) {
      CallToolResult answer =
          client.callTool(
              CallToolRequest.builder("desk__getHistory").arguments(Map.of("id", "7")).build());

      assertThat(answer.isError()).isFalse();
      assertThat(((ResourceLink) answer.content().get(1)).name()).isEqualTo("desk__getHistory");
    }
  }

  @Test
  @Timeout(60)
  void overStreamsTheEndOfTheInputIsTheEnd() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String hello =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
        "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
        """;

    ToolServer.serve(tools, ADA, new ByteArrayInputStream(hello.getBytes(UTF_8)), out);

    for (String line : out.toString(UTF_8).lines().toList()) {
      JsonNode message = Desk.JSON.readTree(line);
      assertThat(message.at("/result/serverInfo/name").asString()).isEqualTo("connectors");
    }
  }
}
