package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Kind;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.api.spi.ShareStore.StoredShare;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.sharing.Roles;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether run-only users of a flow use its connection or bring an own one. Owners, co-owners
 * and triggers always use the flow's.
 */
final class RunOnlyUsers {

  private final OpenConnections connections;
  private final Roles roles;
  private final Clock clock;

  RunOnlyUsers(OpenConnections connections, Roles roles, Clock clock) {
    this.connections = connections;
    this.roles = roles;
    this.clock = clock;
  }

  /** Returns whether a caller brings an own connection for an embedded reference. */
  boolean bringOwn(Caller caller, ReferenceBindings bindings) {
    return bringOwn(caller, bindings, new Moment(clock));
  }

  /** Returns the same; renews the moment if that could not be told from memory. */
  boolean bringOwn(Caller caller, ReferenceBindings bindings, Moment at) {
    Flow flow = caller.flow();
    return flow != null && !areShared(flow, bindings, at) && isRunOnly(caller, flow, at);
  }

  private boolean isRunOnly(Caller caller, Flow flow, Moment at) {
    return caller.principal().kind() != Principal.Kind.FLOW
        && !roles.mayChange(flow, caller.principal(), at);
  }

  /** Returns whether run-only users of a flow use the connection that it uses. */
  boolean areShared(Flow flow, ReferenceBindings bindings) {
    return areShared(flow, bindings, new Moment(clock));
  }

  private boolean areShared(Flow flow, ReferenceBindings bindings, Moment at) {
    StoredShare share = bindings.shareIn(flow);
    if (share == null) {
      return flow.kind() == Kind.FLOW;
    }
    return share.terms().use() && !hasEnded(share, at) && isFor(share, bindings.in(flow), at);
  }

  private boolean hasEnded(StoredShare share, Moment at) {
    Instant until = share.terms().until();
    if (until == null) {
      return false;
    }
    at.changesAt(until.toEpochMilli());
    return clock.millis() >= until.toEpochMilli();
  }

  /** A share of one connection is none of another that was bound since. */
  private boolean isFor(StoredShare share, @Nullable StoredBinding binding, Moment at) {
    ConnectionId shared = share.terms().connection();
    return shared == null
        || (binding != null
            && binding.connection().equals(shared)
            && isShareable(shared, share, at));
  }

  /** Whoever owns it by now has not confirmed it, nor a way to authenticate that came since. */
  private boolean isShareable(ConnectionId shared, StoredShare share, Moment at) {
    OpenConnection found = connections.find(shared, at).orElse(null);
    return found != null
        && found.view().owner().equals(share.by())
        && found.view().sharing().isAllowed();
  }

  /**
   * Checks that a caller who uses the flow's connection may call an operation with it.
   *
   * @param operation its id, or {@code null} for calls of which nobody knows what they do
   * @throws ResolutionException.Denied if a share is limited to others
   */
  void requireOperation(
      Caller caller,
      ConnectionReference reference,
      ReferenceBindings bindings,
      @Nullable String operation,
      Moment at) {
    Flow flow = caller.flow();
    StoredShare share = flow == null ? null : bindings.shareIn(flow);
    if (flow == null || share == null || covers(share, operation)) {
      return;
    }
    if (areShared(flow, bindings, at) && isRunOnly(caller, flow, at)) {
      throw limited(caller, reference);
    }
  }

  private static boolean covers(StoredShare share, @Nullable String operation) {
    Set<String> operations = share.terms().operations();
    return operations.isEmpty() || (operation != null && operations.contains(operation));
  }

  private static ResolutionException limited(Caller caller, ConnectionReference reference) {
    return new ResolutionException.Denied(
        reference,
        caller,
        "the connection is shared for other operations alone.",
        "Have the app declare the operation, and its connection's owner confirm that it is"
            + " shared.");
  }
}
