package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.BoardsPlugin;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.examples.webhooks.JdkWebhooks;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A host with a web server and a database file, which is stopped and started again. */
@WireMockTest
@Timeout(60)
class MovedCardsTest {

  private static final Caller ADA = Principal.user("ada").in("prod").running(MovedCards.FLOW);

  @TempDir Path folder;
  private final KeyRing keys = KeyRing.random();
  private final BlockingQueue<Card> moved = new LinkedBlockingQueue<>();
  private int port;

  @BeforeEach
  void start() throws IOException {
    port = LocalServer.freePort();
    stubFor(post("/api/hooks").willReturn(okJson("{\"id\":\"h-1\"}")));
  }

  private interface Work {
    void with(ConnectorRuntime runtime) throws Exception;
  }

  private void whileTheHostRuns(Work work) throws Exception {
    var database = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("host"), "sa", "");
    var builder =
        ConnectorRuntime.builder()
            .store(JdbcStore.builder(database).build(), keys)
            .addressPolicy(AddressPolicy.allowAll());
    String url = "http://localhost:" + port + "/hooks";
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    try (ConnectorRuntime runtime =
        MovedCards.start(builder, url, (card, event) -> moved.add(card))) {
      server.createContext("/hooks", new JdkWebhooks(runtime));
      server.start();
      work.with(runtime);
    } finally {
      server.stop(0);
      database.dispose();
    }
  }

  private static JsonNode registered() {
    while (findAll(postRequestedFor(urlEqualTo("/api/hooks"))).isEmpty()) {
      Thread.onSpinWait();
    }
    var made = findAll(postRequestedFor(urlEqualTo("/api/hooks"))).get(0);
    return JsonMapper.shared().readTree(made.getBodyAsString());
  }

  private static int send(JsonNode hook, String card) throws IOException, InterruptedException {
    URI callback = URI.create(hook.path("url").asString());
    Delivery delivery =
        WebhookSignatures.sign(
            BoardsPlugin.CARD_MOVED.signature(),
            Secret.of(hook.path("secret").asString()),
            new Delivery("POST", Map.of(), null, card.getBytes(StandardCharsets.UTF_8)),
            callback,
            Instant.now());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(callback)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach((name, values) -> request.header(name, values.get(0)));
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void goesOnAfterARestartAndRegistersOnce(WireMockRuntimeInfo boards) throws Exception {
    whileTheHostRuns(
        runtime -> {
          var spec =
              ConnectionSpec.of("boards", "apiKey")
                  .with("site", boards.getHttpBaseUrl())
                  .secret("api_key", Secret.of("k"));
          Connection connection = runtime.connections().create(ADA, spec.untested());
          runtime.references().bind(ADA, MovedCards.BOARDS, connection.id());
          MovedCards.watch(runtime, ADA);

          assertThat(send(registered(), "{\"id\":\"c-1\",\"column\":\"Done\"}")).isEqualTo(200);
          assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-1", "Done"));
        });

    whileTheHostRuns(
        runtime -> {
          MovedCards.watch(runtime, ADA);

          assertThat(send(registered(), "{\"id\":\"c-2\",\"column\":\"Todo\"}")).isEqualTo(200);
          assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-2", "Todo"));
        });

    assertThat(moved).isEmpty();
    verify(1, postRequestedFor(urlEqualTo("/api/hooks")));
  }
}
