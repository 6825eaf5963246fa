package dev.connectorsdk.storm;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.GatewayServer;
import dev.connectorsdk.storm.PollingNode.Item;
import dev.connectorsdk.storm.PollingNode.Position;
import dev.connectorsdk.storm.PollingNode.Watched;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * The host in {@link NetworksTest}. It says {@code port <number>} and {@code code <code>}, and
 * reads lines: {@code reach} tries the service directly, and is answered by {@code reached} or
 * {@code unreachable}; {@code connect} makes a connection and has a trigger poll, which tells
 * {@code event <id>}; {@code calls <number>} is answered by {@code p99 <micros>}; {@code download
 * <bytes>} by {@code digest <digest>}, and by {@code p99 <micros>} of calls beside it.
 */
final class NetworkHostNode {

  private static final ConnectionReference ERP = ConnectionReference.embedded("erp", "erp");
  private static final Flow FLOW = Flow.of("desk", GatewayHostNode.ADA.principal());
  private static final Caller ADA = GatewayHostNode.ADA.running(FLOW);

  private static final PollingTrigger<Watched, Position, Item> ITEMS = PollingNode.items("host");

  record Wanted(String what) {}

  record Text(String text) {}

  private static final Action<Wanted, Text> READ =
      Action.builder("read", Effect.READ, Wanted.class, Text.class)
          .run((in, call) -> call.http().get("/orders/{id}", in.what()).fetch(Text.class));
  private static final Action<Wanted, FileInfo> DOWN =
      Action.builder("down", Effect.READ, Wanted.class, FileInfo.class)
          .run((in, call) -> call.http().get("/down/{size}", in.what()).download(call.target()));

  private final ConnectorRuntime runtime;
  private final String service;
  private final String gateway;

  private NetworkHostNode(String service) {
    this.service = service;
    Connector erp =
        Connector.builder("erp", "http://" + service + ":" + NetworkNode.PORT)
            .auth(AuthOption.none())
            .action(READ)
            .action(DOWN)
            .trigger(ITEMS)
            .build();
    this.runtime =
        ConnectorRuntime.builder()
            .connector(erp)
            .flows(FlowDirectory.of(FLOW))
            .handler("tell", Item.class, (item, event) -> say("event " + item.id()))
            .build();
    Administrator administrator = Administrator.of(ADA.principal(), ADA.environment());
    this.gateway = runtime.gateways().create(administrator, "Plant 3").id();
  }

  /**
   * Runs the node.
   *
   * @param args its address, that of the service, and a folder for its certificate
   */
  public static void main(String[] args) throws Exception {
    NetworkHostNode node = new NetworkHostNode(args[1]);
    HeldCertificate own = new HeldCertificate.Builder().addSubjectAlternativeName(args[0]).build();
    Files.writeString(Path.of(args[2]).resolve("host.pem"), own.certificatePem());
    var tls = new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory();
    var server =
        new GatewayServer(node.runtime.gateways().endpoint(), InetAddress.getByName(args[0]), tls);
    say("port " + server.port());
    say("code " + node.runtime.gateways().registrationCode(ADA, node.gateway).reveal());
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      node.run(line.split(" ", -1));
    }
    Runtime.getRuntime().halt(0);
  }

  private void run(String[] words) {
    switch (words[0]) {
      case "reach" -> say(reaches() ? "reached" : "unreachable");
      case "connect" -> connect();
      case "calls" -> say("p99 " + p99(Integer.parseInt(words[1])));
      default -> downloadBesideCalls(words[1]);
    }
  }

  private boolean reaches() {
    try (Socket socket = new Socket(service, NetworkNode.PORT)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void connect() {
    ConnectionSpec spec = ConnectionSpec.of("erp", "none").through(gateway);
    runtime.references().bind(ADA, ERP, runtime.connections().create(ADA, spec.untested()).id());
    runtime.triggers().subscribe(ADA, SubscriptionSpec.of(ERP, ITEMS, new Watched(1), "tell"));
    say("connected");
  }

  private long p99(int calls) {
    long[] micros = new long[calls];
    for (int i = 0; i < calls; i++) {
      long began = System.nanoTime();
      runtime.invoke(ADA, ERP, READ, new Wanted("7"));
      micros[i] = (System.nanoTime() - began) / 1_000;
    }
    Arrays.sort(micros);
    return micros[calls * 99 / 100];
  }

  private void downloadBesideCalls(String size) {
    var digest = new DigestOutputStream(OutputStream.nullOutputStream(), GeneratedBytes.digest());
    CompletableFuture<Void> download =
        CompletableFuture.runAsync(
            () ->
                runtime.invoke(
                    ADA,
                    ERP,
                    DOWN,
                    new Wanted(size),
                    CallOptions.standard().saveTo(FileTarget.of(digest))));
    long[] micros = new long[1 << 20];
    int calls = 0;
    while (!download.isDone() && calls < micros.length) {
      micros[calls++] = p99(1);
    }
    download.join();
    Arrays.sort(micros, 0, calls);
    say("digest " + HexFormat.of().formatHex(digest.getMessageDigest().digest()));
    say("p99 " + micros[calls * 99 / 100]);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
