package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.MembershipException;
import dev.connectorsdk.api.spi.Memberships;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.Moment;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who belongs to the host's groups, from memory for a short while. Safe for several threads.
 *
 * <p>A moment that is given knows afterwards for how long the answers count on which a result
 * stands, and is renewed if somebody was asked.
 */
public final class Groups {

  /** How long an answer counts, however long other things are kept. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Groups.class);

  private final @Nullable Memberships memberships;
  private final Clock clock;
  private final FreshCache<Principal, Map<Principal, Boolean>> answers;

  /** Returns the groups that these memberships know, or none. */
  public Groups(@Nullable Memberships memberships, Clock clock, Duration freshness) {
    this.memberships = memberships;
    this.clock = clock;
    Duration fresh = freshness.compareTo(LONGEST) < 0 ? freshness : LONGEST;
    this.answers = new FreshCache<>(clock, fresh, member -> new ConcurrentHashMap<>());
  }

  /** Returns whether there is anybody who knows the members of groups. */
  public boolean areKnown() {
    return memberships != null;
  }

  /**
   * Returns whether a principal is one of some, or belongs to a group among them.
   *
   * @throws MembershipException if it may be so by a group of which that cannot be told
   */
  public boolean isAmong(Set<Principal> some, Principal principal) {
    return isAmong(some, principal, new Moment(clock));
  }

  /** Returns the same at a moment. */
  boolean isAmong(Set<Principal> some, Principal principal, Moment at) {
    return some.contains(principal) || isInGroupOf(some, principal, at);
  }

  /**
   * Returns whether a principal is one of some or of others, or belongs to a group among them.
   *
   * @throws MembershipException as in {@link #isAmong(Set, Principal)}
   */
  boolean isAmong(Set<Principal> some, Set<Principal> others, Principal principal, Moment at) {
    if (some.contains(principal) || others.contains(principal)) {
      return true;
    }
    try {
      return isInGroupOf(some, principal, at) || isInGroupOf(others, principal, at);
    } catch (MembershipException e) {
      if (isInGroupOf(others, principal, at)) {
        return true;
      }
      throw e;
    }
  }

  private boolean isInGroupOf(Set<Principal> some, Principal principal, Moment at) {
    MembershipException unanswered = null;
    for (Principal group : some) {
      try {
        if (group.isGroup() && contains(group, principal, at)) {
          return true;
        }
      } catch (MembershipException e) {
        unanswered = e;
      }
    }
    if (unanswered != null) {
      throw unanswered;
    }
    return false;
  }

  /** Returns whether somebody belongs to a group. */
  boolean contains(Principal group, Principal member) {
    return contains(group, member, new Moment(clock));
  }

  /** Returns the same at a moment. */
  boolean contains(Principal group, Principal member, Moment at) {
    if (!member.mayOwn()) {
      return false;
    }
    Map<Principal, Boolean> ofMember = answers.get(member, at);
    Boolean known = ofMember.get(group);
    if (known != null) {
      return known;
    }
    try {
      return asked(group, member, ofMember);
    } finally {
      at.renew(); // Who was asked may have been waited for, without an answer too.
    }
  }

  private boolean asked(Principal group, Principal member, Map<Principal, Boolean> ofMember) {
    long before = clock.millis();
    boolean answer = ask(group, member);
    if (clock.millis() - before >= LONGEST.toMillis()) {
      throw MembershipException.unanswered(group, member);
    }
    // Of two that ask at once the first answer counts, so that nobody is let in after a refusal.
    Boolean first = ofMember.putIfAbsent(group, answer);
    return first == null ? answer : first;
  }

  private boolean ask(Principal group, Principal member) {
    if (memberships == null) {
      throw MembershipException.unknown(group, member);
    }
    try {
      return memberships.contains(group, member);
    } catch (RuntimeException e) {
      // What it says may repeat what is secret.
      log.warn("Memberships failed on {} in {}: {}", member, group, e.getClass().getName());
      throw MembershipException.unanswered(group, member);
    }
  }
}
