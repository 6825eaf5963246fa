package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets the person sign in with a browser, which comes back to a port of this machine (RFC 8252).
 */
final class BrowserSignIn {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private BrowserSignIn() {}

  static Connection run(ConnectorRuntime runtime, ConnectionSpec spec, TerminalCommand command)
      throws IOException {
    String session = UUID.randomUUID().toString();
    CompletableFuture<String> query = new CompletableFuture<>();
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/", exchange -> answer(exchange, query));
    server.start();
    try {
      URI callback = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      PendingConsent pending = runtime.consents().begin(Home.me(), spec, callback, session);
      command.terminal().err().println("Open this address in a browser and sign in:");
      command.terminal().err().println(pending.authorizationUrl());
      String came = query.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      URI called = URI.create(callback + "?" + came);
      return runtime.consents().complete(Home.me(), called, session).connection();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted while waiting for the sign-in");
    } catch (TimeoutException | ExecutionException e) {
      throw new FailedException("nobody signed in within " + PATIENCE.toMinutes() + " minutes");
    } finally {
      server.stop(1);
    }
  }

  private static void answer(HttpExchange exchange, CompletableFuture<String> query)
      throws IOException {
    try (exchange) {
      String came = exchange.getRequestURI().getRawQuery();
      boolean isCallback = came != null && came.contains("state=");
      byte[] page =
          (isCallback ? "Done: you can close this window.\n" : "Nothing here.\n").getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(isCallback ? 200 : 404, page.length);
      exchange.getResponseBody().write(page);
      if (isCallback) {
        query.complete(came);
      }
    }
  }
}
