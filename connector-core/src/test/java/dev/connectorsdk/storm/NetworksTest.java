package dev.connectorsdk.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Host, company proxy, gateway's member and service, each in a network namespace of its own: host
 * and proxy, proxy and member, member and service have a network in common, and nothing is passed
 * on between these. It needs Linux, root and {@code ip} of iproute2, and is skipped without. With
 * the system property {@code storm.gateway} the download is larger, and small calls may take three
 * times as long at most beside it.
 */
@Timeout(300)
class NetworksTest {

  private static final boolean IS_STORM = Integer.getInteger("storm.gateway") != null;
  private static final long SIZE = (IS_STORM ? 100 : 16) * 1024L * 1024;
  private static final int CALLS = IS_STORM ? 1_000 : 200;

  private static final String HOST = "10.91.1.1";
  private static final String PROXY_OUTSIDE = "10.91.1.2";
  private static final String PROXY = "10.91.2.1";
  private static final String MEMBER_OUTSIDE = "10.91.2.2";
  private static final String MEMBER = "10.91.3.1";
  private static final String SERVICE = "10.91.3.2";

  @TempDir Path folder;
  private final String prefix = "csdk" + ProcessHandle.current().pid();
  private final Deque<String> networks = new ArrayDeque<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private NodeProcess host;

  private static boolean done(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String network(String name) {
    return prefix + name;
  }

  @BeforeEach
  void makeNetworks() throws Exception {
    for (String name : List.of("h", "p", "m", "s")) {
      assumeTrue(done("ip", "netns", "add", network(name)), "network namespaces can be made");
      networks.push(network(name));
      run("ip", "-n", network(name), "link", "set", "lo", "up");
    }
    join("h", HOST, "p", PROXY_OUTSIDE);
    join("p", PROXY, "m", MEMBER_OUTSIDE);
    join("m", MEMBER, "s", SERVICE);
  }

  private static void run(String... command) throws InterruptedException {
    assertThat(done(command)).as(String.join(" ", command)).isTrue();
  }

  private void join(String one, String address, String other, String otherAddress)
      throws InterruptedException {
    String here = one + "to" + other;
    String there = other + "to" + one;
    run(
        "ip",
        "link",
        "add",
        here,
        "netns",
        network(one),
        "type",
        "veth",
        "peer",
        "name",
        there,
        "netns",
        network(other));
    for (List<String> end :
        List.of(List.of(one, here, address), List.of(other, there, otherAddress))) {
      run("ip", "-n", network(end.get(0)), "addr", "add", end.get(2) + "/24", "dev", end.get(1));
      run("ip", "-n", network(end.get(0)), "link", "set", end.get(1), "up");
    }
  }

  @AfterEach
  void remove() throws InterruptedException {
    nodes.forEach(NodeProcess::close);
    for (String network : networks) {
      done("ip", "netns", "delete", network);
    }
  }

  private NodeProcess start(String name, Class<?> program, String... arguments) throws IOException {
    NodeProcess node = NodeProcess.in(network(name), program, arguments);
    nodes.add(node);
    return node;
  }

  private String after(String beginning) throws InterruptedException {
    return host.await(beginning).substring(beginning.length());
  }

  @Test
  void aHostReachesAServiceThatItCannotReach() throws Exception {
    start("s", NetworkNode.class, "service", SERVICE).await("ready");
    NodeProcess proxy = start("p", NetworkNode.class, "proxy", PROXY);
    proxy.await("ready");
    host = start("h", NetworkHostNode.class, HOST, SERVICE, folder.toString());
    String port = after("port ");
    String code = after("code ");
    host.send("reach");
    assertThat(host.await("")).isEqualTo("unreachable");

    start(
            "m",
            NetworkNode.class,
            "member",
            folder.toString(),
            HOST + ":" + port,
            PROXY,
            SERVICE,
            code)
        .await("running");
    assertThat(proxy.await("connected to ")).endsWith(HOST);
    host.send("connect");
    assertThat(after("event ")).isEqualTo("i-1");

    host.send("calls " + CALLS);
    after("p99 ");
    host.send("calls " + CALLS);
    long alone = Long.parseLong(after("p99 "));
    host.send("download " + SIZE);
    assertThat(after("digest ")).isEqualTo(GeneratedBytes.digest(SIZE));
    long beside = Long.parseLong(after("p99 "));
    System.out.printf(
        "p99 of small calls: %d us, beside a download %d us, %.2f times as long%n",
        alone, beside, (double) beside / alone);
    if (IS_STORM) { // Nothing else runs then.
      assertThat(beside).isLessThanOrEqualTo(3 * alone);
    }
  }
}
