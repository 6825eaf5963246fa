package dev.connectorsdk.storm;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.GatewayServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A host of gateways in a process of its own that moves files. It says {@code port <number>}, and
 * answers {@code down <bytes>}, {@code up <bytes>} and, without saying how long the file is, {@code
 * stream <bytes>} by {@code end <digest>}.
 */
final class GatewayFilesNode {

  private static final int CONNECTIONS = 8;
  private static final ConnectionReference MINE = ConnectionReference.invoker("files", "files");

  record Wanted(String size) {}

  record Upload(FileSource file) {}

  record Digest(String text) {}

  private static final Action<Wanted, FileInfo> DOWN =
      Action.builder("down", Effect.READ, Wanted.class, FileInfo.class)
          .run((in, call) -> call.http().get("/down/{size}", in.size()).download(call.target()));
  private static final Action<Upload, Digest> UP =
      Action.builder("up", Effect.WRITE, Upload.class, Digest.class)
          .run((in, call) -> call.http().post("/up").file(in.file()).fetch(Digest.class));

  private GatewayFilesNode() {}

  /**
   * Runs a node.
   *
   * @param args the port of PostgreSQL, the schema, and the URL of the service
   */
  public static void main(String[] args) throws Exception {
    JdbcConnectionPool pool = StormNode.pool(Integer.parseInt(args[0]), args[1]);
    pool.setMaxConnections(CONNECTIONS);
    ConnectorRuntime runtime = runtime(pool, args[2]);
    say("port " + new GatewayServer(runtime.gateways().endpoint()).port());
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      long size = Long.parseLong(words[1]);
      say("end " + (words[0].equals("down") ? down(runtime, size) : up(runtime, words[0], size)));
    }
    Runtime.getRuntime().halt(0);
  }

  /** Returns a runtime like that of the node; it leaves the store open. */
  static ConnectorRuntime runtime(JdbcConnectionPool pool, String service) {
    Connector files =
        Connector.builder("files", service).auth(AuthOption.none()).action(DOWN).action(UP).build();
    return ConnectorRuntime.builder()
        .connector(files)
        .limits(HttpLimits.standard().withCallTimeout(Duration.ofMinutes(5)))
        .store(JdbcStore.builder(pool).build(), StormNode.KEYS)
        .build();
  }

  private static String down(ConnectorRuntime runtime, long size) {
    var digest = new DigestOutputStream(OutputStream.nullOutputStream(), GeneratedBytes.digest());
    runtime.invoke(
        GatewayHostNode.ADA,
        MINE,
        DOWN,
        new Wanted(String.valueOf(size)),
        CallOptions.standard().saveTo(FileTarget.of(digest)));
    return HexFormat.of().formatHex(digest.getMessageDigest().digest());
  }

  private static String up(ConnectorRuntime runtime, String how, long size) {
    long told = how.equals("up") ? size : FileSource.UNKNOWN;
    FileSource file = FileSource.of(new GeneratedBytes(size), told);
    return runtime.invoke(GatewayHostNode.ADA, MINE, UP, new Upload(file)).text();
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
