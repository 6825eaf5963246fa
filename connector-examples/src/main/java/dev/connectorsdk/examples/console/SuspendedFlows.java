package dev.connectorsdk.examples.console;

import static j2html.TagCreator.iff;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.PolicyFinding;
import j2html.tags.DomContent;
import java.util.List;
import java.util.stream.Collectors;

/** The flows that a policy suspends, of so many that are looked at for a page. */
final class SuspendedFlows {

  private static final int LOOKED_AT = 100;

  private SuspendedFlows() {}

  static DomContent by(Visit visit, DataPolicy policy) {
    String after = visit.query("after").orElse("");
    List<Flow> flows = visit.site().flows().list(Filter.ALL, after, LOOKED_AT + 1);
    List<Flow> looked = flows.subList(0, Math.min(LOOKED_AT, flows.size()));
    boolean isEnforced = policy.mode() == Mode.ENFORCE;
    Table table =
        new Table(isEnforced ? "Suspended" : "Would be suspended", "Flow", "Owner", "Why");
    for (Flow flow : looked) {
      String why = against(visit, flow, policy);
      if (!why.isEmpty()) {
        table.row(
            Html.link(flow.id(), visit.to("flows", flow.id())),
            text(visit.name(flow.owner())),
            text(why));
      }
    }
    boolean isAll = after.isEmpty() && flows.size() <= LOOKED_AT;
    return Html.part(
        isEnforced ? "Flows that it suspends" : "Flows that it would suspend",
        table.orElse(isAll ? "None." : "None of those that were looked at."),
        iff(!isAll, Html.hint(looked.size() + " flows were looked at.")),
        Html.paging(visit, flows.size() > LOOKED_AT ? looked.get(LOOKED_AT - 1).id() : null));
  }

  private static String against(Visit visit, Flow flow, DataPolicy policy) {
    return visit.runtime().policies().check(visit.caller().environment(), flow).findings().stream()
        .filter(finding -> finding.policy().equals(policy.name()))
        .map(PolicyFinding::problem)
        .collect(Collectors.joining(" "));
  }
}
