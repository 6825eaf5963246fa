package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.PolicyDecision;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Flows: which account runs each, who may run it, and what is in its way. */
final class FlowPages implements Pages {

  private static final int PAGE = 25;

  @Override
  public void addTo(Routes routes) {
    routes.get("flows", FlowPages::list);
    routes.get("flows/{flow}", FlowPages::one);
  }

  private static Answer list(Visit visit) {
    boolean all = visit.visitor().administrator().isPresent();
    String begin = visit.query("search").orElse("");
    String after = visit.query("after").orElse("");
    Filter filter = all ? Filter.ALL : Filter.of(visit.caller().principal());
    List<Flow> found = new ArrayList<>();
    if (after.isEmpty()) {
      visit.site().flows().find(begin).filter(filter::matches).ifPresent(found::add);
    }
    found.addAll(visit.site().flows().list(filter, after.isEmpty() ? begin : after, PAGE + 1));
    List<Flow> shown = found.subList(0, Math.min(PAGE, found.size()));
    Table table =
        new Table(
            "Flows", "Flow", "Owner", "Kind", "Connections", "Data policies", "Parked events");
    shown.stream().filter(filter::matches).forEach(flow -> add(visit, flow, table));
    return Answer.page(
            Section.FLOWS,
            "Flows",
            Html.search(visit.to(Section.FLOWS), "Begin with the id", begin),
            Html.part(
                all ? "All flows" : "Flows that you own or may run",
                table.orElse("There is none."),
                Html.paging(visit, found.size() > PAGE ? shown.get(shown.size() - 1).id() : null)))
        .intro(
            all
                ? "Workflows, apps and agents of all, with the connections that they run with."
                : "Those that are shared with you through a group have an address, and are not"
                    + " listed.");
  }

  private static void add(Visit visit, Flow flow, Table table) {
    boolean allowed =
        visit.runtime().policies().check(visit.caller().environment(), flow).isAllowed();
    table.row(
        Html.link(flow.id(), visit.to("flows", flow.id())),
        text(visit.name(flow.owner())),
        text(kind(flow)),
        text(
            flow.references().stream()
                .map(one -> one.connector().value())
                .distinct()
                .collect(Collectors.joining(", "))),
        allowed ? Html.badge(Tone.GOOD, "Allowed") : Html.badge(Tone.BAD, "Suspended"),
        ParkedEvents.ofFlow(visit, flow));
  }

  private static String kind(Flow flow) {
    return flow.kind() == Flow.Kind.APP ? "App" : "Flow";
  }

  private static Answer one(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    Flow flow = seen.flow();
    PolicyDecision decision = visit.runtime().policies().check(visit.caller().environment(), flow);
    return Answer.page(
            Section.FLOWS,
            flow.id(),
            FlowHealth.state(seen, decision),
            FlowConnections.connections(seen),
            FlowPeople.people(seen),
            policies(seen, decision),
            SubscriptionPages.ofFlow(seen))
        .intro(intro(seen));
  }

  private static String intro(FlowVisit seen) {
    Flow flow = seen.flow();
    return kind(flow)
        + " of "
        + seen.visit().name(flow.owner())
        + ", started by "
        + starts(flow)
        + "."
        + seen.part().map(part -> " " + part).orElse("");
  }

  private static String starts(Flow flow) {
    boolean people = flow.startsBy(Flow.Start.PERSON);
    boolean triggers = flow.startsBy(Flow.Start.TRIGGERS);
    return people && triggers ? "people and triggers" : people ? "people" : "triggers";
  }

  private static DomContent policies(FlowVisit seen, PolicyDecision decision) {
    return Html.part(
        "Data policies",
        p(
            decision.isAllowed()
                ? "They allow what the flow declares."
                : "They do not allow what the flow declares."),
        iff(!decision.findings().isEmpty(), div(h3("Found"), PolicyView.findings(decision))),
        iff(!decision.reasons().isEmpty(), ul(each(decision.reasons(), reason -> li(reason)))),
        seen.isAdministered() && !decision.smallestChange().isEmpty()
            ? PolicyView.smallestChange(seen.visit(), decision, seen.flow().id())
            : each());
  }
}
