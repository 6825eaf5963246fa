package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.SignIns;
import dev.connectorsdk.runtime.Tickets;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.storm.StormNode.Point;
import dev.connectorsdk.storm.StrictProvider.Behaviour;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Three hosts in processes of their own share a PostgreSQL and one expired grant of a provider that
 * ends the grant if a refresh token comes twice. Their clocks are wrong by five minutes either way.
 *
 * <p>The system properties {@code storm.rounds}, {@code storm.crashes} and {@code storm.stops} say
 * how often the storm breaks, and how many grants are in each danger.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(600)
class RefreshStormTest {

  private static final int ROUNDS = Integer.getInteger("storm.rounds", 3);
  private static final int CRASHES_EACH = Integer.getInteger("storm.crashes", 5);
  private static final int STOPS_EACH = Integer.getInteger("storm.stops", 3);
  private static final int NODES = 3;
  private static final int THREADS = 64;

  /** Longer than a lease lasts and than a token request may take. */
  private static final Duration STOP = Duration.ofSeconds(20);

  private static final Duration LONG_AGO = Duration.ofHours(-2);

  /** The clocks of the nodes are ten minutes apart, and their calendars a day. */
  private record Skew(int minutes, String zone) {}

  private static final List<Skew> SKEWS =
      List.of(new Skew(-5, "Pacific/Kiritimati"), new Skew(5, "Pacific/Niue"), new Skew(0, "UTC"));

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
  @DisplayName("B11, I6: 64 threads in each of 3 processes refresh an expired grant once")
  void manyThreadsInSeveralProcessesRefreshAnExpiredGrantOnce() throws Exception {
    for (int i = 0; i < NODES; i++) {
      node();
    }
    for (int round = 1; round <= ROUNDS; round++) {
      String name = "round" + round;
      signInLongAgo(List.of(name), any -> Behaviour.ANSWERS);

      nodes.forEach(node -> node.send("go " + name + " " + THREADS));

      for (NodeProcess node : nodes) {
        assertThat(node.await("done " + name)).isEqualTo("done " + name + " OK=" + THREADS);
      }
      assertThat(provider.refreshes(name)).as("refresh requests of " + name).isEqualTo(1);
      assertGrantWorks(name);
    }
  }

  /** Where a process is killed, how the provider behaves, and what another process finds. */
  private record Crash(
      String name, Behaviour behaviour, @Nullable Point point, int refreshes, boolean works) {}

  private static final List<Crash> CRASHES =
      List.of(
          new Crash("beforeLease", Behaviour.ANSWERS, Point.BEFORE_LEASE, 1, true),
          new Crash("leased", Behaviour.ANSWERS, Point.LEASED, 1, true),
          new Crash("sent", Behaviour.HANGS_BEFORE, null, 2, true),
          new Crash("processed", Behaviour.HANGS_AFTER, null, 2, false),
          new Crash("processedAndReplayed", Behaviour.HANGS_AFTER_AND_REPLAYS, null, 2, true),
          new Crash("answered", Behaviour.ANSWERS, Point.ANSWERED, 2, false),
          new Crash("answeredAndReplayed", Behaviour.ANSWERS_AND_REPLAYS, Point.ANSWERED, 2, true),
          new Crash("stored", Behaviour.ANSWERS, Point.STORED, 1, true));

  @Test
  @DisplayName(
      "B14, I6: whose process is killed at any of six points leaves a good state or says why not")
  void whoseProcessIsKilledWhileItRefreshesLeavesAGoodStateOrSaysWhyNot() throws Exception {
    Map<String, Crash> crashes = new LinkedHashMap<>();
    for (Crash crash : CRASHES) {
      for (int i = 0; i < CRASHES_EACH; i++) {
        crashes.put(crash.name() + i, crash);
      }
    }
    signInLongAgo(crashes.keySet(), name -> crashes.get(name).behaviour());
    NodeProcess doomed = node();
    NodeProcess other = node();
    for (String name : crashes.keySet()) {
      Point point = crashes.get(name).point();
      doomed.send("go " + name + " 2" + (point == null ? "" : " " + point));
    }
    for (String name : crashes.keySet()) {
      if (crashes.get(name).point() == null) {
        provider.awaitRefresh(name);
      } else {
        doomed.await("at ");
      }
    }

    doomed.kill();
    crashes.keySet().forEach(name -> other.send("go " + name + " 2"));

    Map<String, String> outcomes = new HashMap<>();
    for (int i = 0; i < crashes.size(); i++) {
      String[] done = other.await("done").split(" ", 3);
      outcomes.put(done[1], done[2]);
    }
    crashes.forEach(
        (name, crash) -> {
          assertThat(outcomes.get(name))
              .as(name)
              .isEqualTo(crash.works() ? "OK=2" : "GRANT_ENDED=2");
          assertThat(provider.refreshes(name)).as(name).isEqualTo(crash.refreshes());
          if (crash.works()) {
            assertGrantWorks(name);
          } else {
            assertSaysWhyNot(name, "refresh outcome was lost");
          }
        });
  }

