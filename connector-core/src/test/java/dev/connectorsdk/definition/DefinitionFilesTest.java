package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Files of definitions, up and down, of more bytes than an answer may have. */
@WireMockTest
class DefinitionFilesTest {

  private static final int SIZE = 12 * 1024 * 1024;

  @TempDir Path temp;
  private final byte[] content = new byte[SIZE];
  private Path file;
  private Service service;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) throws IOException {
    new Random(7).nextBytes(content);
    service =
        new Service(Files.createDirectory(temp.resolve("definition")), wireMock.getHttpPort());
    service.key("X-Key", "k");
    file = temp.resolve("file");
  }

  @AfterEach
  void close() {
    service.close();
  }

  private CallOptions saving() {
    return CallOptions.standard().saveTo(FileTarget.of(file));
  }

  private void theServiceHas(byte[] bytes) {
    stubFor(
        get("/v1/x")
            .withHeader("X-Key", equalTo("k"))
            .willReturn(
                ok().withHeader("Content-Type", "image/png")
                    .withHeader("Content-Disposition", "attachment; filename=a.png")
                    .withBody(bytes)));
  }

  @Test
  void aFileGoesWhereTheCallerSaysAndTheOutputSaysWhatItIs() {
    theServiceHas(content);
    service.download("op", "/x");

    JsonNode output = service.call("op", json("{}"), saving());

    assertThat(file).hasBinaryContent(content);
    assertThat(output.path("statusCode").intValue()).isEqualTo(200);
    assertThat(output.path("body").toString())
        .isEqualTo(
            json("{'$content-type': 'image/png', '$filename': 'a.png', '$size': " + SIZE + "}")
                .toString());
  }

  @Test
  void withoutAPlaceAFileIsPartOfTheOutput() {
    theServiceHas(new byte[] {1, 2, 3});
    service.download("op", "/x");

    assertThat(service.call("op", "{}").at("/body/$content").asString()).isEqualTo("AQID");
  }

  @Test
  void policiesOnTheRequestLetAFileThrough() {
    theServiceHas(content);
    service
        .download("op", "/x")
        .policy("setheader", "'name': 'X-More', 'value': 'm', 'existsAction': 'override'");

    service.call("op", json("{}"), saving());

    assertThat(file).hasBinaryContent(content);
  }

  @Test
  void whatPoliciesLookAtIsReadAsAWholeBefore() {
    theServiceHas(new byte[] {1, 2, 3});
    service
        .download("op", "/x")
        .policy(
            "setheader",
            "'section': 'Response', 'name': 'X-More', 'value': 'm', 'existsAction': 'override'");

    JsonNode output = service.call("op", json("{}"), saving());

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(output.at("/body/$size").intValue()).isEqualTo(3);
    assertThat(output.at("/headers/x-more").asString()).isEqualTo("m");
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(
            () ->
                service.call(
                    "op",
                    json("{}"),
                    CallOptions.standard().saveTo(FileTarget.of(file).limitedTo(2))));
  }

  @Test
  void theResultOfLongWorkIsAFileToo() {
    stubFor(get("/v1/x").willReturn(status(202).withHeader("Location", "/v1/done")));
    stubFor(get("/v1/done").willReturn(ok().withBody(content)));
    service.download("op", "/x");

    service.call("op", json("{}"), saving());

    assertThat(file).hasBinaryContent(content);
  }

  @Test
  void anOperationWithoutAFileAnswersAsEver() {
    stubFor(get("/v1/x").willReturn(okJson("{\"n\":1}")));
    service.operation("op", "get", "/x", "");

    assertThat(service.call("op", json("{}"), saving()).at("/body/n").intValue()).isEqualTo(1);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'string', 'format': 'binary'}",
        "{'type': 'file'}",
        "{'type': 'string', 'format': 'byte'}"
      })
  void aFileIsABody(String schema) throws IOException {
    stubFor(any(anyUrl()).willReturn(ok()));
    Files.write(file, content);
    service.operation(
        "op",
        "post",
        "/x",
        "'parameters': [{'in': 'body', 'name': 'body', 'schema': " + schema + "}]");

    service.call(
        "op", Map.of("body", FileSource.of(file).typed("image/png")), CallOptions.standard());
    service.call(
        "op",
        Map.of("body", FileSource.of(new ByteArrayInputStream(content), SIZE)),
        CallOptions.standard());

    verify(
        2,
        postRequestedFor(urlEqualTo("/v1/x"))
            .withHeader("Content-Length", equalTo("" + SIZE))
            .withRequestBody(binaryEqualTo(content)));
    verify(postRequestedFor(anyUrl()).withHeader("Content-Type", equalTo("image/png")));
  }

  @Test
  void aFileIsAPartOfAForm() throws IOException {
    stubFor(any(anyUrl()).willReturn(ok()));
    Files.write(file, content);
    service.operation(
        "op",
        "post",
        "/x",
        "'consumes': ['multipart/form-data'], 'parameters': ["
            + "{'in': 'formData', 'name': 'title', 'type': 'string'},"
            + "{'in': 'formData', 'name': 'upload', 'type': 'file'}]");

    service.call(
        "op",
        Map.of("title", "t", "upload", FileSource.of(file).named("a.png").typed("image/png")),
        CallOptions.standard());

    verify(
        postRequestedFor(urlEqualTo("/v1/x"))
            .withRequestBodyPart(aMultipart("title").withBody(equalTo("t")).build())
            .withRequestBodyPart(
                aMultipart("upload")
                    .withHeader("Content-Disposition", containing("filename=\"a.png\""))
                    .withHeader("Content-Type", equalTo("image/png"))
                    .withBody(binaryEqualTo(content))
                    .build()));
  }
}
