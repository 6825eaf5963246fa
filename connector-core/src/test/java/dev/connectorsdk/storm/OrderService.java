package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A service of an inside network that counts what it is asked. It does not answer the first request
 * for an order whose name begins with {@code held} until it is closed.
 */
final class OrderService implements AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final BlockingQueue<String> held = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  OrderService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/orders/", this::serve);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String order = exchange.getRequestURI().getPath().substring("/orders/".length());
    String asked = exchange.getRequestMethod() + " " + order;
    int count = counts.merge(asked, 1, Integer::sum);
    if (order.startsWith("held") && count == 1) {
      held.add(asked);
      awaitClosed();
    }
    byte[] body = "{\"text\":\"done\"}".getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until as many requests are held. */
  void awaitHeld(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      if (held.poll(60, TimeUnit.SECONDS) == null) {
        throw new AssertionError("No request arrives");
      }
    }
  }

  /** Returns how often something was asked, such as {@code POST 7}. */
  int count(String asked) {
    return counts.getOrDefault(asked, 0);
  }

  /** Returns the writes that came more than once. */
  Map<String, Integer> doubledWrites() {
    return counts.entrySet().stream()
        .filter(one -> one.getKey().startsWith("POST ") && one.getValue() > 1)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
