package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class ConnectionsTest {

  private static final String LIBRARY = "src/test/resources/cli/library";
  private static final String KEY = "c4nary-of-the-house";

  @TempDir private Path folder;
  private Path home;
  private Shell shell;
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    home = folder.resolve("home");
    baseUrl = wireMock.getHttpBaseUrl() + "/v1";
    shell = new Shell().with("KEY", KEY);
    stubFor(get(anyUrl()).willReturn(aResponse().withStatus(401)));
    stubFor(get(anyUrl()).withHeader("X-Library-Key", equalTo(KEY)).willReturn(okJson("[]")));
  }

  private Shell.Run run(String... arguments) {
    Shell.Run run = shell.run(Shell.arguments(List.of(arguments), "--home", home.toString()));
    assertThat(run.all()).doesNotContain(KEY);
    return run;
  }

  private Shell.Run connect(String... more) {
    return run(
        Shell.arguments(
            List.of("connect", LIBRARY, "--base-url", baseUrl, "--name", "house"), more));
  }

  @Test
  void keepsAConnectionThatCallsThenUse() {
    Shell.Run connected = connect("--connect", "api_key=env:KEY");
    Shell.Run called = run("call", LIBRARY, "ListBooks");
    Shell.Run shown = run("call", LIBRARY, "ListBooks", "--connection", "house", "--dry-run");

    assertThat(connected.err()).isEmpty();
    assertThat(connected.code()).isZero();
    assertThat(connected.lines()).contains("status      connected");
    assertThat(called.err()).isEmpty();
    assertThat(called.out()).isEqualTo("[]\n");
    assertThat(shown.out()).contains("GET " + baseUrl + "/books", "X-Library-Key: ***");
    // The test of the connection, and the call.
    verify(
        2, getRequestedFor(urlPathEqualTo("/v1/books")).withHeader("X-Library-Key", equalTo(KEY)));
  }

  @Test
  void saysWhatAWayToAuthenticateLeavesOut() throws Exception {
    Path unfit = Files.createDirectory(folder.resolve("library"));
    String swagger = Files.readString(Path.of(LIBRARY, "apiDefinition.swagger.json"));
    Files.writeString(
        unfit.resolve("apiDefinition.swagger.json"),
        swagger.replace("\"type\": \"apiKey\"", "\"type\": \"unknown\""));
    Files.copy(Path.of(LIBRARY, "apiProperties.json"), unfit.resolve("apiProperties.json"));
    String[] line = {
      "connect", unfit.toString(), "--connect", "api_key=env:KEY", "--no-test", "--json"
    };

    Shell.Run shown = run(Arrays.copyOf(line, line.length - 1));
    Shell.Run json = run(line);

    assertThat(shown.lines())
        .anyMatch(l -> l.matches("note +limited: no connection parameter fits .*"));
    assertThat(json.json().path("limitation").asString()).startsWith("no connection parameter");
    assertThat(json.json().path("weaknesses").isArray()).isTrue();
    assertThat(connect("--connect", "api_key=env:KEY").out()).doesNotContain("note");
  }

  @Test
  void listsConnectionsWithoutASecretForPeopleAndMachines() {
    connect("--connect", "api_key=env:KEY");

    Shell.Run list = run("connections");
    Shell.Run json = run("connections", "--json");

    assertThat(list.lines()).hasSize(2);
    assertThat(list.lines().get(0)).startsWith("ID").contains("OWNER", "ACCOUNT", "STATUS");
    assertThat(list.lines().get(1)).contains("house", "library (apiKey)").endsWith("connected");
    assertThat(json.json().at("/0/state").asString()).isEqualTo("CONNECTED");
    assertThat(json.json().at("/0/baseUrl").asString()).isEqualTo(baseUrl);
  }

  @Test
  void testsConnectionsAndFailsIfOneDoesNotWork() {
    connect("--connect", "api_key=env:KEY");
    Shell.Run works = run("test");
    stubFor(get(anyUrl()).willReturn(aResponse().withStatus(401)));

    Shell.Run fails = run("test", "house", "--json");

    assertThat(works.code()).isZero();
    assertThat(works.out()).contains("OK");
    assertThat(fails.code()).isEqualTo(1);
    assertThat(fails.json().at("/0/outcome").asString()).isEqualTo("NOT_AUTHENTICATED");
    assertThat(fails.json().at("/0/works").asBoolean()).isFalse();
  }

  @Test
  void keepsAConnectionThatTheServiceRefusesAndSaysSo() {
    Shell.Run run = connect("--connect", "api_key=wrong");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("stored but not ready").hasLineCount(1);
    assertThat(run("connections").out()).contains("CREDENTIALS_REJECTED");
  }

  @Test
  void deletesAConnectionByItsName() {
    connect("--connect", "api_key=env:KEY");

    Shell.Run deleted = run("connections", "delete", "house");

    assertThat(deleted.code()).isZero();
    assertThat(run("connections", "--json").json()).isEmpty();
    assertThat(run("connections", "delete", "house").code()).isEqualTo(2);
    assertThat(run("call", LIBRARY, "ListBooks", "--connection", "house").code()).isEqualTo(2);
  }

  @Test
  void asksWhichOfTwoConnectionsACallIsToUse() {
    connect("--connect", "api_key=env:KEY");
    connect("--connect", "api_key=env:KEY", "--no-test");

    Shell.Run run = run("call", LIBRARY, "ListBooks");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("2 connections of connector 'library': choose one");
  }

  @Test
  void letsNobodyElseReadWhatItKeeps() throws Exception {
    connect("--connect", "api_key=env:KEY");

    assertThat(permissions(home)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files)
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"))
          .allSatisfy(file -> assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(KEY));
    }
  }

  @Test
  void doesNotPutKeysIntoAFolderThatOthersMayRead() throws Exception {
    Files.createDirectory(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

    Shell.Run run = connect("--connect", "api_key=env:KEY");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("chmod 700").hasLineCount(1);
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void showsTheRequestOfAClientThatHasAKeyAndNothingOfTheKey() throws Exception {
    Path key = Files.writeString(folder.resolve("key.pem"), PrivateKeys.pem());
    Path overlay =
        Files.writeString(
            folder.resolve("overlay.json"), "{\"issuer\": \"https://login.library.example\"}");
    String secret = PrivateKeys.pem().lines().skip(1).findFirst().orElseThrow();

    Shell.Run shown =
        run(
            "call",
            LIBRARY,
            "ListBooks",
            "--overlay",
            overlay.toString(),
            "--auth",
            "oauth2",
            "--client-id",
            "me",
            "--client-key",
            "@" + key,
            "--client-key-id",
            "k1",
            "--dry-run");

    assertThat(shown.err()).isEmpty();
    assertThat(shown.out()).contains("Authorization: Bearer ***").doesNotContain(secret);
  }

  @Test
  void refusesClientsThatAreNotWhole() {
    for (String[] client :
        new String[][] {
          {"--client-secret", "s"},
          {"--client-key", "k"},
          {"--client-id", "a", "--client-secret", "s", "--client-key", "k"},
          {"--client-id", "a", "--client-key-id", "k"}
        }) {
      assertThat(connect(client).code()).isEqualTo(2);
    }
    assertThat(home).doesNotExist();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
