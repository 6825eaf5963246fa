package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;

import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyDifference;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What becomes of flows if policies are changed. */
final class PolicyComparison {

  private static final int SHOWN_FLOWS = 100;

  private PolicyComparison() {}

  static DomContent difference(Visit visit, DataPolicy policy) {
    PolicyDifference difference =
        visit.runtime().policies().whatIf(visit.administratorHere(), policy);
    boolean breaks = !difference.newlyBroken().isEmpty();
    return Html.part(
        "If it held in " + visit.caller().environment(),
        p(
            breaks
                ? Html.badge(Tone.BAD, count(difference.newlyBroken().size()) + " would be refused")
                : Html.badge(Tone.GOOD, "No flow would be refused that is allowed now")),
        decisions(visit, "Newly refused", difference.newlyBroken()),
        decisions(visit, "Refused now and then", difference.stillBroken()),
        named(visit, "Allowed again", difference.healed()),
        unknown(visit, difference.unknown()));
  }

  private static String count(int flows) {
    return flows == 1 ? "1 flow" : flows + " flows";
  }

  private static DomContent decisions(
      Visit visit, String title, Map<String, PolicyDecision> decisions) {
    Table table = new Table(title + " (" + count(decisions.size()) + ")", "Flow", "Why");
    new TreeMap<>(decisions)
        .entrySet().stream()
            .limit(SHOWN_FLOWS)
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(PolicyView.inShort(one.getValue()))));
    return iff(!decisions.isEmpty(), each(table.orElse(""), more(decisions.size())));
  }

  private static DomContent more(int all) {
    return iff(all > SHOWN_FLOWS, p("and " + count(all - SHOWN_FLOWS) + " more"));
  }

  private static DomContent named(Visit visit, String title, List<String> flows) {
    Table table = new Table(title + " (" + count(flows.size()) + ")", "Flow");
    flows.stream()
        .limit(SHOWN_FLOWS)
        .forEach(id -> table.row(Html.link(id, visit.to("flows", id))));
    return iff(!flows.isEmpty(), each(table.orElse(""), more(flows.size())));
  }

  private static DomContent unknown(Visit visit, Map<String, String> unknown) {
    Table table =
        new Table("Not known (" + count(unknown.size()) + ")", "Flow", "What is not known");
    new TreeMap<>(unknown)
        .entrySet().stream()
            .limit(SHOWN_FLOWS)
            .forEach(
                one ->
                    table.row(
                        Html.link(one.getKey(), visit.to("flows", one.getKey())),
                        text(one.getValue())));
    return iff(!unknown.isEmpty(), each(table.orElse(""), more(unknown.size())));
  }
}
