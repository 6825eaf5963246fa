package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class CallTest {

  private static final String LIBRARY = "src/test/resources/cli/library";

  @TempDir private Path folder;
  private Shell shell;
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    baseUrl = wireMock.getHttpBaseUrl() + "/v1";
    shell = new Shell().with("LIBRARY_KEY", "s3cret-key");
  }

  private Shell.Run call(String operation, String... more) {
    return shell.run(
        Shell.arguments(
            List.of(
                "call",
                LIBRARY,
                operation,
                "--base-url",
                baseUrl,
                "--home",
                folder.resolve("home").toString()),
            more));
  }

  @Test
  void printsTheBodyOfTheAnswer() {
    stubFor(
        get(urlEqualTo("/v1/books?author=Ada%20Lovelace&limit=5&tags=a,b"))
            .withHeader("X-Library-Key", equalTo("s3cret-key"))
            .willReturn(okJson("[{\"title\":\"Notes\"}]")));

    Shell.Run run =
        call(
            "ListBooks",
            "--param",
            "author=Ada Lovelace",
            "--param",
            "limit=5",
            "--param",
            "tags=a",
            "--param",
            "tags=b",
            "--connect",
            "api_key=env:LIBRARY_KEY");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("[\n  {\n    \"title\": \"Notes\"\n  }\n]\n");
    assertThat(run.code()).isZero();
  }

  private Shell.Run listTickets(String... more) {
    return shell.run(
        Shell.arguments(
            List.of(
                "call",
                "src/test/resources/cli/desk",
                "ListTickets",
                "--base-url",
                baseUrl,
                "--home",
                folder.resolve("home").toString(),
                "--connect",
                "api_key=env:LIBRARY_KEY"),
            more));
  }

  @Test
  void followsNextLinksOnlyIfItIsAskedTo() {
    stubFor(
        get("/v1/tickets")
            .willReturn(okJson("{\"value\": [1], \"nextLink\": \"/v1/tickets?p=2\"}")));
    stubFor(get("/v1/tickets?p=2").willReturn(okJson("{\"value\": [2]}")));

    assertThat(listTickets().json().path("value")).hasSize(1);
    assertThat(listTickets("--items", "10").json().path("value")).hasSize(2);
    assertThat(listTickets("--items", "-1").code()).isEqualTo(2);
    assertThat(listTickets("--items", "0").code()).isEqualTo(2);
  }

  @Test
  void refusesABaseUrlThatIsNoneAndRepeatsNothingOfIt() {
    for (String url : new String[] {"ftp://desk", "https://u:c4nary@desk", "https://desk?c4nary"}) {
      Shell.Run run = shell.run("call", LIBRARY, "ListBooks", "--base-url", url);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).startsWith("connectors: --base-url must be").doesNotContain("c4nary");
    }
  }

  @Test
  void waitsForWorkThatIsAcceptedUnlessItIsToldNotTo() {
    stubFor(
        get("/v1/tickets")
            .willReturn(
                aResponse()
                    .withStatus(202)
                    .withHeader("Location", "/v1/jobs/1")
                    .withHeader("Retry-After", "0")));
    stubFor(get("/v1/jobs/1").willReturn(okJson("[7]")));

    assertThat(listTickets("--no-wait", "--json").json().path("statusCode").asInt()).isEqualTo(202);
    assertThat(listTickets().out()).isEqualTo("[\n  7\n]\n");
  }

  @Test
  void givesMachinesStatusHeadersAndBody() {
    stubFor(get(anyUrl()).willReturn(okJson("[]").withHeader("X-Total", "0")));

    Shell.Run run = call("ListBooks", "--json", "--connect", "api_key=env:LIBRARY_KEY");

    assertThat(run.json().path("statusCode").asInt()).isEqualTo(200);
    assertThat(run.json().path("body").isArray()).isTrue();
  }

  @Test
  void sendsValuesOfTheTypesThatTheSchemaNames() throws Exception {
    stubFor(post(anyUrl()).willReturn(okJson("{}")));
    Path key = Files.writeString(folder.resolve("key"), "s3cret-key\n");

    Shell.Run run =
        call(
            "AddBook",
            "--param",
            "body/title=007",
            "--param",
            "body/pages=42",
            "--param",
            "body/lent=true",
            "--param",
            "body/place={\"shelf\": 3}",
            "--connect",
            "api_key=@" + key);

    assertThat(run.code()).isZero();
    verify(
        postRequestedFor(urlEqualTo("/v1/books"))
            .withHeader("X-Library-Key", equalTo("s3cret-key"))
            .withRequestBody(
                equalToJson(
                    "{\"title\":\"007\",\"pages\":42,\"lent\":true,\"place\":{\"shelf\":3}}")));
  }

  @Test
  void takesTheInputFromAFileAndFromTheStandardInput() throws Exception {
    stubFor(post(anyUrl()).willReturn(okJson("{}")));
    Path input = Files.writeString(folder.resolve("in.json"), "{\"body\": {\"title\": \"A\"}}");

    call("AddBook", "--input", input.toString(), "--connect", "api_key=x");
    shell.reading("{\"body\": {\"title\": \"B\"}}");
    call("AddBook", "--input", "-", "--param", "body/pages=1", "--connect", "api_key=x");

    verify(postRequestedFor(anyUrl()).withRequestBody(equalToJson("{\"title\":\"A\"}")));
    verify(
        postRequestedFor(anyUrl()).withRequestBody(equalToJson("{\"title\":\"B\",\"pages\":1}")));
  }

  @Test
  void keepsAllDigitsOfNumbers() throws Exception {
    String exact = "12345678901234567.890";
    stubFor(post(anyUrl()).willReturn(okJson("{\"price\": " + exact + "}")));
    Path input =
        Files.writeString(
            folder.resolve("in.json"),
            "\uFEFF{\"body\": {\"title\": \"A\", \"place\": {\"x\": " + exact + "}}}");
    String place = "body/place={\"y\": " + exact + "}";

    Shell.Run read = call("AddBook", "--input", input.toString(), "--connect", "api_key=x");
    call("AddBook", "--param", "body/title=B", "--param", place, "--connect", "api_key=x");

    assertThat(read.out()).contains(exact);
    verify(postRequestedFor(anyUrl()).withRequestBody(containing("\"x\":" + exact)));
    verify(postRequestedFor(anyUrl()).withRequestBody(containing("\"y\":" + exact)));
  }

  @Test
  void refusesANumberWhoseExponentNobodyCanHave() throws Exception {
    Path input = Files.writeString(folder.resolve("in.json"), "{\"body\": 1e99999999999}");

    Shell.Run run = call("AddBook", "--input", input.toString(), "--connect", "api_key=x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("a number has an exponent that is out of range");
  }

  @Test
  void refusesInputThatIsNestedWithoutEnd() throws Exception {
    Path input = Files.writeString(folder.resolve("in.json"), "[".repeat(100_000));

    Shell.Run run = call("AddBook", "--input", input.toString(), "--connect", "api_key=x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("nested too deeply, or too long a number, name or text");
  }

  @Test
  void writesAFileAsItIs() throws Exception {
    byte[] cover = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xff};
    stubFor(
        get(urlEqualTo("/v1/books/7/cover"))
            .willReturn(aResponse().withBody(cover).withHeader("Content-Type", "image/png")));
    Path file = folder.resolve("cover.png");

    Shell.Run run =
        call("GetCover", "--param", "id=7", "--output", file.toString(), "--connect", "api_key=x");

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(cover);
  }

  @Test
  void sendsAFileAsItIs() throws Exception {
    stubFor(put("/v1/covers").willReturn(ok()));
    Path shelf = Files.createDirectory(folder.resolve("shelf"));
    Files.writeString(
        shelf.resolve("apiDefinition.swagger.json"),
        """
        {"swagger": "2.0", "info": {"title": "Shelf", "version": "1"}, "host": "shelf.example",
         "paths": {"/covers": {"put": {"operationId": "SetCover", "consumes": ["image/png"],
          "parameters": [{"name": "cover", "in": "body", "required": true,
           "schema": {"type": "string", "format": "binary"}}],
          "responses": {"200": {"description": "Done"}}}}}}
        """);
    Files.writeString(shelf.resolve("apiProperties.json"), "{\"properties\": {}}");
    byte[] cover = new byte[200_000];
    cover[cover.length - 1] = (byte) 0xff;
    Path file = Files.write(folder.resolve("cover.png"), cover);

    for (String option : new String[] {"--param=cover=@" + file, "--file=cover=" + file}) {
      Shell.Run run =
          shell.run("call", shelf.toString(), "SetCover", "--base-url", baseUrl, option);

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
    }

    verify(
        2,
        putRequestedFor(urlEqualTo("/v1/covers"))
            .withHeader("Content-Type", equalTo("image/png"))
            .withRequestBody(binaryEqualTo(cover)));
    assertThat(
            shell
                .run("call", shelf.toString(), "SetCover", "--param=cover=@" + folder + "/none")
                .err())
        .startsWith("connectors: no such file: ");
    assertThat(
            shell
                .run(
                    "call",
                    shelf.toString(),
                    "SetCover",
                    "--param=cover=@" + file,
                    "--file=cover=" + file)
                .err())
        .startsWith("connectors: --param cover is given twice");
  }

  @Test
  void aRefusalIsOneLineWithWhatTheServiceSaidButNotTheKey() {
    stubFor(
        get(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withBody("{\"error\":\"key s3cret-key is\n no good\"}")));

    Shell.Run run = call("ListBooks", "--connect", "api_key=env:LIBRARY_KEY");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("connectors: ")
        .contains("status 403")
        .contains("key *** is no good")
        .doesNotContain("s3cret-key", "Exception");
  }

  @Test
  void showsWhereAFailureCameFromOnlyWhenAsked() {
    stubFor(get(anyUrl()).willReturn(aResponse().withStatus(500)));

    Shell.Run run = call("ListBooks", "-v", "--timeout", "1", "--connect", "api_key=s3cret-key");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("\tat dev.connectorsdk").doesNotContain("s3cret-key");
  }

  @Test
  void refusesWhatDoesNotFitAndSendsNothing() {
    Shell.Run unknown = call("ListBooks", "--param", "autor=x", "--connect", "api_key=x");
    Shell.Run wrong = call("ListBooks", "--param", "limit=many", "--connect", "api_key=x");
    Shell.Run missing = call("AddBook", "--connect", "api_key=x");
    Shell.Run noKey = call("ListBooks");
    Shell.Run noSuchVariable = call("ListBooks", "--connect", "api_key=env:NOT_SET");
    Shell.Run noSuchOperation = call("ListBoks");

    assertThat(unknown.err()).contains("has no parameter 'autor'; did you mean author?");
    assertThat(wrong.err()).contains("--param limit must be of type integer");
    assertThat(missing.err()).contains("Invalid input for");
    assertThat(noKey.err()).contains("'apiKey' needs --connect api_key=@FILE");
    assertThat(noSuchVariable.err()).contains("NOT_SET, which is not set");
    assertThat(noSuchOperation.err()).contains("did you mean ListBooks");
    assertThat(Stream.of(unknown, wrong, missing, noKey, noSuchVariable, noSuchOperation))
        .allSatisfy(run -> assertThat(run.code()).isEqualTo(2))
        .allSatisfy(run -> assertThat(run.err().lines()).hasSize(1));
    verify(0, getRequestedFor(anyUrl()));
    verify(0, postRequestedFor(anyUrl()));
  }
}
