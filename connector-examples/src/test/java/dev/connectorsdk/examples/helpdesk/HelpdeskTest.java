package dev.connectorsdk.examples.helpdesk;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.created;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Attachment;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Priority;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketId;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WireMockTest
class HelpdeskTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference DESK = ConnectionReference.invoker("desk", "helpdesk");

  private ConnectorRuntime runtime;
  private String site;

  @BeforeEach
  void connect(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(get("/api/me").willReturn(okJson("{\"login\": \"ada\", \"name\": \"Ada L.\"}")));
    runtime =
        ConnectorRuntime.builder()
            .provider(new Helpdesk())
            .addressPolicy(AddressPolicy.allowAll())
            .sleeper(pause -> {})
            .build();
    var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", service.getHttpBaseUrl());
    runtime.connections().create(ADA, spec.secret("api_key", Secret.of("k-1")));
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  @Test
  void isADecentConnector() {
    assertThat(ConnectorLint.check(Helpdesk.connector())).isEmpty();
  }

  @Test
  void findsTicketsThatWereOpened() {
    stubFor(get("/api/opened?sort=-openedAt").willReturn(okJson(opened("1"))));
    Object first = polled(Helpdesk.TICKET_OPENED, null);
    stubFor(get("/api/opened?sort=-openedAt").willReturn(okJson(opened("2", "1"))));

    assertThat(polled(Helpdesk.TICKET_OPENED, first)).asString().contains("begun=true");
    assertThat(found).containsExactly("2");
  }

  @Test
  void findsTicketsThatWereClosed() {
    String noon = "2026-01-01T12:00:00Z";
    String none = "{\"tickets\": [], \"more\": false, \"until\": \"" + noon + "\"}";
    String one = "{\"id\": \"7\", \"closedAt\": \"" + noon + "\"}";
    stubFor(get("/api/closed?since=now&limit=10").willReturn(okJson(none)));
    stubFor(
        get(urlPathEqualTo("/api/closed"))
            .withQueryParam("since", equalTo("2026-01-01T11:58:00Z"))
            .willReturn(okJson(none)));
    Object first = polled(Helpdesk.TICKET_CLOSED, null);
    stubFor(
        get(urlPathEqualTo("/api/closed"))
            .withQueryParam("since", equalTo(noon))
            .willReturn(okJson(none.replace("[]", "[" + one + "]"))));
    polled(Helpdesk.TICKET_CLOSED, first);

    assertThat(found).containsExactly("7");
  }

  private static String opened(String... ids) {
    return Stream.of(ids)
        .map(
            id ->
                "{\"id\": \""
                    + id
                    + "\", \"title\": \"T\", \"openedAt\": \"2026-01-01T12:00:00Z\"}")
        .collect(Collectors.joining(",", "{\"tickets\": [", "]}"));
  }

  private final List<String> found = new ArrayList<>();

  /** Polls once, with the context of an action of the same connector, and returns the cursor. */
  private <K> Object polled(PollingTrigger<Nothing, K, ?> trigger, Object cursor) {
    AtomicReference<Object> next = new AtomicReference<>();
    Action<Nothing, Nothing> poll =
        Action.builder("poll", Effect.READ, Nothing.class, Nothing.class)
            .run(
                (nothing, call) -> {
                  @SuppressWarnings("unchecked")
                  var asked = new Poll<>(nothing, (K) cursor, new Start.Now(), 10, Instant.EPOCH);
                  var batch = trigger.poll(asked, call);
                  batch.events().forEach(event -> found.add(event.id()));
                  next.set(batch.next());
                  return nothing;
                });
    Connector lending =
        Connector.builder("lending", site + "/api").auth(AuthOption.none()).action(poll).build();
    try (ConnectorRuntime other = ConnectorRuntime.builder().connector(lending).build()) {
      other.connections().create(ADA, ConnectionSpec.of("lending", "none"));
      other.invoke(ADA, ConnectionReference.invoker("it", "lending"), poll, Nothing.NOTHING);
    }
    return next.get();
  }

  @Test
  void isFoundOnTheClassPath() {
    try (ConnectorRuntime found =
        ConnectorRuntime.builder().discover(Helpdesk.class.getClassLoader()).build()) {
      assertThat(found.connectors(ADA)).extracting(c -> c.id().value()).contains("helpdesk");
      assertThat(found.pluginProblems()).isEmpty();
    }
  }

  @Test
  void theTestOfAConnectionNamesTheAccount() {
    assertThat(runtime.connections().list(ADA))
        .extracting(connection -> connection.account())
        .containsExactly(new Account("ada", "Ada L."));
  }

  @Test
  void listsTicketsOverAllPagesAndNoFurtherThanAsked() {
    stubFor(get("/api/tickets?status=open").willReturn(okJson(page("c2", "1", "2"))));
    stubFor(get("/api/tickets?status=open&after=c2").willReturn(okJson(page("c3", "3", "4"))));

    assertThat(runtime.invoke(ADA, DESK, Helpdesk.LIST_TICKETS, new TicketQuery("open", 3)))
        .containsExactly(ticket("1"), ticket("2"), ticket("3"));
    verify(0, getRequestedFor(urlEqualTo("/api/tickets?status=open&after=c3")));
  }

  @Test
  void opensATicketOnceEvenIfTheFirstAnswerWasAnError() {
    stubFor(
        post("/api/tickets")
            .inScenario("open")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(serverError())
            .willSetStateTo("again"));
    stubFor(
        post("/api/tickets")
            .inScenario("open")
            .whenScenarioStateIs("again")
            .willReturn(
                created()
                    .withBody("{\"id\":\"1\",\"title\":\"T 1\",\"status\":\"open\"}")
                    .withHeader("Content-Type", "application/json")));

    assertThat(runtime.invoke(ADA, DESK, Helpdesk.OPEN_TICKET, new NewTicket("T 1", Priority.HIGH)))
        .isEqualTo(ticket("1"));

    var sent = WireMock.findAll(postRequestedFor(urlEqualTo("/api/tickets")));
    assertThat(sent)
        .hasSize(2)
        .extracting(r -> r.getHeader("Idempotency-Key"))
        .doesNotContainNull();
    assertThat(sent.get(0).getHeader("Idempotency-Key"))
        .isEqualTo(sent.get(1).getHeader("Idempotency-Key"));
    verify(
        2,
        postRequestedFor(anyUrl())
            .withRequestBody(equalToJson("{\"title\": \"T 1\", \"priority\": \"HIGH\"}")));
  }

  @Test
  void anInputThatDoesNotFitIsRefusedBeforeAnythingIsSent() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, DESK, "openTicket", Map.of("priority", "URGENT")))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(InvalidInputException.Fault::path)
                    .containsExactlyInAnyOrder("/priority", "/title"));
    verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  void attachesAFileInChunks() {
    stubFor(
        post("/api/tickets/7/uploads")
            .withHeader("Upload-Length", equalTo("8"))
            .willReturn(created().withHeader("Location", "/api/uploads/1")));
    stubFor(
        patch("/api/uploads/1")
            .withHeader("Upload-Offset", equalTo("0"))
            .withRequestBody(equalTo("it broke"))
            .willReturn(noContent().withHeader("Upload-Offset", "8")));
    FileSource log = FileSource.of("it broke".getBytes(UTF_8));

    runtime.invoke(ADA, DESK, Helpdesk.ATTACH_LARGE, new Attachment("7", log));

    verify(patchRequestedFor(urlEqualTo("/api/uploads/1")));
  }

  @Test
  void attachesAFile() {
    stubFor(post("/api/tickets/7/files").willReturn(created()));

    FileSource log = FileSource.of("it broke".getBytes(UTF_8)).named("log.txt");
    runtime.invoke(ADA, DESK, Helpdesk.ATTACH, new Attachment("7", log));

    verify(
        postRequestedFor(urlEqualTo("/api/tickets/7/files"))
            .withRequestBodyPart(
                aMultipart("file")
                    .withHeader("Content-Disposition", containing("filename=\"log.txt\""))
                    .withBody(equalTo("it broke"))
                    .build()));
  }

  @Test
  void theUnwrappedClientIsAuthenticatedToo() {
    stubFor(get("/api/tickets/7.txt").willReturn(ok("Ticket 7")));

    assertThat(runtime.invoke(ADA, DESK, Helpdesk.EXPORT, new TicketId("7"))).isEqualTo("Ticket 7");
    verify(
        getRequestedFor(urlEqualTo("/api/tickets/7.txt")).withHeader("X-Api-Key", equalTo("k-1")));
  }

  @Test
  void theStatusNeedsNoAuthentication(WireMockRuntimeInfo service) {
    stubFor(get("/api/status").willReturn(okJson("{\"state\": \"fine\"}")));
    Caller guest = Principal.user("guest").in("test");
    runtime
        .connections()
        .create(
            guest, ConnectionSpec.of("helpdesk", "none").with("site", service.getHttpBaseUrl()));

    assertThat(runtime.invoke(guest, DESK, Helpdesk.STATUS, Nothing.NOTHING).state())
        .isEqualTo("fine");
    verify(getRequestedFor(urlPathEqualTo("/api/status")).withHeader("Authorization", absent()));
  }

  private static String page(String next, String... ids) {
    StringBuilder tickets = new StringBuilder();
    for (String id : ids) {
      tickets.append(tickets.isEmpty() ? "" : ",").append(json(id));
    }
    return "{\"tickets\": [" + tickets + "], \"next\": \"" + next + "\"}";
  }

  private static String json(String id) {
    return "{\"id\": \"%s\", \"title\": \"T %s\", \"status\": \"open\"}".formatted(id, id);
  }

  private static Ticket ticket(String id) {
    return new Ticket(id, "T " + id, "open");
  }
}
