package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import brave.Tracing;
import brave.propagation.ThreadLocalCurrentTraceContext;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.runtime.Tickets.TicketId;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host's registry of observations is told, and what services learn of its traces. */
class ObservationTest extends HostTest {

  private static final TicketId ONE = new TicketId("1");

  private final TestObservationRegistry registry = TestObservationRegistry.create();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.observations(registry);
  }

  @BeforeEach
  void adaHasAConnection() {
    connect(ADA, "ada-key");
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
  }

  @Test
  void aCallIsObservedWithItsExchanges() {
    runtime.invoke(ADA, MINE, Tickets.GET, ONE);

    assertThat(registry)
        .hasNumberOfObservationsEqualTo(2)
        .doesNotHaveAnyRemainingCurrentObservation()
        .hasObservationWithNameEqualTo("connector.call")
        .that()
        .hasBeenStopped()
        .hasLowCardinalityKeyValue("connector", "tickets")
        .hasLowCardinalityKeyValue("operation", "getTicket")
        .hasLowCardinalityKeyValue("outcome", "success");
    assertThat(registry)
        .hasObservationWithNameEqualTo("connector.http")
        .that()
        .hasBeenStopped()
        .hasParentObservationContextMatching(call -> call.getName().equals("connector.call"))
        .hasLowCardinalityKeyValue("connector", "tickets")
        .hasLowCardinalityKeyValue("method", "GET")
        .hasLowCardinalityKeyValue("purpose", "call")
        .hasLowCardinalityKeyValue("outcome", "200");
  }

  @Test
  void aFailureIsObservedByItsType() {
    service.stubFor(get("/tickets/1").willReturn(aResponse().withStatus(404)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE));

    assertThat(registry)
        .doesNotHaveAnyRemainingCurrentObservation()
        .hasObservationWithNameEqualTo("connector.call")
        .that()
        .hasBeenStopped()
        .hasError()
        .hasLowCardinalityKeyValue("outcome", "ServiceException");
    assertThat(registry)
        .hasObservationWithNameEqualTo("connector.http")
        .that()
        .hasLowCardinalityKeyValue("outcome", "404");
  }

  @Test
  void whatHasManyValuesIsNoNameOfAMetric() {
    Flow flow = Flow.of("report", ADA.principal());

    runtime.invoke(ADA.running(flow), MINE, Tickets.GET, ONE);

    assertThat(registry)
        .hasObservationWithNameEqualTo("connector.call")
        .that()
        .hasHighCardinalityKeyValue("environment", "dev")
        .hasHighCardinalityKeyValue("flow", "report");
  }

  @Test
  void aServiceLearnsTheTraceAndNothingElse() {
    var current = ThreadLocalCurrentTraceContext.newBuilder().build();
    var baggage = new BraveBaggageManager();
    try (Tracing tracing =
        Tracing.newBuilder()
            .currentTraceContext(current)
            .propagationFactory(new W3CPropagation(baggage, List.of("tenant")))
            .build()) {
      var tracer =
          new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(current), baggage);
      registry
          .observationConfig()
          .observationHandler(
              new ObservationHandler.FirstMatchingCompositeObservationHandler(
                  List.of(
                      new PropagatingSenderTracingObservationHandler<>(
                          tracer, new BravePropagator(tracing)),
                      new DefaultTracingObservationHandler(tracer))));
      Observation.createNotStarted("work", registry)
          .observe(
              () -> {
                BaggageInScope tenant = tracer.createBaggageInScope("tenant", "s3cret-tenant");
                runtime.invoke(ADA, MINE, Tickets.GET, ONE);
                tenant.close();
              });
    }

    service.verify(
        1,
        getRequestedFor(anyUrl())
            .withHeader("traceparent", matching("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"))
            .withoutHeader("baggage")
            .withoutHeader("tenant"));
  }
}
