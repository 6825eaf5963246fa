package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.internal.gateway.agent.GatewayWorld.Directory;
import dev.connectorsdk.internal.gateway.agent.GatewayWorld.Upgrades;
import dev.connectorsdk.internal.gateway.relay.Relay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host of several processes behind one address. */
@Timeout(120)
class NodesTest {

  @AutoClose private final InsideService service = new InsideService();
  @AutoClose private final GatewayWorld world = new GatewayWorld();
  @AutoClose private final MockWebServer secondServer = new MockWebServer();
  private final Directory second = new Directory("node-2");
  private final Relay secondRelay = world.relay(second);
  private final ECKey key = GatewayWorld.key();
  private Cable balancer;

  NodesTest() throws Exception {}

  @BeforeEach
  void twoProcesses() throws Exception {
    secondServer.setDispatcher(new Upgrades(secondRelay));
    secondServer.start();
    balancer = new Cable(world.server.getPort(), secondServer.getPort());
    for (Directory directory : List.of(world.directory, second)) {
      directory.nodes.addAll(List.of("node-1", "node-2"));
      directory.add("a", key);
    }
  }

  @AfterEach
  void close() throws Exception {
    secondRelay.close();
    balancer.close();
  }

  private void startMember() {
    world.new Member("a", key, GatewayWorld.NO_CREDENTIALS, List.of(service.url()), balancer.port())
        .start();
  }

  private String hello(Relay at) {
    return world
        .http(at, service.url(), Effect.READ, Duration.ofSeconds(20))
        .get("/hello")
        .send()
        .text();
  }

  @Test
  void aMemberHoldsALineToEachSoThatEveryProcessReachesTheService() throws Exception {
    startMember();

    world.directory.awaitOpened("a");
    second.awaitOpened("a");
    assertThat(hello(world.relay)).isEqualTo("hello");
    assertThat(hello(secondRelay)).isEqualTo("hello");
  }

  @Test
  void aProcessThatComesLaterGetsItsLineToo() throws Exception {
    world.directory.nodes.remove("node-2");
    second.nodes.remove("node-2");
    startMember();
    String first = world.directory.opened.take();
    assertThat(first).isEqualTo("a");
    assertThat(second.opened).isEmpty();

    world.directory.nodes.add("node-2");

    second.awaitOpened("a");
    assertThat(hello(secondRelay)).isEqualTo("hello");
  }

  @Test
  void aProcessThatClosesSendsItsMembersElsewhereFirst() throws Exception {
    startMember();
    world.directory.awaitOpened("a");
    second.awaitOpened("a");

    world.relay.drain();
    world.relay.close();

    assertThat(hello(secondRelay)).isEqualTo("hello");
  }

  @Test
  void aCallOfAProcessThatHasJustBegunWaitsForItsLine() throws Exception {
    OkHttpClient unrepeated =
        world
            .http(world.relay, service.url(), Effect.READ, Duration.ofSeconds(20))
            .unwrap(OkHttpClient.class);
    Request request = new Request.Builder().url(service.url() + "/hello").build();
    Future<String> call =
        world.work.submit(
            () -> {
              try (Response response = unrepeated.newCall(request).execute()) {
                return response.body().string();
              }
            });

    startMember();

    assertThat(call.get()).isEqualTo("hello");
  }

  @Test
  void whatAProcessCallsBeforeItClosesGoesOn() throws Exception {
    startMember();
    world.directory.awaitOpened("a");
    second.awaitOpened("a");

    world.relay.drain();
    assertThat(hello(secondRelay)).isEqualTo("hello");

    assertThat(hello(world.relay)).isEqualTo("hello");
  }
}
