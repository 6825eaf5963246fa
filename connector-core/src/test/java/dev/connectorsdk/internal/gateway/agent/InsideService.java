package dev.connectorsdk.internal.gateway.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service of the inside network. What it was asked it remembers. */
final class InsideService implements AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  final List<String> asked = new CopyOnWriteArrayList<>();

  InsideService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/hello", exchange -> answer(exchange, 200, "hello".getBytes(UTF_8)));
    server.createContext(
        "/authorized",
        exchange ->
            answer(
                exchange,
                200,
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .getBytes(UTF_8)));
    server.createContext("/echo", InsideService::echo);
    server.createContext("/many", InsideService::many);
    server.createContext("/too-large", exchange -> answer(exchange, 413, new byte[0]));
    server.start();
  }

  /** Returns its address, by a name that nobody outside knows. */
  String url() {
    return "http://erp.inside.test:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Answers with what it gets, of known length if that is. */
  private static void echo(HttpExchange exchange) throws IOException {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    long known = length == null ? 0 : Long.parseLong(length);
    exchange.sendResponseHeaders(200, length != null && known == 0 ? -1 : known);
    try (exchange;
        InputStream in = exchange.getRequestBody();
        OutputStream out = exchange.getResponseBody()) {
      in.transferTo(out);
    }
  }

  /** Answers with as many bytes as the query says, in chunks. */
  private static void many(HttpExchange exchange) throws IOException {
    long left = Long.parseLong(exchange.getRequestURI().getQuery());
    exchange.sendResponseHeaders(200, 0);
    byte[] piece = new byte[64 * 1024];
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      for (; left > 0; left -= piece.length) {
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
