package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.UsedConnection;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** Whether a flow runs, and if not, why, and how to mend it. */
final class FlowHealth {

  private FlowHealth() {}

  /** Says first of all whether it runs, and if not, why and how to mend it. */
  static DomContent state(FlowVisit seen, PolicyDecision decision) {
    List<ReferenceReadiness> all =
        seen.isAdministered() || seen.isOwned() ? seen.readiness() : seen.own();
    List<DomContent> reasons = new ArrayList<>();
    for (PolicyFinding finding : enforced(decision)) {
      reasons.add(
          li(
              strong("Data policy " + finding.label() + ": " + finding.problem()),
              p(finding.remedy()),
              seen.isAdministered()
                  ? openPolicy(seen, finding)
                  : p("An administrator changes data policies.")));
    }
    for (ReferenceReadiness one : all) {
      boolean toldAbove = one.state() == ReferenceReadiness.State.SUSPENDED && !reasons.isEmpty();
      if (!one.isReady() && !toldAbove && counts(seen, one)) {
        reasons.add(
            li(
                strong(one.reference().displayName() + ": "),
                Wording.readiness(one.state()),
                p(Wording.inWords(one.explanation())),
                p(one.remedy()),
                mend(seen, one)));
      }
    }
    if (reasons.isEmpty()) {
      return div(
              p(strong("It can run."), text(" Every connection that it needs is ready.")),
              each(all.stream().filter(one -> counts(seen, one)).map(FlowHealth::substitute)))
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

  private static DomContent substitute(ReferenceReadiness one) {
    return iff(
        Substitute.of(one),
        used -> div(p(strong(one.reference().displayName() + ": "), Substitute.state(one))));
  }

  private static DomContent openPolicy(FlowVisit seen, PolicyFinding finding) {
    return div(Html.linkButton(
            "Open the policy",
            PolicyView.page(seen.visit(), finding.policy())
                .with(PolicyPages.FROM, seen.flow().id())))
        .withClass("actions");
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
    boolean chooses = seen.part().isPresent() && (seen.isOwned() || FlowPeople.isBrought(one));
    if (chooses && one.state() != ReferenceReadiness.State.SUSPENDED) {
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
}
