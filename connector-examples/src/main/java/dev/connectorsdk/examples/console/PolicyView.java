package dev.connectorsdk.examples.console;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What data policies say, as parts of pages. */
final class PolicyView {

  private static final int NAMED = 5;

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

  /**
   * Returns how policies would have to be different, each to be looked at before it is saved.
   *
   * @param from the flow whose page the visitor comes from, or {@code null}
   */
  static DomContent smallestChange(Visit visit, PolicyDecision decision, @Nullable String from) {
    return div(
        h3("The smallest change of policies that would allow it"),
        each(decision.smallestChange(), policy -> change(visit, policy, from)));
  }

  private static DomContent change(Visit visit, DataPolicy then, @Nullable String from) {
    Optional<Saved> now = PolicyPages.saved(visit, then.name());
    return div(
        p(
            Html.link(
                then.label(), from == null ? page(visit, then.name()) : page(visit, then, from))),
        iff(
            now,
            saved ->
                each(
                    PolicyDifferences.table(saved.policy(), then),
                    PolicyChangePages.toPreview(visit, saved, then, from))),
        details(summary("As JSON"), json(then)));
  }

  private static Link page(Visit visit, DataPolicy policy, String from) {
    return page(visit, policy.name()).with(PolicyPages.FROM, from);
  }

  static DomContent json(DataPolicy policy) {
    return pre(policy.toJson()).withTabindex(0);
  }

  /** Returns where a policy applies. */
  static String where(DataPolicy policy) {
    String named =
        policy.environments().stream().map(Object::toString).collect(Collectors.joining(", "));
    return switch (policy.scope()) {
      case ALL_ENVIRONMENTS -> "everywhere";
      case ONLY_ENVIRONMENTS, SINGLE_ENVIRONMENT -> named;
      case EXCEPT_ENVIRONMENTS -> "everywhere but " + named;
    };
  }

  /** Returns which connectors are in a group, so many of them by name. */
  static String connectors(DataPolicy policy, Group group) {
    List<String> named = policy.connectors(group);
    String listed = named.stream().limit(NAMED).collect(Collectors.joining(", "));
    String more =
        named.size() > NAMED ? listed + " and " + (named.size() - NAMED) + " more" : listed;
    return policy.defaultGroup() == group
        ? named.isEmpty() ? "all others" : more + ", and all others"
        : named.isEmpty() ? "-" : more;
  }

  /** Returns which actions of each connector are blocked. */
  static List<String> blockedActions(DataPolicy policy) {
    List<String> all = new ArrayList<>();
    for (String named : policy.connectorsWithActionRules()) {
      Entered.connector(Optional.of(named))
          .map(policy::actionRules)
          .map(PolicyView::blocked)
          .filter(blocked -> !blocked.isEmpty())
          .ifPresent(blocked -> all.add("of " + named + ": " + blocked));
    }
    return all;
  }

  private static String blocked(ActionRules rules) {
    return rules.allowsOthers()
        ? String.join(", ", rules.blocked())
        : rules.allowed().isEmpty()
            ? "all actions"
            : "all actions but " + String.join(", ", rules.allowed());
  }

  /** Returns what a policy says, in the words of the pages. */
  static DomContent facts(DataPolicy policy) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("Mode", Wording.mode(policy.mode()));
    facts.put("Where", text(where(policy)));
    for (Group group : Group.values()) {
      facts.put(Wording.group(group), text(connectors(policy, group)));
    }
    List<String> actions = blockedActions(policy);
    facts.put(
        "Blocked actions", actions.isEmpty() ? text("none") : each(actions, blocked -> p(blocked)));
    if (!policy.connectorsWithEndpointRules().isEmpty()) {
      facts.put(
          "Rules about where requests go",
          text("of " + String.join(", ", policy.connectorsWithEndpointRules())));
    }
    if (!policy.exemptFlows().isEmpty()) {
      facts.put("Does not apply to", text(policy.exemptFlows().size() + " flows that it exempts"));
    }
    return Html.facts(facts);
  }
}
