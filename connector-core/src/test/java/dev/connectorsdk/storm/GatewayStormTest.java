package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.internal.gateway.agent.Cable;
import dev.connectorsdk.jdbc.PostgresServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Hosts and a gateway's member in processes of their own, with a cable between them. Each is killed
 * and stopped, and the cable cut, while the service has a read and a write that it does not answer.
 * Afterwards no write was sent twice, the write's caller knows that its outcome is unknown, and the
 * read was repeated.
 *
 * <p>The system property {@code storm.gateway} says how often, and has it be an error if calls go
 * through again later than 5 s after whatever was gone is back. How soon they do is printed.
 */
@ExtendWith(PostgresServer.Extension.class)
@Timeout(3600)
class GatewayStormTest {

  private static final int ROUNDS = Integer.getInteger("storm.gateway", 1);
  private static final boolean IS_STORM = Integer.getInteger("storm.gateway") != null;
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int THREADS = 4;
  private static final String UNKNOWN = "failed BROKEN_OFF unknown";

  @TempDir Path folder;
  private final PGConnectionPoolDataSource source;
  private final JdbcConnectionPool pool;
  private final OrderService service = new OrderService();
  private final Cable cable = new Cable();
  private final Map<NodeProcess, Integer> ports = new HashMap<>();
  private final List<NodeProcess> hosts = new ArrayList<>();
  private final List<Long> recoveries = new ArrayList<>();
  private NodeProcess member;
  private int round;
  private int orders;

  GatewayStormTest(PostgresServer server) throws Exception {
    source = server.emptySchema();
    pool = StormNode.pool(source.getPortNumbers()[0], source.getCurrentSchema());
  }

  @BeforeEach
  void start() throws Exception {
    try (ConnectorRuntime runtime = GatewayHostNode.runtime(pool, service.url())) {
      startHost();
      Administrator administrator =
          Administrator.of(GatewayHostNode.ADA.principal(), GatewayHostNode.ADA.environment());
      String gateway = runtime.gateways().create(administrator, "Plant 3").id();
      startMember(runtime.gateways().registrationCode(GatewayHostNode.ADA, gateway).reveal());
      ConnectionSpec spec = ConnectionSpec.of("erp", "apiKey").through(gateway);
      var request = runtime.connections().sealRequest(GatewayHostNode.ADA, spec);
      var sealed = Map.of("api_key", request.seal("api_key", Secret.of("k3y")));
      runtime.connections().create(GatewayHostNode.ADA, spec.sealed(request, sealed).untested());
    }
  }

  @AfterEach
  void stop() throws Exception {
    member.close();
    hosts.forEach(NodeProcess::close);
    service.close();
    cable.close();
    pool.dispose();
  }

  private NodeProcess startHost() throws Exception {
    NodeProcess host =
        new NodeProcess(
            GatewayHostNode.class,
            NodeProcess.CLASS_PATH,
            "UTC",
            String.valueOf(source.getPortNumbers()[0]),
            source.getCurrentSchema(),
            service.url());
    ports.put(host, Integer.parseInt(host.await("port ").substring("port ".length())));
    hosts.add(host);
    lead();
    return host;
  }

  private void lead() {
    cable.lead(hosts.stream().mapToInt(ports::get).toArray());
  }

