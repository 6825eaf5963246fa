package dev.connectorsdk.examples.console;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.UsedConnection;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Flows: which account runs each, who may run it, and what is in its way. */
final class FlowPages implements Pages {

  private static final int PAGE = 25;
  private static final int NAMED_PEOPLE = 25;

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
    Table table = new Table("Flows", "Flow", "Owner", "Kind", "Connections", "Data policies");
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
        text(flow.owner().toString()),
        text(kind(flow)),
        text(
            flow.references().stream()
                .map(one -> one.connector().value())
                .distinct()
                .collect(Collectors.joining(", "))),
        allowed ? Html.badge(Tone.GOOD, "Allowed") : Html.badge(Tone.BAD, "Suspended"));
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
            state(seen, decision),
            connections(seen),
            people(seen),
            policies(seen, decision),
            SubscriptionPages.ofFlow(seen))
        .intro(intro(seen));
  }

  private static String intro(FlowVisit seen) {
    Flow flow = seen.flow();
    return kind(flow)
        + " of "
        + flow.owner()
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

  /** Says first of all whether it runs, and if not, why and how to mend it. */
  private static DomContent state(FlowVisit seen, PolicyDecision decision) {
    List<ReferenceReadiness> all =
        seen.isAdministered() || seen.isOwned() ? seen.readiness() : seen.own();
    List<DomContent> reasons = new ArrayList<>();
    for (PolicyFinding finding : enforced(decision)) {
      reasons.add(
          li(
              strong("Data policy " + finding.label() + ": " + finding.problem()),
              p(finding.remedy())));
    }
    for (ReferenceReadiness one : all) {
      boolean toldAbove = one.state() == ReferenceReadiness.State.SUSPENDED && !reasons.isEmpty();
      if (!one.isReady() && !toldAbove && counts(seen, one)) {
        reasons.add(
            li(
                strong(one.reference().displayName() + ": "),
                Wording.readiness(one.state()),
                p(one.explanation()),
                p(one.remedy()),
                mend(seen, one)));
      }
    }
    if (reasons.isEmpty()) {
      return div(p(strong("It can run."), text(" Every connection that it needs is ready.")))
          .withClass("notice good");
    }
    boolean suspended = !decision.isAllowed();
    return div(
            p(
                strong(
                    suspended
                        ? "It is suspended. Why, and how to mend it:"
                        : "It cannot run. Why, and how to mend it:")),
            ul(each(reasons, one -> one)))
        .withClass("notice bad");
  }

  private static List<PolicyFinding> enforced(PolicyDecision decision) {
    return decision.isAllowed()
        ? List.of()
        : decision.findings().stream().filter(one -> one.mode() == Mode.ENFORCE).toList();
  }

  /** That the owner brings no own connection concerns nobody else who looks at the flow. */
  private static boolean counts(FlowVisit seen, ReferenceReadiness one) {
    return one.reference().source() == Source.EMBEDDED || seen.isOwner() || !seen.own().isEmpty();
  }

  private static DomContent mend(FlowVisit seen, ReferenceReadiness one) {
    UsedConnection used = one.connection();
    List<DomContent> links = new ArrayList<>();
    if (seen.part().isPresent() && one.state() != ReferenceReadiness.State.SUSPENDED) {
      links.add(
          Html.linkButton(
              "Choose a connection",
              seen.to("connection").with("reference", one.reference().logicalName())));
    }
    if (used != null && used.id() != null && seen.isAdministered()) {
      links.add(
          Html.linkButton(
              "Look at the connection", AdministeredConnectionPages.page(seen.visit(), used.id())));
    } else if (used != null && used.id() != null) {
      links.add(
          Html.linkButton(
              "Look at the connection", seen.visit().to("connections", used.id().value())));
    }
    return iff(!links.isEmpty(), div(each(links, link -> link)).withClass("actions"));
  }

  private static DomContent connections(FlowVisit seen) {
    Table table =
        new Table("References", "Reference", "Connector", "Runs with", "Account", "State");
    boolean knowsFlow = seen.isAdministered() || seen.isOwned();
    for (ReferenceReadiness one : knowsFlow ? seen.readiness() : seen.own()) {
      ConnectionReference reference = one.reference();
      boolean invoker = reference.source() == Source.INVOKER;
      UsedConnection used = one.connection();
      table.row(
          text(reference.displayName()),
          text(reference.connector().value()),
          invoker ? text("an own connection of whoever runs it") : runsWith(seen, used),
          used == null || (invoker && !seen.isOwner() && knowsFlow)
              ? text("-")
              : Wording.account(used.account()),
          div(Wording.readiness(one.state()), trail(one)));
    }
    return Html.part(
        "Which account runs it",
        table.orElse("It declares no references, so any of its owner's may be used."),
        iff(
            seen.isOwned(),
            div(each(
                    seen.flow().references(),
                    reference ->
                        Html.linkButton(
                            "Choose for " + reference.displayName(),
                            seen.to("connection").with("reference", reference.logicalName()))))
                .withClass("actions")));
  }

  private static DomContent runsWith(FlowVisit seen, @Nullable UsedConnection used) {
    if (used == null) {
      return text(
          seen.isOwned() || seen.isAdministered() ? "nothing" : "a connection of its owners");
    }
    if (used.id() == null) {
      return text(used.displayName());
    }
    return Html.link(
        used.displayName(),
        seen.isAdministered()
            ? AdministeredConnectionPages.page(seen.visit(), used.id())
            : seen.visit().to("connections", used.id().value()));
  }

  private static DomContent trail(ReferenceReadiness one) {
    return iff(
        !one.trail().isEmpty(),
        details(summary("Why"), ul(each(one.trail(), candidate -> li(candidate.verdict())))));
  }

  private static DomContent people(FlowVisit seen) {
    Flow flow = seen.flow();
    Table table = new Table("People", "Who", "May", "Brings own connections for", "State");
    if (!seen.isAdministered() && !seen.isOwned()) {
      return Html.part("Who may run it", p("Its owners see who else may run it."));
    }
    Map<Principal, String> people = new LinkedHashMap<>();
    people.put(flow.owner(), "change and run it (owner)");
    sorted(flow.coOwners()).forEach(one -> people.put(one, "change and run it (co-owner)"));
    boolean runnable = flow.startsBy(Flow.Start.PERSON);
    sorted(flow.runOnlyUsers())
        .forEach(
            one ->
                people.putIfAbsent(
                    one, runnable ? "run it (run-only user)" : "nothing: only triggers start it"));
    people.entrySet().stream()
        .limit(NAMED_PEOPLE)
        .forEach(one -> person(seen, one.getKey(), one.getValue(), table));
    return Html.part(
        "Who may run it",
        table.orElse("Nobody."),
        iff(people.size() > NAMED_PEOPLE, p("and " + (people.size() - NAMED_PEOPLE) + " others")),
        iff(
            seen.isOwned(),
            div(Html.linkButton("What run-only users get...", seen.to("sharing")))
                .withClass("actions")));
  }

  private static List<Principal> sorted(Set<Principal> some) {
    return some.stream().sorted(Comparator.comparing(Principal::toString)).toList();
  }

  private static void person(FlowVisit seen, Principal who, String may, Table table) {
    if (seen.isAdministered() && !who.isGroup()) {
      List<ReferenceReadiness> theirs = seen.readinessFor(who);
      table.row(
          text(who.toString()),
          text(may),
          each(theirs, one -> brought(seen, one)),
          div(each(theirs, FlowPages::named)));
      return;
    }
    String brings = who.isGroup() ? "each member what the flow asks for" : brings(seen, who);
    table.row(text(who.toString()), text(may), text(brings), text("-"));
  }

  private static DomContent named(ReferenceReadiness one) {
    return iff(
        !one.isReady(),
        p(text(one.reference().displayName() + ": "), Wording.readiness(one.state())));
  }

  private static DomContent brought(FlowVisit seen, ReferenceReadiness one) {
    UsedConnection used = one.connection();
    ConnectionReference reference = one.reference();
    boolean brings =
        reference.source() == Source.INVOKER
            || one.state() == ReferenceReadiness.State.CONNECTION_REQUIRED
            || one.state() == ReferenceReadiness.State.AMBIGUOUS;
    if (!brings) {
      return text("");
    }
    return p(
        text(reference.displayName() + ": "),
        used == null ? text("none yet") : runsWith(seen, used));
  }

  private static String brings(FlowVisit seen, Principal who) {
    ImpactPreview sharing = seen.sharing();
    if (sharing == null) {
      return "-";
    }
    return sharing.users().stream()
        .filter(user -> user.user().equals(who))
        .map(user -> user.brings().isEmpty() ? "nothing" : String.join(", ", user.brings()))
        .findFirst()
        .orElseGet(
            () ->
                seen.flow().references().stream()
                    .filter(one -> one.source() == Source.INVOKER)
                    .map(ConnectionReference::displayName)
                    .collect(Collectors.joining(", ")));
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
        iff(
            seen.isAdministered() && !decision.smallestChange().isEmpty(),
            PolicyView.smallestChange(seen.visit(), decision)));
  }
}
