package dev.connectorsdk.examples.console;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import j2html.tags.DomContent;
import java.util.stream.Collectors;

/** What data policies say, as parts of pages. */
final class PolicyView {

  private PolicyView() {}

  static Link page(Visit visit, String policy) {
    return visit.to("administration", "policies", "edit").with("name", policy);
  }

  /** Returns what policies have against something, each with what would mend it. */
  static DomContent findings(PolicyDecision decision) {
    return ul(each(decision.findings(), PolicyView::finding));
  }

  private static DomContent finding(PolicyFinding finding) {
    return li(
        strong(finding.label() + ": "),
        text(finding.problem() + " "),
        Wording.mode(finding.mode()),
        p(finding.remedy()));
  }

  /** Returns what is found in one line, for tables. */
  static String inShort(PolicyDecision decision) {
    return decision.findings().stream()
        .map(finding -> finding.label() + ": " + finding.problem())
        .collect(Collectors.joining(" "));
  }

  /** Returns the policies as they would have to be, each to be opened and saved. */
  static DomContent smallestChange(Visit visit, PolicyDecision decision) {
    return details(
        summary("The smallest change of policies that would allow it"),
        div(
            each(
                decision.smallestChange(),
                policy ->
                    div(
                        p(Html.link("Open " + policy.label(), page(visit, policy.name()))),
                        json(policy)))));
  }

  static DomContent json(DataPolicy policy) {
    return pre(policy.toJson()).withTabindex(0);
  }
}
