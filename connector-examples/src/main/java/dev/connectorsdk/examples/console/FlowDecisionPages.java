package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ReferenceReadiness;
import j2html.tags.DomContent;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whether run-only users of a flow use its connection or bring own ones, shown before it is so. */
final class FlowDecisionPages implements Pages {

  /** What can be decided. */
  private enum Decision {
    USE(
        "use",
        "Let users use the flow's connection for ",
        "Let them use the flow's connection",
        Notice.FLOW_SHARED),
    OWN(
        "own",
        "Have each user bring an own connection for ",
        "Have each bring an own one",
        Notice.FLOW_SHARED_NO_MORE);

    private final String id;
    private final String label;
    private final String button;
    private final Notice done;

    Decision(String id, String label, String button, Notice done) {
      this.id = id;
      this.label = label;
      this.button = button;
      this.done = done;
    }
  }

  private static final int NAMED = 25;

  @Override
  public void addTo(Routes routes) {
    for (Decision decision : Decision.values()) {
      String path = "flows/{flow}/sharing/" + decision.id;
      routes.get(path, visit -> about(visit, decision));
      routes.post(path, visit -> decide(visit, decision));
    }
  }

  /** Returns the links to what the owner can decide of a reference. */
  static DomContent links(FlowVisit seen, ConnectionReference reference) {
    return div(each(
            Stream.of(Decision.values())
                .map(
                    one ->
                        Html.linkButton(
                            one.label + reference.displayName() + "...",
                            page(seen, one, reference)))))
        .withClass("actions");
  }

  private static Link page(FlowVisit seen, Decision decision, ConnectionReference reference) {
    return seen.to("sharing", decision.id)
        .with(FlowSharingPages.REFERENCE, reference.logicalName());
  }

  private static Answer about(Visit visit, Decision decision) {
    FlowVisit seen = FlowSharingPages.owned(visit);
    ConnectionReference reference = embedded(seen);
    ImpactPreview preview = FlowSharingPages.preview(seen);
    return Answer.page(
            Section.FLOWS,
            decision.label + reference.displayName() + "?",
            Html.part("What follows", follows(seen, decision, reference)),
            Html.part("Whom it concerns", users(seen)),
            Html.part(
                "Decide",
                Html.post(
                    visit,
                    seen.to("sharing", decision.id),
                    Html.hidden(FlowSharingPages.REFERENCE, reference.logicalName()),
                    ShownPreview.field(preview),
                    div(Html.primary(decision.button), Html.linkButton("Back", seen.to("sharing")))
                        .withClass("actions"))))
        .intro("Nothing has been changed yet.");
  }

  /** Returns the reference of the form, of which the owner of the flow alone decides. */
  private static ConnectionReference embedded(FlowVisit seen) {
    ConnectionReference reference = FlowSharingPages.reference(seen);
    boolean isApp = seen.flow().kind() == Flow.Kind.APP;
    if (isApp || !seen.isOwner() || reference.source() != Source.EMBEDDED) {
      throw new NotFoundException(
          "decision",
          reference.logicalName(),
          "The owner of a flow, and not of an app, decides, for each reference that it brings a"
              + " connection for.");
    }
    return reference;
  }

  private static DomContent follows(
      FlowVisit seen, Decision decision, ConnectionReference reference) {
    String connector = reference.connector().value();
    if (decision == Decision.OWN) {
      return p(
          "None of them uses the flow's connection of "
              + connector
              + " any more. Whoever has an own one that works uses that, and whoever has none"
              + " cannot run the flow before there is one.");
    }
    return p(
        "By running the flow they use "
            + connection(seen, reference)
            + ", and do with it what the flow does, in the name of its account.");
  }

  private static String connection(FlowVisit seen, ConnectionReference reference) {
    return seen.readiness().stream()
        .filter(one -> one.reference().equals(reference))
        .map(ReferenceReadiness::connection)
        .flatMap(Stream::ofNullable)
        .map(used -> "the connection " + used.names())
        .findFirst()
        .orElse("the connection that is chosen for it; now none is");
  }

  private static DomContent users(FlowVisit seen) {
    List<Principal> users =
        seen.flow().runOnlyUsers().stream()
            .sorted(Comparator.comparing(Principal::toString))
            .toList();
    return users.isEmpty()
        ? p("Nobody now: the flow has no run-only users. It holds for those whom it gets.")
        : div(
            ul(each(users.stream().limit(NAMED).map(one -> li(seen.visit().name(one))))),
            iff(users.size() > NAMED, p("and " + (users.size() - NAMED) + " others")));
  }

  private static Answer decide(Visit visit, Decision decision) {
    FlowVisit seen = FlowSharingPages.owned(visit);
    if (!ShownPreview.wasShown(visit, FlowSharingPages.preview(seen))) {
      return FlowSharingPages.sharing(seen, true).status(409);
    }
    ConnectionReference reference = FlowSharingPages.reference(seen);
    var references = visit.runtime().references();
    switch (decision) {
      case USE -> references.letRunOnlyUsersUse(seen.running(), reference);
      case OWN -> references.letRunOnlyUsersBringOwn(seen.running(), reference);
    }
    return Answer.seeOther(seen.to("sharing"), decision.done);
  }
}
