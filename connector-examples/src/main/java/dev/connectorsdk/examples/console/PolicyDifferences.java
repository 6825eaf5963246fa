package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import j2html.tags.DomContent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** In what two versions of a policy differ, in the words of the pages. */
final class PolicyDifferences {

  private final DataPolicy now;
  private final DataPolicy then;
  private final Table table = new Table("Differences", "What", "Now", "Then");

  private PolicyDifferences(DataPolicy now, DataPolicy then) {
    this.now = now;
    this.then = then;
  }

  /** Returns a table of the differences, or a sentence that there are none. */
  static DomContent table(DataPolicy now, DataPolicy then) {
    return new PolicyDifferences(now, then).table();
  }

  private DomContent table() {
    compare();
    return div(
        table.orElse(
            now.equals(then) ? "Nothing is different." : "The JSON alone shows what is different."),
        iff(
            !table.isEmpty() && PolicyDetails.differ(now, then),
            Html.hint("The JSON shows further differences, which do not change what is allowed.")));
  }

  private void compare() {
    compare("Name, under which it is a policy of its own", DataPolicy::name);
    compare("Title", DataPolicy::displayName);
    compare("Mode", policy -> Wording.modeName(policy.mode()));
    compare("Tried out in place of", policy -> Objects.requireNonNullElse(policy.insteadOf(), "-"));
    compare("Where", PolicyView::where);
    compare("All other connectors", policy -> Wording.group(policy.defaultGroup()));
    connectors(policy -> Stream.of(Group.values()).flatMap(one -> policy.connectors(one).stream()))
        .forEach((id, as) -> compare("Connector " + as, policy -> group(policy, id)));
    connectors(policy -> policy.connectorsWithActionRules().stream()).forEach(this::actions);
    connectors(policy -> policy.connectorsWithEndpointRules().stream())
        .forEach((id, as) -> compare("Where requests of " + as + " go", one -> endpoints(one, id)));
    compare("Custom connectors, by their address", PolicyDifferences::patterns);
    compare("Flows that it does not apply to", policy -> joined(policy.exemptFlows()));
  }

  /** Returns the connectors that either version names, with how it is written. */
  private Map<ConnectorId, String> connectors(Function<DataPolicy, Stream<String>> named) {
    Map<ConnectorId, String> all =
        new TreeMap<>(Comparator.comparing(id -> PolicyNames.key(id.value())));
    Stream.of(then, now)
        .flatMap(named)
        .forEach(name -> Entered.connector(Optional.of(name)).ifPresent(id -> all.put(id, name)));
    return all;
  }

  private void compare(String what, Function<DataPolicy, String> said) {
    String before = said.apply(now);
    String after = said.apply(then);
    if (!before.equals(after)) {
      table.row(text(what), text(before), text(after));
    }
  }

  private static String group(DataPolicy policy, ConnectorId connector) {
    Group group = policy.groupOf(connector);
    return group == null
        ? "as all others: " + Wording.group(policy.defaultGroup())
        : Wording.group(group);
  }

  private void actions(ConnectorId connector, String as) {
    SortedSet<String> named = new TreeSet<>();
    Stream.of(now, then)
        .map(policy -> policy.actionRules(connector))
        .filter(Objects::nonNull)
        .forEach(
            rules -> {
              named.addAll(rules.allowed());
              named.addAll(rules.blocked());
            });
    for (String operation : named) {
      compare("Action " + operation + " of " + as, one -> action(one, connector, operation));
    }
    compare("All other actions of " + as, one -> otherActions(one, connector));
  }

  private static String action(DataPolicy policy, ConnectorId connector, String operation) {
    ActionRules rules = policy.actionRules(connector);
    return allowed(rules == null || rules.allows(operation));
  }

  private static String otherActions(DataPolicy policy, ConnectorId connector) {
    ActionRules rules = policy.actionRules(connector);
    return allowed(rules == null || rules.allowsOthers());
  }

  private static String allowed(boolean isAllowed) {
    return isAllowed ? "Allowed" : "Blocked";
  }

  private static String endpoints(DataPolicy policy, ConnectorId connector) {
    List<String> rules =
        policy.endpointRules(connector).stream()
            .map(rule -> (rule.allows() ? "Allow " : "Deny ") + rule.endpoint())
            .toList();
    return rules.isEmpty() ? "anywhere" : String.join(", then ", rules);
  }

  private static String patterns(DataPolicy policy) {
    return joined(
        policy.customConnectors().stream()
            .map(
                one ->
                    one.pattern()
                        + ": "
                        + (one.group() == null ? "not sorted" : Wording.group(one.group())))
            .toList());
  }

  private static String joined(Collection<String> some) {
    return some.isEmpty() ? "none" : String.join(", ", some);
  }
}
