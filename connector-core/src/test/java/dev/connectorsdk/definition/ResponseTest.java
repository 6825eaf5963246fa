package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.fixtures.PlainHttp;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@WireMockTest
class ResponseTest {

  @TempDir Path temp;
  private Folder folder;
  private PlainHttp http;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    folder = Folder.in(temp);
    http = new PlainHttp(wireMock.getHttpBaseUrl());
    answers("'200': {'description': 'any'}");
  }

  @Test
  void theOutputIsStatusHeadersAndBody() {
    stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(201)
                    .withHeader("Content-Type", "application/json; charset=utf-8")
                    .withHeader("X-Two", "a", "b")
                    .withBody("{\"n\": 1}")));

    JsonNode output = output();

    assertThat(output.path("statusCode").intValue()).isEqualTo(201);
    assertThat(output.path("headers").path("x-two").stringValue()).isEqualTo("a, b");
    assertThat(output.path("body")).isEqualTo(json("{'n': 1}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "application/json         | [1]      | [1]",
        "application/problem+json | 'x'      | 'x'",
        "text/plain               | [1]      | '[1]'",
        "text/csv; charset=utf-8  | a,b      | 'a,b'",
        "application/json         | oops     | 'oops'",
        "application/xml          | <a/>     | {'$content-type': 'application/xml', '$content': 'PGEvPg=='}",
        "image/png; q=1           | x        | {'$content-type': 'image/png; q=1', '$content': 'eA=='}"
      })
  void theContentTypeOfTheAnswerSaysWhatTheBodyIs(String type, String body, String expected) {
    answer(type, body.replace('\'', '"'));

    assertThat(output().path("body")).isEqualTo(json(expected));
  }

  @Test
  void aBodyWithoutATypeIsBytes() {
    stubFor(any(anyUrl()).willReturn(aResponse().withBody("x")));

    assertThat(output().path("body"))
        .isEqualTo(json("{'$content-type': 'application/octet-stream', '$content': 'eA=='}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'type': 'file'", "'type': 'string', 'format': 'binary'"})
  void aFileIsAFileWhateverItsType(String schema) {
    answers("'200': {'schema': {" + schema + "}}");
    answer("application/json", "{}");

    assertThat(output().path("body"))
        .isEqualTo(json("{'$content-type': 'application/json', '$content': 'e30='}"));
  }

  @Test
  void anEmptyBodyIsAbsent() {
    stubFor(any(anyUrl()).willReturn(aResponse().withStatus(204)));

    assertThat(output().has("body")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 500})
  void anyOtherAnswerIsAFailureWithStatusAndBody(int status) {
    stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody("why")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(this::output)
        .satisfies(e -> assertThat(e.status()).isEqualTo(status))
        .satisfies(e -> assertThat(e.body()).isEqualTo("why"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'201': {'schema': {'type': 'array'}}, '200': {'schema': {'type': 'object'}}     | object",
        "'202': {'schema': {'type': 'array'}}, '201': {'schema': {'type': 'object'}}     | object",
        "'default': {'schema': {'type': 'array'}}, '202': {'schema': {'type': 'object'}} | object",
        "'default': {'schema': {'type': 'object'}}, '400': {'schema': {'type': 'array'}} | object",
        "'200': {'$ref': '#/responses/R'}                                               | object",
        "'200': {'description': 'no schema'}                                            |",
        "'400': {'schema': {'type': 'array'}}                                           |"
      })
  void theOutputIsDescribedByTheAnswerOfSuccess(String responses, String type) {
    answers(responses);

    assertThat(
            folder
                .action("op")
                .output()
                .givenSchema()
                .at("/properties/body/type/0")
                .stringValue(null))
        .isEqualTo(type);
  }

  @Test
  void theConnectionTestRunsTheDeclaredOperation() throws Exception {
    Path books = Path.of(getClass().getResource("/definitions/books").toURI());
    ConnectionTest test = Definition.load(books).connector().connectionTest().orElseThrow();
    answer("application/json", "{}");

    assertThat(test.test(http)).isNull();
    assertThat(http.targets()).containsExactly("/me");

    stubFor(any(anyUrl()).willReturn(aResponse().withStatus(401)));
    assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> test.test(http));
  }

  @Test
  void theConnectionTestHasItsOwnParameters() throws Exception {
    folder.document(
        """
        'x-ms-capabilities': {'testConnection': {'operationId': 'op', 'parameters': {'top': 1}}},
        'paths': {'/x': {'get': {'operationId': 'op', 'parameters': [
          {'name': 'top', 'in': 'query', 'type': 'integer'}]}}}
        """);
    answer("application/json", "{}");

    folder.load().connector().connectionTest().orElseThrow().test(http);

    assertThat(http.targets()).containsExactly("/x?top=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"post", "get"})
  void aTestThatCannotRunIsLeftOutWithAWarning(String method) {
    folder.document(
        """
        'x-ms-capabilities': {'testConnection': {'operationId': '%s'}},
        'paths': {'/x': {'%s': {'operationId': 'post'}}}
        """
            .formatted(method, method));

    assertThat(folder.load().connector().connectionTest()).isEmpty();
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::pointer)
        .containsExactly("/x-ms-capabilities/testConnection");
  }

  @Test
  void aLoadedDefinitionIsCalledInAFewLines() throws URISyntaxException {
    answer("application/json", "[{\"title\": \"Momo\"}]");
    Path books = Path.of(getClass().getResource("/definitions/books").toURI());

    JsonNode output =
        ((DefinitionAction) Definition.load(books).connector().action("FindBooks").orElseThrow())
            .execute(json("{'branch name': 'North/East', 'tags': ['new', 'short']}"), http);

    assertThat(http.targets())
        .containsExactly(
            "/branches/North%2FEast/books?tags=new,short&limit=20&api-version=2024-06");
    assertThat(output.at("/body/0/title").stringValue()).isEqualTo("Momo");
  }

  private void answers(String responses) {
    folder.document(
        """
        'responses': {'R': {'schema': {'type': 'object'}}},
        'paths': {'/x': {'get': {'operationId': 'op', 'responses': {%s}}}}
        """
            .formatted(responses));
  }

  private static void answer(String type, String body) {
    stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withHeader("Content-Type", type)
                    .withBody(body.getBytes(StandardCharsets.UTF_8))));
  }

  private JsonNode output() {
    return folder.action("op").execute(json("{}"), http);
  }
}
