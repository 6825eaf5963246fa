package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.cache.StoreChanges;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Grants on connections and references: what follows from them, from memory where possible, and how
 * they change. Safe for several threads.
 */
public final class Grants {

  /** One who is not first each time meets as many others. */
  private static final int TRIES = 20;

  private final GrantStore store;
  private final Groups groups;
  private final Rights rights;
  private final RightsLog log;
  private final FreshCache<GrantSubject, List<Grant>> known;

  /** Returns the grants in a store. */
  public Grants(GrantStore store, Groups groups, RightsLog log, Clock clock, StoreChanges changes) {
    this.store = store;
    this.groups = groups;
    this.rights = new Rights(groups, clock);
    this.log = log;
    this.known = new FreshCache<>(changes, this::read);
  }

  /** Returns who is told of what changes. */
  public RightsLog log() {
    return log;
  }

  private List<Grant> read(GrantSubject on) {
    return store.listGrants(on).stream().map(StoredGrant::grant).toList();
  }

  /**
   * Returns whether somebody has at least this right, as it was known lately.
   *
   * @param owner whose it is on which the right is
   */
  public boolean has(Principal principal, Right right, Principal owner, GrantSubject on) {
    return owner.equals(principal) || rights.has(principal, right, owner, known.get(on));
  }

  /**
   * Returns the same, and renews the moment if the grants, or who belongs to a group, were not in
   * memory; has it know when one of them ends.
   */
  public boolean has(
      Principal principal, Right right, Principal owner, GrantSubject on, Moment at) {
    if (owner.equals(principal)) {
      return true;
    }
    List<Grant> grants = known.get(on, at);
    for (int i = 0; i < grants.size(); i++) {
      Instant until = grants.get(i).until();
      if (until != null) {
        at.changesAt(until.toEpochMilli());
      }
    }
    return rights.has(principal, right, owner, grants, at);
  }

  /**
   * Returns whether somebody belongs to a group.
   *
   * @throws dev.connectorsdk.api.error.MembershipException if that cannot be told
   */
  public boolean isMember(Principal group, Principal principal) {
    return groups.contains(group, principal);
  }

  /** Says that what is granted on something was changed. */
  public void changed(GrantSubject on) {
    known.forget(on);
  }

  /** Returns whether somebody may grant rights on something, as it is stored now. */
  public boolean mayGrant(Principal principal, Principal owner, GrantSubject on) {
    return owner.equals(principal) || rights.mayGrant(principal, owner, read(on));
  }

  /** Returns whether somebody has at least this right, as it is stored now. */
  public boolean hasNow(Principal principal, Right right, Principal owner, GrantSubject on) {
    return owner.equals(principal) || rights.has(principal, right, owner, read(on));
  }

  /** Returns the grants that hold now. */
  public List<Grant> list(Principal owner, GrantSubject on) {
    List<Grant> all = read(on);
    return all.stream().filter(grant -> rights.holds(grant, owner, all)).toList();
  }

  /**
   * Stores a grant. What had ended by then or loses its ground by it is forgotten, so that it does
   * not come back by another grant.
   *
   * @throws IllegalArgumentException if it is to the owner, or to a group, and nobody knows groups,
   *     or denies for a while
   * @throws InvalidInputException if somebody else has granted something to the same one, and the
   *     caller is not the owner
   */
  public void grant(
      Caller caller, Principal owner, ConnectorId connector, GrantSubject on, Grant grant) {
    Principal grantee = grant.grantee();
    if (grantee.equals(owner) || (grantee.isGroup() && !groups.areKnown())) {
      throw new IllegalArgumentException(
          "Nothing can be granted to "
              + grantee
              + (grantee.isGroup() ? ": name its members" : ", whose it is"));
    }
    if (grant.right() == Right.NONE && grant.until() != null) {
      throw new IllegalArgumentException("What is denied stays so until that is taken back");
    }
    log.requireRoom();
    change(
        on,
        before -> {
          requireOwnOf(grantee, caller, owner, before);
          return standing(owner, before, with(grant, before));
        });
    log.granted(caller, connector, on, grant);
  }

  /**
   * Takes a grant back, and with it what the grantee has granted.
   *
   * @return whether there was one
   * @throws InvalidInputException if somebody else granted it, and the caller is not the owner
   */
  public boolean revoke(
      Caller caller, Principal owner, ConnectorId connector, GrantSubject on, Principal grantee) {
    log.requireRoom();
    List<Grant> before =
        change(
            on,
            all -> {
              requireOwnOf(grantee, caller, owner, all);
              return standing(owner, all, without(grantee, all));
            });
    Optional<Grant> revoked =
        before.stream().filter(grant -> grant.grantee().equals(grantee)).findFirst();
    revoked.ifPresent(grant -> log.revoked(caller, connector, on, grant));
    return revoked.isPresent();
  }

