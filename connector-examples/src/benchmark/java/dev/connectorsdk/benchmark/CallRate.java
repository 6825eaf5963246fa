package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many calls a second eight threads make over loopback HTTP: of a typed action and of a
 * definition's operation, next to OkHttp and Jackson by hand, into a record and into a tree, in
 * turn in one JVM.
 *
 * <p>Budget: as many as by hand, and of a definition 0.93 times as many.
 */
public final class CallRate {

  private static final int THREADS = 8;
  private static final int WARM_UP = 6;
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private CallRate() {}

  /** One call. */
  private interface Call {
    Object run() throws IOException;
  }

  /**
   * Measures.
   *
   * @param args how many rounds of half a second each kind has
   */
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    JsonMapper mapper = JsonMapper.builder().build();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(THREADS, 5, TimeUnit.MINUTES))
            .build();
    Tickets.TicketQuery query = new Tickets.TicketQuery("facilities", "T-20481", 5);
    ObjectNode input =
        mapper
            .createObjectNode()
            .put("project", query.project())
            .put("id", query.id())
            .put("comments", query.comments());
    Principal ada = Principal.user("ada");
    Caller caller = ada.in("prod").running(Flow.of("report", ada));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (LoopbackService service = new LoopbackService();
        ConnectorRuntime runtime =
            ConnectorRuntime.builder()
                .addressPolicy(AddressPolicy.allowAll())
                .connector(Tickets.at(service.url()))
                .connector(TicketsDefinition.at(service.url()))
                .build()) {
      ConnectionReference typed = bound(runtime, caller, Tickets.at(service.url()));
      ConnectionReference definition = bound(runtime, caller, TicketsDefinition.at(service.url()));
      HttpUrl base = HttpUrl.get(service.url());
      Call[] calls = {
        () -> runtime.invoke(caller, typed, Tickets.GET, query),
        () -> byHand(client, base, query, mapper, Tickets.Ticket.class),
        () -> runtime.invoke(caller, definition, TicketsDefinition.GET, input),
        () -> byHand(client, base, query, mapper, JsonNode.class)
      };
      double[][] rates = new double[calls.length][rounds];
      for (int round = -WARM_UP; round < rounds; round++) {
        for (int i = 0; i < calls.length; i++) {
          double rate = rate(threads, calls[i]);
          if (round >= 0) {
            rates[i][round] = rate;
          }
        }
      }
      print("typed", rates[0], rates[1]);
      print("definition", rates[2], rates[3]);
    } finally {
      threads.shutdownNow();
      client.connectionPool().evictAll();
    }
  }

  private static ConnectionReference bound(
      ConnectorRuntime runtime, Caller caller, Connector connector) {
    ConnectionReference reference =
        ConnectionReference.embedded("team-" + connector.id(), connector.id().value());
    ConnectionSpec spec =
        ConnectionSpec.of(connector.id().value(), connector.authOptions().get(0).id())
            .secret("api_key", Secret.of(CannedService.KEY));
    Connection connection = runtime.connections().create(caller, spec);
    runtime.references().bind(caller, reference, connection.id());
    return reference;
  }

  private static <T> T byHand(
      OkHttpClient client, HttpUrl base, Tickets.TicketQuery query, JsonMapper mapper, Class<T> as)
      throws IOException {
    HttpUrl url =
        base.newBuilder()
            .addPathSegment("projects")
            .addPathSegment(query.project())
            .addPathSegment("tickets")
            .addPathSegment(query.id())
            .addQueryParameter("comments", Integer.toString(query.comments()))
            .build();
    Request request =
        new Request.Builder()
            .url(url)
            .header("Accept", "application/json")
            .header(CannedService.KEY_HEADER, CannedService.KEY)
            .build();
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("Answered with " + response.code());
      }
      return mapper.readValue(response.body().byteStream(), as);
    }
  }

  private static double rate(ExecutorService threads, Call call) throws Exception {
    LongAdder made = new LongAdder();
    long began = System.nanoTime();
    var running =
        threads.invokeAll(
            Collections.nCopies(
                THREADS,
                () -> {
                  while (System.nanoTime() - began < ROUND_NANOS) {
                    call.run();
                    made.increment();
                  }
                  return null;
                }));
    for (var one : running) {
      one.get();
    }
    return made.sum() * 1e9 / (System.nanoTime() - began);
  }

  private static void print(String kind, double[] ours, double[] byHand) {
    System.out.printf(
        "%s: %.0f calls/s, by hand %.0f, %.2f times as many%n",
        kind, median(ours), median(byHand), median(ours) / median(byHand));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
