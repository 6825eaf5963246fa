package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class DryRunTest {

  private static final String CANARY = "c4nary/+% \"ü";
  private static final String LIBRARY = "src/test/resources/cli/library";

  @TempDir private Path home;
  private Shell shell;
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo wireMock) {
    baseUrl = wireMock.getHttpBaseUrl() + "/v1";
    shell = new Shell().with("CANARY", CANARY);
  }

  private Shell.Run dryRun(String operation, String... more) {
    Shell.Run run =
        shell.run(
            Shell.arguments(
                List.of(
                    "call",
                    LIBRARY,
                    operation,
                    "--dry-run",
                    "--base-url",
                    baseUrl,
                    "--home",
                    home.resolve("none").toString()),
                more));
    verify(0, anyRequestedFor(anyUrl()));
    return run;
  }

  private static void assertShowsNoCanary(Shell.Run run) {
    byte[] basic = ("ada:" + CANARY).getBytes(UTF_8);
    assertThat(run.all())
        .doesNotContain(
            CANARY,
            "c4nary",
            URLEncoder.encode(CANARY, UTF_8),
            Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8)),
            Base64.getEncoder().encodeToString(basic));
  }

  @Test
  void showsTheRequestAsItWouldBeSentAndSendsNothing() {
    Shell.Run run =
        dryRun(
            "AddBook",
            "--param",
            "body/title=Notes",
            "--param",
            "body/pages=3",
            "--connect",
            "api_key=abc-secret");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            POST %s/books
            Accept: application/json
            X-Library-Key: ***
            Content-Type: application/json
            Content-Length: 27

            {"title":"Notes","pages":3}
            """
                .formatted(baseUrl));
    assertThat(run.code()).isZero();
  }

  @Test
  void hidesAKeyInAHeader() {
    Shell.Run run = dryRun("ListBooks", "--connect", "api_key=c4nary-key", "--json");

    assertThat(run.json().at("/headers/X-Library-Key").asString()).isEqualTo("***");
    assertShowsNoCanary(run);
  }

  @Test
  void hidesAPasswordInBasicAuthentication() {
    Shell.Run run =
        dryRun("ListBooks", "--connect", "username=ada", "--connect", "password=env:CANARY");

    assertThat(run.out()).contains("Authorization: Basic ***");
    assertShowsNoCanary(run);
  }

  @Test
  void hidesASecretThatAParameterPutsIntoTheUrlOrTheBody() {
    Shell.Run query =
        dryRun(
            "ListBooks",
            "--param",
            "author=" + CANARY,
            "--connect",
            "username=ada",
            "--connect",
            "password=env:CANARY");
    Shell.Run body =
        dryRun(
            "AddBook",
            "--param",
            "body/title=of " + CANARY,
            "--connect",
            "username=ada",
            "--connect",
            "password=env:CANARY");
    Shell.Run declared =
        dryRun("AddBook", "--param", "body/title=A", "--param", "body/pin=" + CANARY);

    assertThat(query.out()).contains("author=***");
    assertThat(body.out()).contains("{\"title\":\"of ***\"}");
    assertThat(declared.out()).contains("\"pin\":\"***\"");
    assertThat(Stream.of(query, body, declared)).allSatisfy(DryRunTest::assertShowsNoCanary);
  }

  @Test
  void hidesASecretInAnErrorToo() {
    Shell.Run run =
        dryRun("ListBooks", "--param", "limit=x", "-v", "--connect", "password=env:CANARY");

    assertThat(run.code()).isEqualTo(2);
    assertShowsNoCanary(run);
  }

  @Test
  void needsNoSecretToShowWhereOneWouldStand() {
    Shell.Run run = dryRun("ListBooks");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("X-Library-Key: ***").doesNotContain("not-given");
  }

  @Test
  void showsTheTokenOfASignInThatNeverTookPlaceAsMasked() {
    Shell.Run run = dryRun("ListBooks", "--auth", "oauth2");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Authorization: Bearer ***");
    assertThat(run.code()).isZero();
  }
}
