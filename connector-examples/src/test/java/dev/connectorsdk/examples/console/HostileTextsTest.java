package dev.connectorsdk.examples.console;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the authors of connectors, services and other people write is text on the pages. */
@WireMockTest
class HostileTextsTest {

  private static final String TEXT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
  private static final JsonMapper MAPPER = new JsonMapper();

  private static Connector connector(String url) {
    return Connector.builder("odd", url)
        .titled(TEXT)
        .described(TEXT)
        .parameter(ConnectionParameter.text(TEXT).titled(TEXT).described(TEXT).oneOf(TEXT, "other"))
        .auth(AuthOption.apiKeyHeader("X-Key").titled(TEXT))
        .auth(AuthOption.none().titled(TEXT))
        .action(
            Action.dynamic("echo", Effect.WRITE, schema(), MAPPER.createObjectNode())
                .titled(TEXT)
                .described(TEXT)
                .run((input, call) -> call.http().post("/echo").json(input).fetch(JsonNode.class)))
        .test(call -> new Account(TEXT, TEXT))
        .build();
  }

  private static ObjectNode schema() {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject(TEXT).put("type", "string").put("title", TEXT).put("description", TEXT);
    properties.putObject("choice").putArray("enum").add(TEXT);
    properties.putObject("group").put("title", TEXT).putObject("properties").putObject(TEXT);
    return schema;
  }

  @Test
  @DisplayName("D3: no page takes a text for HTML, whoever wrote it")
  void noPageTakesATextForHtml(WireMockRuntimeInfo service) {
    stubFor(any(anyUrl()).willReturn(okJson(MAPPER.createObjectNode().put(TEXT, TEXT).toString())));
    try (ConsoleHost host =
        new ConsoleHost(
            console ->
                ConnectorRuntime.builder()
                    .connector(connector(service.getHttpBaseUrl()))
                    .build())) {
      Connection connection =
          host.runtime()
              .connections()
              .create(
                  Principal.user("ada").in("dev"),
                  ConnectionSpec.of("odd", "none").with(TEXT, TEXT).named(TEXT));
      ConsoleBrowser ada = host.browserOf("ada");
      String own = "connections/" + connection.id();
      String form = "connectors/odd/try?operation=echo";
      List<String> pages =
          List.of(
              ada.open("").body(),
              ada.open("connections").body(),
              ada.open(own).body(),
              ada.open(own + "/change").body(),
              ada.open(own + "/share").body(),
              ada.open(own + "/delete").body(),
              ada.open("connectors").body(),
              ada.open("connectors/odd").body(),
              ada.open("connectors/odd/connect").body(),
              ada.submit("connectors/odd/connect", "connectors/odd/connect", Map.of("name", TEXT))
                  .body(),
              ada.open(form).body(),
              ada.submit(form, form, Map.of("i/" + TEXT, TEXT)).body(),
              ada.submit(
                      form,
                      "connectors/odd/try/call?operation=echo",
                      Map.of("i/choice", TEXT, "once", UUID.randomUUID().toString()))
                  .body());

      assertThat(pages)
          .allSatisfy(
              page ->
                  assertThat(page)
                      .contains("Connectors")
                      .doesNotContain("<script>alert", "<img src=x"));
      assertThat(pages.subList(1, pages.size()))
          .allSatisfy(page -> assertThat(page).contains("&lt;script&gt;alert"));
    }
  }
}
