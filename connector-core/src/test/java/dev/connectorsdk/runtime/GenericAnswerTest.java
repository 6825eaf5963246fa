package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** Answers that are generic types: objects whose members nobody knows before. */
class GenericAnswerTest extends HostTest {

  record Price(ConnectionId of, int cents) {}

  private static final TypeReference<Map<String, List<Price>>> PRICES = new TypeReference<>() {};

  private static final Action<Nothing, Map<String, Price>> FIRST_PRICES =
      Action.builder("first", Effect.READ, Shape.of(Nothing.class), Shape.mapOf(Price.class))
          .run(
              (in, call) -> {
                Map<String, Price> first = new TreeMap<>();
                call.http().get("/prices").fetch(PRICES).forEach((k, v) -> first.put(k, v.get(0)));
                return first;
              });

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(FIRST_PRICES).build();
  }

  @BeforeEach
  void connect() {
    runtime.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
  }

  @Test
  void anAnswerIsReadAsAGenericTypeAndAnOutputIsAMap() {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"a\":[{\"of\":\"c-1\",\"cents\":5}]}")));

    assertThat(runtime.invoke(ADA, MINE, FIRST_PRICES, Nothing.NOTHING))
        .containsExactly(entry("a", new Price(ConnectionId.of("c-1"), 5)));
    assertThat(runtime.invoke(ADA, MINE, "first", Map.of()).at("/a/of").asString())
        .isEqualTo("c-1");
  }

  @Test
  void anAnswerOfAnotherShapeIsRefused() {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"a\":{\"of\":\"c-1\"}}")));

    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, FIRST_PRICES, Nothing.NOTHING));
  }
}
