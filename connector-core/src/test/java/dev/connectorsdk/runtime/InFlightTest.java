package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.invocation.CallOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many exchanges are in flight at the same time, and what becomes of the others. */
@Tag("F8")
@Timeout(120)
class InFlightTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Caller BOB = Principal.user("bob").in("dev");
  private static final HttpLimits LIMITS =
      HttpLimits.standard().withMaxAttempts(1).withReadTimeout(Duration.ofSeconds(60));

  private static final Action<String, String> GET =
      Action.builder("get", Effect.READ, String.class, String.class)
          .run((path, call) -> call.http().callEncoded("GET", path).send().text());

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  /** A service that answers when it is told to. */
  private static final class Service implements AutoCloseable {

    private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
    private final Queue<Exchange> all = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger mostSockets = new AtomicInteger();
    private final LocalServer server = new LocalServer(this::serve);
    private volatile boolean open;

    private void serve(Socket client) throws IOException, InterruptedException {
      mostSockets.accumulateAndGet(sockets.incrementAndGet(), Math::max);
      try {
        serveAll(client);
      } finally {
        sockets.decrementAndGet();
      }
    }

    private void serveAll(Socket client) throws IOException, InterruptedException {
      for (String path = request(client); path != null; path = request(client)) {
        most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        Exchange exchange = new Exchange(path);
        all.add(exchange);
        waiting.add(exchange);
        if (open) {
          exchange.answer(FINE);
        }
        exchange.told.await();
        inFlight.decrementAndGet();
        if (exchange.answer.isEmpty()) {
          return;
        }
        client.getOutputStream().write(exchange.answer.getBytes(US_ASCII));
        client.getOutputStream().flush();
      }
    }

    /** Returns the path, or null at the end. */
    private static String request(Socket client) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int c = client.getInputStream().read();
        if (c < 0) {
          return null;
        }
        head.append((char) c);
      }
      return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP"));
    }

    /** Returns the next request, which waits for its answer. */
    Exchange next() throws InterruptedException {
      Exchange next = waiting.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("a request").isNotNull();
      return next;
    }

    /** Waits for so many requests, which wait for their answers. */
    void next(int count) throws InterruptedException {
      for (int i = 0; i < count; i++) {
        next();
      }
    }

    /** Answers all that wait and all that come. */
    void open() {
      open = true;
      all.forEach(exchange -> exchange.answer(FINE));
    }

    String url() {
      return "http://localhost:" + server.port();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static final String FINE = answer("200 OK", "fine");

  private static String answer(String status, String body) {
    return "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body);
  }

  private static final class Exchange {

    private final String path;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile String answer = "";

    Exchange(String path) {
      this.path = path;
    }

    void answer(String text) {
      if (told.getCount() > 0) {
        answer = text;
        told.countDown();
      }
    }

    void breakOff() {
      told.countDown();
    }
  }

  private ConnectorRuntime runtime(InFlightLimits inFlight, Connector... connectors) {
    return closing(
        ConnectorRuntime.builder()
            .connectors(List.of(connectors))
            .limits(LIMITS.withInFlight(inFlight))
            .build());
  }

  /** Returns a runtime in which these users have a connection to a service. */
  private ConnectorRuntime runtime(InFlightLimits inFlight, Service service, Caller... callers) {
    ConnectorRuntime runtime = runtime(inFlight, connector("one", service));
    for (Caller caller : callers) {
      connect(runtime, caller, "one");
    }
    return runtime;
  }

  private static OkHttpClient unwrapped(ConnectorRuntime runtime) {
    return runtime
        .references()
        .resolve(ADA, at("one"))
        .unwrap(OkHttpClient.class, "test", Effect.READ);
  }

  private static Connector connector(String id, Service service) {
    return connector(id, service, GET);
  }

  private static Connector connector(String id, Service service, Action<?, ?> action) {
    return Connector.builder(id, service.url()).auth(AuthOption.none()).action(action).build();
  }

  private static void connect(ConnectorRuntime runtime, Caller caller, String connector) {
    runtime.connections().create(caller, ConnectionSpec.of(connector, "none"));
  }

  private static ConnectionReference at(String connector) {
    return ConnectionReference.invoker("my-" + connector, connector);
  }

  /** A call on a thread of its own. */
  private static final class Calling {

    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final Thread thread;

    private Calling(Supplier<String> call) {
      thread =
          new Thread(
              null,
              () -> {
                try {
                  result.complete(call.get());
                } catch (ConnectorException e) {
                  result.completeExceptionally(e);
                }
                interrupted.complete(Thread.currentThread().isInterrupted());
              },
              "caller",
              512 * 1024);
      thread.setDaemon(true);
      thread.start();
    }

    static Calling of(ConnectorRuntime runtime, Caller caller, String connector, String path) {
      return new Calling(() -> runtime.invoke(caller, at(connector), GET, path));
    }

    /** Waits until the thread waits, which it does for room if nothing of it has arrived. */
    void untilItWaits() {
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        assertThat(Thread.currentThread().isInterrupted()).as("took too long").isFalse();
        Thread.onSpinWait();
      }
    }

    void isFine() {
      assertThat(result).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("fine");
    }

    ConnectorException failure() {
      try {
        return fail("It ended with " + result.get(60, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        return (ConnectorException) e.getCause();
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void assertBusy(ConnectorException failure, String what) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TransportException.Kind.BUSY);
              assertThat(e.isOutcomeUnknown()).isFalse();
              assertThat(e.isRetryable()).isTrue();
            })
        .hasMessageEndingWith(
            "not sent, for there was no room in time: " + what + " are in flight");
  }

  @Test
  @DisplayName("F8: a thousand threads on one connection have 16 exchanges, and all are answered")
  void manyThreadsHaveFewSockets() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime = runtime(InFlightLimits.standard(), service, ADA);
    List<Calling> calls =
        IntStream.range(0, 1_000).mapToObj(i -> Calling.of(runtime, ADA, "one", "/" + i)).toList();
    service.next(16);
    service.open();

    calls.forEach(Calling::isFine);
    assertThat(service.most).hasValue(16);
    assertThat(service.mostSockets)
        .as("with those that the client is closing")
        .hasValueLessThanOrEqualTo(2 * 16);
  }

  @Test
  @DisplayName("F8: all connections together have 16 exchanges with one host")
  void connectionsShareAHost() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime =
        runtime(
            InFlightLimits.standard().withPerConnection(4).withPerHost(16),
            connector("one", service));
    List<Calling> calls = new ArrayList<>();
    for (int user = 0; user < 10; user++) {
      Caller caller = Principal.user("u" + user).in("dev");
      connect(runtime, caller, "one");
      for (int i = 0; i < 10; i++) {
        calls.add(Calling.of(runtime, caller, "one", "/" + i));
      }
    }
    service.next(16);

    service.open();

    calls.forEach(Calling::isFine);
    assertThat(service.most).hasValue(16);
  }

  @Test
  @DisplayName("F8: a connection whose calls hang leaves room with its host for others")
  void aConnectionWhoseCallsHangLeavesRoomForOthers() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime = runtime(InFlightLimits.standard(), service, ADA, BOB);
    List<Calling> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(Calling.of(runtime, ADA, "one", "/" + i));
    }
    service.next(16);

    calls.add(Calling.of(runtime, BOB, "one", "/bob"));
    service.next();
    service.open();

    calls.forEach(Calling::isFine);
    assertThat(service.most).hasValue(17);
  }

  @Test
  @DisplayName("F8: a service that hangs keeps nobody from another one")
  void aServiceThatHangsHarmsNobodyElse() throws Exception {
    Service hanging = closing(new Service());
    Service good = closing(new Service());
    good.open();
    ConnectorRuntime runtime =
        runtime(InFlightLimits.standard(), connector("hanging", hanging), connector("good", good));
    connect(runtime, ADA, "hanging");
    connect(runtime, ADA, "good");
    List<Calling> stuck =
        IntStream.range(0, 100)
            .mapToObj(i -> Calling.of(runtime, ADA, "hanging", "/" + i))
            .toList();
    hanging.next();

    List<Calling> fine =
        IntStream.range(0, 100).mapToObj(i -> Calling.of(runtime, ADA, "good", "/" + i)).toList();

    fine.forEach(Calling::isFine);
    assertThat(stuck).noneMatch(call -> call.result.isDone());
  }

  @ParameterizedTest
  @ValueSource(strings = {"perHost", "total"})
  @DisplayName("F8: a burst of one connection does not push another to the end of the queue")
  void aBurstIsFairToOthers(String limit) throws Exception {
    Service service = closing(new Service());
    InFlightLimits two = InFlightLimits.standard().withPerConnection(4);
    ConnectorRuntime runtime =
        runtime(limit.equals("perHost") ? two.withPerHost(2) : two.withTotal(2), service, ADA, BOB);
    List<Calling> burst = new ArrayList<>();
    Deque<Exchange> arrived = new ArrayDeque<>();
    for (int i = 0; i < 2; i++) {
      burst.add(Calling.of(runtime, ADA, "one", "/ada"));
      arrived.add(service.next());
    }
    for (int i = 0; i < 100; i++) {
      Calling call = Calling.of(runtime, ADA, "one", "/ada");
      burst.add(call);
      call.untilItWaits();
    }
    Calling bobs = Calling.of(runtime, BOB, "one", "/bob");
    bobs.untilItWaits();

    List<String> order = new ArrayList<>();
    while (!order.contains("/bob")) {
      arrived.remove().answer(FINE);
      Exchange next = service.next();
      order.add(next.path);
      arrived.add(next);
    }

    assertThat(order)
        .as("two of a hundred wait before him")
        .containsExactly("/ada", "/ada", "/bob");
    service.open();
    bobs.isFine();
    burst.forEach(Calling::isFine);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 9, 9, 1 exchanges of this connection",
    "9, 1, 9, 1 exchanges with this host",
    "9, 9, 1, 1 exchanges of the runtime"
  })
  @DisplayName("F8: what finds no room is refused with a typed error, at once if the host wants it")
  void whatFindsNoRoomIsRefused(int perConnection, int perHost, int total, String full)
      throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime =
        runtime(new InFlightLimits(perConnection, perHost, total, Duration.ZERO, 0), service, ADA);
    Calling first = Calling.of(runtime, ADA, "one", "/first");
    Exchange exchange = service.next();

    for (int i = 0; i < 10; i++) {
      assertBusy(Calling.of(runtime, ADA, "one", "/second").failure(), full);
    }

    exchange.answer(FINE);
    first.isFine();
    service.open();
    Calling.of(runtime, ADA, "one", "/third").isFine();
    assertThat(service.most).hasValue(1);
  }

  /** Everything that may end an exchange, and nothing of which may keep its room. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "500 Internal Server Error",
        "302 Found\r\nLocation: http://elsewhere.test/",
        "200 OK\r\nContent-Encoding: br",
        "nonsense",
        ""
      })
  @DisplayName("F8: room is given back whatever ends the exchange")
  void roomIsGivenBackAfterAnyEnd(String status) throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime = oneAtATime(service);
    Calling ended = Calling.of(runtime, ADA, "one", "/ended");
    Exchange exchange = service.next();
    if (status.isEmpty()) {
      exchange.breakOff();
    } else {
      exchange.answer(answer(status, "fine"));
    }
    ended.failure();

    service.open();
    Calling.of(runtime, ADA, "one", "/next").isFine();
  }

  private ConnectorRuntime oneAtATime(Service service) {
    ConnectorRuntime runtime = oneAtATime(connector("one", service));
    connect(runtime, ADA, "one");
    return runtime;
  }

  private ConnectorRuntime oneAtATime(Connector connector) {
    return runtime(new InFlightLimits(1, 1, 1, Duration.ZERO, 0), connector);
  }

  @Test
  @DisplayName("F8: room is given back after an interrupt, the end of a call, and no connection")
  void roomIsGivenBackAfterCancellation() throws Exception {
    Service service = closing(new Service());
    Connector gone =
        Connector.builder("gone", "http://localhost:" + LocalServer.freePort())
            .auth(AuthOption.none())
            .action(GET)
            .build();
    ConnectorRuntime runtime =
        runtime(new InFlightLimits(1, 1, 1, Duration.ZERO, 0), connector("one", service), gone);
    connect(runtime, ADA, "one");
    connect(runtime, ADA, "gone");
    Calling interrupted = Calling.of(runtime, ADA, "one", "/interrupted");
    service.next();
    interrupted.thread.interrupt();
    assertThat(interrupted.failure()).isInstanceOf(CallCancelledException.class);
    Calling late =
        new Calling(
            () -> runtime.invoke(ADA, at("one"), GET, "/late", within(Duration.ofMillis(300))));
    assertThat(late.failure())
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.TIMEOUT));
    assertThat(Calling.of(runtime, ADA, "gone", "/gone").failure())
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.CONNECT));

    service.open();
    Calling.of(runtime, ADA, "one", "/next").isFine();
  }

  private static CallOptions within(Duration time) {
    return CallOptions.standard().within(time);
  }

  @Test
  @DisplayName("F6, F8: who waits for room is cancelled, ends with the call's time, and with close")
  void whoWaitsCanBeStopped() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime =
        runtime(
            InFlightLimits.standard().withPerConnection(1).withLongestWait(Duration.ofMinutes(10)),
            service,
            ADA);
    Calling first = Calling.of(runtime, ADA, "one", "/first");
    service.next();
    Calling interrupted = Calling.of(runtime, ADA, "one", "/interrupted");
    interrupted.untilItWaits();
    Calling late =
        new Calling(
            () -> runtime.invoke(ADA, at("one"), GET, "/late", within(Duration.ofMillis(300))));
    Calling waiting = Calling.of(runtime, ADA, "one", "/waiting");
    waiting.untilItWaits();

    interrupted.thread.interrupt();

    assertThat(interrupted.failure()).isInstanceOf(CallCancelledException.class);
    assertThat(interrupted.interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    assertBusy(late.failure(), "1 exchanges of this connection");

    runtime.close();

    assertThat(first.failure()).isInstanceOf(CallCancelledException.class);
    assertThat(waiting.failure()).isInstanceOf(CallCancelledException.class);
    assertThat(service.waiting).as("none of those that waited was sent").isEmpty();
  }

  @Test
  @DisplayName("F6, F8: who is cancelled while waiting for the host leaves the connection's room")
  void whoIsCancelledWhileWaitingLeavesTheConnectionsRoom() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime =
        runtime(new InFlightLimits(1, 1, 9, Duration.ofSeconds(30), 0), service, ADA, BOB);
    Calling bobs = Calling.of(runtime, BOB, "one", "/bob");
    service.next();
    Calling interrupted = Calling.of(runtime, ADA, "one", "/interrupted");
    interrupted.untilItWaits();

    interrupted.thread.interrupt();
    assertThat(interrupted.failure()).isInstanceOf(CallCancelledException.class);

    service.open();
    bobs.isFine();
    Calling.of(runtime, ADA, "one", "/next").isFine();
  }

  @Test
  @DisplayName("F8: a call that renews its credential on the way needs no room for that")
  void aRenewalInACallFindsItsWay() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime = oneAtATime(oauth2("one", service.url(), service.url() + "/token"));
    runtime.connections().create(ADA, oauth2("one"));
    Calling call = Calling.of(runtime, ADA, "one", "/x");
    String token = "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}";
    for (String path : List.of("/token", "/x", "/token", "/x")) {
      Exchange exchange = service.next();
      assertThat(exchange.path).isEqualTo(path);
      exchange.answer(
          path.equals("/token")
              ? answer("200 OK\r\nContent-Type: application/json", token)
              : service.waiting.isEmpty() && refused.getAndSet(false)
                  ? answer("401 Unauthorized", "no")
                  : FINE);
    }

    call.isFine();
  }

  private ConnectionSpec oauth2(String connector) {
    return ConnectionSpec.of(connector, "oauth2")
        .with("client_id", "app")
        .secret("client_secret", Secret.of("s"))
        .untested();
  }

  @Test
  @DisplayName("F8: requests for tokens have room of their own, and a limit with each host")
  void requestsForTokensHaveRoomOfTheirOwn() throws Exception {
    Service hanging = closing(new Service());
    Service good = closing(new Service());
    good.open();
    InFlightLimits two = new InFlightLimits(1, 2, 9, Duration.ZERO, 0);
    ConnectorRuntime runtime =
        closing(
            ConnectorRuntime.builder()
                .connector(oauth2("one", good.url(), hanging.url() + "/token"))
                .connector(connector("plain", good))
                .limits(LIMITS.withInFlight(two))
                .tokenLimits(HttpLimits.forTokens().withInFlight(two))
                .sleeper(pause -> {})
                .build());
    List<Calling> waiting = new ArrayList<>();
    for (int user = 0; user < 2; user++) {
      Caller caller = Principal.user("u" + user).in("dev");
      runtime.connections().create(caller, oauth2("one"));
      waiting.add(Calling.of(runtime, caller, "one", "/x"));
      hanging.next();
    }

    runtime.connections().create(ADA, oauth2("one"));
    assertThat(Calling.of(runtime, ADA, "one", "/x").failure())
        .isInstanceOfSatisfying(
            AuthenticationException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.TEMPORARY);
              assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
            })
        .hasMessageContaining("was not asked, since too many requests are in flight");
    assertThat(hanging.waiting).isEmpty();
    connect(runtime, ADA, "plain");
    Calling.of(runtime, ADA, "plain", "/calls-have-room").isFine();
    assertThat(waiting).noneMatch(call -> call.result.isDone());
    hanging.open(); // or close would wait for them
  }

  @Test
  @DisplayName("B18, F8: what finds no room does not count as an outage of the token endpoint")
  void whatFindsNoRoomIsNoOutage() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime =
        closing(
            ConnectorRuntime.builder()
                .connector(oauth2("one", service.url(), service.url() + "/token"))
                .limits(LIMITS)
                .tokenLimits(
                    HttpLimits.forTokens()
                        .withInFlight(new InFlightLimits(1, 1, 1, Duration.ZERO, 0)))
                .sleeper(pause -> {})
                .build());
    runtime.connections().create(BOB, oauth2("one"));
    Calling bobs = Calling.of(runtime, BOB, "one", "/x");
    Exchange token = service.next();
    for (int user = 0; user < 5; user++) {
      Caller caller = Principal.user("u" + user).in("dev");
      runtime.connections().create(caller, oauth2("one"));
      assertThat(Calling.of(runtime, caller, "one", "/x").failure())
          .isInstanceOf(AuthenticationException.class);
    }
    token.answer(
        answer(
            "200 OK\r\nContent-Type: application/json",
            "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}"));
    service.next().answer(FINE);
    bobs.isFine();

    runtime.connections().create(ADA, oauth2("one"));
    Calling adas = Calling.of(runtime, ADA, "one", "/x");

    assertThat(service.next().path).as("asked at once").isEqualTo("/token");
    service.open();
    adas.failure();
  }

  private static Connector oauth2(String id, String url, String tokenUrl) {
    return Connector.builder(id, url)
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(tokenUrl)))
        .action(GET)
        .build();
  }

  private final AtomicBoolean refused = new AtomicBoolean(true);

  private Action<String, String> unwrapping(Unwrapped use) {
    return Action.builder("unwrap", Effect.READ, String.class, String.class)
        .run(
            (path, call) -> {
              OkHttpClient client = call.http().unwrap(OkHttpClient.class);
              return use.with(client, call.http().baseUrl() + path, call);
            });
  }

  private interface Unwrapped {
    String with(OkHttpClient client, String url, ActionContext call) throws IOException;
  }

  private static Request request(String url) {
    return new Request.Builder().url(url).build();
  }

  @Test
  @DisplayName("F8: an answer that is open takes up room, until it is closed, read or cancelled")
  void anOpenAnswerTakesUpRoom() throws Exception {
    Service service = closing(new Service());
    service.open();
    ConnectorRuntime runtime = oneAtATime(service);
    OkHttpClient client = unwrapped(runtime);
    List<Consumer<Exit>> ends =
        List.of(exit -> exit.response().close(), exit -> exit.text(), exit -> exit.call().cancel());

    for (Consumer<Exit> end : ends) {
      Call call = client.newCall(request(service.url() + "/open"));
      Response response = call.execute();
      assertOpenAnswersAreNamed(Calling.of(runtime, ADA, "one", "/x").failure());

      end.accept(new Exit(call, response));

      Calling.of(runtime, ADA, "one", "/x").isFine();
      response.close();
    }
  }

  private static void assertOpenAnswersAreNamed(ConnectorException failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            TransportException.class,
            e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.BUSY))
        .hasMessageEndingWith(
            "1 exchanges of this connection are in flight, of which 1 are answers that nobody has"
                + " closed");
    assertThat(failure.remedy())
        .isEqualTo("Close the answers of unwrapped clients, or read them to their end.");
  }

  @Test
  @DisplayName("F8: who keeps as many answers open as there may be is told so, and waits no longer")
  void whoKeepsAllAnswersOpenIsTold() throws Exception {
    Service service = closing(new Service());
    service.open();
    ConnectorRuntime runtime =
        runtime(new InFlightLimits(3, 9, 9, Duration.ofMillis(300), 0), service, ADA);
    OkHttpClient client = unwrapped(runtime);
    List<Response> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.add(client.newCall(request(service.url() + "/kept")).execute());
    }

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> client.newCall(request(service.url() + "/more")).execute())
        .withMessageEndingWith("in flight, of which 3 are answers that nobody has closed");

    kept.forEach(Response::close);
    Calling.of(runtime, ADA, "one", "/x").isFine();
  }

  private record Exit(Call call, Response response) {
    void text() {
      try {
        assertThat(response.body().string()).isEqualTo("fine");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  @DisplayName("F8: an error that nobody reads takes up no room")
  void anErrorTakesUpNoRoom() throws Exception {
    Service service = closing(new Service());
    ConnectorRuntime runtime = oneAtATime(service);
    OkHttpClient client = unwrapped(runtime);
    CompletableFuture<Response> answered =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return client.newCall(request(service.url() + "/error")).execute();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    service.next().answer(answer("404 Not Found", "nothing here"));
    try (Response response = answered.get(30, TimeUnit.SECONDS)) {
      service.open();

      Calling.of(runtime, ADA, "one", "/x").isFine();

      assertThat(response.body().string()).isEqualTo("nothing here");
    }
  }

  @Test
  @DisplayName(
      "F8: a call that reads one answer while it asks for another does not wait for itself")
  void aNestedExchangeDoesNotWaitForItsOwnCall() throws Exception {
    Service service = closing(new Service());
    service.open();
    Action<String, String> nested =
        unwrapping(
            (client, url, call) -> {
              try (Response outer = client.newCall(request(url)).execute()) {
                String inner = call.http().get("/inner").send().text();
                try (Response second = client.newCall(request(url)).execute()) {
                  return inner + outer.body().string() + second.body().string();
                }
              }
            });
    ConnectorRuntime runtime =
        runtime(new InFlightLimits(2, 1, 1, Duration.ZERO, 0), connector("one", service, nested));
    connect(runtime, ADA, "one");

    assertThat(runtime.invoke(ADA, at("one"), nested, "/outer")).isEqualTo("finefinefine");
    assertThat(runtime.invoke(ADA, at("one"), nested, "/outer")).isEqualTo("finefinefine");

    service.open = false;
    service.waiting.clear();
    Calling first = new Calling(() -> runtime.invoke(ADA, at("one"), nested, "/first"));
    service.next();
    Calling second = new Calling(() -> runtime.invoke(ADA, at("one"), nested, "/second"));
    assertThat(second.failure()).hasMessageContaining("1 exchanges with this host");
    service.open();
    assertThat(first.result).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("finefinefine");
  }

  @Test
  void limitsAreAtLeastOne() {
    InFlightLimits standard = InFlightLimits.standard();

    assertThat(standard).isEqualTo(new InFlightLimits(16, 128, 512, Duration.ofSeconds(60), 20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> standard.withPerConnection(0))
        .withMessage("perConnection must be at least 1, but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> standard.withPerHost(0));
    assertThatIllegalArgumentException().isThrownBy(() -> standard.withTotal(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> standard.withLongestWait(Duration.ofMillis(-1)));
  }
}
