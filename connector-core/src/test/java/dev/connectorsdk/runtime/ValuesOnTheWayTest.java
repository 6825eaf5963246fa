package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a value between a caller and a service: it is what it was, or an error. */
class ValuesOnTheWayTest extends HostTest {

  enum Level {
    LOW,
    @JsonProperty("very-high")
    HIGH
  }

  record Meeting(OffsetDateTime at) {}

  record Stock(int count, boolean open) {}

  record Warehouse(List<Map<String, Stock>> all) {}

  /** What a test has the action do. */
  private interface Request {
    void send(ActionContext call);
  }

  private Request request = call -> {};

  private static final Action<Meeting, Meeting> MEET =
      Action.builder("meet", Effect.WRITE, Meeting.class, Meeting.class)
          .run((in, call) -> call.http().post("/meetings").json(in).fetch(Meeting.class));

  private static final Action<Nothing, Warehouse> READ =
      Action.builder("read", Effect.READ, Nothing.class, Warehouse.class)
          .run((in, call) -> call.http().get("/stock").fetch(Warehouse.class));

  private final Action<Nothing, Nothing> send =
      Action.builder("send", Effect.READ, Nothing.class, Nothing.class)
          .run(
              (in, call) -> {
                request.send(call);
                return Nothing.NOTHING;
              });

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(MEET).action(READ).action(send).build();
  }

  @BeforeEach
  void connect() {
    connect(ADA, "ada-key");
    service.stubFor(any(anyUrl()).willReturn(okJson("{}")));
  }

  private LoggedRequest sent(Request next) {
    request = next;
    runtime.invoke(ADA, MINE, send, Nothing.NOTHING);
    List<LoggedRequest> all = service.findAll(anyRequestedFor(anyUrl()));
    return all.get(all.size() - 1);
  }

  private String query(Object value) {
    return sent(call -> call.http().get("/items").query("q", value).send()).getUrl();
  }

  private String path(Object value) {
    return sent(call -> call.http().get("/items/{id}", value).send()).getUrl();
  }

  private String form(Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("f", value);
    fields.put("last", true);
    return sent(call -> call.http().post("/items").form(fields).send()).getBodyAsString();
  }

  @Test
  void aTimeKeepsItsOffsetHoweverItIsGiven() {
    OffsetDateTime at = OffsetDateTime.parse("2024-01-01T00:30:00+02:00");
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"at\":\"2024-01-01T00:30:00+02:00\"}")));

    assertThat(runtime.invoke(ADA, MINE, MEET, new Meeting(at)).at()).isEqualTo(at);
    assertThat(runtime.invoke(ADA, MINE, "meet", Map.of("at", at)).path("at").asString())
        .isEqualTo("2024-01-01T00:30:00+02:00");
    runtime.invoke(ADA, MINE, "meet", Map.of("at", "2024-01-01T00:30:00+02:00"));

    assertThat(service.findAll(anyRequestedFor(anyUrl())))
        .extracting(LoggedRequest::getBodyAsString)
        .hasSize(3)
        .containsOnly("{\"at\":\"2024-01-01T00:30:00+02:00\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"all\":[{\"s3cret\":{\"count\":5.7,\"open\":true}}]} | /all/0/*/count",
        "{\"all\":[{\"s3cret\":{\"open\":true}}]} | /all/0/*/count",
        "{\"all\":[{\"s3cret\":{\"count\":5}}]} | /all/0/*/open",
        "{\"all\":[{},{\"s3cret\":{\"count\":5,\"open\":null}}]} | /all/1/*/open"
      })
  void whatAnAnswerDoesNotSayIsAnErrorThatSaysWhere(String answer, String place) {
    service.stubFor(any(anyUrl()).willReturn(okJson(answer)));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, READ, Nothing.NOTHING))
        .withMessageEndingWith(" (" + place + ")")
        .satisfies(e -> assertThat(e).hasMessageNotContaining("s3cret"));
  }

  @Test
  void aValueStandsInAUrlAsInJson() {
    assertThat(query(Level.HIGH)).isEqualTo("/items?q=very-high");
    assertThat(query(new BigDecimal("1E+3"))).isEqualTo("/items?q=1000");
    assertThat(query(1e10)).isEqualTo("/items?q=10000000000");
    assertThat(query(0.5)).isEqualTo("/items?q=0.5");
    assertThat(query(0.1f)).isEqualTo("/items?q=0.1");
    assertThat(query(Optional.of(Level.LOW))).isEqualTo("/items?q=LOW");
    assertThat(query(Instant.EPOCH)).isEqualTo("/items?q=1970-01-01T00%3A00%3A00Z");
    assertThat(query(Duration.ofMinutes(3))).isEqualTo("/items?q=PT3M");
    assertThat(query('x')).isEqualTo("/items?q=x");
    assertThat(query(new UUID(0, 1))).isEqualTo("/items?q=00000000-0000-0000-0000-000000000001");
    assertThat(path(Level.HIGH)).isEqualTo("/items/very-high");
    assertThat(path(new BigDecimal("1E+3"))).isEqualTo("/items/1000");
    assertThat(path(Optional.of("a"))).isEqualTo("/items/a");
    assertThat(form(Level.HIGH)).isEqualTo("f=very-high&last=true");
  }

  @Test
  void eachElementOfAListIsAParameter() {
    assertThat(query(List.of(1, 2))).isEqualTo("/items?q=1&q=2");
    assertThat(query(new int[] {1, 2})).isEqualTo("/items?q=1&q=2");
    assertThat(query(new Level[] {Level.LOW, Level.HIGH})).isEqualTo("/items?q=LOW&q=very-high");
    assertThat(form(List.of("a b", "c"))).isEqualTo("f=a%20b&f=c&last=true");
  }

  @Test
  void whatIsNothingIsLeftOut() {
    assertThat(query(null)).isEqualTo("/items");
    assertThat(query(Optional.empty())).isEqualTo("/items");
    assertThat(query(List.of())).isEqualTo("/items");
    assertThat(form(null)).isEqualTo("last=true");
    assertThat(form(Optional.empty())).isEqualTo("last=true");
  }

  @Test
  void whatHasNoTextIsRefusedAndNotSent() {
    for (Object value :
        List.of(
            Map.of("a", 1),
            new Stock(1, true),
            Arrays.asList("a", null),
            new Object(),
            Double.NaN,
            Float.POSITIVE_INFINITY,
            "half \uD83D")) {
      assertThatExceptionOfType(InvalidInputException.class)
          .as(value.toString())
          .isThrownBy(() -> query(value));
      assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> form(value));
      assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> path(value));
    }
    assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> path(List.of(1)));
    assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> path(Optional.empty()));
    assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> path((Object) null));
    assertThat(service.findAll(anyRequestedFor(anyUrl()))).isEmpty();
  }
}
