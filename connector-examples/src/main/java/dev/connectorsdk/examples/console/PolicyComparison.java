package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What becomes of flows if policies are changed, so many flows at a time. */
final class PolicyComparison {

  private static final int LOOKED_AT = 100;

  private PolicyComparison() {}

  /**
   * Returns what becomes of flows if a policy is saved. Of one that refuses nothing this also says
   * what becomes of them once it is enforced, or adopted.
   *
   * @param after the id of the last flow that was looked at; empty to begin
   */
  static DomContent difference(Visit visit, DataPolicy policy, String after) {
    String here = " in " + visit.caller().environment();
    String place = policy.insteadOf();
    if (place != null) {
      return difference(
          visit,
          "If it were adopted" + here,
          PolicyNames.renamed(policy, place).toBuilder().mode(mode(visit, place)).build(),
          after,
          PolicyComparison::further);
    }
    DomContent held =
        difference(visit, "If it held" + here, policy, after, PolicyComparison::further);
    return policy.mode() == Mode.ENFORCE
        ? held
        : each(
            held,
            difference(
                visit,
                "If it were enforced" + here,
                policy.toBuilder().mode(Mode.ENFORCE).build(),
                after,
                last -> text("")));
  }

  /** Returns the mode that a candidate gets when it takes the place of a policy. */
  private static Mode mode(Visit visit, String place) {
    return PolicyPages.saved(visit, place).map(saved -> saved.policy().mode()).orElse(Mode.ENFORCE);
  }

  /**
   * @param further makes of the id of the last flow that was looked at what leads to further ones
   */
  static DomContent difference(
      Visit visit,
      String title,
      DataPolicy policy,
      String after,
      Function<String, DomContent> further) {
    List<Flow> flows = visit.site().flows().list(Filter.ALL, after, LOOKED_AT);
    if (flows.isEmpty()) {
      return Html.part(
          title,
          p(after.isEmpty() ? "The console knows no flows." : "There are no further flows."));
    }
    boolean isAll = after.isEmpty() && flows.size() < LOOKED_AT;
    PolicyDifference difference =
        visit.runtime().policies().whatIf(visit.administratorHere(), flows, policy);
    boolean breaks = !difference.newlyBroken().isEmpty();
    return Html.part(
        title,
        isAll ? text("") : lookedAt(flows, after),
        p(
            breaks
                ? Html.badge(Tone.BAD, count(difference.newlyBroken().size()) + " would be refused")
                : Html.badge(
                    Tone.GOOD,
                    (isAll ? "No flow" : "None of these")
                        + " would be refused that is allowed now")),
        decisions(visit, "Newly refused", difference.newlyBroken()),
        decisions(visit, "Refused now and then", difference.stillBroken()),
        named(visit, "Allowed again", difference.healed()),
        unknown(visit, difference.unknown()),
        flows.size() < LOOKED_AT ? text("") : further.apply(flows.get(LOOKED_AT - 1).id()));
  }

  private static DomContent lookedAt(List<Flow> flows, String after) {
    return p(
        after.isEmpty()
            ? "Looked at the first " + count(flows.size()) + "."
            : "Looked at " + count(flows.size()) + " after " + after + ".");
  }

  private static DomContent further(String last) {
    return button("Look at further flows")
        .withForm(PolicyDraft.FORM)
        .withName("act")
        .withValue(PolicyDraft.WHAT_IF + last);
  }

  private static String count(int flows) {
    return flows == 1 ? "1 flow" : flows + " flows";
  }

  private static DomContent decisions(
      Visit visit, String title, Map<String, PolicyDecision> decisions) {
    Table table = new Table(title + " (" + count(decisions.size()) + ")", "Flow", "Why");
    new TreeMap<>(decisions)
        .forEach((flow, decision) -> row(visit, flow, PolicyView.inShort(decision), table));
    return iff(!decisions.isEmpty(), table.orElse(""));
  }

  private static DomContent named(Visit visit, String title, List<String> flows) {
    Table table = new Table(title + " (" + count(flows.size()) + ")", "Flow");
    flows.forEach(id -> table.row(Html.link(id, visit.to("flows", id))));
    return iff(!flows.isEmpty(), table.orElse(""));
  }

  private static DomContent unknown(Visit visit, Map<String, String> unknown) {
    Table table =
        new Table("Not known (" + count(unknown.size()) + ")", "Flow", "What is not known");
    new TreeMap<>(unknown).forEach((flow, what) -> row(visit, flow, what, table));
    return iff(!unknown.isEmpty(), table.orElse(""));
  }

  private static void row(Visit visit, String flow, String what, Table table) {
    table.row(Html.link(flow, visit.to("flows", flow)), text(what));
  }
}
