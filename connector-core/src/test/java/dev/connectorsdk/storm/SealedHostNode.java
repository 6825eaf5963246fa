package dev.connectorsdk.storm;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.gateway.GatewayEndpoint;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Canaries;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.GatewayServer;
import dev.connectorsdk.storm.SealedKinds.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okio.Buffer;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host of gateways in a process of its own that is searched. It says {@code port <number>}, and
 * reads lines: {@code call <kind> <order>} is answered by {@code end <kind> done}, and {@code dump
 * <folder>} by {@code dumped} when the log, what went over the lines, and the heap are in files.
 */
final class SealedHostNode {

  private static final int CONNECTIONS = 8;

  private SealedHostNode() {}

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, and the URLs of the service, of which the
   *     second one asks for a certificate
   */
  public static void main(String[] args) throws Exception {
    Canaries log = new Canaries(List.of());
    JdbcConnectionPool pool = StormNode.pool(Integer.parseInt(args[0]), args[1]);
    pool.setMaxConnections(CONNECTIONS);
    ConnectorRuntime runtime = runtime(pool, args[2], args[3]);
    Recorded lines = new Recorded(runtime.gateways().endpoint());
    say("port " + new GatewayServer(lines).port());
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("call")) {
        SealedKinds kind = SealedKinds.valueOf(words[1]);
        var reference = ConnectionReference.invoker(kind.connector(), kind.connector());
        try {
          runtime.invoke(GatewayHostNode.ADA, reference, SealedKinds.READ, new Order(words[2]));
          say("end " + words[1] + " done");
        } catch (ConnectorException e) {
          say("end " + words[1] + " " + e.getMessage());
        }
      } else {
        Path folder = Path.of(words[1]);
        Files.writeString(folder.resolve("log"), log.everything());
        Files.write(folder.resolve("lines"), lines.all());
        dumpHeap(folder.resolve("heap.hprof"));
        say("dumped");
      }
    }
    Runtime.getRuntime().halt(0);
  }

  /** Returns a runtime like that of the node; it leaves the store open. */
  static ConnectorRuntime runtime(JdbcConnectionPool pool, String service, String secured) {
    var builder = ConnectorRuntime.builder();
    SealedKinds.connectors(service, secured).forEach(builder::connector);
    return builder.store(JdbcStore.builder(pool).build(), StormNode.KEYS).build();
  }

  private static void dumpHeap(Path file) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), false);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Keeps every message of every line. */
  private static final class Recorded implements GatewayEndpoint {

    private final GatewayEndpoint endpoint;
    private final Buffer messages = new Buffer();

    Recorded(GatewayEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    private synchronized void note(ByteBuffer message) {
      try {
        messages.write(message.duplicate());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    synchronized byte[] all() {
      return messages.snapshot().toByteArray();
    }

    @Override
    public Line opened(Socket socket, String address) {
      Line line = endpoint.opened(new Told(socket), address);
      return new Line() {
        @Override
        public void received(ByteBuffer message) {
          note(message);
          line.received(message);
        }

        @Override
        public void closed(String why) {
          line.closed(why);
        }
      };
    }

    @Override
    public void drain() {
      endpoint.drain();
    }

    private final class Told implements Socket {

      private final Socket socket;

      Told(Socket socket) {
        this.socket = socket;
      }

      @Override
      public void send(ByteBuffer message) throws IOException {
        note(message);
        socket.send(message);
      }

      @Override
      public void close() {
        socket.close();
      }

      @Override
      public void cancel() {
        socket.cancel();
      }
    }
  }
}
