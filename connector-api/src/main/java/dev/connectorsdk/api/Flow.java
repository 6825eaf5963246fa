package dev.connectorsdk.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The host's unit of work that uses references: a workflow, an app, an agent. The host keeps its
 * flows; the runtime reads from this value whose flow it is, who may change and run it, and which
 * references it declares.
 *
 * <p>The host vouches for all of it. A flow uses the references of its owner, so nobody may be made
 * the owner of a flow without agreeing to it. Naming somebody a co-owner or a run-only user brings
 * no connection of theirs into the flow.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Flow {

  private final String id;
  private final Principal owner;
  private final Set<Principal> coOwners;
  private final Set<Principal> runOnlyUsers;
  private final List<ConnectionReference> references;

  private Flow(
      String id,
      Principal owner,
      Set<Principal> coOwners,
      Set<Principal> runOnlyUsers,
      List<ConnectionReference> references) {
    this.id = id;
    this.owner = owner;
    this.coOwners = Set.copyOf(coOwners);
    this.runOnlyUsers = Set.copyOf(runOnlyUsers);
    this.references = List.copyOf(references);
  }

  /**
   * Returns a flow of {@code owner}, whose embedded references it uses.
   *
   * @param id the host's stable id of the flow, unique among those of one owner
   * @throws IllegalArgumentException if the id is not a name, or the owner is neither user nor
   *     service
   */
  public static Flow of(String id, Principal owner) {
    Names.require("Flow id", id);
    requireOwner(id, Objects.requireNonNull(owner, "owner"));
    return new Flow(id, owner, Set.of(), Set.of(), List.of());
  }

  private static void requireOwner(String id, Principal principal) {
    if (principal.kind() == Principal.Kind.FLOW) {
      throw new IllegalArgumentException(
          "Flow '" + id + "' cannot be owned by " + principal + ": name a user or a service");
    }
    if (principal.isGroup()) {
      throw new IllegalArgumentException(
          "Flow '"
              + id
              + "' cannot be owned by "
              + principal
              + ": nothing in this version knows who belongs to a group. Name its members.");
    }
  }

  /**
   * Returns this flow with {@code principals} who may change and run it like its owner. Each may
   * have an own connection take the place of one that the flow uses, in this flow alone.
   *
   * @throws IllegalArgumentException if one of them is neither user nor service
   */
  public Flow coOwnedBy(Principal... principals) {
    Set<Principal> all = new HashSet<>(coOwners);
    for (Principal principal : principals) {
      requireOwner(id, principal);
      all.add(principal);
    }
    all.remove(owner);
    return new Flow(id, owner, all, runOnlyUsers, references);
  }

  /** Returns this flow with {@code users} who may run it but not change it. */
  public Flow runnableBy(Principal... users) {
    Set<Principal> all = new HashSet<>(runOnlyUsers);
    all.addAll(Arrays.asList(users));
    return new Flow(id, owner, coOwners, all, references);
  }

  /**
   * Returns this flow with declared {@code references}. A flow that declares references may use
   * only these; one that declares none is not restricted.
   *
   * @throws IllegalArgumentException if two references have the same logical name
   */
  public Flow using(ConnectionReference... references) {
    List<ConnectionReference> all = new ArrayList<>(this.references);
    for (ConnectionReference reference : references) {
      Objects.requireNonNull(reference, "reference");
      if (all.stream().anyMatch(r -> r.logicalName().equals(reference.logicalName()))) {
        throw new IllegalArgumentException(
            "Flow '" + id + "' declares reference '" + reference.logicalName() + "' twice");
      }
      all.add(reference);
    }
    return new Flow(id, owner, coOwners, runOnlyUsers, all);
  }

  /** Returns the host's stable id of this flow. */
  public String id() {
    return id;
  }

  /** Returns whose flow it is. */
  public Principal owner() {
    return owner;
  }

  /** Returns who may change and run the flow besides its owner. */
  public Set<Principal> coOwners() {
    return coOwners;
  }

  /** Returns who may run the flow without being able to change it. */
  public Set<Principal> runOnlyUsers() {
    return runOnlyUsers;
  }

  /** Returns the declared references, in order; empty if the flow declares none. */
  public List<ConnectionReference> references() {
    return references;
  }

  /** Returns the declared reference called {@code logicalName}. */
  public Optional<ConnectionReference> reference(String logicalName) {
    return references.stream().filter(r -> r.logicalName().equals(logicalName)).findFirst();
  }

  /** Returns whether {@code principal} is the owner or a co-owner of the flow. */
  public boolean mayChange(Principal principal) {
    return owner.equals(principal) || coOwners.contains(principal);
  }

  /** Returns whether {@code principal} may change the flow or run it. */
  public boolean mayRun(Principal principal) {
    return mayChange(principal) || runOnlyUsers.contains(principal);
  }

  /**
   * Returns the flow itself as the caller of work that nobody has started, such as what a trigger
   * has found. No person is in it, so it uses embedded references only.
   */
  public Caller in(Environment environment) {
    return new Caller(new Principal(Principal.Kind.FLOW, id), environment, this);
  }

  @Override
  public String toString() {
    return "flow " + id;
  }
}
