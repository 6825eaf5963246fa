package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.internal.cache.Moment;
import java.time.Clock;
import java.util.Set;

/**
 * Who may change and run a flow, members of groups included. Safe for several threads. Each method
 * throws {@link MembershipException} if that depends on a group of which it cannot be told. A
 * moment that is given knows afterwards for how long the answer holds.
 */
public final class Roles {

  private final Groups groups;
  private final Clock clock;

  /** Returns the roles of principals and of the members of these groups. */
  public Roles(Groups groups, Clock clock) {
    this.groups = groups;
    this.clock = clock;
  }

  /** Returns whether somebody is one of some, or belongs to a group among them. */
  public boolean isAmong(Set<Principal> some, Principal principal) {
    return groups.isAmong(some, principal);
  }

  /** Returns whether somebody is the owner or a co-owner of a flow. */
  public boolean mayChange(Flow flow, Principal principal) {
    return mayChange(flow, principal, new Moment(clock));
  }

  /** Returns the same at a moment. */
  public boolean mayChange(Flow flow, Principal principal, Moment at) {
    return flow.owner().equals(principal) || groups.isAmong(flow.coOwners(), principal, at);
  }

  /**
   * Returns whether somebody may change a flow, or, if people start it, is a run-only user of it.
   */
  public boolean mayRun(Flow flow, Principal principal) {
    return mayRun(flow, principal, new Moment(clock));
  }

  /** Returns the same at a moment. */
  public boolean mayRun(Flow flow, Principal principal, Moment at) {
    if (!flow.startsBy(Flow.Start.PERSON)) {
      return mayChange(flow, principal, at);
    }
    return flow.owner().equals(principal)
        || groups.isAmong(flow.coOwners(), flow.runOnlyUsers(), principal, at);
  }

  /** Returns whether somebody is named a run-only user, whoever starts the flow. */
  public boolean isRunOnlyUser(Flow flow, Principal principal) {
    return groups.isAmong(flow.runOnlyUsers(), principal);
  }
}
