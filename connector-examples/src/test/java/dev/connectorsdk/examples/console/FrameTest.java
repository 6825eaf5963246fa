package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all pages of the console. */
class FrameTest {

  private static final String EDIT = "administration/policies/edit";

  private static ConsoleHost host;

  @BeforeAll
  static void start() {
    host = new ConsoleHost(address -> ConnectorRuntime.builder().build());
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no/such/page"})
  void aPageIsNeitherKeptNorFramedNorRunsWhatIsNotTheConsoles(String path) {
    HttpResponse<String> page = host.browserOf("ada").open(path);

    assertThat(page.headers().map())
        .contains(
            header("cache-control", "no-store"),
            header("referrer-policy", "same-origin"),
            header("x-content-type-options", "nosniff"),
            header(
                "content-security-policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
                    + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
    assertThat(page.headers().map()).doesNotContainKey("set-cookie");
    assertThat(page.body()).doesNotContain("<style", "style=", "<script>", "onclick");
  }

  private static Map.Entry<String, List<String>> header(String name, String value) {
    return Map.entry(name, List.of(value));
  }

  @Test
  void whoIsNotSignedInSeesNothing() {
    HttpResponse<String> page = new ConsoleBrowser(host.address(), "").open("");

    assertThat(page.statusCode()).isEqualTo(401);
    assertThat(page.body())
        .contains("Nobody is signed in", "href=\"" + host.address() + "\"")
        .doesNotContain("<nav");
  }

  @Test
  void namesTheVisitorAndTheEnvironment() {
    assertThat(host.browserOf("ada").open("").body())
        .contains("The user ada", ">dev<")
        .doesNotContain("Administrator", "ada-1");
    assertThat(host.browserOf("root").open("").body()).contains("Administrator");
  }

  @Test
  void answersUnderItsOwnNameOnly() throws Exception {
    assertThat(answerTo("Host: 127.0.0.1:" + host.address().getPort())).startsWith("HTTP/1.1 200");
    assertThat(answerTo("Host: rebound.test:" + host.address().getPort()))
        .startsWith("HTTP/1.1 421")
        .doesNotContain("The user ada");
    assertThat(answerTo("Host: 127.0.0.1")).startsWith("HTTP/1.1 421");
  }

  private static String answerTo(String hostHeader) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.address().getPort())) {
      String head =
          "GET /console HTTP/1.1\r\n%s\r\nCookie: session=ada-1\r\nConnection: close\r\n\r\n";
      socket
          .getOutputStream()
          .write(head.formatted(hostHeader).getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aFormCountsWithTheTokenOfItsSessionOnly() {
    ConsoleBrowser ada = host.browserOf("ada");
    String token = tokenOf("ada-1");

    assertThat(ada.post("nowhere", Map.of("form_token", token)).statusCode()).isEqualTo(404);
    assertThat(ada.post("nowhere", Map.of()).statusCode()).isEqualTo(403);
    assertThat(ada.post("nowhere", Map.of("form_token", "")).statusCode()).isEqualTo(403);
    assertThat(ada.post("nowhere", Map.of("form_token", "%%")).statusCode()).isEqualTo(403);
    assertThat(ada.post("nowhere", Map.of("form_token", tokenOf("ada-2"))).statusCode())
        .isEqualTo(403);
    assertThat(host.browserOf("ben").post("nowhere", Map.of("form_token", token)).statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Origin: http://evil.test", "Origin: null", "Sec-Fetch-Site: same-site"})
  void aFormFromAnotherSiteIsRefusedEvenWithItsToken(String header) {
    HttpResponse<String> answer =
        host.browserOf("ada")
            .send(
                host.browserOf("ada")
                    .request("nowhere")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header(header.split(": ", 2)[0], header.split(": ", 2)[1])
                    .POST(BodyPublishers.ofString("form_token=" + tokenOf("ada-1"))));

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  /** Over plain http to another machine browsers send no more than this. */
  @Test
  void anOwnFormIsKnownByItsOriginAlone() {
    String own = host.address().resolve("/").toString();
    HttpResponse<String> answer =
        host.browserOf("ada")
            .send(
                host.browserOf("ada")
                    .request("nowhere")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", own.substring(0, own.length() - 1))
                    .POST(BodyPublishers.ofString("form_token=" + tokenOf("ada-1"))));

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connectors/a%20b",
        "connectors/%21/connect",
        "connectors/%C3%A4/try?operation=x",
        "callback/dev/a%20b?code=1&state=2",
        "callback/a%20b/tickets?code=1&state=2"
      })
  void anAddressThatNoPageCanHaveIsAPageThatSaysSo(String path) {
    HttpResponse<String> page = host.browserOf("ada").open(path);

    assertThat(page.statusCode()).isBetween(400, 499);
    assertThat(page.body()).contains("<h1>").doesNotContain("Exception");
  }

  @Test
  void aFaultOfAPageIsSaidInWordsOfTheConsole() {
    FlowDirectory failing =
        new FlowDirectory() {
          @Override
          public Optional<Flow> find(String id) {
            throw new IllegalStateException("secret of the directory");
          }

          @Override
          public List<Flow> list(Filter filter, String after, int limit) {
            throw new IllegalStateException("secret of the directory");
          }
        };
    try (ConsoleHost faulty =
        new ConsoleHost(address -> ConnectorRuntime.builder().build(), failing)) {
      HttpResponse<String> page = faulty.browserOf("ada").open("flows");

      assertThat(page.statusCode()).isEqualTo(500);
      assertThat(page.body())
          .contains("The console has a fault here.", "<nav")
          .doesNotContain("secret of the directory", "IllegalState");
    }
  }

  private static String tokenOf(String session) {
    return FormToken.of(Secret.of(session));
  }

  @Test
  void aTokenLooksDifferentInEachPage() {
    assertThat(tokenOf("ada-1")).isNotEqualTo(tokenOf("ada-1")).doesNotContain("ada");
  }

  @Test
  void aFormIsOfBoundedSizeAndOfTheTypeThatBrowsersSend() {
    ConsoleBrowser ada = host.browserOf("ada");
    String large = "a".repeat(Posted.MAX_BYTES);

    assertThat(ada.post("nowhere", Map.of("text", large)).statusCode()).isEqualTo(413);
    assertThat(ada.post("administration/policies/edit", Map.of("text", large)).statusCode())
        .isEqualTo(413);
    assertThat(
            host.browserOf("root")
                .post(
                    "administration/policies/edit",
                    Map.of("text", "a".repeat(Posted.MAX_BYTES_OF_POLICIES)))
                .statusCode())
        .isEqualTo(413);
    assertThat(ada.send(ada.request("nowhere").POST(BodyPublishers.ofString("{}"))).statusCode())
        .isEqualTo(415);
  }

  @Test
  void onlyFormsWithADataPolicyAreLarge() {
    ConsoleBrowser root = host.browserOf("root");
    Map<String, String> large = Map.of("text", "a".repeat(Posted.MAX_BYTES));

    for (String path : List.of("delete", "adopt")) {
      assertThat(root.post("administration/policies/" + path, large).statusCode()).isEqualTo(413);
    }
    for (String path : List.of("edit", "change")) {
      assertThat(root.post("administration/policies/" + path, large).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void nothingIsReadOfAFormFromAnotherSite() {
    ConsoleBrowser root = host.browserOf("root");

    assertThat(
            root.send(
                    root.request(EDIT)
                        .header("Sec-Fetch-Site", "cross-site")
                        .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void fewLargeFormsAreReadAtATime() throws Exception {
    ConsoleBrowser root = host.browserOf("root");
    Map<String, String> large = Map.of("text", "a".repeat(Posted.MAX_BYTES));
    ExecutorService readers = Executors.newCachedThreadPool();
    List<Socket> forms = new ArrayList<>();
    try {
      for (int form = 0; form <= Posted.MOST_LARGE; form++) {
        forms.add(halfOfALargeForm());
      }
      assertThat(readers.invokeAny(forms.stream().map(FrameTest::answer).toList()))
          .isEqualTo("HTTP/1.1 503 Service Unavailable");
      HttpResponse<String> refused = root.post(EDIT, large);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("Nothing was done. Send it again in a moment.");
      assertThat(root.post(EDIT, Map.of("text", "a")).statusCode()).isEqualTo(403);
    } finally {
      for (Socket form : forms) {
        form.close();
      }
      readers.shutdownNow();
    }
    // The server learns in its own time that they ended.
    assertThat(
            IntStream.range(0, 100)
                .map(again -> root.post(EDIT, large).statusCode())
                .anyMatch(status -> status == 403))
        .isTrue();
  }

  private static Callable<String> answer(Socket form) {
    return () ->
        new BufferedReader(new InputStreamReader(form.getInputStream(), StandardCharsets.US_ASCII))
            .readLine();
  }

  private static Socket halfOfALargeForm() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.address().getPort());
    String head =
        String.join(
            "\r\n",
            "POST " + host.address().getPath() + "/" + EDIT + " HTTP/1.1",
            "Host: " + host.address().getAuthority(),
            "Cookie: session=root-1",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: " + 4 * Posted.MAX_BYTES,
            "",
            "a".repeat(Posted.MAX_BYTES + 2));
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void aLinkSaysNothingThatTheConsoleDoesNotSay() {
    assertThat(host.browserOf("ada").open("?done=saved").body()).contains("Saved.");
    assertThat(host.browserOf("ada").open("?done=%3Cb%3ECall%20us%3C/b%3E").body())
        .doesNotContain("Call us");
  }

  @Test
  void filesAreServedToAnybodyAndMayBeKept() {
    HttpResponse<String> style = new ConsoleBrowser(host.address(), "").open("console.css");

    assertThat(style.statusCode()).isEqualTo(200);
    assertThat(style.headers().firstValue("content-type")).hasValue("text/css; charset=utf-8");
    assertThat(style.headers().firstValue("cache-control")).hasValue("public, max-age=86400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com",
        "ftp://app.example.com/console",
        "https://app.example.com/console?a=b",
        "https://user@app.example.com/console",
        "/console"
      })
  void anAddressHasAHostAndAPath(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Console.of(host.runtime(), request -> null, URI.create(address)))
        .withMessage(
            "The console's address is like https://app.example.com/console, but was " + address);
  }
}
