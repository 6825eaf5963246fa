package dev.connectorsdk.internal.observation;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConnectorException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.util.Locale;
import java.util.Set;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Tells a registry of Micrometer. Names and values for metrics are few; neither holds a secret. */
public final class MicrometerObservations implements Observations {

  private static final String OUTCOME = "outcome";
  private static final String SUCCESS = "success";

  /** The only ones that leave: what else a tracer would send along is not for services. */
  private static final Set<String> OF_W3C = Set.of("traceparent", "tracestate");

  private final ObservationRegistry registry;

  /** Returns one that tells this registry. */
  public MicrometerObservations(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Running begin(
      What what, @Nullable Caller caller, @Nullable ConnectorId connector, String operation) {
    String service = connector == null ? "unknown" : connector.value();
    Observation observation =
        Observation.createNotStarted(what.id(), registry)
            .contextualName(what.id() + " " + service + " " + operation)
            .lowCardinalityKeyValue("connector", service)
            .lowCardinalityKeyValue("operation", operation);
    if (caller != null) {
      observation.highCardinalityKeyValue("environment", caller.environment().name());
      Flow flow = caller.flow();
      if (flow != null) {
        observation.highCardinalityKeyValue("flow", flow.id());
      }
    }
    observation.start();
    return new Scoped(observation, observation.openScope());
  }

  @Override
  public Sending send(ConnectorId connector, Request request, boolean forToken) {
    Request.Builder carrier = request.newBuilder();
    var context =
        new RequestReplySenderContext<Request.Builder, Response>(
            (builder, name, value) -> {
              if (builder != null && OF_W3C.contains(name.toLowerCase(Locale.ROOT))) {
                builder.header(name, value);
              }
            });
    context.setCarrier(carrier);
    context.setRemoteServiceName(connector.value());
    Observation observation =
        Observation.createNotStarted("connector.http", () -> context, registry)
            .contextualName(request.method())
            .lowCardinalityKeyValue("connector", connector.value())
            .lowCardinalityKeyValue("method", request.method())
            .lowCardinalityKeyValue("purpose", forToken ? "token" : "call")
            .highCardinalityKeyValue("server.address", request.url().host())
            .start();
    return new OnTheWay(observation, carrier.build());
  }

  private static void end(Observation observation, @Nullable ConnectorException failure) {
    if (failure != null) {
      observation.error(failure);
    }
    observation.lowCardinalityKeyValue(
        OUTCOME, failure == null ? SUCCESS : failure.getClass().getSimpleName());
    observation.stop();
  }

  private static void answered(Observation observation, int status) {
    observation.lowCardinalityKeyValue(OUTCOME, String.valueOf(status)).stop();
  }

  private record Scoped(Observation observation, Observation.Scope scope) implements Running {

    @Override
    public void answered(int status) {
      scope.close();
      MicrometerObservations.answered(observation, status);
    }

    @Override
    public void end(@Nullable ConnectorException failure) {
      scope.close();
      MicrometerObservations.end(observation, failure);
    }
  }

  private record OnTheWay(Observation observation, Request request) implements Sending {

    @Override
    public void answered(int status) {
      MicrometerObservations.answered(observation, status);
    }

    @Override
    public void end(@Nullable ConnectorException failure) {
      MicrometerObservations.end(observation, failure);
    }
  }
}
