package dev.connectorsdk.internal.consent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine at which a browser comes back from a sign-in; RFC 8252 section 7.3. It
 * takes one callback, the one with the state that it was told to expect, and shows nothing of what
 * a request says. Closing it ends its thread.
 */
final class LoopbackCallback implements AutoCloseable {

  private static final String DONE = "You are signed in. You can close this window.";
  private static final String FAILED =
      "The sign-in did not succeed. The program that began it knows why. You can close this"
          + " window.";

  private final HttpServer server;
  private final String authority;
  private final URI redirectUri;
  private final CompletableFuture<String> expectedState = new CompletableFuture<>();
  private final CompletableFuture<URI> arrived = new CompletableFuture<>();
  private final CompletableFuture<Boolean> succeeded = new CompletableFuture<>();

  /**
   * Opens a free port.
   *
   * @param site where the owner of the connection chose to sign in, or {@code null}
   */
  LoopbackCallback(ClientKey key, @Nullable String site) {
    try {
      InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("No port of this machine can be opened", e);
    }
    authority = "127.0.0.1:" + server.getAddress().getPort();
    String path = "/callback" + HostAddress.named(key) + (site == null ? "" : "/" + site);
    redirectUri = URI.create("http://" + authority + path);
    server.createContext("/", this::answer);
    server.start();
  }

  URI redirectUri() {
    return redirectUri;
  }

  /** Says which state the callback will have; until then callbacks wait. */
  void expect(String state) {
    expectedState.complete(state);
  }

  /**
   * Waits for the browser.
   *
   * @return the whole URL of the callback
   * @throws ConsentException if it did not come in time
   * @throws InterruptedException at once if the thread is interrupted
   */
  URI await(Duration timeout) throws InterruptedException {
    try {
      return arrived.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ConsentException(Reason.NOT_IN_TIME, "Nobody came back from the sign-in in time");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Has the page say how it ended. */
  void ended(boolean success) {
    succeeded.complete(success);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      boolean ours =
          authority.equals(exchange.getRequestHeaders().getFirst("Host"))
              && redirectUri.getRawPath().equals(uri.getRawPath());
      if (!ours) {
        show(exchange, 404, "There is nothing here.");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        show(exchange, 405, "A callback is a GET request.");
      } else {
        callback(exchange, URI.create(redirectUri + "?" + uri.getRawQuery()));
      }
    }
  }

  private void callback(HttpExchange exchange, URI callback) throws IOException {
    List<String> states;
    try {
      states = CallbackQuery.parse(callback.getRawQuery()).getOrDefault("state", List.of());
    } catch (RuntimeException e) {
      states = List.of();
    }
    if (!states.equals(List.of(expectedState.join())) || !arrived.complete(callback)) {
      show(exchange, 400, "This callback belongs to no sign-in that is pending here.");
      return;
    }
    boolean success = succeeded.join();
    show(exchange, success ? 200 : 400, success ? DONE : FAILED);
  }

  private static void show(HttpExchange exchange, int status, String text) throws IOException {
    byte[] page = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
  }

  /** Lets a page that is being shown come to its end. */
  @Override
  public void close() {
    expectedState.complete("");
    succeeded.complete(false);
    server.stop(1);
  }
}