  @Test
  @DisplayName(
      "B12, I6: who is stopped with an answer in hand until somebody else took over harms no grant")
  void whoIsStoppedWithAnAnswerInHandHarmsNoGrant() throws Exception {
    Map<String, Behaviour> grants = new LinkedHashMap<>();
    for (int i = 0; i < STOPS_EACH; i++) {
      grants.put("replayed" + i, Behaviour.ANSWERS_AND_REPLAYS);
      grants.put("forgiven" + i, Behaviour.ANSWERS_AND_FORGIVES);
      grants.put("strict" + i, Behaviour.ANSWERS);
    }
    signInLongAgo(grants.keySet(), grants::get);
    NodeProcess stopped = node();
    NodeProcess other = node();
    grants.keySet().forEach(name -> stopped.send("go " + name + " 2 " + Point.ANSWERED));
    for (int i = 0; i < grants.size(); i++) {
      stopped.await("at ");
    }

    stopped.signal("STOP");
    grants.keySet().forEach(name -> other.send("go " + name + " 2"));
    for (int i = 0; i < grants.size(); i++) {
      String done = other.await("done");
      assertThat(done).endsWith(done.contains("replayed") ? " OK=2" : " GRANT_ENDED=2");
    }
    stopped.signal("CONT");
    stopped.send("continue");
    for (int i = 0; i < grants.size(); i++) {
      String done = stopped.await("done");
      assertThat(done).endsWith(done.contains("strict") ? " GRANT_ENDED=2" : " OK=2");
    }

    grants.forEach(
        (name, behaviour) -> {
          assertThat(provider.sent(name, 0)).as("spent token of " + name).isEqualTo(2);
          if (behaviour == Behaviour.ANSWERS) {
            assertSaysWhyNot(name, "ended the grant");
          } else {
            assertGrantWorks(name);
          }
        });
  }

  @Test
  @DisplayName("B16: whose process is stopped for 20 s reads the answer that has arrived by then")
  void whoseProcessIsStoppedReadsTheAnswerThatHasArrivedByThen() throws Exception {
    List<String> grants = names("alone", STOPS_EACH);
    signInLongAgo(grants, name -> Behaviour.ANSWERS);
    NodeProcess alone = node();
    CountDownLatch asked = new CountDownLatch(grants.size());
    CountDownLatch stopped = new CountDownLatch(1);
    provider.beforeAnswer(
        () -> {
          asked.countDown();
          await(stopped);
        });
    grants.forEach(name -> alone.send("go " + name + " 2"));
    await(asked);

    alone.signal("STOP");
    stopped.countDown();
    Thread.sleep(STOP.toMillis());
    alone.signal("CONT");

    for (int i = 0; i < grants.size(); i++) {
      assertThat(alone.await("done")).endsWith(" OK=2");
    }
    grants.forEach(
        name -> {
          assertThat(provider.sent(name, 0)).as("spent token of " + name).isEqualTo(1);
          assertGrantWorks(name);
        });
  }

  @Test
  @DisplayName("B12, B16: who is stopped while it waits for an answer does not end the grant later")
  void whoIsStoppedWhileItWaitsForAnAnswerDoesNotEndTheGrantLater() throws Exception {
    List<String> grants = names("answered", STOPS_EACH);
    grants.addAll(names("hanging", STOPS_EACH));
    signInLongAgo(
        grants,
        name ->
            name.startsWith("answered")
                ? Behaviour.ANSWERS_AND_REPLAYS_ONCE
                : Behaviour.HANGS_AFTER_AND_REPLAYS_ONCE);
    NodeProcess stopped = node();
    NodeProcess other = node();
    CountDownLatch asked = new CountDownLatch(grants.size());
    provider.whenFirstAsked(asked::countDown);
    grants.forEach(name -> stopped.send("go " + name + " 2"));
    await(asked);

    stopped.signal("STOP");
    grants.forEach(name -> other.send("go " + name + " 2"));
    for (int i = 0; i < grants.size(); i++) {
      assertThat(other.await("done")).endsWith(" OK=2");
    }
    stopped.signal("CONT");

    for (int i = 0; i < grants.size(); i++) {
      assertThat(stopped.await("done")).endsWith(" OK=2");
    }
    grants.forEach(
        name -> {
          assertThat(provider.sent(name, 0)).as("spent token of " + name).isLessThanOrEqualTo(2);
          assertGrantWorks(name);
        });
  }

  private static List<String> names(String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private NodeProcess node() throws Exception {
    Skew skew = SKEWS.get(nodes.size() % SKEWS.size());
    NodeProcess node = new NodeProcess(port, schema, provider.url(), skew.minutes(), skew.zone());
    nodes.add(node);
    node.await("ready");
    return node;
  }

  /**
   * Makes grants, and for each a connection in an environment of its own, whose access token is too
   * old.
   */
  private void signInLongAgo(Collection<String> names, Function<String, Behaviour> behaviour) {
    try (ConnectorRuntime runtime =
        StormNode.builder(store, provider.url())
            .clock(Clock.offset(Clock.systemUTC(), LONG_AGO))
            .build()) {
      for (String name : names) {
        provider.grant(name, behaviour.apply(name));
        SignIns.signIn(runtime, StormNode.ada(name), ConnectionSpec.of("tickets", "signIn"), name);
      }
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
  private void assertSaysWhyNot(String name, String why) {
    int before = provider.refreshes(name);
    try (ConnectorRuntime runtime = StormNode.builder(store, provider.url()).build()) {
      ConnectionStatus status = runtime.connections().list(StormNode.ada(name)).get(0).status();
      assertThat(status.state()).isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
      assertThat(status.reason()).isEqualTo(ConnectionStatus.Reason.GRANT_ENDED);
      assertThat(status.message()).contains(why);
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
