package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.fixtures.ManyThreads;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose requests share a kept socket, and how long it is kept. */
@Tag("E12")
@Timeout(60)
class OwnSocketsTest {

  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final Caller ADA = user("ada");
  private static final Caller BOB = user("bob");
  private static final TicketId ONE = new TicketId("1");

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private final Semaphore ended = new Semaphore(0);
  private final LocalServer service = new LocalServer(this::serve);
  private volatile CyclicBarrier held = new CyclicBarrier(1); // Answers wait for so many.
  private ConnectorRuntime runtime;

  /** Answers with the caller's key, and then once more, without being asked. */
  private void serve(Socket client) throws IOException {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    try {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      for (String key = key(in); key != null; key = key(in)) {
        awaitOthers();
        String answer = answer(key);
        String further = key.equals("evil") ? answer("what nobody asked for") : "";
        client.getOutputStream().write((answer + further).getBytes(ISO_8859_1));
        client.getOutputStream().flush();
      }
    } finally {
      open.decrementAndGet();
      ended.release();
    }
  }

  private void awaitOthers() throws IOException {
    try {
      held.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IOException(e);
    }
  }

  private static String key(BufferedReader in) throws IOException {
    String key = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        return key;
      }
      if (line.toLowerCase(Locale.ROOT).startsWith("x-api-key:")) {
        key = line.substring("x-api-key:".length()).strip();
      }
    }
    return null;
  }

  private static String answer(String title) {
    String body = "{\"id\":\"1\",\"title\":\"" + title + "\"}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static Caller user(String name) {
    return Principal.user(name).in("dev");
  }

  @BeforeEach
  void start() {
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost:" + service.port()).build())
            .build();
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
    service.close();
  }

  private Connection connect(Caller caller, String key) {
    return runtime
        .connections()
        .create(
            caller,
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(key)).untested());
  }

  private String titleFor(Caller caller) {
    Ticket ticket = runtime.invoke(caller, MINE, Tickets.GET, ONE);
    return ticket.title();
  }

  @Test
  @DisplayName("E12: what a service sends beyond the answer reaches no other user")
  void whatAServiceSendsBeyondTheAnswerReachesNoOtherUser() {
    connect(ADA, "evil");
    connect(BOB, "bob's");

    assertThat(titleFor(ADA)).isEqualTo("evil");
    assertThat(titleFor(BOB)).isEqualTo("bob's");
    assertThat(service.connections()).isEqualTo(2);
  }

  @Test
  void oneUsersCallsShareASocket() {
    connect(BOB, "bob's");

    for (int i = 0; i < 5; i++) {
      assertThat(titleFor(BOB)).isEqualTo("bob's");
    }
    assertThat(service.connections()).isEqualTo(1);
  }

  @Test
  void allSocketsThatOneUsersCallsNeedAtOnceAreKept() throws Exception {
    int atOnce = InFlightLimits.standard().perConnection();
    connect(BOB, "bob's");

    for (int round = 0; round < 3; round++) {
      held = new CyclicBarrier(atOnce);
      ManyThreads.atOnce(atOnce, thread -> titleFor(BOB));
    }
    assertThat(service.connections()).isEqualTo(atOnce);
  }

  @Test
  @DisplayName("E12: a connection that is deleted, or whose key is another one, keeps no socket")
  void aDeletedConnectionKeepsNoSocket() throws InterruptedException {
    Connection connection = connect(BOB, "bob's");
    titleFor(BOB);
    runtime
        .connections()
        .update(
            BOB,
            connection.id(),
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("new")).untested());
    assertThat(ended.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

    assertThat(titleFor(BOB)).isEqualTo("new");
    runtime.connections().delete(BOB, connection.id());
    assertThat(ended.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("E12: a runtime that is closed keeps no socket")
  void aClosedRuntimeKeepsNoSocket() throws InterruptedException {
    connect(ADA, "ada's");
    connect(BOB, "bob's");
    titleFor(ADA);
    titleFor(BOB);

    runtime.close();

    assertThat(ended.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("E12: the idle sockets of all users together are bounded")
  void theIdleSocketsOfAllUsersAreBounded() {
    int users = 1_100;
    for (int i = 0; i < users; i++) {
      Caller user = user("user-" + i);
      connect(user, "key-" + i);
      assertThat(titleFor(user)).isEqualTo("key-" + i);
    }

    assertThat(service.connections()).isEqualTo(users);
    assertThat(mostOpen.get()).as("with those that are being closed").isLessThan(600);
    assertThat(open.get()).as("half of them are kept").isGreaterThanOrEqualTo(250);
  }

  @Test
  @DisplayName("E12: so are those that were in use when there were too many")
  void theIdleSocketsOfManyCallsAtOnceAreBounded() throws Exception {
    int atOnce = 550;
    int rounds = 4;
    runtime.close();
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost:" + service.port()).build())
            .limits(
                HttpLimits.standard()
                    .withInFlight(InFlightLimits.standard().withTotal(atOnce).withPerHost(atOnce)))
            .build();
    for (int round = 0; round < rounds; round++) {
      held = new CyclicBarrier(atOnce);
      int first = round * atOnce;
      ManyThreads.atOnce(
          atOnce,
          thread -> {
            Caller user = user("user-" + (first + thread));
            connect(user, "key");
            return titleFor(user);
          });
    }

    assertThat(service.connections()).isEqualTo(atOnce * rounds);
    assertThat(mostOpen.get())
        .as("with those in use and being closed")
        .isLessThan(500 + 2 * atOnce);
  }
}
