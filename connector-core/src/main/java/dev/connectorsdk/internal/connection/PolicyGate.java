package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.http.EndpointGate;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what data policies forbid. Each method that requires something throws a {@link
 * dev.connectorsdk.api.error.PolicyException} if a policy that is enforced forbids it or cannot be
 * read, and a {@code StoreException} if the store fails. Safe for several threads; what is allowed
 * makes no object while everything is in memory.
 */
public interface PolicyGate {

  /** Refuses a call of an operation, as part of a flow or by itself. */
  void requireCall(Caller caller, ConnectionReference reference, String operation);

  /**
   * Does the same at a moment, and renews that if it could not be told from memory; has it know for
   * how long the call stays allowed.
   */
  void requireCall(Caller caller, ConnectionReference reference, String operation, Moment at);

  /**
   * Refuses what somebody does with an operation beside the calls that a flow declares, such as
   * filling in a form.
   */
  void requireAct(Caller caller, ConnectorId connector, String operation);

  /** Refuses a flow that is suspended, or without a flow a connector that is blocked. */
  void requireFlow(Caller caller, ConnectorId connector);

  /**
   * Refuses a connector that is blocked.
   *
   * @param flow in which it is to be used, or {@code null}
   */
  void requireUsable(Environment environment, ConnectorId connector, @Nullable Flow flow);

  /** Refuses a client that sends what it likes, where only single operations are allowed. */
  void requireUnwrapped(Caller caller, ConnectionReference reference, String operation);

  /**
   * Returns what refuses requests of a connector by where they go.
   *
   * @param environment in which they are made, or {@code null} if they are made for all of them
   */
  EndpointGate endpoints(@Nullable Environment environment, ConnectorId connector);

  /**
   * Returns what refuses requests that end access, such as those that remove a callback or revoke a
   * token: endpoint rules alone.
   */
  EndpointGate endpointsToEndAccess(Environment environment, ConnectorId connector);
}
