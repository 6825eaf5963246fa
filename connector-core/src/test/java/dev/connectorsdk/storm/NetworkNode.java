package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.gateway.GatewayAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import okhttp3.tls.Certificates;

/** What runs beside the host in {@link NetworksTest}, each in a network of its own. */
final class NetworkNode {

  static final int PORT = 8080;
  static final String PASSWORD = "user:s3cret";

  private NetworkNode() {}

  /**
   * Runs a node until its input ends.
   *
   * @param args {@code service} or {@code proxy} and an address; or {@code member}, a folder with
   *     the host's certificate, the addresses of the host, the proxy and the service, and a code
   */
  public static void main(String[] args) throws Exception {
    LocalServer.daemon(
        () -> {
          while (System.in.read() >= 0) {
            // Whoever has started this process lives.
          }
          Runtime.getRuntime().halt(0);
        });
    switch (args[0]) {
      case "service" -> serve(InetAddress.getByName(args[1]));
      case "proxy" -> proxy(InetAddress.getByName(args[1]));
      default -> member(Path.of(args[1]), args[2], args[3], args[4], args[5]);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void serve(InetAddress address) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, PORT), 50);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/orders/", exchange -> answer(exchange, "{\"text\":\"done\"}"));
    server.createContext(
        "/items", exchange -> answer(exchange, "{\"items\":[{\"id\":\"i-1\"}],\"next\":1}"));
    server.createContext("/down/", NetworkNode::send);
    server.start();
    say("ready");
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void send(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.sendResponseHeaders(200, 0);
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      new GeneratedBytes(Long.parseLong(path.substring("/down/".length()))).transferTo(out);
    }
  }

  /** Connects whoever knows the password (RFC 9110, section 9.3.6). */
  private static void proxy(InetAddress address) throws IOException {
    ServerSocket entrance = new ServerSocket(PORT, 50, address);
    say("ready");
    while (true) {
      Socket client = entrance.accept();
      client.setTcpNoDelay(true);
      LocalServer.daemon(() -> connect(client));
    }
  }

  private static void connect(Socket client) throws IOException {
    String head = LocalServer.head(client.getInputStream());
    String expected = Base64.getEncoder().encodeToString(PASSWORD.getBytes(US_ASCII));
    OutputStream out = client.getOutputStream();
    if (!head.contains("Proxy-Authorization: Basic " + expected)) {
      out.write(
          "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n".getBytes(US_ASCII));
      client.close();
      return;
    }
    String[] target = head.split(" ", 3)[1].split(":", 2);
    try (client;
        Socket host = new Socket(target[0], Integer.parseInt(target[1]))) {
      host.setTcpNoDelay(true);
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
      say("connected to " + target[0]);
      LocalServer.daemon(() -> host.getInputStream().transferTo(out));
      client.getInputStream().transferTo(host.getOutputStream());
    }
  }

  private static void member(Path folder, String host, String proxy, String service, String code)
      throws Exception {
    String pem = Files.readString(folder.resolve("host.pem"));
    GatewayAgent agent =
        GatewayAgent.builder("https://" + host + "/gateway", folder.resolve("keys"))
            .proxy(Secret.of("http://" + PASSWORD + "@" + proxy + ":" + PORT), "")
            .trusting(List.of(Certificates.decodeCertificatePem(pem)))
            .allowing("http://" + service + ":" + PORT)
            .build();
    agent.register(Secret.of(code), "member", null);
    agent.refresh(recoveryKey -> {});
    say("running");
    agent.run();
  }
}
