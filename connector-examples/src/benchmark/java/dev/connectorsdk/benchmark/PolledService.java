package dev.connectorsdk.benchmark;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.ActionContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What polls ask: one position after another. */
interface PolledService extends AutoCloseable {

  /** How far a trigger has been read. */
  record Position(long number) {}

  /** Where requests go. */
  String url();

  /** Asks as a plugin's author does. */
  Position poll(Position after, ActionContext call) throws Exception;

  /** Asks as one does without the library. */
  Position poll(Position after) throws Exception;

  @Override
  void close();

  /** Returns one that answers at once. */
  static PolledService still() {
    return sleeping(0);
  }

  /** Returns one that answers after a while. */
  static PolledService sleeping(long millis) {
    return new PolledService() {
      @Override
      public String url() {
        return "http://localhost";
      }

      @Override
      public Position poll(Position after, ActionContext call) throws InterruptedException {
        return poll(after);
      }

      @Override
      public Position poll(Position after) throws InterruptedException {
        if (millis > 0) {
          Thread.sleep(millis);
        }
        return new Position(after.number() + 1);
      }

      @Override
      public void close() {}
    };
  }

  /**
   * Returns one that is called over loopback HTTP.
   *
   * @param byLibrary whether a plugin's author calls it by the library's client, and not by the
   *     same one as without the library
   */
  static PolledService calling(boolean byLibrary) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(threads);
    server.createContext(
        "/changes",
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          long after = Long.parseLong(query.substring(query.indexOf('=') + 1));
          byte[] answer =
              ("{\"number\":" + (after + 1) + ",\"changes\":[]}").getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort();
    var idle = new ConnectionPool(PollsByHand.THREADS, 5, TimeUnit.MINUTES);
    OkHttpClient client = new OkHttpClient.Builder().connectionPool(idle).build();
    JsonMapper mapper =
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    return new PolledService() {
      @Override
      public String url() {
        return url;
      }

      @Override
      public Position poll(Position after, ActionContext call) throws IOException {
        return byLibrary
            ? call.http().get("/changes").query("after", after.number()).fetch(Position.class)
            : poll(after);
      }

      @Override
      public Position poll(Position after) throws IOException {
        Request request =
            new Request.Builder().url(url + "/changes?after=" + after.number()).build();
        try (Response response = client.newCall(request).execute()) {
          return mapper.readValue(response.body().byteStream(), Position.class);
        }
      }

      @Override
      public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.connectionPool().evictAll();
      }
    };
  }
}
