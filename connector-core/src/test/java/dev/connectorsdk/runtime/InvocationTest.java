package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Tickets.Line;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.Query;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class InvocationTest extends HostTest {

  @Test
  void runsATypedActionOnTheCallersOwnConnection() {
    connect(ADA, "ada-key");
    service.stubFor(
        get(urlEqualTo("/tickets?status=open&limit=2"))
            .withHeader("X-Api-Key", equalTo("ada-key"))
            .willReturn(okJson("[{\"id\":\"1\",\"title\":\"Printer\",\"new\":true}]")));

    Ticket[] tickets = runtime.invoke(ADA, MINE, Tickets.LIST, new Query("open", 2));

    assertThat(tickets).containsExactly(new Ticket("1", "Printer"));
  }

  @Test
  void runsTheSameActionByItsIdWithJson() {
    connect(ADA, "ada-key");
    service.stubFor(
        post("/tickets")
            .withRequestBody(equalToJson("{\"title\":\"Printer\",\"lines\":[{\"text\":\"fire\"}]}"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"Printer\"}")));

    JsonNode ticket =
        runtime.invoke(
            ADA,
            MINE,
            "createTicket",
            Map.of("title", "Printer", "lines", List.of(Map.of("text", "fire"))));

    assertThat(ticket.toString()).isEqualTo("{\"id\":\"1\",\"title\":\"Printer\"}");
  }

  @Test
  void theSameReferenceLeadsEachUserToTheOwnConnection() {
    connect(ADA, "ada-key");
    connect(BOB, "bob-key");
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));

    runtime.invoke(BOB, MINE, Tickets.GET, new TicketId("1"));

    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("bob-key")));
    service.verify(0, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("ada-key")));
  }

  @Test
  void namesEveryFaultOfAnInputAndSendsNothing() {
    connect(ADA, "ada-key");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime.invoke(
                    ADA,
                    MINE,
                    "createTicket",
                    Map.of("lines", List.of(Map.of(), Map.of("text", 3)))))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactlyInAnyOrder("/title", "/lines/0/text", "/lines/1/text"));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void namesEveryMissingPartOfATypedInput() {
    connect(ADA, "ada-key");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                runtime.invoke(
                    ADA, MINE, Tickets.CREATE, new NewTicket(null, List.of(new Line(null)))))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactlyInAnyOrder("/title", "/lines/0/text"));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void anUnknownActionIsNamedWithWhatThereIs() {
    connect(ADA, "ada-key");

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, "closeTicket", Map.of()))
        .withMessage(
            "No action 'closeTicket'. Connector 'tickets' offers [getTicket, listTickets,"
                + " createTicket, createTicketOnce, deleteTicket].");
  }

  @Test
  void anActionOfAnotherConnectorIsRefused() {
    connect(ADA, "ada-key");
    Action<TicketId, Ticket> impostor =
        Action.builder("getTicket", Effect.READ, TicketId.class, Ticket.class)
            .run((in, call) -> new Ticket("0", "made up"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.invoke(ADA, MINE, impostor, new TicketId("1")))
        .withMessageContaining("is not the one that connector 'tickets' was registered with");
  }

  @Test
  void anAnswerThatIsNoSuccessKeepsStatusHeadersAndBody() {
    var connection = connect(ADA, "ada-key");
    service.stubFor(
        get("/tickets/9")
            .willReturn(aResponse().withStatus(404).withHeader("X-Why", "gone").withBody("no 9")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("9")))
        .withMessage(
            "GET localhost:"
                + service.port()
                + " on connection '"
                + connection.id()
                + "' was answered with status 404")
        .satisfies(
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.headers()).containsEntry("x-why", List.of("gone"));
              assertThat(e.body()).isEqualTo("no 9");
              assertThat(e.isRetryable()).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource({"200, true", "299, true", "300, false", "304, false", "399, false"})
  void anAnswerIsASuccessUpToStatus299(int status, boolean success) {
    connect(ADA, "ada-key");
    service.stubFor(
        get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}").withStatus(status)));

    if (success) {
      assertThat(runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")).id()).isEqualTo("1");
    } else {
      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
          .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
  }

  @Test
  void anAnswerOfAnotherShapeSaysWhereAndNotWhat() {
    var connection = connect(ADA, "ada-key");
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\": [\"s3cret\"]}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
        .withMessageStartingWith(
            "The answer to GET localhost:"
                + service.port()
                + " on connection '"
                + connection.id()
                + "' (application/json, 18 bytes) is not JSON of the expected"
                + " shape at line 1, column ")
        .withNoCause();
  }

  @Test
  void whatAnActionThrowsIsAFailedAction() {
    Action<TicketId, Ticket> broken =
        Action.builder("broken", Effect.READ, TicketId.class, Ticket.class)
            .run(
                (in, call) -> {
                  throw new IllegalStateException("bug");
                });
    runtime.close();
    runtime =
        ConnectorRuntime.builder().connector(Tickets.builder(url()).action(broken).build()).build();
    connect(ADA, "ada-key");

    assertThatExceptionOfType(ActionFailedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, broken, new TicketId("1")))
        .withMessage("Action 'broken' failed with java.lang.IllegalStateException")
        .withCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClosedRuntimeAndAMissingInputAreMisuse() {
    connect(ADA, "ada-key");
    assertThatNullPointerException()
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, null))
        .withMessage("input");

    runtime.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
        .withMessage("The runtime is closed");
  }

  @Test
  void tellsListenersHowACallEnded() {
    connect(ADA, "ada-key");
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));

    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("2")));

    assertThat(events)
        .filteredOn(CallEnded.class::isInstance)
        .extracting(e -> ((CallEnded) e).error())
        .containsExactly(null, "ServiceException");
    assertThat(events)
        .filteredOn(CallEnded.class::isInstance)
        .extracting(e -> ((CallEnded) e).exchanges())
        .containsExactly(1, 1);
  }

  @Test
  void eachAuthOptionPutsItsCredentialWhereItBelongs() {
    service.stubFor(
        get(urlPathEqualTo("/tickets/1")).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    service.stubFor(
        post("/token").willReturn(okJson("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\"}")));
    Secret secret = Secret.of("s3cret");
    List<ConnectionSpec> specs =
        Arrays.asList(
            ConnectionSpec.of("tickets", "none"),
            ConnectionSpec.of("tickets", "basic")
                .with("username", "ada")
                .secret("password", secret),
            ConnectionSpec.of("tickets", "bearer").secret("token", secret),
            ConnectionSpec.of("tickets", "queryKey").secret("api_key", secret),
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", secret));
    for (ConnectionSpec spec : specs) {
      var connection = runtime.connections().create(ADA, spec);
      runtime.references().bind(ADA, MINE, connection.id());
      runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }

    String basic = "Basic YWRhOnMzY3JldA==";
    service.verify(1, getRequestedFor(urlEqualTo("/tickets/1")).withoutHeader("Authorization"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo(basic)));
    service.verify(
        1, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer s3cret")));
    service.verify(1, getRequestedFor(urlEqualTo("/tickets/1?key=s3cret")));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer t-1")));
    service.verify(1, postRequestedFor(urlEqualTo("/token")));
  }
}
