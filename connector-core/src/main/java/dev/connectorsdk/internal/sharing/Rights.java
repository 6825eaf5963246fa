package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.internal.cache.Moment;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the grants on something. Safe for several threads. Each method throws {@link
 * MembershipException} if it depends on a group of which the members cannot be told.
 */
public final class Rights {

  private final Groups groups;
  private final Clock clock;

  /** Returns the rights of principals and of the members of these groups. */
  public Rights(Groups groups, Clock clock) {
    this.groups = groups;
    this.clock = clock;
  }

  /** Returns whether somebody who is not the owner has at least this right now. */
  boolean has(Principal principal, Right right, Principal owner, List<Grant> grants) {
    return has(principal, right, owner, grants, new Moment(clock));
  }

  /** Returns the same at a moment, which knows afterwards for how long groups were asked for. */
  boolean has(Principal principal, Right right, Principal owner, List<Grant> grants, Moment at) {
    return granted(principal, owner, grants, at).compareTo(right) >= 0;
  }

  /** What is granted by name counts before what is granted to groups, and nothing before much. */
  private Right granted(Principal principal, Principal owner, List<Grant> grants, Moment at) {
    Grant named = to(principal, grants);
    if (named != null && holds(named, owner, grants)) {
      return named.right();
    }
    Right most = null;
    // By index, because an iterator is an object for each call.
    for (int i = 0; i < grants.size(); i++) {
      Grant grant = grants.get(i);
      if (grant.grantee().isGroup()
          && holds(grant, owner, grants)
          && groups.contains(grant.grantee(), principal, at)) {
        most = together(most, grant.right());
      }
    }
    return most == null ? Right.NONE : most;
  }

  private static Right together(@Nullable Right one, Right other) {
    if (one == Right.NONE || other == Right.NONE) {
      return Right.NONE;
    }
    return one == null || one.compareTo(other) < 0 ? other : one;
  }

  /**
   * Returns whether a grant counts: it has not ended, and whoever granted it may still do so. What
   * denies counts until it is taken back, so that nobody is let in by the end of something.
   */
  boolean holds(Grant grant, Principal owner, List<Grant> grants) {
    return holds(grant, owner, grants, grants.size());
  }

  private boolean holds(Grant grant, Principal owner, List<Grant> grants, int links) {
    // Two who grant each other may lead to nobody.
    return grant.right() == Right.NONE
        || (!hasEnded(grant) && links >= 0 && mayGrant(grant.grantor(), owner, grants, links - 1));
  }

  /** Returns whether somebody may grant: the owner, or who has that right by name. */
  boolean mayGrant(Principal principal, Principal owner, List<Grant> grants) {
    return mayGrant(principal, owner, grants, grants.size());
  }

  private boolean mayGrant(Principal principal, Principal owner, List<Grant> grants, int links) {
    if (principal.equals(owner)) {
      return true;
    }
    Grant named = to(principal, grants);
    return named != null && named.right() == Right.OWN && holds(named, owner, grants, links);
  }

  private boolean hasEnded(Grant grant) {
    return grant.until() != null && clock.millis() >= grant.until().toEpochMilli();
  }

  private static @Nullable Grant to(Principal principal, List<Grant> grants) {
    for (int i = 0; i < grants.size(); i++) {
      if (grants.get(i).grantee().equals(principal)) {
        return grants.get(i);
      }
    }
    return null;
  }
}
