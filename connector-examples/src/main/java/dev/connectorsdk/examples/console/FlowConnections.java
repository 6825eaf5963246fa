package dev.connectorsdk.examples.console;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.ReferenceReadiness.State;
import dev.connectorsdk.reference.UsedConnection;
import j2html.tags.DomContent;
import org.jspecify.annotations.Nullable;

/** Which accounts run a flow. */
final class FlowConnections {

  private FlowConnections() {}

  static DomContent connections(FlowVisit seen) {
    Table table =
        new Table(
            "Connection references",
            "Connection reference",
            "Connector",
            "Runs with",
            "Account",
            "State");
    boolean knowsFlow = seen.isAdministered() || seen.isOwned();
    for (ReferenceReadiness one : knowsFlow ? seen.readiness() : seen.own()) {
      ConnectionReference reference = one.reference();
      boolean invoker = reference.source() == Source.INVOKER;
      UsedConnection used = one.connection();
      boolean brings = !knowsFlow && (invoker || used != null);
      table.row(
          text(reference.displayName()),
          text(reference.connector().value()),
          invoker && !brings
              ? text("an own connection of whoever runs it")
              : brings && used == null ? text("none of yours yet") : runsWith(seen, used),
          used == null || (invoker && !seen.isOwner() && knowsFlow)
              ? text("-")
              : text(Wording.account(used.account(), one.state() != State.BROKEN)),
          div(Substitute.state(one), trail(one)));
    }
    return Html.part(
        "Which account runs it",
        table.orElse("It declares no connection references, so any of its owner's may be used."),
        iff(
            seen.isOwned(),
            div(each(
                    seen.flow().references(),
                    reference ->
                        Html.linkButton(
                            "Choose for " + reference.displayName(),
                            seen.to("connection").with("reference", reference.logicalName()))))
                .withClass("actions")),
        iff(!knowsFlow && seen.part().isPresent(), chooseAgain(seen)));
  }

  /** Leads whoever brings a connection to the choice of another one. */
  private static DomContent chooseAgain(FlowVisit seen) {
    return div(each(
            seen.own().stream()
                .filter(one -> one.connection() != null)
                .map(ReferenceReadiness::reference)
                .map(
                    reference ->
                        Html.linkButton(
                            "Choose again for " + reference.displayName(),
                            seen.to("connection").with("reference", reference.logicalName())))))
        .withClass("actions");
  }

  static DomContent runsWith(FlowVisit seen, @Nullable UsedConnection used) {
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
}
