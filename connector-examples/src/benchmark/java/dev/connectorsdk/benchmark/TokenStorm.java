package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * A thousand threads call with one token that has expired, and the token endpoint takes 50 ms:
 * until the last one has its answer, next to a single flight by hand. The threads are virtual where
 * the JVM has them. No network.
 *
 * <p>Budget: one request for a token, and at most 1.1 times the time.
 */
public final class TokenStorm {

  private static final int THREADS = 1_000;
  private static final String SITE = "https://tickets.example.com";
  private static final MediaType JSON = MediaType.get("application/json");
  private static final String TOKEN =
      "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"Bearer\",\"expires_in\":3600}";

  private static final Action<Tickets.TicketQuery, Tickets.Ticket> GET =
      Action.builder("getTicket", Effect.READ, Tickets.TicketQuery.class, Tickets.Ticket.class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/projects/{project}/tickets/{id}", in.project(), in.id())
                      .fetch(Tickets.Ticket.class));

  private final AtomicInteger tokens = new AtomicInteger();
  private final OkHttpClient client =
      new OkHttpClient.Builder().addInterceptor(this::answer).build();

  private TokenStorm() {}

  /**
   * Measures.
   *
   * @param args how many storms of each kind
   */
  public static void main(String[] args) throws Exception {
    new TokenStorm().compare(Integer.parseInt(args[0]));
  }

  private Response answer(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    boolean isForToken = request.url().encodedPath().equals("/token");
    if (isForToken) {
      tokens.incrementAndGet();
      pause();
    } else if (request.header("Authorization") == null) {
      throw new IOException("Not authenticated");
    }
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .header("Content-Type", "application/json")
        .body(
            isForToken
                ? ResponseBody.create(TOKEN, JSON)
                : ResponseBody.create(CannedService.ticket(), JSON))
        .build();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void compare(int storms) throws Exception {
    SettableClock clock = new SettableClock();
    Connector connector =
        Connector.builder("tickets", SITE)
            .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(SITE + "/token")))
            .action(GET)
            .build();
    InFlightLimits room =
        InFlightLimits.standard()
            .withTotal(2 * THREADS)
            .withPerHost(2 * THREADS)
            .withPerConnection(2 * THREADS);
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .httpClient(client)
            .limits(HttpLimits.standard().withInFlight(room))
            .clock(clock)
            .build()) {
      Caller caller = Principal.user("ada").in("prod");
      ConnectionReference reference = ConnectionReference.invoker("my-tickets", "tickets");
      ConnectionSpec spec =
          ConnectionSpec.of("tickets", "oauth2")
              .with("client_id", "desk")
              .secret("client_secret", Secret.of("s3cr3t-of-the-desk"));
      runtime.connections().create(caller, spec);
      Tickets.TicketQuery query = new Tickets.TicketQuery("facilities", "T-20481", 5);
      ByHand byHand = new ByHand();
      double[] ours = new double[storms];
      double[] theirs = new double[storms];
      int[] asked = new int[2];
      for (int i = -5; i < storms; i++) { // The first ones warm up.
        clock.advance(Duration.ofHours(2));
        tokens.set(0);
        double first = storm(() -> runtime.invoke(caller, reference, GET, query));
        asked[0] = Math.max(asked[0], tokens.get());
        byHand.expire();
        tokens.set(0);
        double second = storm(() -> byHand.call(query));
        asked[1] = Math.max(asked[1], tokens.get());
        if (i >= 0) {
          ours[i] = first;
          theirs[i] = second;
        }
      }
      System.out.printf(
          "storm of %d: %.1f ms with %d token requests, by hand %.1f ms with %d, %.2f times%n",
          THREADS, median(ours), asked[0], median(theirs), asked[1], median(ours) / median(theirs));
    }
  }

  private static double storm(Callable<?> call) throws Exception {
    ExecutorService threads = threads();
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        calls.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      TimeUnit.MILLISECONDS.sleep(200); // Until all of them wait.
      long began = System.nanoTime();
      start.countDown();
      for (Future<?> one : calls) {
        one.get();
      }
      return (System.nanoTime() - began) / 1e6;
    } finally {
      threads.shutdownNow();
    }
  }

  /** The library is built for Java 17, which has no virtual threads. */
  private static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return Executors.newFixedThreadPool(THREADS);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Whoever finds no token asks for one, and the others wait for that. */
  private final class ByHand {

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final AtomicReference<CompletableFuture<String>> token = new AtomicReference<>();

    void expire() {
      token.set(null);
    }

    Tickets.Ticket call(Tickets.TicketQuery query) throws IOException {
      Request request =
          new Request.Builder()
              .url(SITE + "/projects/" + query.project() + "/tickets/" + query.id())
              .header("Accept", "application/json")
              .header("Authorization", "Bearer " + token())
              .build();
      try (Response response = client.newCall(request).execute()) {
        return mapper.readValue(response.body().byteStream(), Tickets.Ticket.class);
      }
    }

    private String token() throws IOException {
      CompletableFuture<String> known = token.get();
      if (known == null) {
        CompletableFuture<String> mine = new CompletableFuture<>();
        known = token.compareAndExchange(null, mine);
        if (known == null) {
          mine.complete(fetched());
          known = mine;
        }
      }
      return known.join();
    }

    private String fetched() throws IOException {
      Request request = new Request.Builder().url(SITE + "/token").build();
      try (Response response = client.newCall(request).execute()) {
        return mapper.readTree(response.body().byteStream()).get("access_token").stringValue();
      }
    }
  }
}
