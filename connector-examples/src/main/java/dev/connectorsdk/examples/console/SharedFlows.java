package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.reference.ReferenceReadiness;
import j2html.tags.DomContent;
import java.util.List;

/** The flows of others that the visitor co-owns or may run, so many at a time. */
final class SharedFlows {

  private static final int LOOKED_AT = 100;

  private SharedFlows() {}

  static DomContent of(Visit visit) {
    Principal visitor = visit.caller().principal();
    String after = visit.query("after").orElse("");
    List<Flow> flows = visit.site().flows().list(Filter.of(visitor), after, LOOKED_AT + 1);
    List<Flow> looked = flows.subList(0, Math.min(LOOKED_AT, flows.size()));
    Table table = new Table("Flows", "Flow", "Owner", "You may", "What it asks of you");
    looked.stream()
        .filter(flow -> !flow.owner().equals(visitor))
        .forEach(
            flow ->
                table.row(
                    Html.link(flow.id(), visit.to("flows", flow.id())),
                    text(visit.name(flow.owner())),
                    text(may(visitor, flow)),
                    asked(visit, flow)));
    boolean isAll = after.isEmpty() && flows.size() <= LOOKED_AT;
    return Html.part(
        "Flows",
        table.orElse(
            isAll ? "Nobody has shared a flow with you." : "None of those that were looked at."),
        Html.hint(
            "Those that are shared with you through a group have an address, and are not listed."),
        Html.paging(visit, flows.size() > LOOKED_AT ? looked.get(LOOKED_AT - 1).id() : null));
  }

  private static String may(Principal visitor, Flow flow) {
    return flow.coOwners().contains(visitor)
        ? "change and run it"
        : flow.startsBy(Flow.Start.PERSON) ? "run it" : "nothing: only triggers start it";
  }

  /**
   * What the visitor brings is of no use while a data policy suspends the flow: that comes first.
   */
  private static DomContent asked(Visit visit, Flow flow) {
    boolean isAllowed =
        visit.runtime().policies().check(visit.caller().environment(), flow).isAllowed();
    return isAllowed
        ? toBring(visit, flow)
        : div(
            Html.badge(Tone.BAD, "Suspended"),
            p("A data policy suspends it: nobody can run it.").withClass("hint"));
  }

  private static DomContent toBring(Visit visit, Flow flow) {
    List<ReferenceReadiness> brought =
        visit.runtime().references().readiness(visit.caller().running(flow)).stream()
            .filter(FlowPeople::isBrought)
            .toList();
    return brought.isEmpty()
        ? Html.badge(Tone.QUIET, "Nothing")
        : div(
            each(
                brought,
                one ->
                    div(
                        p("A connection of " + one.reference().connector() + ":"),
                        Substitute.state(one))));
  }
}
