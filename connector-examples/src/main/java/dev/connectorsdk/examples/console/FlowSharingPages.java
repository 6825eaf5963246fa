package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.fieldset;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.legend;
import static j2html.TagCreator.p;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.reference.ImpactPreview;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Optional;

/** What owners decide of a flow: which connection it uses, and what its run-only users get. */
final class FlowSharingPages implements Pages {

  /** How many connections are offered. */
  private static final int MOST = 50;

  /** The field with the logical name of the reference that is decided of. */
  static final String REFERENCE = "reference";

  private static final String CHANGED =
      "What you were shown has changed meanwhile. Look at it again before you confirm it.";

  @Override
  public void addTo(Routes routes) {
    routes.get("flows/{flow}/sharing", visit -> sharing(owned(visit), false));
    routes.post("flows/{flow}/sharing/confirm", FlowSharingPages::confirmSharing);
    routes.get("flows/{flow}/connection", FlowSharingPages::choose);
    routes.post("flows/{flow}/connection", FlowSharingPages::bind);
  }

  static FlowVisit owned(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    preview(seen);
    return seen;
  }

  static ImpactPreview preview(FlowVisit seen) {
    ImpactPreview preview = seen.sharing();
    if (preview == null) {
      throw new NotFoundException("page", "sharing", "Only the owners of a flow see it.");
    }
    return preview;
  }

  static Answer.Page sharing(FlowVisit seen, boolean isChanged) {
    ImpactPreview preview = preview(seen);
    boolean isApp = seen.flow().kind() == Flow.Kind.APP;
    return Answer.page(
            Section.FLOWS,
            "What run-only users of " + seen.flow().id() + " get",
            iff(isChanged, Html.problem(CHANGED, "")),
            ShownPreview.of(seen.visit(), preview),
            isApp ? confirm(seen, preview) : perReference(seen))
        .intro(
            isApp
                ? "Nobody gets a connection of yours before you have confirmed this."
                : "As long as nothing else is said, they use the flow's connections by running it."
                    + " Who they are is up to the application that the flow is of.");
  }

  private static DomContent confirm(FlowVisit seen, ImpactPreview preview) {
    return Html.part(
        "Share",
        p("Your connections go to the users as it is shown above."),
        Html.post(
            seen.visit(),
            seen.to("sharing", "confirm"),
            ShownPreview.field(preview),
            div(Html.primary("Share as shown"), Html.linkButton("Back", seen.to()))
                .withClass("actions")));
  }

  private static DomContent perReference(FlowVisit seen) {
    List<ConnectionReference> embedded =
        seen.flow().references().stream().filter(one -> one.source() == Source.EMBEDDED).toList();
    return Html.part(
        "Decide",
        iff(
            !seen.isOwner() || embedded.isEmpty(),
            p("Its owner decides, for each reference that the flow brings a connection for.")),
        iff(
            seen.isOwner(),
            div(each(embedded, reference -> FlowDecisionPages.links(seen, reference)))),
        div(Html.linkButton("Back", seen.to())).withClass("actions"));
  }

  private static Answer confirmSharing(Visit visit) {
    FlowVisit seen = owned(visit);
    ImpactPreview preview = preview(seen);
    if (!ShownPreview.wasShown(visit, preview)) {
      return sharing(seen, true).status(409);
    }
    visit.runtime().references().confirmShare(seen.running(), preview);
    return Answer.seeOther(seen.to(), Notice.FLOW_SHARED);
  }

  static ConnectionReference reference(FlowVisit seen) {
    Visit visit = seen.visit();
    String name = visit.field(REFERENCE).or(() -> visit.query(REFERENCE)).orElse("");
    return seen.flow()
        .reference(name)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "reference", name, "Flow '" + seen.flow().id() + "' does not declare it."));
  }

  private static Answer choose(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    ConnectionReference reference = reference(seen);
    Optional<String> chosen = visit.query("connection");
    return chosen.isPresent()
        ? shown(seen, reference, Entered.connection(chosen.get()), false)
        : choices(seen, reference);
  }

  private static Answer.Page choices(FlowVisit seen, ConnectionReference reference) {
    List<Candidate> choices =
        seen.visit().runtime().references().choices(seen.running(), reference, MOST + 1);
    List<Candidate> named =
        choices.stream().filter(one -> one.connection() != null).limit(MOST).toList();
    return Answer.page(
            Section.FLOWS,
            "Choose a connection for " + reference.displayName(),
            Html.part(
                "Connections of " + reference.connector() + " that you may use",
                named.isEmpty()
                    ? p("You have none: make one first.")
                    : form(
                            Html.hidden(REFERENCE, reference.logicalName()),
                            fieldset(legend("Connection"), each(named, FlowSharingPages::choice)),
                            div(
                                    Html.primary("Show what changes"),
                                    Html.linkButton("Back", seen.to()))
                                .withClass("actions"))
                        .withMethod("get")
                        .withAction(seen.to("connection").toString()),
                iff(choices.size() > MOST, byId(seen, reference)),
                div(Html.linkButton(
                        "Make a new connection",
                        seen.visit()
                            .to("connectors")
                            .with("search", reference.connector().value())))
                    .withClass("actions")))
        .intro("Flow " + seen.flow().id() + " calls the service with it.");
  }

  private static DomContent byId(FlowVisit seen, ConnectionReference reference) {
    return form(
            p("These are the first " + MOST + ". Any other one has an id, which its page shows."),
            Html.hidden(REFERENCE, reference.logicalName()),
            Field.text("connection", "Id of a connection").html(),
            div(button("Show what changes with it")).withClass("actions"))
        .withMethod("get")
        .withAction(seen.to("connection").toString());
  }

  private static DomContent choice(Candidate candidate) {
    String id = String.valueOf(candidate.connection());
    return div(
            input()
                .withType("radio")
                .withName("connection")
                .withId("connection-" + id)
                .withValue(id)
                .attr("required"),
            label(candidate.verdict()).withFor("connection-" + id))
        .withClass("box");
  }

  private static Answer.Page shown(
      FlowVisit seen, ConnectionReference reference, ConnectionId connection, boolean isChanged) {
    ImpactPreview preview =
        seen.visit().runtime().references().previewBind(seen.running(), reference, connection);
    return Answer.page(
            Section.FLOWS,
            "What changes with this connection",
            iff(isChanged, Html.problem(CHANGED, "")),
            ShownPreview.of(seen.visit(), preview),
            Html.part(
                "Choose",
                Html.post(
                    seen.visit(),
                    seen.to("connection"),
                    Html.hidden(REFERENCE, reference.logicalName()),
                    Html.hidden("connection", connection.value()),
                    ShownPreview.field(preview),
                    div(
                            Html.primary("Use this connection"),
                            Html.linkButton(
                                "Back",
                                seen.to("connection").with(REFERENCE, reference.logicalName())))
                        .withClass("actions"))))
        .intro(preview.act());
  }

  private static Answer bind(Visit visit) {
    FlowVisit seen = FlowVisit.of(visit);
    ConnectionReference reference = reference(seen);
    ConnectionId connection = Entered.connection(visit.field("connection").orElse(""));
    var references = visit.runtime().references();
    ImpactPreview preview = references.previewBind(seen.running(), reference, connection);
    if (!ShownPreview.wasShown(visit, preview)) {
      return shown(seen, reference, connection, true).status(409);
    }
    references.confirmBind(seen.running(), reference, connection, preview);
    return Answer.seeOther(seen.to(), Notice.CONNECTION_CHOSEN);
  }
}
