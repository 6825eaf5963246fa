package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.internal.observation.Observations;
import dev.connectorsdk.internal.observation.Observations.Running;
import dev.connectorsdk.internal.observation.Observations.What;
import org.jspecify.annotations.Nullable;

/** Has what data policies decide observed. Safe for several threads. */
final class ObservedPolicies implements PolicyGate {

  private final PolicyGate gate;
  private final Observations observations;

  ObservedPolicies(PolicyGate gate, Observations observations) {
    this.gate = gate;
    this.observations = observations;
  }

  private void observed(
      @Nullable Caller caller, ConnectorId connector, String operation, Runnable decision) {
    Running observed = observations.begin(What.POLICY, caller, connector, operation);
    try {
      decision.run();
      observed.end(null);
    } catch (ConnectorException e) {
      observed.end(e);
      throw e;
    } catch (RuntimeException | Error e) {
      observed.end(e.getClass().getSimpleName(), null);
      throw e;
    }
  }

  @Override
  public void requireCall(Caller caller, ConnectionReference reference, String operation) {
    observed(
        caller,
        reference.connector(),
        operation,
        () -> gate.requireCall(caller, reference, operation));
  }

  @Override
  public void requireCall(
      Caller caller, ConnectionReference reference, String operation, Moment at) {
    at.holdsNoLonger(); // Each decision is observed.
    observed(
        caller,
        reference.connector(),
        operation,
        () -> gate.requireCall(caller, reference, operation, at));
  }

  @Override
  public void requireAct(Caller caller, ConnectorId connector, String operation) {
    observed(caller, connector, operation, () -> gate.requireAct(caller, connector, operation));
  }

  @Override
  public void requireFlow(Caller caller, ConnectorId connector) {
    observed(caller, connector, "flow", () -> gate.requireFlow(caller, connector));
  }

  @Override
  public void requireUsable(Environment environment, ConnectorId connector, @Nullable Flow flow) {
    gate.requireUsable(environment, connector, flow); // Is asked for each connection of a list.
  }

  @Override
  public void requireUnwrapped(Caller caller, ConnectionReference reference, String operation) {
    observed(
        caller,
        reference.connector(),
        "unwrapped",
        () -> gate.requireUnwrapped(caller, reference, operation));
  }

  @Override
  public EndpointGate endpoints(@Nullable Environment environment, ConnectorId connector) {
    return observed(connector, gate.endpoints(environment, connector));
  }

  @Override
  public EndpointGate endpointsToEndAccess(Environment environment, ConnectorId connector) {
    return observed(connector, gate.endpointsToEndAccess(environment, connector));
  }

  private EndpointGate observed(ConnectorId connector, EndpointGate endpoints) {
    return (url, caller) ->
        observed(caller, connector, "endpoint", () -> endpoints.require(url, caller));
  }
}
