package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The visitor's flows that wait for somebody: suspended, with parked events, with a reference that
 * is not ready, or with one that leads to a substitute.
 *
 * @param isAll whether all flows of the visitor were looked at
 */
record FlowsToLookAt(List<Found> found, boolean isAll) {

  private static final int LOOKED_AT = 50;

  private record Found(
      Flow flow,
      boolean isSuspended,
      ParkedEvents.Count parked,
      List<ReferenceReadiness> references) {

    boolean isEmpty() {
      return !isSuspended && parked.events() == 0 && references.isEmpty();
    }
  }

  static FlowsToLookAt of(Visit visit) {
    Principal visitor = visit.caller().principal();
    List<Flow> flows = visit.site().flows().list(Filter.of(visitor), "", LOOKED_AT + 1);
    List<Found> found = new ArrayList<>();
    for (Flow flow : flows.subList(0, Math.min(LOOKED_AT, flows.size()))) {
      Found one = look(visit, flow);
      if (!one.isEmpty()) {
        found.add(one);
      }
    }
    return new FlowsToLookAt(found, flows.size() <= LOOKED_AT);
  }

  private static Found look(Visit visit, Flow flow) {
    boolean isOwn = ParkedEvents.isOwnedBy(visit.caller().principal(), flow);
    List<ReferenceReadiness> references =
        visit.runtime().references().readiness(visit.caller().running(flow)).stream()
            .filter(one -> concerns(one, isOwn))
            .toList();
    boolean isAllowed =
        visit.runtime().policies().check(visit.caller().environment(), flow).isAllowed();
    return new Found(
        flow,
        !isAllowed,
        isOwn ? ParkedEvents.count(visit, flow) : ParkedEvents.Count.NONE,
        references);
  }

  /** Who may only run a flow mends what is brought by whoever runs it, and nothing else. */
  private static boolean concerns(ReferenceReadiness one, boolean isOwn) {
    boolean toBeMended =
        (isOwn || FlowPeople.isBrought(one)) && !one.isReady() && one.state() != State.DENIED;
    return toBeMended || Substitute.of(one).isPresent();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Returns them as a part of a page; nothing if there are none and all were looked at. */
  DomContent html(Visit visit) {
    Table table =
        new Table("Flows to look at", "Flow", "Data policies", "Parked events", "Connections");
    for (Found one : found) {
      table.row(
          Html.link(one.flow().id(), visit.to("flows", one.flow().id())),
          one.isSuspended() ? Html.badge(Tone.BAD, "Suspended") : text("-"),
          ParkedEvents.shown(visit, one.flow(), one.parked()),
          div(
              each(
                  one.references(),
                  reference ->
                      div(
                          p(reference.reference().displayName() + ":"),
                          Substitute.state(reference)))));
    }
    return iff(
        !isEmpty() || !isAll,
        Html.panel(
            table.orElse("None of your first " + LOOKED_AT + " flows needs you."),
            iff(
                !isAll,
                p(
                    Html.link(
                        "The first " + LOOKED_AT + " were looked at: all flows",
                        visit.to(Section.FLOWS))))));
  }
}
