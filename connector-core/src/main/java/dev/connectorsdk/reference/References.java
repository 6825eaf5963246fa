package dev.connectorsdk.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Binds references to connections, and says which references are ready. Safe for use by several
 * threads. All methods block, use the store, and throw {@link
 * dev.connectorsdk.api.error.StoreException} if that fails.
 */
public interface References {

  /**
   * Binds a reference to a connection in the caller's environment, replacing an earlier binding.
   *
   * <p>An embedded reference is bound for everybody. The connection has to be the caller's own, or
   * that of another owner of the caller's flow, which the caller has to own as well. Without a
   * flow, a caller cannot replace a binding to somebody else's connection. An invoker reference is
   * bound for the caller alone, and to a connection of the caller's own.
   *
   * @throws ResolutionException if the connection does not exist or may not be used; nothing
   *     changes
   */
  void bind(Caller caller, ConnectionReference reference, ConnectionId connection);

  /**
   * Removes the binding of a reference in the caller's environment; for an invoker reference, the
   * caller's own.
   *
   * @return whether there was one
   * @throws ResolutionException if the caller may not change it
   */
  boolean unbind(Caller caller, ConnectionReference reference);

  /** Returns the connection that a reference is bound to for the caller. */
  Optional<ConnectionId> binding(Caller caller, ConnectionReference reference);

  /**
   * Returns the connection that a call would use now, without a request to the service: for hosts
   * that show it, log it, or call the service by other means.
   *
   * @throws ResolutionException as {@code ConnectorRuntime.invoke} does
   * @throws dev.connectorsdk.api.error.NotFoundException if the reference's connector is not
   *     registered
   */
  Resolution resolve(Caller caller, ConnectionReference reference);

  /**
   * Binds embedded references as a settings file says: all of them, or none if one entry is wrong.
   *
   * @param references the references that the work declares, matched by logical name
   * @throws InvalidInputException naming every entry that is wrong: an unknown logical name,
   *     another connector, a connection that does not exist here or may not be used
   */
  void apply(
      Caller caller, DeploymentSettings settings, Collection<ConnectionReference> references);

  /** Applies a settings file to the references that the caller's flow declares. */
  void apply(Caller caller, DeploymentSettings settings);

  /**
   * Returns the settings file of an environment: one entry for each embedded reference, with an
   * empty connection where it is not bound.
   */
  DeploymentSettings export(Environment environment, Collection<ConnectionReference> references);

  /** Returns for each reference whether the caller could use it now. Services are not asked. */
  List<ReferenceReadiness> readiness(Caller caller, Collection<ConnectionReference> references);

  /** Returns the readiness of the references that the caller's flow declares. */
  List<ReferenceReadiness> readiness(Caller caller);
}
