package dev.connectorsdk.internal.observation;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.PolicyException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.util.Locale;
import java.util.Set;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a registry of Micrometer. Names and values for metrics are few; neither holds a secret.
 * What its handlers throw is logged and harms nothing.
 */
public final class MicrometerObservations implements Observations {

  private static final String OUTCOME = "outcome";

  /** The only ones that leave: what else a tracer would send along is not for services. */
  private static final Set<String> OF_W3C = Set.of("traceparent", "tracestate");

  private static final Logger log = LoggerFactory.getLogger(MicrometerObservations.class);

  private final ObservationRegistry registry;

  /** Returns one that tells this registry. */
  public MicrometerObservations(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Running begin(
      What what, @Nullable Caller caller, @Nullable ConnectorId connector, String operation) {
    try {
      return started(what, caller, connector, operation);
    } catch (Exception | LinkageError | StackOverflowError e) {
      return unseen(e);
    }
  }

  private static Running unseen(Throwable e) {
    log.warn("An observation failed: {}", e.getClass().getName());
    log.debug("It failed", e);
    return Running.UNSEEN;
  }

  private Running started(
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
    Observation.Scope before = registry.getCurrentObservationScope();
    try {
      return new Scoped(observation, observation.openScope(), () -> makeCurrent(before));
    } catch (RuntimeException | Error e) {
      makeCurrent(before);
      stop(observation, "unknown", null);
      throw e;
    }
  }

  /** A scope whose handlers fail does not do so itself. */
  private void makeCurrent(Observation.@Nullable Scope scope) {
    if (registry.getCurrentObservationScope() != scope) {
      registry.setCurrentObservationScope(scope);
    }
  }

  @Override
  public Sending send(ConnectorId connector, Request request, boolean forToken) {
    try {
      return onTheWay(connector, request, forToken);
    } catch (Exception | LinkageError | StackOverflowError e) {
      unseen(e);
      return () -> request;
    }
  }

  private Sending onTheWay(ConnectorId connector, Request request, boolean forToken) {
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

  private static void stop(
      Observation observation, String outcome, @Nullable ConnectorException failure) {
    try {
      if (failure != null) {
        observation.error(failure);
      }
      if (failure instanceof PolicyException refused) {
        observation.highCardinalityKeyValue("policy", refused.policy());
      }
      observation.lowCardinalityKeyValue(OUTCOME, outcome).stop();
    } catch (Exception | LinkageError | StackOverflowError e) {
      unseen(e);
    }
  }

  /**
   * What goes on. It ends on the thread that it began on, whose current observation it is.
   *
   * @param restore makes current what was before
   */
  private record Scoped(Observation observation, Observation.Scope scope, Runnable restore)
      implements Running {

    @Override
    public void end(String outcome, @Nullable ConnectorException failure) {
      try {
        scope.close();
      } catch (Exception | LinkageError | StackOverflowError e) {
        unseen(e);
        restore.run();
      }
      stop(observation, outcome, failure);
    }
  }

  private record OnTheWay(Observation observation, Request request) implements Sending {

    @Override
    public void end(String outcome, @Nullable ConnectorException failure) {
      stop(observation, outcome, failure);
    }
  }
}
