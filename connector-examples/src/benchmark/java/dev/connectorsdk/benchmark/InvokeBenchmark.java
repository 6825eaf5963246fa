package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.benchmark.Tickets.NewTicket;
import dev.connectorsdk.benchmark.Tickets.Ticket;
import dev.connectorsdk.benchmark.Tickets.TicketQuery;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call of an action, all of the runtime's work included, next to OkHttp and Jackson by hand. No
 * network: both talk to the same {@link CannedService}.
 *
 * <p>Budget: at most 0.95 times the time and, with {@code -prof gc}, the bytes of what is written
 * by hand with a mapper as it comes. By hand with the runtime's own mapper, which calls the
 * constructors of records faster, shows what the way to the service alone costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class InvokeBenchmark {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final HttpUrl BASE = HttpUrl.get(CannedService.BASE_URL);

  private final OkHttpClient client = CannedService.client();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final JsonMapper ownMapper = JsonSettings.newMapper();
  private final TicketQuery[] queries =
      IntStream.range(0, 16)
          .mapToObj(i -> new TicketQuery("facilities", "T-" + (20_481 + i), 5))
          .toArray(TicketQuery[]::new);
  private int next;
  private final NewTicket draft =
      new NewTicket(
          "Printer on the third floor is on fire",
          "It began to smoke around noon.",
          2,
          List.of("printer", "fire"));

  private final Principal ada = Principal.user("ada");
  private final Caller caller =
      ada.in("prod").running(Flow.of("report", ada).runnableBy(Principal.user("bob")));
  private final ConnectionReference reference =
      ConnectionReference.embedded("team-tickets", "tickets");
  private ConnectorRuntime runtime;

  /** Binds the reference to a connection. */
  @Setup
  public void start() {
    runtime = ConnectorRuntime.builder().connector(Tickets.CONNECTOR).httpClient(client).build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    Connection connection = runtime.connections().create(caller, spec);
    runtime.references().bind(caller, reference, connection.id());
  }

  /** Ends the runtime's threads. */
  @TearDown
  public void stop() {
    runtime.close();
  }

  /** Each call is about another ticket than the one before. */
  private TicketQuery query() {
    next = (next + 1) % queries.length;
    return queries[next];
  }

  /** A GET with a path of two arguments and a query. */
  @Benchmark
  public Ticket get() {
    return runtime.invoke(caller, reference, Tickets.GET, query());
  }

  /** The same by hand. */
  @Benchmark
  public Ticket getByHand() throws IOException {
    return fetch(getRequest(), mapper);
  }

  /** The same by hand, with the runtime's mapper. */
  @Benchmark
  public Ticket getByHandWithOwnMapper() throws IOException {
    return fetch(getRequest(), ownMapper);
  }

  private Request getRequest() {
    TicketQuery query = query();
    HttpUrl url =
        BASE.newBuilder()
            .addPathSegment("projects")
            .addPathSegment(query.project())
            .addPathSegment("tickets")
            .addPathSegment(query.id())
            .addQueryParameter("comments", Integer.toString(query.comments()))
            .build();
    return request(url).build();
  }

  /** A POST of a small JSON body. */
  @Benchmark
  public Ticket create() {
    return runtime.invoke(caller, reference, Tickets.CREATE, draft);
  }

  /** The same by hand. */
  @Benchmark
  public Ticket createByHand() throws IOException {
    return fetch(createRequest(mapper), mapper);
  }

  /** The same by hand, with the runtime's mapper. */
  @Benchmark
  public Ticket createByHandWithOwnMapper() throws IOException {
    return fetch(createRequest(ownMapper), ownMapper);
  }

  private Request createRequest(JsonMapper writer) {
    HttpUrl url = BASE.newBuilder().addPathSegment("tickets").build();
    RequestBody body = RequestBody.create(writer.writeValueAsBytes(draft), JSON);
    return request(url).post(body).build();
  }

  private static Request.Builder request(HttpUrl url) {
    return new Request.Builder()
        .url(url)
        .header("Accept", "application/json")
        .header(CannedService.KEY_HEADER, CannedService.KEY);
  }

  private Ticket fetch(Request request, JsonMapper reader) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("Answered with " + response.code());
      }
      return reader.readValue(response.body().byteStream(), Ticket.class);
    }
  }
}
