package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The headers of an answer as the output of a definition's operation has them. */
@WireMockTest
class AnsweredHeadersTest {

  private static final String SWAGGER =
      """
      {"swagger": "2.0", "info": {"title": "Desk", "version": "1"}, "host": "%s",
       "schemes": ["http"],
       "paths": {"/": {"get": {"operationId": "Get",
         "responses": {"200": {"description": "any"}}}}}}
      """;

  @ParameterizedTest
  @ValueSource(ints = {0, 40})
  void namesAreInOrderAndEachIsThereOnce(int others, WireMockRuntimeInfo wireMock) {
    ResponseDefinitionBuilder answer =
        aResponse().withHeader("X-b", "1").withHeader("X-Request-Id", "e").withHeader("x-A", "2");
    for (int i = 0; i < others; i++) {
      answer.withHeader("Z-" + i, "z");
    }
    stubFor(any(anyUrl()).willReturn(answer.withHeader("X-B", "3")));

    JsonNode headers = output(wireMock).path("headers");

    assertThat(List.copyOf(headers.propertyNames())).isSorted().doesNotHaveDuplicates();
    assertThat(headers.path("x-b").stringValue()).isEqualTo("1, 3");
    assertThat(headers.path("x-a").stringValue()).isEqualTo("2");
    assertThat(headers.path("x-request-id").stringValue()).isEqualTo("e");
  }

  private static JsonNode output(WireMockRuntimeInfo wireMock) {
    String host = "localhost:" + wireMock.getHttpPort();
    DefinitionText text =
        DefinitionText.of("desk", SWAGGER.formatted(host), "{\"properties\": {}}");
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Definition.load(text, LoadOptions.standard()).connector())
            .addressPolicy(AddressPolicy.allowAll())
            .build()) {
      Caller ada = Principal.user("ada").in("dev");
      runtime.connections().create(ada, ConnectionSpec.of("desk", "none"));
      return runtime.invoke(
          ada,
          ConnectionReference.invoker("my-desk", "desk"),
          "Get",
          JsonNodeFactory.instance.objectNode());
    }
  }
}
