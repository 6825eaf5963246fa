package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.spi.GrantStore;
import dev.connectorsdk.api.spi.GrantStore.GrantKey;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import dev.connectorsdk.api.spi.GrantStore.StoredGrant;
import dev.connectorsdk.internal.cache.FreshCache;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Grants on connections and references: what follows from them, from memory where possible, and how
 * they change. Safe for several threads.
 */
public final class Grants {

  private final GrantStore store;
  private final Groups groups;
  private final Rights rights;
  private final RightsLog log;
  private final FreshCache<GrantSubject, List<Grant>> known;

  /** Returns the grants in a store. */
  public Grants(GrantStore store, Groups groups, RightsLog log, Clock clock, Duration freshness) {
    this.store = store;
    this.groups = groups;
    this.rights = new Rights(groups, clock);
    this.log = log;
    this.known = new FreshCache<>(clock, freshness, this::read);
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
  public void grant(Caller caller, Principal owner, GrantSubject on, Grant grant) {
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
    List<Grant> before = read(on);
    requireOwnOf(grantee, caller, owner, before);
    List<Grant> after = without(grantee, before);
    after.add(grant);
    store.writeGrants(List.of(new StoredGrant(on, grant)), fallen(owner, on, before, after));
    known.forget(on);
    log.granted(caller, on, grant);
  }

  /**
   * Takes a grant back, and with it what the grantee has granted.
   *
   * @return whether there was one
   * @throws InvalidInputException if somebody else granted it, and the caller is not the owner
   */
  public boolean revoke(Caller caller, Principal owner, GrantSubject on, Principal grantee) {
    List<Grant> before = read(on);
    requireOwnOf(grantee, caller, owner, before);
    List<Grant> after = without(grantee, before);
    List<GrantKey> removed = new ArrayList<>(fallen(owner, on, before, after));
    removed.add(new GrantKey(on, grantee));
    store.writeGrants(List.of(), removed);
    known.forget(on);
    Optional<Grant> revoked =
        before.stream().filter(grant -> grant.grantee().equals(grantee)).findFirst();
    revoked.ifPresent(grant -> log.revoked(caller, on, grant));
    return revoked.isPresent();
  }

  /**
   * Has the grants that hold on something stand on something, the same perhaps, of a new owner:
   * what the former owner has granted, the new one has. What does not hold is forgotten, so that it
   * does not come back by the new owner's rights. It may be repeated.
   */
  public void handOver(
      Principal formerOwner, GrantSubject before, Principal newOwner, GrantSubject after) {
    List<Grant> stored = read(before);
    // What this writes has nothing for the new owner, who by then has granted what the former had.
    boolean isRepeated = stored.stream().noneMatch(grant -> grant.grantee().equals(newOwner));
    store.writeGrants(
        stored.stream()
            .filter(
                grant ->
                    rights.holds(grant, formerOwner, stored)
                        || (isRepeated && grant.grantor().equals(newOwner)))
            .filter(grant -> !grant.grantee().equals(newOwner))
            .map(grant -> new StoredGrant(after, by(newOwner, formerOwner, grant)))
            .toList(),
        stored.stream().map(grant -> new GrantKey(before, grant.grantee())).toList());
    known.forget(before);
    known.forget(after);
  }

  private static Grant by(Principal newOwner, Principal formerOwner, Grant grant) {
    return grant.grantor().equals(formerOwner)
        ? new Grant(grant.grantee(), grant.right(), newOwner, grant.until())
        : grant;
  }

  private static List<Grant> without(Principal grantee, List<Grant> grants) {
    return grants.stream()
        .filter(grant -> !grant.grantee().equals(grantee))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<GrantKey> fallen(
      Principal owner, GrantSubject on, List<Grant> before, List<Grant> after) {
    Set<Grant> standing =
        before.stream().filter(g -> rights.holds(g, owner, before)).collect(Collectors.toSet());
    return before.stream()
        .filter(after::contains)
        .filter(grant -> !standing.contains(grant) || !rights.holds(grant, owner, after))
        .map(grant -> new GrantKey(on, grant.grantee()))
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
