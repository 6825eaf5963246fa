package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that end before their service has said anything, and what they leave behind. */
@Timeout(120)
class CancellationTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-tickets", "tickets");
  private static final int THREADS = 10;
  private static final int CALLS = 1_000;
  private static final String TICKET = "{\"id\":\"1\",\"title\":\"T\"}";

  private final Map<String, Thread> callers = new ConcurrentHashMap<>();
  private final Semaphore asked = new Semaphore(0);
  private final Semaphore hungUp = new Semaphore(0);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private volatile boolean interrupts;
  private ConnectorRuntime runtime;

  @AutoClose private final LocalServer service = new LocalServer(this::serve);

  /** Answers for the ticket {@code known} only, and interrupts who asks for another one. */
  private void serve(Socket client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
    String request = in.readLine();
    String id = request.replaceAll("GET /tickets/(\\S+) .*", "$1");
    if (id.equals("known")) {
      String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ";
      client
          .getOutputStream()
          .write((head + TICKET.length() + "\r\n\r\n" + TICKET).getBytes(ISO_8859_1));
      return;
    }
    asked.release();
    if (interrupts) {
      callers.get(id).interrupt();
    }
    try {
      in.transferTo(java.io.Writer.nullWriter());
    } finally {
      hungUp.release();
    }
  }

  @BeforeEach
  void start() {
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost:" + service.port()).build())
            .build();
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }

  @AfterEach
  void stop() {
    runtime.close();
    threads.shutdownNow();
  }

  private Ticket call(String id) {
    return runtime.invoke(ADA, MINE, Tickets.GET, new TicketId(id));
  }

  private static List<String> threadsOfRuntimes() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("connector-runtime"))
        .toList();
  }

  @Test
  @DisplayName("F6: 1,000 interrupted calls are sent once, end, and leave no socket and no thread")
  void interruptedCallsLeaveNothingBehind() throws Exception {
    interrupts = true;
    List<Future<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      String id = "t" + i;
      calls.add(
          threads.submit(
              () -> {
                callers.put(id, Thread.currentThread());
                assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> call(id));
                return Thread.interrupted();
              }));
    }

    for (Future<Boolean> call : calls) {
      assertThat(call.get()).as("the flag is kept").isTrue();
    }
    assertThat(hungUp.tryAcquire(CALLS, 30, TimeUnit.SECONDS)).as("sockets closed").isTrue();
    assertThat(service.connections()).as("requests").isEqualTo(CALLS);
    assertThat(call("known")).isEqualTo(new Ticket("1", "T"));
    assertThat(threadsOfRuntimes()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  @DisplayName("F9: closing cancels what runs, and leaves no socket and no thread")
  void closingCancelsWhatRuns() throws Exception {
    List<Future<Object>> calls = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      calls.add(threads.submit(() -> call("t")));
    }
    assertThat(asked.tryAcquire(THREADS, 30, TimeUnit.SECONDS)).isTrue();

    runtime.close();
    runtime.close();

    assertThat(calls)
        .allSatisfy(
            call ->
                assertThat(call)
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(CallCancelledException.class));
    assertThat(hungUp.tryAcquire(THREADS, 30, TimeUnit.SECONDS)).as("sockets closed").isTrue();
    assertThat(threadsOfRuntimes()).isEmpty();
  }
}
