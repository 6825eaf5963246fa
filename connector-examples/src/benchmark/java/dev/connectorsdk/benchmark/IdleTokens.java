package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.benchmark.Tickets.Ticket;
import dev.connectorsdk.benchmark.Tickets.TicketQuery;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Connections in memory, each with a refresh token that it got today, over which to look. */
final class IdleTokens implements AutoCloseable {

  private static final Duration IDLE = Duration.ofDays(20);
  private static final int LOOKS = 100;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String SITE = "https://tickets.example.com";
  private static final MediaType JSON = MediaType.get("application/json");
  private static final ConnectionReference OWN = ConnectionReference.invoker("mine", "tickets");
  private static final TicketQuery QUERY = new TicketQuery("facilities", "T-20481", 5);
  private static final String TOKEN =
      "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
          + "\"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\"}";

  private static final Action<TicketQuery, Ticket> GET =
      Action.builder("getTicket", Effect.READ, TicketQuery.class, Ticket.class)
          .run((in, call) -> call.http().get("/tickets/{id}", in.id()).fetch(Ticket.class));

  private static final Connector CONNECTOR =
      Connector.builder("tickets", SITE)
          .auth(
              AuthOption.oauth2(
                  OAuth2Scheme.clientCredentials(SITE + "/token")
                      .renewal(OAuth2Scheme.Renewal.REFRESH_TOKEN)))
          .action(GET)
          .build();

  private final ConnectorStore store = new InMemoryStore();
  private final ConnectorRuntime runtime;

  IdleTokens(int connections) {
    runtime =
        ConnectorRuntime.builder()
            .connector(CONNECTOR)
            .store(store, KeyRing.random())
            .httpClient(new OkHttpClient.Builder().addInterceptor(IdleTokens::answer).build())
            .build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "oauth2")
            .with("client_id", "desk")
            .secret("client_secret", Secret.of("s3cr3t-of-the-desk"))
            .untested();
    Caller user = Principal.user("user-0").in("prod");
    ConnectionId first = runtime.connections().create(user, spec).id();
    runtime.invoke(user, OWN, GET, QUERY);
    var rows = store.findWithCredentials(first).orElseThrow();
    for (int i = 1; i < connections; i++) {
      copy(rows, i);
    }
    int looked = renewedBeforeTomorrow();
    if (looked != connections) {
      throw new IllegalStateException(looked + " of " + connections + " have a refresh token");
    }
  }

  /** Copies what is stored of a connection for another user, sealed: a look opens what is due. */
  private void copy(ConnectionWithCredentials rows, int number) {
    StoredConnection first = rows.connection();
    ConnectionId id = ConnectionId.of("copy-" + number);
    Principal owner = Principal.user("user-" + number);
    store.insertConnection(
        new StoredConnection(
            new StoredConnection.Identity(id, first.connector(), first.environment(), owner),
            first.settings(),
            first.access(),
            first.revision()),
        rows.credentials().stream()
            .map(
                one ->
                    new StoredCredential(
                        id,
                        one.slot(),
                        one.version(),
                        one.keyId(),
                        one.ciphertext(),
                        one.renewal()))
            .toList());
  }

  private int renewedBeforeTomorrow() {
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    return store.listUnrenewed("acquired", tomorrow, null, Integer.MAX_VALUE).size();
  }

  private static Response answer(Interceptor.Chain chain) {
    boolean isForToken = chain.request().url().encodedPath().equals("/token");
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .body(
            isForToken
                ? ResponseBody.create(TOKEN, JSON)
                : ResponseBody.create(CannedService.ticket(), JSON))
        .build();
  }

  /** Returns how many microseconds of the processor a look takes that finds nothing to renew. */
  double look() {
    long began = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < LOOKS; i++) {
      keepAlive();
    }
    return (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / LOOKS;
  }

  /** Returns how many bytes of the heap one look takes, all that it throws away included. */
  long bytesOfALook() {
    var threads = (com.sun.management.ThreadMXBean) THREADS;
    long before = threads.getCurrentThreadAllocatedBytes();
    keepAlive();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void keepAlive() {
    if (runtime.keepAlive(IDLE) != 0) {
      throw new IllegalStateException("A token of today was renewed");
    }
  }

  @Override
  public void close() {
    runtime.close();
  }
}
