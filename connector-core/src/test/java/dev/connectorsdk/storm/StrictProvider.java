package dev.connectorsdk.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A service with an authorization server that rotates refresh tokens and ends the whole grant when
 * one is used twice. A grant behaves as the code says that it began with; see {@link Behaviour}.
 */
final class StrictProvider implements AutoCloseable {

  /** What becomes of the first refresh request of a grant. */
  enum Behaviour {
    /** It is answered. */
    ANSWERS,
    /** It is answered; whoever asks again with the same gets the same answer. */
    ANSWERS_AND_REPLAYS,
    /**
     * It is answered; whoever asks again with the same gets the same answer, once. A third time
     * ends the grant.
     */
    ANSWERS_AND_REPLAYS_ONCE,
    /** It is answered; whoever asks again with the same is refused, and nothing else. */
    ANSWERS_AND_FORGIVES,
    /** It hangs, and nothing is done. */
    HANGS_BEFORE,
    /** The token is rotated, and then it hangs. */
    HANGS_AFTER,
    /**
     * The token is rotated, then it hangs; whoever asks again with the same gets the same answer.
     */
    HANGS_AFTER_AND_REPLAYS,
    /**
     * The token is rotated, then it hangs; whoever asks again with the same gets the same answer,
     * once. A third time ends the grant.
     */
    HANGS_AFTER_AND_REPLAYS_ONCE;

    private boolean replaysAfter(int replays) {
      return switch (this) {
        case ANSWERS_AND_REPLAYS, HANGS_AFTER_AND_REPLAYS -> true;
        case ANSWERS_AND_REPLAYS_ONCE, HANGS_AFTER_AND_REPLAYS_ONCE -> replays == 0;
        case ANSWERS, ANSWERS_AND_FORGIVES, HANGS_BEFORE, HANGS_AFTER -> false;
      };
    }

    private boolean hangs() {
      return name().startsWith("HANGS");
    }
  }

  private static final long TOKEN_MILLIS = 200;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "provider");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Runnable beforeAnswer = () -> {};
  private volatile Runnable whenFirstAsked = () -> {};

  private static final class Grant {
    private final String name;
    private final Behaviour behaviour;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final List<String> spent = new ArrayList<>();
    private int rotation;
    private int requests;
    private int replays;
    private boolean ended;

    Grant(String name, Behaviour behaviour) {
      this.name = name;
      this.behaviour = behaviour;
    }

    String refreshToken(int number) {
      return name + ".r" + number;
    }

    String accessToken(int number) {
      return name + ".a" + number;
    }
  }

  StrictProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.setExecutor(threads);
    server.createContext("/token", this::token);
    server.createContext("/tickets", this::ticket);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Lets the code of this name begin a grant. */
  void grant(String name, Behaviour behaviour) {
    grants.put(name, new Grant(name, behaviour));
  }

  /** Has something happen whenever new tokens are about to be sent. */
  void beforeAnswer(Runnable happening) {
    beforeAnswer = happening;
  }

  /** Has something happen when the first refresh of a grant was done, before it is answered. */
  void whenFirstAsked(Runnable happening) {
    whenFirstAsked = happening;
  }

  /** Returns how often a grant was to be refreshed. */
  int refreshes(String name) {
    Grant grant = grants.get(name);
    synchronized (grant) {
      return grant.requests;
    }
  }

  /** Returns how often the refresh token of this number came. */
  int sent(String name, int number) {
    Grant grant = grants.get(name);
    synchronized (grant) {
      return Collections.frequency(grant.spent, grant.refreshToken(number));
    }
  }

  /** Returns whether a grant was ended because a token came twice. */
  boolean hasEnded(String name) {
    Grant grant = grants.get(name);
    synchronized (grant) {
      return grant.ended;
    }
  }

  /** Waits until a grant is to be refreshed. */
  void awaitRefresh(String name) throws InterruptedException {
    if (!grants.get(name).asked.await(120, TimeUnit.SECONDS)) {
      throw new AssertionError("Nobody refreshes " + name);
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(exchange);
    if ("authorization_code".equals(form.get("grant_type"))) {
      Grant grant = grants.get(form.get("code"));
      answer(exchange, 200, pair(grant, 0));
      return;
    }
    String spent = form.get("refresh_token");
    Grant grant = grants.get(spent.substring(0, spent.lastIndexOf('.')));
    String answer;
    boolean hangs;
    synchronized (grant) {
      grant.requests++;
      grant.spent.add(spent);
      if (grant.requests == 1) {
        pause(TOKEN_MILLIS);
      }
      boolean first = grant.requests == 1;
      boolean replay =
          grant.behaviour.replaysAfter(grant.replays)
              && spent.equals(grant.refreshToken(grant.rotation - 1));
      if (first && grant.behaviour == Behaviour.HANGS_BEFORE) {
        answer = "";
      } else if (!replay && (grant.ended || !spent.equals(grant.refreshToken(grant.rotation)))) {
        grant.ended |= grant.behaviour != Behaviour.ANSWERS_AND_FORGIVES;
        answer = null;
      } else {
        grant.rotation += replay ? 0 : 1;
        grant.replays += replay ? 1 : 0;
        answer = pair(grant, grant.rotation);
      }
      hangs = first && grant.behaviour.hangs();
      if (first && answer != null) {
        whenFirstAsked.run();
      }
    }
    grant.asked.countDown();
    if (hangs) {
      hang();
    } else if (answer == null) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else {
      beforeAnswer.run();
      answer(exchange, 200, answer);
    }
  }

  private static String pair(Grant grant, int number) {
    return """
        {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":3600}"""
        .formatted(grant.accessToken(number), grant.refreshToken(number));
  }

  /** Accepts the latest access token of a grant only. */
  private void ticket(HttpExchange exchange) throws IOException {
    String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String token = sent.replace("Bearer ", "");
    Grant grant = grants.get(token.replaceAll("\\.a\\d+$", ""));
    boolean accepted;
    synchronized (grant) {
      accepted = !grant.ended && token.equals(grant.accessToken(grant.rotation));
    }
    answer(exchange, accepted ? 200 : 401, "{\"id\":\"1\",\"title\":\"Milk\"}");
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    Map<String, String> form = new LinkedHashMap<>();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    for (String pair : body.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
    }
    return form;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void pause(long millis) {
    try {
      closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang() {
    pause(TimeUnit.MINUTES.toMillis(10));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
