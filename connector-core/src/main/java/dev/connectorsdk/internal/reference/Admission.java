package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.sharing.Roles;
import java.util.Set;

/** Says whether a caller may run a flow, and the flow use a reference, whatever it leads to. */
public final class Admission {

  private final Roles roles;
  private final Set<ConnectorId> attendedOnly;

  Admission(Roles roles, Set<ConnectorId> attendedOnly) {
    this.roles = roles;
    this.attendedOnly = Set.copyOf(attendedOnly);
  }

  /**
   * Checks that the caller may use a reference.
   *
   * @param at knows afterwards for how long
   * @throws ResolutionException.Denied if not
   */
  void require(Caller caller, ConnectionReference reference, Moment at) {
    if (caller.principal().kind() != Principal.Kind.USER) {
      requireNotAttendedOnly(caller, reference);
    }
    Flow flow = caller.flow();
    if (flow == null) {
      return;
    }
    if (caller.principal().kind() == Principal.Kind.FLOW) {
      requireStartedByTriggers(caller, flow, reference);
      requireEmbedded(caller, reference);
    } else if (!roles.mayRun(flow, caller.principal(), at)) {
      throw notForCaller(caller, flow, reference);
    }
    requireDeclared(caller, flow, reference);
  }

  private ResolutionException notForCaller(
      Caller caller, Flow flow, ConnectionReference reference) {
    return roles.isRunOnlyUser(flow, caller.principal())
        ? new ResolutionException.Denied(
            reference,
            caller,
            "only triggers start the flow, so it has no run-only users.",
            "Have an owner of the flow make the caller a co-owner.")
        : new ResolutionException.Denied(
            reference,
            caller,
            "the caller is neither owner nor run-only user of the flow.",
            "Have an owner of the flow add the caller.");
  }

  /**
   * Checks that a flow runs, and calls a connector, without anybody having started it.
   *
   * @throws ResolutionException.Denied if not
   */
  public void requireUnattended(Caller caller, Flow flow, ConnectionReference reference) {
    requireNotAttendedOnly(caller, reference);
    requireStartedByTriggers(caller, flow, reference);
  }

  private void requireNotAttendedOnly(Caller caller, ConnectionReference reference) {
    if (attendedOnly.contains(reference.connector())) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "connector '" + reference.connector() + "' is not for runs that no person has started.",
          "Have a person start the run, or use another connector.");
    }
  }

  private static void requireStartedByTriggers(
      Caller caller, Flow flow, ConnectionReference reference) {
    if (!flow.startsBy(Start.TRIGGERS)) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "only people start the flow, and nobody has.",
          "Have a person start the flow, or have it start by triggers too.");
    }
  }

  private static void requireEmbedded(Caller caller, ConnectionReference reference) {
    if (reference.source() == Source.INVOKER) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "nobody has started the flow, so nobody brings a connection for an invoker reference.",
          "Use an embedded reference.");
    }
  }

  /**
   * Checks that a flow declares a reference, or none at all.
   *
   * @throws ResolutionException.Denied if not
   */
  public static void requireDeclared(Caller caller, Flow flow, ConnectionReference reference) {
    if (!flow.references().isEmpty() && !flow.references().contains(reference)) {
      throw new ResolutionException.Denied(
          reference,
          caller,
          "the flow does not declare this reference.",
          "Have an owner of the flow declare the reference.");
    }
  }
}
