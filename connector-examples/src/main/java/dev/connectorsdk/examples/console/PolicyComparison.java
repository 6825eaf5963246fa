package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What becomes of flows if policies are changed, so many flows at a time. */
final class PolicyComparison {

  private static final int LOOKED_AT = 100;

  private PolicyComparison() {}

  /**
   * @param after the id of the last flow that was looked at; empty to begin
   */
  static DomContent difference(Visit visit, DataPolicy policy, String after) {
    List<Flow> flows = visit.site().flows().list(Filter.ALL, after, LOOKED_AT);
    PolicyDifference difference =
        visit.runtime().policies().whatIf(visit.administratorHere(), flows, policy);
    boolean breaks = !difference.newlyBroken().isEmpty();
    return Html.part(
        "If it held in " + visit.caller().environment(),
        lookedAt(flows, after),
        p(
            breaks
                ? Html.badge(Tone.BAD, count(difference.newlyBroken().size()) + " would be refused")
                : Html.badge(Tone.GOOD, "No flow would be refused that is allowed now")),
        decisions(visit, "Newly refused", difference.newlyBroken()),
        decisions(visit, "Refused now and then", difference.stillBroken()),
        named(visit, "Allowed again", difference.healed()),
        unknown(visit, difference.unknown()),
        flows.size() < LOOKED_AT ? text("") : further(flows.get(LOOKED_AT - 1).id()));
  }

  private static DomContent lookedAt(List<Flow> flows, String after) {
    boolean isAll = after.isEmpty() && flows.size() < LOOKED_AT;
    return iff(
        !isAll,
        p(
            after.isEmpty()
                ? "Looked at the first " + count(flows.size()) + "."
                : "Looked at " + count(flows.size()) + " after " + after + "."));
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
        .entrySet().stream()
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(PolicyView.inShort(one.getValue()))));
    return iff(!decisions.isEmpty(), table.orElse(""));
  }

  private static DomContent named(Visit visit, String title, List<String> flows) {
    Table table = new Table(title + " (" + count(flows.size()) + ")", "Flow");
    flows.stream().forEach(id -> table.row(Html.link(id, visit.to("flows", id))));
    return iff(!flows.isEmpty(), table.orElse(""));
  }

  private static DomContent unknown(Visit visit, Map<String, String> unknown) {
    Table table =
        new Table("Not known (" + count(unknown.size()) + ")", "Flow", "What is not known");
    new TreeMap<>(unknown)
        .entrySet().stream()
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(one.getValue())));
    return iff(!unknown.isEmpty(), table.orElse(""));
  }
}
