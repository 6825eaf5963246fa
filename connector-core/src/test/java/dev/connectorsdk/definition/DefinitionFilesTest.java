package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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

    List<String> progress = new ArrayList<>();
    FileTarget target =
        FileTarget.of(file).onProgress((bytes, total) -> progress.add(bytes + "/" + total));
    JsonNode output = service.call("op", json("{}"), CallOptions.standard().saveTo(target));

    assertThat(progress).containsExactly("3/3");
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

  private void aNoteIn(String place, String body) {
    stubFor(any(anyUrl()).willReturn(ok()));
    service.operation("op", "post", "/x" + (place.equals("path") ? "/{p}" : ""), body);
  }

  private List<String> pathsOfFaults(Object input) {
    return catchThrowableOfType(
            InvalidInputException.class, () -> service.call("op", input, CallOptions.standard()))
        .faults()
        .stream()
        .map(Fault::path)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "header", "path", "formData"})
  void aFileIsNoParameter(String in) throws IOException {
    Files.write(file, content);
    aNoteIn(
        in,
        "'parameters': [{'in': '"
            + in
            + "', 'name': 'p', 'type': 'string', 'required': true},"
            + "{'in': 'header', 'name': 'X-List', 'type': 'array', 'items': {'type': 'string'}}]");

    assertThat(pathsOfFaults(Map.of("p", FileSource.of(file)))).containsExactly("/p");
    assertThat(pathsOfFaults(Map.of("p", "a", "X-List", List.of(FileSource.of(file)))))
        .containsExactly("/X-List/0");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-www-form-urlencoded"})
  void aFileIsNoMemberOfABody(String type) throws IOException {
    Files.write(file, content);
    aNoteIn(
        "body",
        "'consumes': ['"
            + type
            + "'], 'parameters': [{'in': 'body', 'name': 'body', 'schema': {'type': 'object',"
            + " 'properties': {'text': {'type': 'string'}, 'any': {},"
            + " 'bytes': {'type': 'string', 'format': 'byte'}}}}]");

    for (String member : List.of("text", "any", "bytes")) {
      assertThat(pathsOfFaults(Map.of("body", Map.of(member, FileSource.of(file)))))
          .containsExactly("/body/" + member);
    }
    assertThat(
            pathsOfFaults(Map.of("body", Map.of("any", Map.of("a", List.of(FileSource.of(file)))))))
        .containsExactly("/body/any/a/0");
    assertThat(pathsOfFaults(Map.of("body", FileSource.of(file)))).containsExactly("/body");
    verify(0, anyRequestedFor(anyUrl()));
  }

  private static final String KEY =
      "'securityDefinitions': {'k': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}}";

  /** The store is the same server under another name. */
  private void theFileIsInAStore(WireMockRuntimeInfo wireMock) {
    stubFor(
        get("/v1/x")
            .withHeader("X-Key", equalTo("k"))
            .willReturn(
                temporaryRedirect("http://127.0.0.1:" + wireMock.getHttpPort() + "/bucket?sig=1")));
    stubFor(get("/bucket?sig=1").willReturn(ok().withBody(content)));
  }

  private void downloadsFromTheStore() {
    service.call("op", json("{}"), saving());

    assertThat(file).hasBinaryContent(content);
    verify(
        getRequestedFor(urlEqualTo("/bucket?sig=1"))
            .withoutHeader("X-Key")
            .withoutHeader("X-More")
            .withoutHeader("Accept"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("E4: A definition names the hosts that keep its files")
  void aDefinitionNamesTheHostsOfFiles(boolean withPolicy, WireMockRuntimeInfo wireMock) {
    theFileIsInAStore(wireMock);
    service
        .document(KEY + ", 'x-file-hosts': ['127.0.0.1', 'https://a.example', 5]")
        .secret("api_key", "k")
        .download("op", "/x");
    if (withPolicy) {
      service.policy("setheader", "'name': 'X-More', 'value': 'm', 'existsAction': 'override'");
    }

    assertThat(service.definition().report().warnings())
        .extracting(DefinitionReport.Warning::pointer)
        .contains("/x-file-hosts/1", "/x-file-hosts/2");
    downloadsFromTheStore();
  }

  @Test
  void anOverlayNamesTheHostsOfFiles(WireMockRuntimeInfo wireMock) {
    theFileIsInAStore(wireMock);
    service
        .key("X-Key", "k")
        .download("op", "/x")
        .options(LoadOptions.standard().overlay(Overlay.none().fileHost("127.0.0.1")));

    downloadsFromTheStore();

    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> Overlay.none().fileHost("127.0.0.1:80"))
        .withMessageContaining("/fileHosts/0 must be a host name, or *. with a domain");
    assertThatExceptionOfType(DefinitionException.class)
        .isThrownBy(() -> Overlay.of("{\"fileHosts\": \"a.example\"}"))
        .withMessageContaining("/fileHosts must be a list");
  }

  @Test
  void withoutThemARedirectToAStoreIsRefused(WireMockRuntimeInfo wireMock) {
    theFileIsInAStore(wireMock);
    service.key("X-Key", "k").download("op", "/x");

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> service.call("op", json("{}"), saving()));
    verify(0, getRequestedFor(urlEqualTo("/bucket?sig=1")));
  }
}
