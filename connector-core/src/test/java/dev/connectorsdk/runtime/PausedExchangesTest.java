package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that fails again and again is left alone for a while. */
@Tag("F8")
class PausedExchangesTest extends HostTest {

  private static final Action<TicketId, Ticket> ELSEWHERE =
      Action.builder("getTicketElsewhere", Effect.READ, TicketId.class, Ticket.class)
          .run((in, call) -> call.http().callEncoded("GET", elsewhere()).fetch(Ticket.class));

  private static final Action<TicketId, Ticket> HASTY =
      Action.builder("getTicketAtOnce", Effect.READ, TicketId.class, Ticket.class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/tickets/{id}", in.id())
                      .timeout(Duration.ofMillis(1))
                      .fetch(Ticket.class));

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .additionalOrigin(elsewhere())
        .action(HASTY)
        .action(ELSEWHERE)
        .build();
  }

  /** Returns the same service under another name. */
  private static String elsewhere() {
    return "http://127.0.0.1:" + service.port();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.limits(HttpLimits.standard().withMaxAttempts(1));
  }

  private static void theServiceSays(ResponseDefinitionBuilder answer) {
    service.stubFor(any(anyUrl()).willReturn(answer));
  }

  private static void theServiceWorks() {
    theServiceSays(okJson("{\"id\":\"1\",\"title\":\"T\"}"));
  }

  private void call(Caller caller) {
    runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
  }

  /** Calls so often, and returns how many requests that made. */
  private int requestsOf(int calls) {
    service.resetRequests();
    for (int i = 0; i < calls; i++) {
      assertThatExceptionOfType(ConnectorException.class).isThrownBy(() -> call(ADA));
    }
    return service.getAllServeEvents().size();
  }

  private void assertPaused() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> call(ADA))
        .matches(e -> e.kind() == Kind.PAUSED && e.isRetryable() && !e.isOutcomeUnknown())
        .matches(e -> e.retryAfter().orElseThrow().compareTo(Duration.ofSeconds(10)) <= 0)
        .withMessageEndingWith("not sent, to give the service a rest: 20 failed in a row");
  }

  @Test
  @DisplayName("F8: a clock that is set back has a service left alone for no longer")
  void aClockThatIsSetBackHasAServiceLeftAloneForNoLonger() {
    connect(ADA, "k");
    theServiceSays(status(503));
    requestsOf(20);
    assertPaused();
    theServiceWorks();

    clock.advance(Duration.ofDays(-1));

    call(ADA);
    call(ADA);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 0})
  @DisplayName("F8: after 20 failures of 20 one request is sent each 10 s, until one is answered")
  void after20FailuresOneRequestIsSentEach10Seconds(int failure) {
    connect(ADA, "k");
    theServiceSays(
        failure == 0 ? aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER) : status(failure));

    assertThat(requestsOf(100)).isEqualTo(20);
    assertPaused();
    clock.advance(Duration.ofMillis(9_999));
    assertThat(requestsOf(10)).isZero();
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofSeconds(10));
      assertThat(requestsOf(10)).isEqualTo(1);
    }

    theServiceWorks();
    assertPaused();
    clock.advance(Duration.ofSeconds(10));
    for (int i = 0; i < 30; i++) {
      call(ADA);
    }
  }

  @Test
  @DisplayName("F8: one answer among them, even a refusal, and the count begins anew")
  void oneAnswerAmongThemAndTheCountBeginsAnew() {
    connect(ADA, "k");
    for (int status : new int[] {200, 404, 429}) {
      theServiceSays(status(503));
      assertThat(requestsOf(19)).isEqualTo(19);
      theServiceSays(status(status));
      assertThat(requestsOf(1)).isEqualTo(1);
    }
    theServiceSays(status(503));
    assertThat(requestsOf(100)).isEqualTo(20);
  }

  @Test
  @DisplayName("F8: other connections, and other hosts of the same one, are sent as usual")
  void othersAreSentAsUsual() {
    connect(ADA, "k");
    connect(BOB, "k");
    theServiceSays(status(503));
    requestsOf(30);
    theServiceWorks();

    assertPaused();
    call(BOB);
    runtime.invoke(ADA, MINE, ELSEWHERE, new TicketId("1"));
  }

  @Test
  @DisplayName("F8: clients from unwrap count and pause as well")
  void clientsFromUnwrapCountAndPauseAsWell() throws Exception {
    connect(ADA, "k");
    theServiceSays(status(503));
    OkHttpClient client = unwrapped();
    for (int i = 0; i < 20; i++) {
      get(client).close();
    }

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> get(client))
        .matches(e -> e.kind() == Kind.PAUSED);
    assertPaused();

    theServiceWorks();
    clock.advance(Duration.ofSeconds(10));
    get(client).close();
    call(ADA);
  }

  @Test
  @DisplayName("F8: what counts of a client from unwrap is a service in silence, not a call's end")
  void whatCountsOfAClientFromUnwrapIsSilence() {
    connect(ADA, "k");
    theServiceSays(okJson("{}").withFixedDelay(300));
    OkHttpClient client = unwrapped();
    OkHttpClient hurried = client.newBuilder().callTimeout(Duration.ofMillis(20)).build();
    OkHttpClient hasty = client.newBuilder().readTimeout(Duration.ofMillis(20)).build();

    for (int i = 0; i < 25; i++) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(hurried));
    }
    for (int i = 0; i < 20; i++) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(hasty));
    }

    assertPaused();
  }

  @Test
  @DisplayName("F8: the end of the time that a client from unwrap has does not count")
  void theEndOfTheTimeThatAClientFromUnwrapHasDoesNotCount() {
    runtime.close();
    HttpLimits limits = HttpLimits.standard().withCallTimeout(Duration.ofMillis(20));
    runtime = builder().limits(limits).build();
    connect(ADA, "k");
    theServiceSays(okJson("{}").withFixedDelay(300));
    OkHttpClient client = unwrapped();

    for (int i = 0; i < 25; i++) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(client));
    }
  }

  private OkHttpClient unwrapped() {
    return runtime.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "test", Effect.READ);
  }

  private Response get(OkHttpClient client) throws IOException {
    return client.newCall(new Request.Builder().url(url() + "/x").build()).execute();
  }

  @Test
  @DisplayName("F8: a call that has less time than the service needs says nothing of the service")
  void aCallWithLittleTimeSaysNothingOfTheService() {
    connect(ADA, "k");
    theServiceSays(okJson("{}").withFixedDelay(300));
    for (int i = 0; i < 25; i++) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(
              () ->
                  runtime.invoke(
                      ADA,
                      MINE,
                      Tickets.GET,
                      new TicketId("1"),
                      CallOptions.standard().within(Duration.ofMillis(1))))
          .matches(e -> e.kind() == Kind.TIMEOUT);
    }

    theServiceWorks();
    call(ADA);
  }

  @Test
  @DisplayName("F8: a service that takes longer than its connector waits for one request fails")
  void aServiceThatTakesLongerThanItsConnectorWaitsFails() {
    connect(ADA, "k");
    theServiceSays(okJson("{}").withFixedDelay(300));
    for (int i = 0; i < 20; i++) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, HASTY, new TicketId("1")))
          .matches(e -> e.kind() == Kind.TIMEOUT);
    }

    assertPaused();
  }

  @Test
  @DisplayName("F8: what begins to pause is not repeated, and fails as it did")
  void whatBeginsToPauseIsNotRepeated() {
    runtime.close();
    runtime = builder().build();
    connect(ADA, "k");
    theServiceSays(status(503));

    for (int i = 0; i < 7; i++) {
      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> call(ADA))
          .withMessageContaining("503");
    }
    assertThat(service.getAllServeEvents()).hasSize(20);
    assertPaused();
  }

  @Test
  @DisplayName("F8: a host may have any number of failures, and no negative one")
  void aHostMayHaveAnyNumberOfFailures() {
    runtime.close();
    InFlightLimits any = InFlightLimits.standard().withMaxFailures(0);
    runtime = builder().limits(HttpLimits.standard().withMaxAttempts(1).withInFlight(any)).build();
    connect(ADA, "k");
    theServiceSays(status(503));

    assertThat(requestsOf(100)).isEqualTo(100);
    assertThatIllegalArgumentException().isThrownBy(() -> any.withMaxFailures(-1));
  }
}
