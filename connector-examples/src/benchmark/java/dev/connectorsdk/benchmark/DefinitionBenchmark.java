package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of a definition's operation, all of the runtime's work included, next to OkHttp and
 * Jackson by hand into a tree. No network: all talk to the same {@link CannedService}.
 *
 * <p>Budgets, times and bytes with {@code -prof gc}: at most 1.25 times those by hand, and under
 * two policies at most 1.7 times the time and 1.6 times the bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DefinitionBenchmark {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final HttpUrl BASE = HttpUrl.get(CannedService.BASE_URL);

  private final OkHttpClient client = CannedService.client();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final ObjectNode[] queries =
      IntStream.range(0, 16)
          .mapToObj(
              i ->
                  mapper
                      .createObjectNode()
                      .put("project", "facilities")
                      .put("id", "T-" + (20_481 + i))
                      .put("comments", 5))
          .toArray(ObjectNode[]::new);
  private int next;
  private final ObjectNode draft = draft();

  private final Principal ada = Principal.user("ada");
  private final Caller caller =
      ada.in("prod").running(Flow.of("report", ada).runnableBy(Principal.user("bob")));
  private final ConnectionReference plain =
      ConnectionReference.embedded("plain-tickets", "tickets-plain");
  private final ConnectionReference policed =
      ConnectionReference.embedded("policed-tickets", "tickets-policed");
  private ConnectorRuntime runtime;

  private ObjectNode draft() {
    ObjectNode draft = mapper.createObjectNode();
    ObjectNode ticket = draft.putObject("ticket");
    ticket.put("title", "Printer on the third floor is on fire");
    ticket.put("description", "It began to smoke around noon.");
    ticket.put("priority", 2);
    ticket.putArray("tags").add("printer").add("fire");
    return draft;
  }

  /** Binds each reference to a connection. */
  @Setup
  public void start() {
    Connector withoutPolicies = TicketsDefinition.plain();
    Connector withPolicies = TicketsDefinition.policed();
    runtime =
        ConnectorRuntime.builder()
            .connector(withoutPolicies)
            .connector(withPolicies)
            .httpClient(client)
            .build();
    bind(plain, withoutPolicies);
    bind(policed, withPolicies);
  }

  private void bind(ConnectionReference reference, Connector connector) {
    String option = connector.authOptions().get(0).id();
    ConnectionSpec spec =
        ConnectionSpec.of(connector.id().value(), option)
            .secret("api_key", Secret.of(CannedService.KEY));
    Connection connection = runtime.connections().create(caller, spec);
    runtime.references().bind(caller, reference, connection.id());
  }

  /** Ends the runtime's threads. */
  @TearDown
  public void stop() {
    runtime.close();
  }

  /** Each call is about another ticket than the one before. */
  private ObjectNode query() {
    next = (next + 1) % queries.length;
    return queries[next];
  }

  /** A GET with a path of two arguments and a query. */
  @Benchmark
  public JsonNode get() {
    return runtime.invoke(caller, plain, TicketsDefinition.GET, query());
  }

  /** The same under a policy that sets a header and one that sets a query parameter. */
  @Benchmark
  public JsonNode getPoliced() {
    return runtime.invoke(caller, policed, TicketsDefinition.GET, query());
  }

  /** The same by hand. */
  @Benchmark
  public JsonNode getByHand() throws IOException {
    ObjectNode query = query();
    HttpUrl url =
        BASE.newBuilder()
            .addPathSegment("projects")
            .addPathSegment(query.get("project").stringValue())
            .addPathSegment("tickets")
            .addPathSegment(query.get("id").stringValue())
            .addQueryParameter("comments", query.get("comments").asString())
            .build();
    return fetch(request(url).build());
  }

  /** A POST of a small JSON body. */
  @Benchmark
  public JsonNode create() {
    return runtime.invoke(caller, plain, TicketsDefinition.CREATE, draft);
  }

  /** The same under a policy that sets a header and one that sets a query parameter. */
  @Benchmark
  public JsonNode createPoliced() {
    return runtime.invoke(caller, policed, TicketsDefinition.CREATE, draft);
  }

  /** The same by hand. */
  @Benchmark
  public JsonNode createByHand() throws IOException {
    HttpUrl url = BASE.newBuilder().addPathSegment("tickets").build();
    RequestBody body = RequestBody.create(mapper.writeValueAsBytes(draft.get("ticket")), JSON);
    return fetch(request(url).post(body).build());
  }

  private static Request.Builder request(HttpUrl url) {
    return new Request.Builder()
        .url(url)
        .header("Accept", "application/json")
        .header(CannedService.KEY_HEADER, CannedService.KEY);
  }

  private JsonNode fetch(Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("Answered with " + response.code());
      }
      return mapper.readTree(response.body().byteStream());
    }
  }
}
