package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Principal;

/**
 * Knows who belongs to the host's groups, and who may edit its things, as it is now.
 *
 * <p>The runtime keeps an answer for 5 s at most, so that a member who was removed loses access
 * within that time. Called by several threads at once, and on the way of calls: it should answer
 * soon.
 */
@FunctionalInterface
public interface Memberships {

  /**
   * Returns whether somebody belongs to a group now, or may edit the thing.
   *
   * <p>Who cannot tell for sure throws an exception: what depends on the answer is then refused,
   * and no earlier answer takes its place.
   *
   * @param group a group, or the editors of a thing
   * @param member a user or a service
   */
  boolean contains(Principal group, Principal member);
}
