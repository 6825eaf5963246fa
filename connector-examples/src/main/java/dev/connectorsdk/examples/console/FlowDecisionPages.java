package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.p;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import j2html.tags.DomContent;
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
            Html.part("What follows", p(follows(preview, decision, reference))),
            ShownPreview.of(visit, preview),
            Html.part(
                "Decide",
                Html.post(
                    visit,
                    seen.to("sharing", decision.id),
                    Html.hidden(FlowSharingPages.REFERENCE, reference.logicalName()),
                    ShownPreview.field(preview),
                    div(Html.primary(decision.button), Html.linkButton("Back", seen.to("sharing")))
                        .withClass("actions"))))
        .intro("Nothing has been changed yet: the tables say what users get now.");
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

  private static String follows(
      ImpactPreview preview, Decision decision, ConnectionReference reference) {
    return switch (decision) {
      case OWN ->
          "None of them uses the flow's connection of "
              + reference.connector().value()
              + " any more. Whoever has an own one that works uses that, and whoever has none"
              + " cannot run the flow before there is one.";
      case USE ->
          "By running the flow they use "
              + connection(preview, reference)
              + ", and do with it what the flow does, in the name of its account.";
    };
  }

  private static String connection(ImpactPreview preview, ConnectionReference reference) {
    return preview.references().stream()
        .filter(item -> item.reference().equals(reference))
        .map(Item::connection)
        .flatMap(Stream::ofNullable)
        .map(used -> "the connection " + used.names())
        .findFirst()
        .orElse("the connection that is chosen for it; now none is");
  }

  private static Answer decide(Visit visit, Decision decision) {
    FlowVisit seen = FlowSharingPages.owned(visit);
    ConnectionReference reference = embedded(seen);
    if (!ShownPreview.wasShown(visit, FlowSharingPages.preview(seen))) {
      return FlowSharingPages.sharing(seen, true).status(409);
    }
    var references = visit.runtime().references();
    switch (decision) {
      case USE -> references.letRunOnlyUsersUse(seen.running(), reference);
      case OWN -> references.letRunOnlyUsersBringOwn(seen.running(), reference);
    }
    return Answer.seeOther(seen.to("sharing"), decision.done);
  }
}