  /**
   * Has the grants that hold on something stand on something, the same perhaps, of a new owner:
   * what the former owner has granted, the new one has. What does not hold is forgotten, so that it
   * does not come back by the new owner's rights. It may be repeated.
   */
  public void handOver(
      Principal formerOwner, GrantSubject before, Principal newOwner, GrantSubject after) {
    if (before.equals(after)) {
      change(before, all -> handedOver(formerOwner, newOwner, all));
      return;
    }
    List<Grant> written = new ArrayList<>();
    change(
        before,
        all -> {
          List<Grant> handedOver = handedOver(formerOwner, newOwner, all);
          // What was taken back since the last try is not to stay where that has written it.
          change(after, there -> together(except(written, there), handedOver));
          written.clear();
          written.addAll(handedOver);
          return List.of();
        });
  }

  private List<Grant> handedOver(Principal formerOwner, Principal newOwner, List<Grant> all) {
    // What this writes has nothing for the new owner, who by then has granted what the former had.
    boolean isRepeated = all.stream().noneMatch(grant -> grant.grantee().equals(newOwner));
    return all.stream()
        .filter(
            grant ->
                rights.holds(grant, formerOwner, all)
                    || (isRepeated && grant.grantor().equals(newOwner)))
        .filter(grant -> !grant.grantee().equals(newOwner))
        .map(grant -> by(newOwner, formerOwner, grant))
        .toList();
  }

  private static List<Grant> except(List<Grant> some, List<Grant> grants) {
    return grants.stream().filter(grant -> !some.contains(grant)).toList();
  }

  /** Returns all of them; of two to the same grantee the second one counts. */
  private static List<Grant> together(List<Grant> there, List<Grant> more) {
    List<Grant> all = there;
    for (Grant grant : more) {
      all = with(grant, all);
    }
    return all;
  }

  private static Grant by(Principal newOwner, Principal formerOwner, Grant grant) {
    return grant.grantor().equals(formerOwner)
        ? new Grant(grant.grantee(), grant.right(), newOwner, grant.until())
        : grant;
  }

  /**
   * Changes what is granted on something: once more if somebody else has changed it meanwhile.
   *
   * @param change returns what is to be granted instead of what it is given
   * @return what was granted before
   * @throws ConflictException if somebody else was first each time
   */
  private List<Grant> change(GrantSubject on, UnaryOperator<List<Grant>> change) {
    for (int i = 0; i < TRIES; i++) {
      List<Grant> before = read(on);
      if (store.replaceGrants(on, stored(on, before), stored(on, change.apply(before)))) {
        known.forget(on);
        return before;
      }
    }
    throw new ConflictException("What is granted on '" + on.name() + "'");
  }

  private static List<StoredGrant> stored(GrantSubject on, List<Grant> grants) {
    return grants.stream().map(grant -> new StoredGrant(on, grant)).toList();
  }

  private static List<Grant> with(Grant grant, List<Grant> grants) {
    List<Grant> more = new ArrayList<>(without(grant.grantee(), grants));
    more.add(grant);
    return more;
  }

  private static List<Grant> without(Principal grantee, List<Grant> grants) {
    return grants.stream().filter(grant -> !grant.grantee().equals(grantee)).toList();
  }

  /**
   * Returns what is new of the grants after a change, and what of the others holds before it and
   * after.
   */
  private List<Grant> standing(Principal owner, List<Grant> before, List<Grant> after) {
    return after.stream()
        .filter(
            grant ->
                !before.contains(grant)
                    || (rights.holds(grant, owner, before) && rights.holds(grant, owner, after)))
        .toList();
  }

  private void requireOwnOf(Principal grantee, Caller caller, Principal owner, List<Grant> grants) {
    boolean isAnothers =
        grants.stream()
            .filter(grant -> rights.holds(grant, owner, grants))
            .anyMatch(
                grant ->
                    grant.grantee().equals(grantee) && !grant.grantor().equals(caller.principal()));
    if (isAnothers && !caller.principal().equals(owner)) {
      throw new InvalidInputException(
          "a grant",
          List.of(new Fault("/grantee", "has a right that somebody else granted, who changes it")));
    }
  }
}
