package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.AttachedFile;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Attachment;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.testkit.ConnectorTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The recipes for hosts about calls. */
@Timeout(60)
class CallRecipesTest {

  private static final ConnectionReference DESK = ConnectionReference.invoker("desk", "helpdesk");
  private static final String PRINTER =
      "{\"id\": \"7\", \"title\": \"The printer is on fire\", \"status\": \"open\"}";
  private static final String TICKETS = "{\"tickets\": [" + PRINTER + "], \"next\": \"\"}";
  private static final TicketQuery OPEN = new TicketQuery("open", 5);

  @RegisterExtension
  final ConnectorTest desk =
      ConnectorTest.of(new Helpdesk()).authenticatingBy("apiKey").configured(CallRecipesTest::busy);

  // tag::stream-down[]
  static void download(
      ConnectorRuntime runtime, Caller caller, AttachedFile file, OutputStream browser) {
    FileTarget target = FileTarget.of(browser).limitedTo(5L * 1024 * 1024 * 1024);
    var options = CallOptions.standard().within(Duration.ofHours(1)).saveTo(target);
    runtime.invoke(caller, DESK, Helpdesk.DOWNLOAD_FILE, file, options);
  }

  // end::stream-down[]

  // tag::stream-up[]
  static void upload(
      ConnectorRuntime runtime, Caller caller, String ticket, InputStream body, long length) {
    var file = FileSource.of(body, length).named("log.txt").typed("text/plain");
    var options = CallOptions.standard().within(Duration.ofHours(1));
    runtime.invoke(caller, DESK, Helpdesk.ATTACH, new Attachment(ticket, file), options);
  }

  // end::stream-up[]

  // tag::within[]
  static List<Ticket> quickly(ConnectorRuntime runtime, Caller caller) {
    var options = CallOptions.standard().within(Duration.ofMillis(800));
    try {
      return runtime.invoke(caller, DESK, Helpdesk.LIST_TICKETS, OPEN, options);
    } catch (TransportException e) {
      return List.of(); // isOutcomeUnknown() matters for writes alone
    }
  }

  // end::within[]

  // tag::cancel[]
  static Future<Ticket> start(
      ExecutorService executor, ConnectorRuntime runtime, Caller caller, NewTicket ticket) {
    return executor.submit(() -> runtime.invoke(caller, DESK, Helpdesk.OPEN_TICKET, ticket));
  }

  // end::cancel[]

  // tag::virtual[]
  /** Pass {@code Executors.newVirtualThreadPerTaskExecutor()}. */
  static List<List<Ticket>> ofAll(
      ExecutorService executor, ConnectorRuntime runtime, List<Caller> users) throws Exception {
    List<Future<List<Ticket>>> running = new ArrayList<>();
    for (Caller user : users) {
      running.add(executor.submit(() -> runtime.invoke(user, DESK, Helpdesk.LIST_TICKETS, OPEN)));
    }
    List<List<Ticket>> all = new ArrayList<>();
    for (Future<List<Ticket>> one : running) {
      all.add(one.get());
    }
    return all;
  }

  // end::virtual[]

  // tag::to-users[]
  /** What a web page says; what it does not say is in the log. */
  static String tell(ConnectorException failure) {
    if (failure instanceof InvalidInputException input) {
      return "Please correct: " + input.faults();
    }
    if (failure instanceof ResolutionException || failure.userMustAct()) {
      return failure.remedy();
    }
    return failure.isRetryable() ? "Please try again later." : "Sorry, this did not work.";
  }

  // end::to-users[]

  // tag::later[]
  /** For a queue of your own: how long to wait before the next attempt. */
  static Duration pause(ServiceException failure, int attempts) {
    Duration own = Duration.ofSeconds(1L << Math.min(attempts, 8));
    return failure.retryAfter().filter(asked -> asked.compareTo(own) > 0).orElse(own);
  }

  // end::later[]

  // tag::busy[]
  static void busy(RuntimeBuilder builder) {
    builder.limits(
        HttpLimits.standard()
            .withMaxRetryAfter(Duration.ofSeconds(20))
            .withInFlight(InFlightLimits.standard().withPerConnection(4).withPerHost(32)));
  }

  // end::busy[]

