package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import dev.connectorsdk.internal.governance.RegisteredConnectors.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what in a policy does not do what its author may expect. */
final class PolicyReview {

  private final DataPolicy policy;
  private final Collection<DataPolicy> stored;
  private final Collection<Known> registered;
  private final List<String> remarks = new ArrayList<>();

  /**
   * @param stored all policies of the runtime
   * @param registered the connectors of all environments; if there are none, ids are not looked at
   */
  PolicyReview(DataPolicy policy, Collection<DataPolicy> stored, Collection<Known> registered) {
    this.policy = policy;
    this.stored = stored;
    this.registered = registered;
  }

  List<String> remarks() {
    if (policy.insteadOf() != null) {
      replaced(policy.insteadOf());
    }
    groups();
    policy.connectorsWithActionRules().forEach(this::actions);
    policy.connectorsWithEndpointRules().forEach(this::endpoints);
    registered.forEach(this::signInsOfCustom);
    unreachable("rules", policy.customConnectors().stream().map(UrlPattern::pattern).toList());
    return remarks;
  }

  /** One that replaces nothing is judged beside all that are enforced. */
  private void replaced(String name) {
    List<DataPolicy> named = stored.stream().filter(one -> one.name().equals(name)).toList();
    if (named.isEmpty()) {
      remarks.add("insteadOf: there is no policy '" + name + "' whose place it could take.");
    } else if (named.stream().noneMatch(one -> one.mode() == Mode.ENFORCE)) {
      remarks.add("insteadOf: policy '" + name + "' is not enforced, so nothing takes its place.");
    }
  }

  private void groups() {
    for (Group group : Group.values()) {
      policy.connectors(group).forEach(id -> requireKnown("connectorGroups", id));
    }
    for (Group group : List.of(Group.BUSINESS, Group.NON_BUSINESS)) {
      if (!registered.isEmpty()
          && policy.defaultGroup() != group
          && policy.connectors(group).stream().allMatch(id -> connectors(id).isEmpty())
          && policy.customConnectors().stream().noneMatch(rule -> rule.group() == group)) {
        remarks.add(
            "connectorGroups: no connector is in "
                + (group == Group.BUSINESS ? "Business" : "Non-business")
                + ", so none is kept apart.");
      }
    }
  }

  private List<Known> connectors(String listed) {
    DataPolicy only = DataPolicy.named("one").business(listed).build();
    return registered.stream()
        .filter(known -> only.groupOf(known.connector().id()) == Group.BUSINESS)
        .toList();
  }

  private boolean requireKnown(String place, String id) {
    boolean isKnown = !connectors(id).isEmpty();
    if (!isKnown && !registered.isEmpty()) {
      remarks.add(place + ": no environment has a connector '" + id + "'.");
    }
    return isKnown;
  }

  private void actions(String id) {
    String place = "connectorActionConfigurations/" + id;
    ActionRules rules = policy.actionRules(ConnectorId.of(id));
    if (rules == null || !requireKnown(place, id)) {
      return;
    }
    if (connectors(id).stream().noneMatch(known -> known.facts().hasActionRules())) {
      remarks.add(
          place + ": custom connectors and those that cannot be blocked have no action rules.");
    }
    Set<String> operations =
        connectors(id).stream()
            .map(Known::connector)
            .flatMap(c -> Stream.concat(c.actions().stream(), c.triggers().stream()))
            .map(ConnectorOperation::id)
            .collect(Collectors.toSet());
    Set<String> named = new TreeSet<>(rules.allowed());
    named.addAll(rules.blocked());
    named.removeAll(operations);
    named.forEach(o -> remarks.add(place + ": the connector has no operation '" + o + "'."));
    (rules.allowsOthers() ? rules.allowed() : rules.blocked())
        .forEach(o -> remarks.add(place + ": '" + o + "' would be treated so without a rule."));
  }

  private void endpoints(String id) {
    String place = "endpointConfigurations/" + id;
    List<EndpointRule> rules = policy.endpointRules(ConnectorId.of(id));
    if (requireKnown(place, id)) {
      signIns(place, id, new EndpointRules(rules));
    }
    unreachable(place, rules.stream().map(EndpointRule::endpoint).toList());
  }

  /** Whoever closes a list with a Deny may not think of where tokens come from. */
  private void signIns(String place, String id, EndpointRules rules) {
    connectors(id).stream()
        .flatMap(PolicyReview::signIns)
        .filter(url -> rules.denying(url) != null)
        .map(url -> url.origin().toString())
        .distinct()
        .forEach(origin -> remarks.add(place + ": sign-ins need " + origin + ", which is denied."));
  }

  /** The same of patterns that end with one for Blocked. */
  private void signInsOfCustom(Known known) {
    UrlPatterns patterns = UrlPatterns.sorting(known.facts(), policy);
    if (patterns == null || Classification.of(known.facts(), policy) == Group.BLOCKED) {
      return;
    }
    signIns(known)
        .filter(url -> patterns.group(url) == Group.BLOCKED)
        .map(url -> url.origin().toString())
        .distinct()
        .forEach(
            origin ->
                remarks.add(
                    "rules: sign-ins of '"
                        + known.connector().id()
                        + "' need "
                        + origin
                        + ", which is Blocked."));
  }

  private static Stream<EffectiveUrl> signIns(Known known) {
    return RegisteredConnectors.signIns(known.connector());
  }

  private void unreachable(String place, List<String> patterns) {
    for (int i = 0; i < patterns.size(); i++) {
      EndpointPattern pattern = EndpointPattern.of(patterns.get(i));
      if (patterns.subList(0, i).stream().anyMatch(p -> EndpointPattern.of(p).covers(pattern))) {
        remarks.add(
            place + ": '" + patterns.get(i) + "' is never reached, because of a rule before it.");
      }
    }
  }
}
