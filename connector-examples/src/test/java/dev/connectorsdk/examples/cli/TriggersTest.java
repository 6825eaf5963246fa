package dev.connectorsdk.examples.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands about triggers, with a service that answers and calls back. */
@WireMockTest
@Timeout(60)
class TriggersTest {

  private static final String SHOP = "src/test/resources/cli/shop";
  private static final String TWO_ORDERS =
      """
      {"orders": [{"number": 2, "at": "2026-01-02T00:00:00Z"},
                  {"number": 1, "at": "2026-01-01T00:00:00Z"}]}
      """;

  @TempDir private Path folder;
  private final Shell shell = new Shell().with("SHOP_KEY", "s3cret-key");
  private String baseUrl;

  @BeforeEach
  void start(WireMockRuntimeInfo shop) {
    baseUrl = shop.getHttpBaseUrl() + "/v1";
    stubFor(
        get(urlPathEqualTo("/v1/orders"))
            .withHeader("X-Shop-Key", equalTo("s3cret-key"))
            .willReturn(okJson(TWO_ORDERS)));
    stubFor(
        post("/v1/hooks")
            .willReturn(aResponse().withStatus(201).withHeader("Location", "/v1/hooks/h-1")));
    stubFor(delete("/v1/hooks/h-1").willReturn(noContent()));
  }

  private Shell.Run run(String command, String trigger, String... more) {
    return shell.run(
        Shell.arguments(
            List.of(
                command,
                SHOP,
                trigger,
                "--base-url",
                baseUrl,
                "--home",
                folder.resolve("home").toString()),
            more));
  }

  private Shell.Run withKey(String command, String trigger, String... more) {
    return run(
        command, trigger, Shell.arguments(List.of("--connect", "api_key=env:SHOP_KEY"), more));
  }

  private static List<Integer> numbers(Shell.Run run) {
    return run.lines().stream()
        .map(line -> Json.MAPPER.readTree(line).at("/event/number").asInt())
        .toList();
  }

  @Test
  void previewsWhatAPollWouldFindAndKeepsNothing() {
    Shell.Run once = withKey("poll", "WhenOrdered", "--preview", "--param", "town=Turin");
    Shell.Run again = withKey("poll", "WhenOrdered", "--preview", "--param", "town=Turin");

    assertThat(once.err()).isEmpty();
    assertThat(numbers(once)).containsExactly(1, 2);
    assertThat(numbers(again)).containsExactly(1, 2);
    assertThat(Json.MAPPER.readTree(once.lines().get(0)).path("id").asString()).isNotEmpty();
    assertThat(once.code()).isZero();
    assertThat(once.all()).doesNotContain("s3cret");
  }

  @Test
  void printsEachEventThatAPollFinds() {
    Shell.Run run = withKey("listen", "WhenOrdered", "--all", "--events", "2");

    assertThat(numbers(run)).containsExactly(1, 2);
    assertThat(run.code()).isZero();
  }

  @Test
  void beginsWithWhatHappensFromNowOn() {
    Shell.Run run = withKey("listen", "WhenOrdered", "--for", "1");

    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("Listening to WhenOrdered. Ctrl+C ends it.\n");
    assertThat(run.code()).isZero();
  }

  private static URI registered(int count) {
    while (findAll(postRequestedFor(urlEqualTo("/v1/hooks"))).size() < count) {
      Thread.onSpinWait();
    }
    String hook =
        findAll(postRequestedFor(urlEqualTo("/v1/hooks"))).get(count - 1).getBodyAsString();
    return URI.create(Json.MAPPER.readTree(hook).path("url").asString());
  }