  @Test
  void aFileGoesStraightToTheBrowser() {
    desk.service().answer(get("/api/tickets/7/files/log.txt"), ok("all of it"));
    var browser = new ByteArrayOutputStream();

    download(desk.runtime(), desk.caller(), new AttachedFile("7", "log.txt"), browser);

    assertThat(browser.toString(UTF_8)).isEqualTo("all of it");
  }

  @Test
  void aStreamIsSentWithItsLength() {
    desk.service().answer(post("/api/tickets/7/files"), noContent());
    byte[] log = "a log".getBytes(UTF_8);

    upload(desk.runtime(), desk.caller(), "7", new ByteArrayInputStream(log), log.length);

    desk.service()
        .verify(
            1,
            postRequestedFor(urlEqualTo("/api/tickets/7/files"))
                .withRequestBody(containing("a log"))
                .withRequestBody(containing("filename=\"log.txt\"")));
  }

  @Test
  void aCallThatTakesTooLongEnds() {
    desk.service()
        .answer(get(urlPathEqualTo("/api/tickets")), okJson(TICKETS).withFixedDelay(3_000));

    assertThat(quickly(desk.runtime(), desk.caller())).isEmpty();
  }

  @Test
  void aCallIsCancelledByItsThread() throws Exception {
    desk.service().answer(post("/api/tickets"), okJson(PRINTER).withFixedDelay(2_000));
    BlockingQueue<Throwable> ended = new LinkedBlockingQueue<>();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<?> running =
          executor.submit(
              () -> {
                try {
                  desk.runtime()
                      .invoke(
                          desk.caller(), DESK, Helpdesk.OPEN_TICKET, new NewTicket("Fire", null));
                } catch (CallCancelledException e) {
                  ended.add(e);
                }
              });
      while (desk.service().requests(postRequestedFor(urlEqualTo("/api/tickets"))).isEmpty()) {
        Thread.onSpinWait();
      }

      running.cancel(true);

      assertThat(ended.poll(10, TimeUnit.SECONDS)).isInstanceOf(CallCancelledException.class);
      desk.service().answer(post("/api/tickets"), okJson(PRINTER));
      assertThat(
              start(executor, desk.runtime(), desk.caller(), new NewTicket("Fire", null))
                  .get()
                  .id())
          .isEqualTo("7");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void manyCallsWaitAtTheSameTime() throws Exception {
    desk.service().answer(get(urlPathEqualTo("/api/tickets")), okJson(TICKETS));
    ExecutorService executor = Executors.newCachedThreadPool();
    try {
      List<Caller> users = List.of(desk.caller(), desk.caller(), desk.caller());

      assertThat(ofAll(executor, desk.runtime(), users)).hasSize(3).allMatch(t -> t.size() == 1);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void usersReadWhatTheyCanDo() {
    desk.service().answer(post("/api/tickets"), status(409));
    ConnectionReference unbound = ConnectionReference.embedded("team", "helpdesk");

    assertThat(tell(failureOf(DESK, new NewTicket("Fire", null))))
        .isEqualTo("Sorry, this did not work.");
    assertThat(tell(failureOf(unbound, new NewTicket("Fire", null)))).contains("ind");
  }

  private ConnectorException failureOf(ConnectionReference reference, NewTicket ticket) {
    try {
      desk.runtime().invoke(desk.caller(), reference, Helpdesk.OPEN_TICKET, ticket);
      throw new AssertionError("Nothing failed");
    } catch (ConnectorException e) {
      return e;
    }
  }

  @Test
  void aServiceThatAsksForAPauseGetsOneAndOneThatAsksForALongOneIsLeftToTheQueue() {
    desk.service()
        .answerInTurn(
            get(urlPathEqualTo("/api/tickets")),
            status(429).withHeader("Retry-After", "15"),
            okJson(TICKETS),
            status(429).withHeader("Retry-After", "300"));

    assertThat(desk.invoke(Helpdesk.LIST_TICKETS, OPEN)).hasSize(1);
    assertThat(desk.clock().pauses()).containsExactly(Duration.ofSeconds(15));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> desk.invoke(Helpdesk.LIST_TICKETS, OPEN))
        .satisfies(e -> assertThat(pause(e, 1)).isEqualTo(Duration.ofMinutes(5)));
    desk.service()
        .verify(
            3,
            getRequestedFor(urlPathEqualTo("/api/tickets"))
                .withQueryParam("status", equalTo("open")));
  }
}
