package dev.connectorsdk.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** What a flow is. */
  public enum Kind {
    /** Something that people use: an app. Only people start it. */
    APP,
    /** Something that runs: a workflow, an agent. */
    FLOW
  }

  /** How a flow starts. */
  public enum Start {
    /** A person starts it, and waits for it or not. */
    PERSON,
    /** Nobody does: what a trigger has found, a schedule, another program; see {@link Flow#in}. */
    TRIGGERS
  }

  private final String id;
  private final Principal owner;
  private final Kind kind;
  private final @Nullable Start only;
  private final Set<Principal> coOwners;
  private final Set<Principal> runOnlyUsers;
  private final List<ConnectionReference> references;
  private final Map<String, Set<String>> operations;

  private Flow(
      String id,
      Principal owner,
      Kind kind,
      @Nullable Start only,
      Set<Principal> coOwners,
      Set<Principal> runOnlyUsers,
      List<ConnectionReference> references,
      Map<String, Set<String>> operations) {
    this.id = id;
    this.owner = owner;
    this.kind = kind;
    this.only = only;
    this.coOwners = Set.copyOf(coOwners);
    this.runOnlyUsers = Set.copyOf(runOnlyUsers);
    this.references = List.copyOf(references);
    this.operations = Map.copyOf(operations);
  }

  /**
   * Returns a flow of {@code owner}, whose embedded references it uses. People start it, and so do
   * triggers, unless {@link #startedOnlyBy} says otherwise.
   *
   * @param id the host's stable id of the flow, unique among those of one owner, and of all flows
   *     of a {@link dev.connectorsdk.api.spi.FlowDirectory}, which triggers need
   * @throws IllegalArgumentException if the id is not a name, or the owner is neither user nor
   *     service
   */
  public static Flow of(String id, Principal owner) {
    return of(id, owner, Kind.FLOW, null);
  }

  /**
   * Returns an app of {@code owner}, which only people start.
   *
   * @param id the host's stable id of the app, unique among those of one owner, its flows included
   * @throws IllegalArgumentException as in {@link #of}
   */
  public static Flow app(String id, Principal owner) {
    return of(id, owner, Kind.APP, Start.PERSON);
  }

  private static Flow of(String id, Principal owner, Kind kind, @Nullable Start only) {
    Names.require("Flow id", id);
    if (!owner.mayOwn()) {
      throw new IllegalArgumentException(
          "Flow '"
              + id
              + "' cannot be owned by "
              + owner
              + ": name a user or a service, and make a group a co-owner");
    }
    return new Flow(id, owner, kind, only, Set.of(), Set.of(), List.of(), Map.of());
  }

  /**
   * Returns this flow as one that starts in this way alone. What only triggers start has no
   * run-only users: they are refused. What only people start is not subscribed to triggers.
   *
   * @throws IllegalArgumentException if this is an app and {@code start} not {@link Start#PERSON}
   */
  public Flow startedOnlyBy(Start start) {
    Objects.requireNonNull(start, "start");
    if (kind == Kind.APP && start != Start.PERSON) {
      throw new IllegalArgumentException("App '" + id + "' is started by people alone");
    }
    return new Flow(id, owner, kind, start, coOwners, runOnlyUsers, references, operations);
  }

  /**
   * Returns this flow with {@code principals} who may change and run it like its owner. Each may
   * have an own connection take the place of one that the flow uses, in this flow alone. A group
   * stands for its members, as the runtime's {@link dev.connectorsdk.api.spi.Memberships} know
   * them; without these, its members are refused.
   *
   * @throws IllegalArgumentException if one of them is a flow
   */
  public Flow coOwnedBy(Principal... principals) {
    Set<Principal> all = with(coOwners, principals);
    all.remove(owner);
    return new Flow(id, owner, kind, only, all, runOnlyUsers, references, operations);
  }

  /**
   * Returns this flow with {@code principals} who may run it but not change it. A group stands for
   * its members, as in {@link #coOwnedBy}.
   *
   * @throws IllegalArgumentException if one of them is a flow
   */
  public Flow runnableBy(Principal... principals) {
    return new Flow(
        id, owner, kind, only, coOwners, with(runOnlyUsers, principals), references, operations);
  }

  private Set<Principal> with(Set<Principal> some, Principal... more) {
    Set<Principal> all = new HashSet<>(some);
    for (Principal principal : more) {
      if (principal.kind() == Principal.Kind.FLOW) {
        throw new IllegalArgumentException(
            "Flow '" + id + "' cannot be shared with " + principal + ", which is no person");
      }
      all.add(principal);
    }
    return all;
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
    return new Flow(id, owner, kind, only, coOwners, runOnlyUsers, all, operations);
  }

  /**
   * Returns this flow with {@code operations} that it calls under a reference, besides those that
   * were declared before. Declares the reference too, if it is not declared yet. Where a data
   * policy is enforced, a flow calls only operations that it declares.
   *
   * @param operations ids of actions and triggers of the reference's connector
   * @throws IllegalArgumentException if another reference with the same logical name is declared,
   *     or an id is blank
   */
  public Flow calling(ConnectionReference reference, String... operations) {
    Flow declaring = references.contains(reference) ? this : using(reference);
    Set<String> all = new HashSet<>(operations(reference));
    for (String operation : operations) {
      if (operation.isBlank()) {
        throw new IllegalArgumentException("Flow '" + id + "' declares an operation without id");
      }
      all.add(operation);
    }
    Map<String, Set<String>> declared = new HashMap<>(this.operations);
    declared.put(reference.logicalName(), Set.copyOf(all));
    return new Flow(id, owner, kind, only, coOwners, runOnlyUsers, declaring.references, declared);
  }

  /** Returns the host's stable id of this flow. */
  public String id() {
    return id;
  }

  /** Returns what it is. */
  public Kind kind() {
    return kind;
  }

  /** Returns whether the flow starts in this way, among others perhaps. */
  public boolean startsBy(Start start) {
    return only == null || only == start;
  }

  /** Returns whose flow it is. */
  public Principal owner() {
    return owner;
  }

  /** Returns who may change and run the flow besides its owner, groups as such. */
  public Set<Principal> coOwners() {
    return coOwners;
  }

  /** Returns who may run the flow without being able to change it, groups as such. */
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

  /** Returns the ids of the operations that the flow declares under a reference; may be empty. */
  public Set<String> operations(ConnectionReference reference) {
    return operations.getOrDefault(reference.logicalName(), Set.of());
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
