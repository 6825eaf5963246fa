package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flow, and what the visitor may know of it.
 *
 * @param sharing what its run-only users get, if the visitor is one of its owners
 * @param own how its references are for the visitor; empty if the visitor has no part in it
 * @param others how they are for others, as far as that has been asked for in this visit
 */
record FlowVisit(
    Visit visit,
    Flow flow,
    @Nullable ImpactPreview sharing,
    List<ReferenceReadiness> own,
    Map<Principal, List<ReferenceReadiness>> others) {

  /**
   * Returns the flow that the address names.
   *
   * @throws NotFoundException if there is none that the visitor may see
   */
  static FlowVisit of(Visit visit) {
    String id = visit.path("flow");
    Flow flow = visit.site().flows().find(id).orElseThrow(() -> missing(id));
    ImpactPreview sharing = sharing(visit, flow);
    List<ReferenceReadiness> own = own(visit, flow);
    boolean hasPart =
        sharing != null
            || flow.runOnlyUsers().contains(visit.caller().principal())
            || own.stream().anyMatch(one -> one.state() != State.DENIED);
    if (!hasPart && visit.visitor().administrator().isEmpty()) {
      throw missing(id);
    }
    return new FlowVisit(visit, flow, sharing, hasPart ? own : List.of(), new HashMap<>());
  }

  private static NotFoundException missing(String id) {
    return new NotFoundException("flow", id, "There is none that you own or may run.");
  }

  /** Does not ask for those who cannot be owners, which would be a refusal in the audit. */
  private static @Nullable ImpactPreview sharing(Visit visit, Flow flow) {
    Principal visitor = visit.caller().principal();
    boolean mayOwn =
        flow.owner().equals(visitor)
            || flow.coOwners().contains(visitor)
            || hasGroups(flow.coOwners());
    try {
      return mayOwn
          ? visit.runtime().references().previewShare(visit.caller().running(flow))
          : null;
    } catch (NotFoundException e) {
      return null; // No member of the groups that own it.
    }
  }

  private static boolean hasGroups(Set<Principal> some) {
    return some.stream().anyMatch(Principal::isGroup);
  }

  private static List<ReferenceReadiness> own(Visit visit, Flow flow) {
    return visit.runtime().references().readiness(visit.caller().running(flow));
  }

  /** Returns whether the visitor is the owner of the flow or one of its co-owners. */
  boolean isOwned() {
    return sharing != null;
  }

  /** Returns whether the visitor administers the environment. */
  boolean isAdministered() {
    return visit.visitor().administrator().isPresent();
  }

  /** Returns whether the visitor is named the owner. */
  boolean isOwner() {
    return flow.owner().equals(visit.caller().principal());
  }

  /** Returns the visitor running the flow. */
  Caller running() {
    return visit.caller().running(flow);
  }

  /** Returns a page of the flow. */
  Link to(String... segments) {
    Link page = visit.to("flows", flow.id());
    return Link.below(page.path(), segments);
  }

  /**
   * Returns how the references are for whoever runs the flow as its owner does, as the visitor may
   * know it; empty if the visitor may not know.
   */
  List<ReferenceReadiness> readiness() {
    if (isAdministered()) {
      return readinessFor(flow.owner());
    }
    return isOwned() ? own : List.of();
  }

  /** Returns how the references are for somebody who runs the flow, for an administrator. */
  List<ReferenceReadiness> readinessFor(Principal user) {
    return others.computeIfAbsent(
        user, one -> visit.runtime().references().readiness(visit.administratorHere(), flow, one));
  }

  /** Returns what the visitor calls the part that the visitor has. */
  Optional<String> part() {
    if (isOwner()) {
      return Optional.of("You own it.");
    }
    if (isOwned()) {
      return Optional.of("You co-own it.");
    }
    return own.isEmpty() || !flow.startsBy(Start.PERSON)
        ? Optional.empty()
        : Optional.of("You may run it.");
  }
}