  private void startMember(String... code) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of(String.valueOf(cable.port()), folder.toString(), service.url()));
    arguments.addAll(List.of(code));
    member =
        new NodeProcess(
            GatewayMemberNode.class,
            NodeProcess.CLASS_PATH,
            "UTC",
            arguments.toArray(String[]::new));
    member.await("running");
  }

  /** Has a read and a write under way that the service does not answer. */
  private void beginHeld(NodeProcess host) throws InterruptedException {
    round++;
    host.send("read " + heldRead());
    host.send("write " + heldWrite());
    service.awaitHeld(2);
  }

  private String heldRead() {
    return "held-read-" + round;
  }

  private String heldWrite() {
    return "held-write-" + round;
  }

  /** Returns what has become of so many calls. */
  private static Map<String, String> outcomes(NodeProcess host, int count)
      throws InterruptedException {
    Map<String, String> outcomes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String[] words = host.await("end ").split(" ", 3);
      outcomes.put(words[1], words[2]);
    }
    return outcomes;
  }

  private void assertGoesThrough(NodeProcess host) throws InterruptedException {
    String order = "plain-" + ++orders;
    host.send("write " + order);
    assertThat(outcomes(host, 1)).containsEntry(order, "done");
    assertThat(service.count("POST " + order)).isEqualTo(1);
  }

  /** Tells how long it took from a moment until the next call went through. */
  private void assertRecovers(NodeProcess host, long since) throws InterruptedException {
    assertGoesThrough(host);
    recoveries.add(System.nanoTime() - since);
  }

  private void assertHeldWereTreatedByEffect() {
    assertThat(service.count("POST " + heldWrite())).isEqualTo(1);
    assertThat(service.count("GET " + heldRead())).isGreaterThan(1);
    assertThat(service.doubledWrites()).isEmpty();
  }

  private void tellRecoveries(String what) {
    Duration longest = Duration.ofNanos(Collections.max(recoveries));
    System.out.printf(
        "%s: %d rounds, calls go through again after %d ms at most%n",
        what, ROUNDS, longest.toMillis());
    if (IS_STORM) { // A single round runs beside much else.
      assertThat(longest).isLessThan(SOON);
    }
  }

  @Test
  void aMemberIsKilled() throws Exception {
    NodeProcess host = hosts.get(0);
    for (int i = 0; i < ROUNDS; i++) {
      beginHeld(host);

      member.kill();
      assertThat(outcomes(host, 1)).containsEntry(heldWrite(), UNKNOWN);
      startMember();

      long since = System.nanoTime();
      assertThat(outcomes(host, 1)).containsEntry(heldRead(), "done");
      assertRecovers(host, since);
      assertHeldWereTreatedByEffect();
    }
    tellRecoveries("member killed");
  }

  @Test
  void aMemberIsStopped() throws Exception {
    NodeProcess host = hosts.get(0);
    for (int i = 0; i < ROUNDS; i++) {
      beginHeld(host);

      member.signal("STOP");
      host.send("write late-" + round);
      assertThat(outcomes(host, 2))
          .containsEntry(heldWrite(), UNKNOWN)
          .containsEntry("late-" + round, UNKNOWN);
      member.signal("CONT");

      long since = System.nanoTime();
      assertThat(outcomes(host, 1)).containsEntry(heldRead(), "done");
      assertRecovers(host, since);
      assertThat(service.count("POST late-" + round)).isLessThanOrEqualTo(1);
      assertHeldWereTreatedByEffect();
    }
    tellRecoveries("member stopped");
  }

  @Test
  void theLineIsCut() throws Exception {
    NodeProcess host = hosts.get(0);
    for (int i = 0; i < ROUNDS; i++) {
      beginHeld(host);

      cable.cut();
      long since = System.nanoTime();
      assertThat(outcomes(host, 2))
          .containsEntry(heldWrite(), UNKNOWN)
          .containsEntry(heldRead(), "done");
      assertRecovers(host, since);
      assertHeldWereTreatedByEffect();
    }
    tellRecoveries("line cut");
  }

  @Test
  void callsBeginWhileTheLineIsCut() throws Exception {
    NodeProcess host = hosts.get(0);
    for (int i = 0; i < ROUNDS; i++) {
      String write = "early-write-" + ++round;
      String read = "early-read-" + round;
      cable.cut();
      host.send("write " + write);
      host.send("read " + read);

      Map<String, String> outcomes = outcomes(host, 2);

      assertThat(outcomes).containsEntry(read, "done");
      if (!outcomes.get(write).equals(UNKNOWN)) {
        assertThat(outcomes).containsEntry(write, "done");
        assertThat(service.count("POST " + write)).isEqualTo(1);
      }
      assertThat(service.doubledWrites()).isEmpty();
    }
  }

  @Test
  void theLineSwallowsEverything() throws Exception {
    NodeProcess host = hosts.get(0);
    for (int i = 0; i < ROUNDS; i++) {
      beginHeld(host);

      cable.swallow();
      host.send("write lost-" + round);
      assertThat(outcomes(host, 2))
          .containsEntry(heldWrite(), UNKNOWN)
          .containsEntry("lost-" + round, UNKNOWN);
      cable.mend();

      long since = System.nanoTime();
      assertThat(outcomes(host, 1)).containsEntry(heldRead(), "done");
      assertRecovers(host, since);
      assertThat(service.count("POST lost-" + round)).isZero();
      assertHeldWereTreatedByEffect();
    }
    tellRecoveries("line black-holed");
  }

  @Test
  void aHostIsKilled() throws Exception {
    NodeProcess other = startHost();
    member.await("lines 2");
    for (int i = 0; i < ROUNDS; i++) {
      NodeProcess killed = hosts.remove(0);
      beginHeld(killed);

      killed.kill();
      lead();
      assertGoesThrough(other);
      NodeProcess next = startHost();

      assertRecovers(next, System.nanoTime());
      assertThat(service.count("POST " + heldWrite())).isEqualTo(1);
      assertThat(service.doubledWrites()).isEmpty();
      other = next;
    }
    tellRecoveries("host killed");
  }

  @Test
  void aHostIsStopped() throws Exception {
    NodeProcess other = startHost();
    NodeProcess stopped = hosts.get(0);
    member.await("lines 2");
    for (int i = 0; i < ROUNDS; i++) {
      beginHeld(stopped);

      stopped.signal("STOP");
      assertGoesThrough(other);
      member.await("lines 1");
      assertGoesThrough(other);
      stopped.signal("CONT");

      long since = System.nanoTime();
      assertThat(outcomes(stopped, 2))
          .containsEntry(heldWrite(), UNKNOWN)
          .containsEntry(heldRead(), "done");
      assertRecovers(stopped, since);
      assertHeldWereTreatedByEffect();
      member.await("lines 2");
    }
    tellRecoveries("host stopped");
  }

  @Test
  void hostsAreStartedAgainOneAfterTheOtherUnderLoad() throws Exception {
    hosts.get(0).send("load " + THREADS);
    startUnderLoad();
    for (int i = 0; i < 2 * ROUNDS; i++) {
      NodeProcess leaving = hosts.remove(0);
      lead();
      leaving.send("leave");
      assertThat(left(leaving)).isPositive();
      startUnderLoad();
    }
    for (NodeProcess host : hosts) {
      host.send("leave");
      assertThat(left(host)).isPositive();
    }
    assertThat(service.doubledWrites()).isEmpty();
  }

  /** Starts a host that calls from its first moment on, and waits until it is of use. */
  private void startUnderLoad() throws Exception {
    NodeProcess host = startHost();
    host.send("load " + THREADS);
    assertGoesThrough(host);
  }

  /** Returns how many calls a host has made, of which none has failed. */
  private static int left(NodeProcess host) throws InterruptedException {
    String[] words = host.await("left ").split(" ", 3);
    assertThat(words[2]).as("failed calls").isEqualTo("[]");
    return Integer.parseInt(words[1]);
  }
}
