package dev.connectorsdk.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The host's unit of work that uses references: a workflow, an app, an agent. The host keeps its
 * flows; the runtime reads from this value who may run one and which references it declares.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Flow {

  private final String id;
  private final Set<Principal> owners;
  private final Set<Principal> runOnlyUsers;
  private final List<ConnectionReference> references;

  private Flow(
      String id,
      Set<Principal> owners,
      Set<Principal> runOnlyUsers,
      List<ConnectionReference> references) {
    this.id = id;
    this.owners = Set.copyOf(owners);
    this.runOnlyUsers = Set.copyOf(runOnlyUsers);
    this.references = List.copyOf(references);
  }

  /**
   * Returns a flow that {@code owners} may change and run, and whose embedded references are bound
   * to connections of these owners.
   *
   * @throws IllegalArgumentException if the id is not a name or there is no owner
   */
  public static Flow of(String id, Principal... owners) {
    Names.require("Flow id", id);
    if (owners.length == 0) {
      throw new IllegalArgumentException("Flow '" + id + "' needs at least one owner");
    }
    return new Flow(id, new LinkedHashSet<>(Arrays.asList(owners)), Set.of(), List.of());
  }

  /** Returns this flow with {@code users} who may run it but not change it. */
  public Flow runnableBy(Principal... users) {
    Set<Principal> all = new HashSet<>(runOnlyUsers);
    all.addAll(Arrays.asList(users));
    return new Flow(id, owners, all, references);
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
    return new Flow(id, owners, runOnlyUsers, all);
  }

  /** Returns the host's stable id of this flow. */
  public String id() {
    return id;
  }

  /** Returns who may change and run the flow; never empty. */
  public Set<Principal> owners() {
    return owners;
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

  /** Returns whether {@code principal} owns the flow or may run it. */
  public boolean mayRun(Principal principal) {
    return owners.contains(principal) || runOnlyUsers.contains(principal);
  }

  @Override
  public String toString() {
    return "flow " + id;
  }
}
