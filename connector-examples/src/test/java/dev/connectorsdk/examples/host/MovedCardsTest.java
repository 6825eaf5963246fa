package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
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
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.examples.plugin.BoardsService;
import dev.connectorsdk.examples.webhooks.JdkWebhooks;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
    BoardsService.start();
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

  private static int send(String id, String card) throws IOException, InterruptedException {
    return BoardsService.deliver(BoardsService.registered(), id, "application/json", card);
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

          assertThat(send("msg-1", "{\"id\":\"c-1\",\"column\":\"Done\"}")).isEqualTo(200);
          assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-1", "Done"));
        });

    whileTheHostRuns(
        runtime -> {
          MovedCards.watch(runtime, ADA);

          assertThat(send("msg-2", "{\"id\":\"c-2\",\"column\":\"Todo\"}")).isEqualTo(200);
          assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-2", "Todo"));
        });

    assertThat(moved).isEmpty();
    verify(1, postRequestedFor(urlEqualTo("/api/hooks")));
  }
}
