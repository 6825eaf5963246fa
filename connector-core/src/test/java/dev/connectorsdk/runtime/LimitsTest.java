package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Time, size, and the end of a call before its time. */
class LimitsTest extends HostTest {

  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();
  private static final TicketId ONE = new TicketId("1");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .clock(Clock.systemUTC())
        .limits(HttpLimits.standard().withMaxResponseBytes(100_000).withMaxAttempts(1));
  }

  @Test
  @Tag("E13")
  void anAnswerThatIsTooLargeIsNotRead() {
    connect(ADA, "key");
    service.stubFor(get("/tickets/1").willReturn(aResponse().withBody(new byte[100_001])));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE))
        .withMessage("The answer is larger than the limit of 100000 bytes");

    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    assertThat(runtime.invoke(ADA, MINE, Tickets.GET, ONE)).isEqualTo(new Ticket("1", "T"));
  }

  @Test
  @Tag("E13")
  void theLimitCountsAfterDecompressionAndHoldsForAnEndlessAnswer() throws IOException {
    byte[] bomb = gzip(50_000_000);
    assertThat(bomb.length).isLessThan(100_000);
    HttpServer raw = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    raw.createContext(
        "/tickets/bomb",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, bomb.length);
          exchange.getResponseBody().write(bomb);
          exchange.close();
        });
    raw.createContext(
        "/tickets/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[10_000]);
            }
          }
        });
    raw.setExecutor(
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          thread.start();
        });
    raw.start();
    Connector connector = Tickets.builder("http://localhost:" + raw.getAddress().getPort()).build();
    try (ConnectorRuntime own = with(ConnectorRuntime.builder().connector(connector)).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      for (String id : new String[] {"bomb", "endless"}) {
        assertThatExceptionOfType(ResponseException.class)
            .isThrownBy(() -> own.invoke(ADA, MINE, Tickets.GET, new TicketId(id)))
            .withMessage("The answer is larger than the limit of 100000 bytes");
      }
    } finally {
      raw.stop(0);
    }
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[zeros]);
    }
    return bytes.toByteArray();
  }

  @Test
  @Tag("E13")
  void theBodyOfAnErrorIsCutRatherThanRefused() {
    connect(ADA, "key");
    service.stubFor(
        get("/tickets/1").willReturn(aResponse().withStatus(400).withBody("x".repeat(200_000))));

    assertThatExceptionOfType(dev.connectorsdk.api.error.ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE))
        .satisfies(e -> assertThat(e.body()).hasSize(64 * 1024));
  }

  @Test
  @Tag("E14")
  void aDripThatNeverStopsEndsWithTheCall() {
    connect(ADA, "key");
    service.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse().withBody("x".repeat(200)).withChunkedDribbleDelay(200, 60_000)));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(
            () ->
                runtime.invoke(
                    ADA,
                    MINE,
                    Tickets.CREATE,
                    new NewTicket("T", null),
                    CallOptions.standard().within(Duration.ofMillis(300))))
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(TransportException.Kind.TIMEOUT);
              assertThat(e.isOutcomeUnknown()).isTrue();
            });
  }

  @Test
  void aCallMayTakeForEver() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    CallOptions forEver = CallOptions.standard().within(ChronoUnit.FOREVER.getDuration());

    assertThat(runtime.invoke(ADA, MINE, Tickets.GET, ONE, forEver).id()).isEqualTo("1");
  }

  @Test
  @DisplayName("E14: each way not to answer ends within its limit, and is told apart")
  void eachWayNotToAnswerIsToldApart() throws IOException {
    try (LocalServer silent = new LocalServer(client -> client.getInputStream().readAllBytes());
        LocalServer resetting =
            new LocalServer(
                client -> {
                  client.getInputStream().read();
                  client.setSoLinger(true, 0);
                })) {
      String nobody = "http://localhost:" + LocalServer.freePort();

      assertThat(failure("http://localhost:" + silent.port()))
          .matches(e -> e.kind() == TransportException.Kind.TIMEOUT)
          .matches(TransportException::isOutcomeUnknown);
      assertThat(failure("https://localhost:" + silent.port()))
          .as("in the middle of a TLS handshake")
          .matches(e -> e.kind() == TransportException.Kind.TIMEOUT)
          .matches(e -> !e.isOutcomeUnknown());
      assertThat(failure(nobody))
          .matches(e -> e.kind() == TransportException.Kind.CONNECT)
          .matches(e -> !e.isOutcomeUnknown());
      assertThat(failure("http://localhost:" + resetting.port()))
          .matches(e -> e.kind() == TransportException.Kind.BROKEN_OFF)
          .matches(TransportException::isOutcomeUnknown);
    }
  }

  private static TransportException failure(String url) {
    HttpLimits limits = HttpLimits.standard().withMaxAttempts(1);
    Duration soon = Duration.ofMillis(300);
    try (ConnectorRuntime own =
        ConnectorRuntime.builder()
            .connector(Tickets.builder(url).build())
            .limits(limits.withConnectTimeout(soon).withReadTimeout(soon))
            .build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      return catchThrowableOfType(
          TransportException.class,
          () -> own.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));
    }
  }

  @Test
  @Tag("E13")
  @DisplayName("E14: unless a host says otherwise 10 s to connect, 30 s to read, 60 s, 10 MiB")
  void theLimitsUnlessAHostSaysOtherwise() {
    HttpLimits limits = HttpLimits.standard();

    assertThat(limits.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(limits.readTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(limits.callTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(limits.maxResponseBytes()).isEqualTo(10 * 1024 * 1024);
    assertThat(limits.maxAttempts()).isEqualTo(3);
    assertThat(limits.maxRetryAfter()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  @Tag("F6")
  void anInterruptCancelsACallThatWaitsForTheService() throws Exception {
    try (SilentService silent = new SilentService();
        ConnectorRuntime own = silent.runtime()) {
      AtomicReference<ConnectorException> failure = new AtomicReference<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  own.invoke(ADA, MINE, Tickets.GET, ONE);
                } catch (ConnectorException e) {
                  failure.set(e);
                }
                flag.complete(Thread.currentThread().isInterrupted());
              });
      caller.start();
      silent.awaitCall();

      caller.interrupt();

      assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failure.get())
          .isInstanceOf(CallCancelledException.class)
          .hasMessageMatching("GET localhost:[0-9]+ on connection '.*' was cancelled");
    }
  }

  @Test
  @Tag("F6")
  void anInterruptedThreadSendsNothing() {
    connect(ADA, "key");
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(CallCancelledException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @Tag("F9")
  void closingTheRuntimeCancelsWhatRuns() throws Exception {
    try (SilentService silent = new SilentService()) {
      ConnectorRuntime own = silent.runtime();
      CompletableFuture<Object> call =
          CompletableFuture.supplyAsync(() -> own.invoke(ADA, MINE, Tickets.GET, ONE));
      silent.awaitCall();

      own.close();

      assertThat(call)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(CallCancelledException.class);
      own.close();
    }
  }

  /** Accepts connections and never says a word. */
  private static final class SilentService implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
    private final CountDownLatch called = new CountDownLatch(1);

    SilentService() throws IOException {
      Thread thread =
          new Thread(
              () -> {
                try {
                  Socket connection = socket.accept();
                  connection.getInputStream().read();
                  called.countDown();
                } catch (IOException e) {
                  // The test is over.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    ConnectorRuntime runtime() {
      ConnectorRuntime runtime =
          ConnectorRuntime.builder()
              .connector(Tickets.builder("http://localhost:" + socket.getLocalPort()).build())
              .build();
      runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      return runtime;
    }

    void awaitCall() throws InterruptedException {
      assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  @Timeout(20)
  @Tag("E14")
  @DisplayName("E14: time limits and interrupts go on after the JVM had an error")
  void timeLimitsGoOnAfterAnErrorOfTheJvm() throws Exception {
    OkHttpClient failing =
        new OkHttpClient.Builder()
            .eventListener(
                new EventListener() {
                  @Override
                  public void canceled(Call call) {
                    throw new OutOfMemoryError("in a test");
                  }
                })
            .build();
    CallOptions soon = CallOptions.standard().within(Duration.ofMillis(100));
    try (LocalServer silent =
            new LocalServer(client -> client.getInputStream().transferTo(NOWHERE));
        ConnectorRuntime own =
            ConnectorRuntime.builder()
                .connector(Tickets.builder("http://localhost:" + silent.port()).build())
                .httpClient(failing)
                .build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none").untested());
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(TransportException.class)
            .isThrownBy(() -> own.invoke(ADA, MINE, Tickets.GET, ONE, soon))
            .extracting(TransportException::kind)
            .isEqualTo(TransportException.Kind.TIMEOUT);
      }
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  own.invoke(ADA, MINE, Tickets.GET, ONE);
                } catch (RuntimeException e) {
                  ended.complete(e);
                }
              });
      caller.start();
      caller.interrupt();
      assertThat(ended.get(15, TimeUnit.SECONDS)).isInstanceOf(CallCancelledException.class);
    }
  }
}
