package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.event.ConnectorEvent.RequestRepeated;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which requests are sent again, after which pause, and which never are. */
class RetryTest extends HostTest {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH");

  /** By chance always the longest pause. */
  private static final RandomGenerator LONGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private static Action<Nothing, Nothing> action(String method, Effect effect, boolean withKey) {
    String id = method.toLowerCase(java.util.Locale.ROOT) + effect + withKey;
    var builder = Action.builder(id, effect, Nothing.class);
    if (withKey) {
      builder.idempotencyHeader("Idempotency-Key");
    }
    return builder.run(
        (in, call) -> {
          HttpCall request = call.http().call(method, "/thing");
          if (List.of("PUT", "POST", "PATCH").contains(method)) {
            request.json(in);
          }
          request.send();
        });
  }

  private static final Action<Nothing, Nothing> TWO_WRITES =
      Action.builder("twoWrites", Effect.WRITE, Nothing.class)
          .idempotencyHeader("Idempotency-Key")
          .run(
              (in, call) -> {
                call.http().post("/one").json(in).send();
                call.http().post("/two").json(in).send();
              });

  record Bag(Map<String, String> values) {}

  record Anything(JsonNode value) {}

  private static final Action<Anything, Nothing> POST_ONCE =
      Action.builder("postOnce", Effect.WRITE, Anything.class)
          .idempotencyHeader("Idempotency-Key")
          .run((in, call) -> call.http().post("/anything").json(in).send());

  private static final Action<Bag, Nothing> PUT_ONCE =
      Action.builder("putOnce", Effect.WRITE, Bag.class)
          .idempotencyHeader("Idempotency-Key")
          .run(
              (in, call) -> {
                if (in.values().isEmpty()) {
                  throw new ActionFailedException("Nothing to put");
                }
                call.http().post("/bag").json(in).send();
              });

  @Override
  Connector connector() {
    Connector.Builder builder =
        Tickets.builder(url()).action(TWO_WRITES).action(PUT_ONCE).action(POST_ONCE);
    for (String method : METHODS) {
      for (Effect effect : Effect.values()) {
        builder.action(action(method, effect, true)).action(action(method, effect, false));
      }
    }
    return builder.build();
  }

