package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import brave.Tracing;
import brave.propagation.ThreadLocalCurrentTraceContext;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        .hasNumberOfObservationsEqualTo(4)
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
  void eachOfSeveralCallsIsObservedWithAllThatItsFirstWas() {
    for (int calls = 1; calls <= 3; calls++) {
      runtime.invoke(ADA, MINE, Tickets.GET, ONE);

      assertThat(registry).hasNumberOfObservationsEqualTo(4 * calls);
    }
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
  void whatPoliciesDecideIsObserved() {
    runtime
        .policies()
        .save(
            Administrator.ofRuntime(ADA.principal()),
            DataPolicy.named("no-tickets").blocked("tickets").build(),
            0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, ONE));

    assertThat(registry)
        .doesNotHaveAnyRemainingCurrentObservation()
        .hasObservationWithNameEqualTo("connector.policy")
        .that()
        .hasBeenStopped()
        .hasParentObservationContextMatching(call -> call.getName().equals("connector.call"))
        .hasLowCardinalityKeyValue("operation", "getTicket")
        .hasLowCardinalityKeyValue("outcome", "PolicyException")
        .hasHighCardinalityKeyValue("policy", "no-tickets");
  }

  @Test
  void theFetchingOfATokenIsObservedWithItsExchange() {
    List<String> parents = new ArrayList<>();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                ObservationView parent = context.getParentObservation();
                if (parent != null && "connector.http".equals(context.getName())) {
                  parents.add(parent.getContextView().getName());
                }
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    runtime.connections().delete(ADA, runtime.connections().list(ADA).get(0).id());
    theServiceAccepts("t-1");
    service.stubFor(
        post("/token")
            .willReturn(
                okJson("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\",\"expires_in\":60}")));
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "id")
                .secret("client_secret", Secret.of("s3cret")));

    runtime.invoke(ADA, MINE, Tickets.GET, ONE);

    assertThat(registry)
        .doesNotHaveAnyRemainingCurrentObservation()
        .hasObservationWithNameEqualTo("connector.refresh")
        .that()
        .hasBeenStopped()
        .hasLowCardinalityKeyValue("connector", "tickets")
        .hasLowCardinalityKeyValue("outcome", "success");
    assertThat(parents)
        .as("parents of exchanges")
        .containsExactly("connector.refresh", "connector.call");
  }

  /** Fails at one of its methods. */
  private record Failing(String method) implements ObservationHandler<Observation.Context> {

    private void at(String called) {
      if (method.equals(called)) {
        throw new IllegalStateException("a handler that fails");
      }
    }

    @Override
    public void onStart(Observation.Context context) {
      at("onStart");
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
      at("onScopeOpened");
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
      at("onScopeClosed");
    }

    @Override
    public void onError(Observation.Context context) {
      at("onError");
    }

    @Override
    public void onStop(Observation.Context context) {
      at("onStop");
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onStart", "onScopeOpened", "onScopeClosed", "onStop"})
  void aHandlerThatThrowsChangesNoResult(String method) {
    registry.observationConfig().observationHandler(new Failing(method));

    assertThat(runtime.invoke(ADA, MINE, Tickets.GET, ONE).title()).isEqualTo("T");
  }

  @ParameterizedTest
  @ValueSource(strings = {"onStart", "onScopeOpened", "onScopeClosed", "onError", "onStop"})
  void aHandlerThatThrowsChangesNoFailureAndTakesNoRoomOfTheAudit(String method) {
    ObservationRegistry failing = ObservationRegistry.create();
    failing.observationConfig().observationHandler(new Failing(method));
    try (var audited = builder().audit(AuditSettings.inStore()).observations(failing).build()) {
      for (int i = 0; i < 10_100; i++) {
        assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
            .isThrownBy(() -> audited.invoke(BOB, MINE, Tickets.GET, ONE));
      }
    }
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
