package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.storm.StrictProvider.Behaviour;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Three hosts in processes of their own share a PostgreSQL and one expired grant of a provider that
 * ends the grant if a refresh token comes twice.
 *
 * <p>The system property {@code storm.rounds} says how often the storm breaks.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(600)
class RefreshStormTest {

  private static final int ROUNDS = Integer.getInteger("storm.rounds", 3);
  private static final int NODES = 3;
  private static final int THREADS = 64;
  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final Duration LONG_AGO = Duration.ofHours(-2);

  private final PostgresServer server;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private StrictProvider provider;
  private JdbcConnectionPool pool;
  private JdbcStore store;
  private int port;
  private String schema;

  RefreshStormTest(PostgresServer server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws Exception {
    PGConnectionPoolDataSource source = server.emptySchema();
    port = source.getPortNumbers()[0];
    schema = source.getCurrentSchema();
    pool = StormNode.pool(port, schema);
    store = JdbcStore.builder(pool).build();
    provider = new StrictProvider();
  }

  @AfterEach
  void stop() throws Exception {
    for (NodeProcess node : nodes) {
      node.close();
    }
    provider.close();
    pool.dispose();
  }

  @Test
  @DisplayName("B11: 64 threads in each of 3 processes refresh an expired grant once")
  void manyThreadsInSeveralProcessesRefreshAnExpiredGrantOnce() throws Exception {
    for (int i = 0; i < NODES; i++) {
      node();
    }
    for (int round = 1; round <= ROUNDS; round++) {
      String name = "round" + round;
      signInLongAgo(name, Behaviour.ANSWERS);

      nodes.forEach(node -> node.send("go " + name + " " + THREADS));

      for (NodeProcess node : nodes) {
        assertThat(node.await("done " + name)).isEqualTo("done " + name + " OK=" + THREADS);
      }
      assertThat(provider.refreshes(name)).as("refresh requests of " + name).isEqualTo(1);
      assertGrantWorks(name);
    }
  }

  @Test
  @DisplayName(
      "B14: whose process is killed while it refreshes leaves a good state or says why not")
  void whoseProcessIsKilledWhileItRefreshesLeavesAGoodStateOrSaysWhyNot() throws Exception {
    signInLongAgo("before", Behaviour.HANGS_BEFORE);
    signInLongAgo("after", Behaviour.HANGS_AFTER);
    signInLongAgo("replayed", Behaviour.HANGS_AFTER_AND_REPLAYS);
    signInLongAgo("unstored", Behaviour.ANSWERS);
    NodeProcess doomed = node("hang");
    NodeProcess other = node();
    List<String> all = List.of("before", "after", "replayed", "unstored");
    for (String name : all) {
      doomed.send("go " + name + " 8");
    }
    for (String name : all) {
      provider.awaitRefresh(name);
    }
    doomed.await("storing");

    doomed.kill();
    long began = System.nanoTime();
    for (String name : all) {
      other.send("go " + name + " 8");
    }
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      outcomes.add(other.await("done"));
    }

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("a lease, and not much more")
        .isLessThan(Duration.ofSeconds(25));
    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            "done before OK=8",
            "done after GRANT_ENDED=8",
            "done replayed OK=8",
            "done unstored GRANT_ENDED=8");
    for (String name : all) {
      assertThat(provider.refreshes(name)).as("refresh requests of " + name).isEqualTo(2);
    }
    assertGrantWorks("before");
    assertGrantWorks("replayed");
    assertSaysWhyNot("after");
    assertSaysWhyNot("unstored");
  }

  private NodeProcess node(String... more) throws Exception {
    NodeProcess node = new NodeProcess(port, schema, provider.url(), more);
    nodes.add(node);
    node.await("ready");
    return node;
  }

  /**
   * Makes a grant, and a connection in an environment of its own, whose access token is too old.
   */
  private void signInLongAgo(String name, Behaviour behaviour) {
    provider.grant(name, behaviour);
    try (ConnectorRuntime runtime =
        StormNode.builder(store, provider.url())
            .clock(Clock.offset(Clock.systemUTC(), LONG_AGO))
            .build()) {
      PendingConsent pending =
          runtime
              .consents()
              .begin(
                  StormNode.ada(name), ConnectionSpec.of("tickets", "signIn"), CALLBACK, "session");
      String state = HttpUrl.get(pending.authorizationUrl()).queryParameter("state");
      URI callback = URI.create(CALLBACK + "?code=" + name + "&state=" + state);
      runtime.consents().complete(StormNode.ada(name), callback, "session");
    }
  }

  /** The refresh token that was stored last is good for another one. */
  private void assertGrantWorks(String name) {
    int before = provider.refreshes(name);
    try (ConnectorRuntime runtime =
        StormNode.builder(store, provider.url())
            .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(3)))
            .build()) {
      runtime.invoke(StormNode.ada(name), StormNode.MINE, Tickets.GET, new TicketId("1"));
    }
    assertThat(provider.refreshes(name)).isEqualTo(before + 1);
    assertThat(provider.hasEnded(name)).isFalse();
  }

  /** The connection waits for a sign-in, says why, and nobody asks the provider any more. */
  private void assertSaysWhyNot(String name) {
    int before = provider.refreshes(name);
    try (ConnectorRuntime runtime = StormNode.builder(store, provider.url()).build()) {
      ConnectionStatus status = runtime.connections().list(StormNode.ada(name)).get(0).status();
      assertThat(status.state()).isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
      assertThat(status.reason()).isEqualTo(ConnectionStatus.Reason.GRANT_ENDED);
      assertThat(status.message()).contains("refresh outcome was lost");
      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(
              () ->
                  runtime.invoke(
                      StormNode.ada(name), StormNode.MINE, Tickets.GET, new TicketId("1")))
          .matches(ConnectorException::userMustAct);
    }
    assertThat(provider.refreshes(name)).isEqualTo(before);
  }
}