  private int attempts(String method, Effect effect, boolean withKey, ResponseDefinitionBuilder r) {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(r));
    String id = action(method, effect, withKey).id();
    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, id, Nothing.NOTHING));
    return service.findAll(anyRequestedFor(anyUrl())).size();
  }

  private static ResponseDefinitionBuilder status(int status) {
    return aResponse().withStatus(status);
  }

  /** Every method, effect and kind of answer, and how often the service sees the request. */
  static Stream<Arguments> table() {
    List<Arguments> rows = new ArrayList<>();
    for (String method : METHODS) {
      for (Effect effect : Effect.values()) {
        for (boolean withKey : new boolean[] {true, false}) {
          boolean safe = List.of("GET", "HEAD", "OPTIONS").contains(method);
          boolean harmless =
              safe
                  || withKey
                  || effect == Effect.READ
                  || effect == Effect.IDEMPOTENT_WRITE
                  || (effect == Effect.DESTRUCTIVE && method.equals("DELETE"));
          int often = harmless ? 3 : 1;
          for (int code : new int[] {408, 500, 502, 503, 504}) {
            rows.add(Arguments.of(method, effect, withKey, "" + code, often));
          }
          rows.add(Arguments.of(method, effect, withKey, "429", 3));
          rows.add(Arguments.of(method, effect, withKey, "403 Retry-After", 3));
          rows.add(Arguments.of(method, effect, withKey, "409 Retry-After", often));
          rows.add(Arguments.of(method, effect, withKey, "413 Retry-After", 3));
          rows.add(Arguments.of(method, effect, withKey, "503 Retry-After", 3));
          rows.add(Arguments.of(method, effect, withKey, "503 Retry-After: 0", 3));
          rows.add(Arguments.of(method, effect, withKey, "reset", often));
          for (int code : new int[] {400, 403, 404, 409, 501}) {
            rows.add(Arguments.of(method, effect, withKey, "" + code, 1));
          }
        }
      }
    }
    return rows.stream();
  }

  @ParameterizedTest(name = "{0} {1} key={2} {3} is sent {4} times")
  @MethodSource("table")
  @Tag("F1")
  @Tag("F2")
  void aRequestIsSentAgainOnlyIfThatIsHarmless(
      String method, Effect effect, boolean withKey, String outcome, int often) {
    ResponseDefinitionBuilder response =
        switch (outcome) {
          case "403 Retry-After", "409 Retry-After", "413 Retry-After", "503 Retry-After" ->
              status(Integer.parseInt(outcome.substring(0, 3))).withHeader("Retry-After", "1");
          case "503 Retry-After: 0" -> status(503).withHeader("Retry-After", "0");
          case "reset" -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
          default -> status(Integer.parseInt(outcome));
        };

    assertThat(attempts(method, effect, withKey, response)).isEqualTo(often);
  }

  @Test
  @Tag("F7")
  void aLostAnswerToAWriteSaysThatTheOutcomeIsUnknown() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)))
        .withMessageMatching(
            "POST localhost:[0-9]+ on connection '.*': the exchange broke off; whether the service carried it"
                + " out is unknown")
        .satisfies(
            e -> {
              assertThat(e.isOutcomeUnknown()).isTrue();
              assertThat(e.isRetryable()).isFalse();
            });
    service.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("F2")
  void aServiceThatCannotBeReachedIsTriedAgainWhateverTheEffect() {
    ConnectorRuntime nowhere =
        with(ConnectorRuntime.builder()
                .connector(Tickets.builder("http://localhost:1").build())
                .clock(clock)
                .sleeper(clock))
            .build();
    nowhere
        .connections()
        .create(ADA, ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("key")));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> nowhere.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)))
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(TransportException.Kind.CONNECT);
              assertThat(e.isOutcomeUnknown()).isFalse();
            });
    assertThat(clock.pauses()).hasSize(2);
    nowhere.close();
  }

  @Test
  @DisplayName("F7: what an earlier attempt has sent says nothing of one that was not sent")
  void whatAnEarlierAttemptHasSentSaysNothingOfOneThatWasNotSent() {
    WireMockServer busy = new WireMockServer(options().dynamicPort());
    busy.start();
    busy.stubFor(any(anyUrl()).willReturn(status(429)));
    Connector tickets = Tickets.builder("http://localhost:" + busy.port()).build();
    try (ConnectorRuntime own = builder(tickets).sleeper(pause -> busy.stop()).build()) {
      ConnectionSpec spec = ConnectionSpec.of("tickets", "apiKey");
      own.connections().create(ADA, spec.secret("api_key", Secret.of("key")).untested());

      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> own.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)))
          .matches(e -> e.kind() == TransportException.Kind.CONNECT && !e.isOutcomeUnknown());
      assertThat(busy.getAllServeEvents()).hasSize(1);
    } finally {
      busy.stop();
    }
  }

  @ParameterizedTest(name = "Retry-After: {0}")
  @CsvSource({
    "0, PT0.5S",
    "1, PT1S",
    "-5, PT0.5S",
    "17, PT17S",
    "9, PT9S",
    "2.0, PT2S",
    "1.5, PT2S",
    "0.0, PT0.5S",
    "'3, 7', PT7S",
    "'Thu, 01 Jan 2026 13:00:03 GMT', PT3S",
    "'Thursday, 01-Jan-26 13:00:04 GMT', PT4S",
    "'Thu Jan  1 13:00:05 2026', PT5S",
    "'Thu, 01 Jan 2026 12:59:00 GMT', PT0.5S"
  })
  @Tag("F4")
  void waitsAsLongAsTheServiceAsks(String retryAfter, Duration expected) {
    connect(ADA, "key");
    // The service's clock is an hour ahead, so a date counts from its own Date.
    service.stubFor(
        any(anyUrl())
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("ready")
            .willReturn(
                status(429)
                    .withHeader("Retry-After", retryAfter)
                    .withHeader("Date", "Thu, 01 Jan 2026 13:00:00 GMT")));
    service.stubFor(
        any(anyUrl())
            .inScenario("busy")
            .whenScenarioStateIs("ready")
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));

    runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null));

    assertThat(clock.pauses()).containsExactly(expected);
  }

  @ParameterizedTest(name = "Retry-After: {0}")
  @CsvSource({"1.5.2", ".5", "1.", "soon", "''"})
  @Tag("F4")
  @Tag("F5")
  void backsOffByItselfIfTheServiceAsksForNothingThatCanBeUnderstood(String retryAfter) {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(status(429).withHeader("Retry-After", retryAfter)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));

    assertThat(clock.pauses()).hasSize(2);
    assertThat(clock.pauses().get(0)).isBetween(Duration.ZERO, Duration.ofMillis(500));
    assertThat(clock.pauses().get(1)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "61, PT61S",
    "99999999999, P365D",
    "'Thu, 01 Jan 2026 14:00:00 GMT', PT2H",
    "'Fri, 01 Jan 9999 12:00:00 GMT', P365D"
  })
  @Tag("F4")
  void doesNotBlockForAPauseThatIsTooLongButSaysWhenToComeBack(String after, Duration pause) {
    connect(ADA, "key");
    service.stubFor(
        any(anyUrl())
            .willReturn(
                status(429)
                    .withHeader("Retry-After", after)
                    .withHeader("Date", "Thu, 01 Jan 2026 12:00:00 GMT")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)))
        .satisfies(
            e -> {
              assertThat(e.retryAfter()).contains(pause);
              assertThat(e.isRetryable()).isTrue();
            });
    assertThat(clock.pauses()).isEmpty();
  }

  @Test
  @Tag("F4")
  void waitsForTheLongestOfSeveralPauses() {
    connect(ADA, "key");
    service.stubFor(
        any(anyUrl()).willReturn(status(429).withHeader("Retry-After", "9", "soon", "7")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));

    assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(9));
  }

  @ParameterizedTest(name = "{0}, Retry-After: {1}")
  @CsvSource({
    "403, 3600, true",
    "403,, false",
    "423, 3600, true",
    "423,, false",
    "401, 3600, false"
  })
  @Tag("F4")
  void aRefusalMayBeTriedAgainIfTheServiceSaysWhen(
      int status, String retryAfter, boolean expected) {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    ResponseDefinitionBuilder answer = status(status);
    service.stubFor(
        any(anyUrl())
            .willReturn(
                retryAfter == null ? answer : answer.withHeader("Retry-After", retryAfter)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)))
        .satisfies(e -> assertThat(e.isRetryable()).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource({"60, 1", "61, 0"})
  @Tag("F4")
  void waitsForAMinuteAtMost(int retryAfter, int pauses) {
    connect(ADA, "key");
    service.stubFor(
        any(anyUrl()).willReturn(status(429).withHeader("Retry-After", "" + retryAfter)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> createWithin(Duration.ofSeconds(70)));

    assertThat(clock.pauses()).hasSize(pauses);
  }

  @Test
  @Tag("F5")
  void backsOffTwiceAsLongEachTimeUpTo20Seconds() {
    try (ConnectorRuntime patient =
        builder()
            .random(LONGEST)
            .limits(
                HttpLimits.standard().withMaxAttempts(10).withCallTimeout(Duration.ofMinutes(10)))
            .build()) {
      ConnectionSpec spec = ConnectionSpec.of("tickets", "apiKey");
      patient.connections().create(ADA, spec.secret("api_key", Secret.of("key")));
      service.stubFor(any(anyUrl()).willReturn(status(429)));

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(() -> patient.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));
    }

    assertThat(clock.pauses())
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 20_000L, 20_000L, 20_000L);
  }

  @ParameterizedTest
  @Tag("E14")
  @CsvSource({"5, 0", "10, 0", "11, 1"})
  void beginsNoPauseThatWouldEndAfterTheDeadline(int seconds, int pauses) {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(status(503).withHeader("Retry-After", "10")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> createWithin(Duration.ofSeconds(seconds)));

    assertThat(clock.pauses()).hasSize(pauses);
    service.verify(1 + pauses, anyRequestedFor(anyUrl()));
  }

  private void createWithin(Duration timeout) {
    CallOptions options = CallOptions.standard().within(timeout);
    runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null), options);
  }

  @Test
  @DisplayName("E14: a token that takes its time leaves less of it for the service's wishes")
  void aTokenThatTakesItsTimeLeavesLessForTheService() throws IOException {
    try (RawTokenEndpoint provider = new RawTokenEndpoint();
        ConnectorRuntime own = builder(Tickets.builder(url(), provider.url()).build()).build()) {
      provider.answers(
          request -> {
            clock.advance(Duration.ofSeconds(2));
            return RawTokenEndpoint.pair("t", "r");
          });
      own.connections()
          .create(
              ADA,
              ConnectionSpec.of("tickets", "oauth2")
                  .with("client_id", "app")
                  .secret("client_secret", Secret.of("s3cret")));
      service.stubFor(any(anyUrl()).willReturn(status(503).withHeader("Retry-After", "4")));

      assertThatExceptionOfType(ServiceException.class)
          .isThrownBy(
              () ->
                  own.invoke(
                      ADA,
                      MINE,
                      Tickets.GET,
                      new TicketId("1"),
                      CallOptions.standard().within(Duration.ofSeconds(5))));
      assertThat(clock.pauses()).isEmpty();
      service.verify(1, anyRequestedFor(anyUrl()));
    }
  }

  @Test
  @DisplayName("F3: a service that honours the key has done it once, though its answers were lost")
  void aServiceThatHonoursTheKeyHasDoneItOnce() {
    connect(ADA, "key");
    service.stubFor(
        any(anyUrl())
            .inScenario("lost")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("found")
            .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
    service.stubFor(
        any(anyUrl())
            .inScenario("lost")
            .whenScenarioStateIs("found")
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    CallOptions step = CallOptions.standard().idempotencyKey("step-7");

    runtime.invoke(ADA, MINE, Tickets.CREATE_ONCE, new NewTicket("T", null), step);
    // The process ends before it could note that the step is done, and another one repeats it.
    try (ConnectorRuntime next = builder(connector()).build()) {
      next.connections()
          .create(ADA, ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("k")));
      next.invoke(ADA, MINE, Tickets.CREATE_ONCE, new NewTicket("T", null), step);
    }

    List<LoggedRequest> sent = service.findAll(anyRequestedFor(anyUrl()));
    String body = sent.get(0).getBodyAsString();
    assertThat(sent)
        .hasSize(3)
        .allMatch(r -> r.getHeader("Idempotency-Key").equals("step-7"))
        .allMatch(r -> r.getBodyAsString().equals(body));
  }

  @Test
  @DisplayName("F3: a key that was used for another input is refused, and nothing is sent")
  void aKeyStandsForOneInput() {
    connect(ADA, "key");
    connect(BOB, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    CallOptions step = CallOptions.standard().idempotencyKey("step-7");
    NewTicket ticket = new NewTicket("T", null);
    runtime.invoke(ADA, MINE, Tickets.CREATE_ONCE, ticket, step);

    NewTicket other = new NewTicket("another", null);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE_ONCE, other, step))
        .withMessageContaining("idempotency key");
    service.verify(1, anyRequestedFor(anyUrl()));

    runtime.invoke(ADA, MINE, "createTicketOnce", Map.of("title", "T"), step);
    runtime.invoke(ADA, MINE, Tickets.CREATE, other, step);
    runtime.invoke(BOB, MINE, Tickets.CREATE_ONCE, other, step);
    service.verify(4, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("F3")
  @DisplayName("F3: the order of an input's properties makes it no other input")
  void theOrderOfPropertiesMakesNoOtherInput() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    CallOptions step = CallOptions.standard().idempotencyKey("step-7");
    Map<String, String> values = new LinkedHashMap<>(Map.of("b", "1"));
    values.put("a", "2");
    Map<String, String> sorted = new TreeMap<>(values);
    assertThat(List.copyOf(values.keySet())).isNotEqualTo(List.copyOf(sorted.keySet()));

    runtime.invoke(ADA, MINE, PUT_ONCE, new Bag(values), step);
    runtime.invoke(ADA, MINE, PUT_ONCE, new Bag(sorted), step);
    runtime.invoke(ADA, MINE, "putOnce", Map.of("values", sorted), step);

    service.verify(3, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("F3")
  @DisplayName("F3: nor does the order of members of JSON, at any depth; that of elements does")
  void theOrderOfMembersMakesNoOtherInput() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    CallOptions step = CallOptions.standard().idempotencyKey("step-7");

    runtime.invoke(ADA, MINE, POST_ONCE, anything("{'b': [{'d': 1, 'c': 2}, 3], 'a': 4}"), step);
    runtime.invoke(ADA, MINE, POST_ONCE, anything("{'a': 4, 'b': [{'c': 2, 'd': 1}, 3]}"), step);
    service.verify(2, anyRequestedFor(anyUrl()));

    Anything turned = anything("{'a': 4, 'b': [3, {'c': 2, 'd': 1}]}");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, POST_ONCE, turned, step))
        .withMessageContaining("idempotency key");
    service.verify(2, anyRequestedFor(anyUrl()));
  }

  private static Anything anything(String json) {
    return new Anything(JsonMapper.shared().readTree(json.replace('\'', '"')));
  }

  @Test
  @Tag("F3")
  @DisplayName("F3: a key of a call that sent nothing is free again, one that was sent is not")
  void aKeyOfACallThatSentNothingIsFreeAgain() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(status(400)));
    CallOptions step = CallOptions.standard().idempotencyKey("step-7");
    Bag empty = new Bag(Map.of());
    assertThatExceptionOfType(ActionFailedException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PUT_ONCE, empty, step));

    Bag mended = new Bag(Map.of("a", "1"));
    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PUT_ONCE, mended, step));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, PUT_ONCE, empty, step))
        .withMessageContaining("idempotency key");
    service.verify(1, anyRequestedFor(anyUrl()));
  }

  private RuntimeBuilder builder(Connector connector) {
    return ConnectorRuntime.builder().connector(connector).clock(clock).sleeper(clock);
  }

  @Test
  @Tag("F3")
  void allAttemptsCarryTheSameIdempotencyKeyAndEachCallAnother() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));

    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(
              () -> runtime.invoke(ADA, MINE, Tickets.CREATE_ONCE, new NewTicket("T", null)));
    }

    List<String> keys =
        service.findAll(anyRequestedFor(anyUrl())).stream()
            .map(r -> r.getHeader("Idempotency-Key"))
            .toList();
    assertThat(keys).hasSize(6);
    assertThat(keys.subList(0, 3)).containsOnly(keys.get(0));
    assertThat(keys.subList(3, 6)).containsOnly(keys.get(3));
    assertThat(keys.get(0))
        .isNotEqualTo(keys.get(3))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  @Test
  @Tag("F3")
  void eachRequestOfACallHasAKeyOfItsOwn() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));

    runtime.invoke(
        ADA, MINE, TWO_WRITES, Nothing.NOTHING, CallOptions.standard().idempotencyKey("step-7"));

    assertThat(service.findAll(anyRequestedFor(anyUrl())))
        .extracting(r -> r.getHeader("Idempotency-Key"))
        .containsExactlyInAnyOrder("step-7", "step-7-2");
  }

  @Test
  @Tag("F3")
  void aCallersOwnIdempotencyKeyIsSent() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));

    runtime.invoke(
        ADA,
        MINE,
        Tickets.CREATE_ONCE,
        new NewTicket("T", null),
        CallOptions.standard().idempotencyKey("step-7"));

    assertThat(service.findAll(anyRequestedFor(anyUrl())).get(0).getHeader("Idempotency-Key"))
        .isEqualTo("step-7");
  }

  @Test
  void tellsListenersOfEachRepetition() {
    connect(ADA, "key");
    service.stubFor(any(anyUrl()).willReturn(status(429).withHeader("Retry-After", "2")));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));

    assertThat(events)
        .filteredOn(RequestRepeated.class::isInstance)
        .extracting(e -> ((RequestRepeated) e).attempt() + " " + ((RequestRepeated) e).reason())
        .containsExactly("1 429", "2 429");
  }
}