  private static int deliver(URI callback, String order) throws IOException, InterruptedException {
    HttpRequest delivery =
        HttpRequest.newBuilder(callback)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(order))
            .build();
    return HttpClient.newHttpClient().send(delivery, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void registersAtTheServicePrintsWhatItSendsAndRemovesTheRegistration() throws Exception {
    CompletableFuture<Shell.Run> listening =
        CompletableFuture.supplyAsync(
            () ->
                withKey("listen", "WhenCancelled", "--param", "body/town=Turin", "--events", "2"));
    URI callback = registered(1);
    assertThat(callback.getHost()).isEqualTo("127.0.0.1");
    assertThat(deliver(callback, "{\"number\": 7}")).isEqualTo(200);
    assertThat(deliver(callback, "{\"number\": 8}")).isEqualTo(200);
    Shell.Run run = listening.get(30, TimeUnit.SECONDS);

    assertThat(numbers(run)).containsExactly(7, 8);
    assertThat(run.err()).startsWith("Listening to WhenCancelled at http://127.0.0.1:");
    assertThat(run.all()).doesNotContain(callback.getPath(), "s3cret");
    assertThat(run.code()).isZero();
    verify(1, deleteRequestedFor(urlEqualTo("/v1/hooks/h-1")));
  }

  @Test
  void removesWhatAProcessHasLeftThatCouldNotComeToItsEnd() throws Exception {
    String home = folder.resolve("home").toString();
    shell.run(
        "connect",
        SHOP,
        "--base-url",
        baseUrl,
        "--home",
        home,
        "--no-test",
        "--connect",
        "api_key=env:SHOP_KEY");
    leaveASubscription(Path.of(home));
    registered(1);

    Shell.Run run = run("listen", "WhenCancelled", "--param", "body/town=Turin", "--for", "1");

    assertThat(run.code()).isZero();
    verify(2, deleteRequestedFor(urlEqualTo("/v1/hooks/h-1")));
  }

  private static void leaveASubscription(Path folder) throws IOException {
    try (Home home = Home.open(folder)) {
      Connection kept;
      try (ConnectorRuntime runtime = home.bare()) {
        kept = runtime.connections().list(Home.me()).get(0);
      }
      Home.Origin origin = home.origin(kept.id());
      var reference = ConnectionReference.embedded("cli-" + kept.id(), "shop");
      Flow flow = Flow.of(reference.logicalName(), Home.me().principal()).using(reference);
      try (ConnectorRuntime runtime =
          home.runtime(origin.connector(kept.connector()), kept)
              .flows(FlowDirectory.of(flow))
              .handler("before", Map.class, (payload, event) -> {})
              .publicAddress("http://127.0.0.1:1")
              .build()) {
        runtime.references().bind(Home.me(), reference, kept.id());
        var town = Map.of("body", Map.of("town", "Turin"));
        runtime
            .triggers()
            .subscribe(
                Home.me().running(flow),
                SubscriptionSpec.of(reference, "WhenCancelled", town, "before"));
        registered(1);
      }
    }
  }

  @Test
  void saysAtOnceWhyItDoesNotWork() {
    stubFor(get(urlPathEqualTo("/v1/orders")).willReturn(unauthorized()));
    stubFor(post("/v1/hooks").willReturn(aResponse().withStatus(422)));

    Shell.Run poll = withKey("poll", "WhenOrdered", "--preview");
    Shell.Run listen = withKey("listen", "WhenOrdered");
    Shell.Run called = withKey("listen", "WhenCancelled", "--param", "body/town=Turin");

    assertThat(Stream.of(poll, listen, called))
        .allSatisfy(run -> assertThat(run.code()).isEqualTo(1))
        .allSatisfy(run -> assertThat(run.out()).isEmpty())
        .allSatisfy(run -> assertThat(run.err().lines()).hasSize(1));
    assertThat(poll.err()).contains("status 401");
    assertThat(listen.err()).contains("401");
    assertThat(called.err()).contains("422");
  }

  @Test
  void refusesWhatDoesNotFitAndAsksForNothing() throws Exception {
    Shell.Run action = withKey("listen", "DropHook");
    Shell.Run called = withKey("poll", "WhenCancelled", "--preview");
    Shell.Run noPreview = withKey("poll", "WhenOrdered");
    Shell.Run all = withKey("listen", "WhenCancelled", "--all");
    Shell.Run port = withKey("listen", "WhenOrdered", "--port", "8090");
    Shell.Run interval = withKey("listen", "WhenOrdered", "--every", "1");
    Shell.Run url =
        withKey(
            "listen",
            "WhenCancelled",
            "--public-url",
            "http://shop.example",
            "--param",
            "body/town=T");
    Shell.Run configuration = withKey("listen", "WhenCancelled");

    assertThat(action.err()).contains("'DropHook' is no trigger; see: connectors help call");
    assertThat(called.err()).contains("is called by the service, and asks for nothing");
    assertThat(noPreview.err()).contains("--preview");
    assertThat(all.err()).contains("is called by the service: no --all and no --every");
    assertThat(port.err()).contains("asks the service: no --port and no --public-url");
    assertThat(interval.err()).contains("15");
    assertThat(url.err()).contains("--public-url must be https, or http on this machine");
    assertThat(configuration.err()).contains("/configuration/body: is required");
    assertThat(List.of(action, called)).allSatisfy(run -> assertThat(run.code()).isEqualTo(1));
    assertThat(List.of(noPreview, all, port, interval, url, configuration))
        .allSatisfy(run -> assertThat(run.code()).isEqualTo(2));
    verify(0, postRequestedFor(urlEqualTo("/v1/hooks")));
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = String.valueOf(taken.getLocalPort());

      Shell.Run run =
          withKey("listen", "WhenCancelled", "--param", "body/town=Turin", "--port", port);

      assertThat(run.err())
          .isEqualTo("connectors: port " + port + " is taken: choose another --port\n");
      assertThat(run.code()).isEqualTo(1);
    }
  }
}
