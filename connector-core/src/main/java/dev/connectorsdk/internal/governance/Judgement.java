package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.governance.PolicyFinding.ActionBlocked;
import dev.connectorsdk.governance.PolicyFinding.Blocked;
import dev.connectorsdk.governance.PolicyFinding.EndpointDenied;
import dev.connectorsdk.governance.PolicyFinding.Mixed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one policy that applies says of what a flow uses. */
final class Judgement {

  private final DataPolicy policy;
  private final Map<Group, TreeSet<String>> sorted = new EnumMap<>(Group.class);
  private final TreeSet<String> ignored = new TreeSet<>();
  private final TreeSet<String> byConnection = new TreeSet<>();
  private final TreeSet<String> shutOut = new TreeSet<>();
  private final List<PolicyFinding> findings = new ArrayList<>();
  private final List<Denied> denied = new ArrayList<>();
  private final List<ConnectorId> leadingToBlocked = new ArrayList<>();

  /** A request that the policy lets not go where it goes. */
  record Denied(ConnectorId connector, EffectiveUrl url) {}

  Judgement(DataPolicy policy, FlowUses uses) {
    this.policy = policy;
    for (Group group : Group.values()) {
      sorted.put(group, new TreeSet<>());
    }
    uses.uses().forEach(use -> sort(use.connector()));
    in(Group.BLOCKED)
        .forEach(
            connector ->
                findings.add(new Blocked(policy.name(), policy.label(), policy.mode(), connector)));
    if (!in(Group.BUSINESS).isEmpty() && !in(Group.NON_BUSINESS).isEmpty()) {
      findings.add(
          new Mixed(
              policy.name(),
              policy.label(),
              policy.mode(),
              in(Group.BUSINESS),
              in(Group.NON_BUSINESS)));
    }
    uses.uses().forEach(this::actions);
    uses.uses().forEach(this::endpoints);
  }

  private void sort(ConnectorFacts connector) {
    Group group = Classification.of(connector, policy);
    TreeSet<String> unsorted =
        UrlPatterns.sortsByConnection(connector, policy) ? byConnection : ignored;
    (group == null ? unsorted : sorted.getOrDefault(group, ignored)).add(connector.id().value());
  }

  private void actions(FlowUses.Use use) {
    ActionRules rules = policy.actionRules(use.connector().id());
    if (rules == null || !use.connector().hasActionRules()) {
      return;
    }
    for (String operation : new TreeSet<>(use.operations())) {
      if (!rules.allows(operation)) {
        findings.add(
            new ActionBlocked(
                policy.name(), policy.label(), policy.mode(), use.connector().id(), operation));
      }
    }
  }

  private void endpoints(FlowUses.Use use) {
    ConnectorFacts connector = use.connector();
    var rules = new EndpointRules(policy.endpointRules(connector.id()));
    UrlPatterns patterns = UrlPatterns.sorting(connector, policy);
    if (!rules.isEmpty() || (patterns != null && !patterns.isEmpty())) {
      signIns(use, rules, patterns);
    }
    for (EffectiveUrl url : use.endpoints()) {
      String denying = rules.denying(url);
      UrlPattern pattern = patterns == null ? null : patterns.first(url);
      if (denying != null) {
        denied.add(new Denied(connector.id(), url));
        deny(connector, url, "endpointConfigurations/" + connector.id() + "/" + denying);
      }
      if (pattern != null && pattern.group() == Group.BLOCKED) {
        leadingToBlocked.add(connector.id());
        deny(connector, url, UrlPatterns.place(pattern));
      }
    }
  }

  /** Whoever closes a list with a Deny may not think of where tokens come from. */
  private void signIns(FlowUses.Use use, EndpointRules rules, @Nullable UrlPatterns patterns) {
    for (EffectiveUrl url : use.signIns().get()) {
      boolean isBlocked = patterns != null && patterns.group(url) == Group.BLOCKED;
      if (isBlocked || rules.denying(url) != null) {
        shutOut.add("sign-ins of '" + use.connector().id() + "' need " + url.origin());
      }
    }
  }

  private void deny(ConnectorFacts connector, EffectiveUrl url, String rule) {
    findings.add(
        new EndpointDenied(
            policy.name(),
            policy.label(),
            policy.mode(),
            connector.id(),
            url.origin().toString(),
            rule));
  }

  DataPolicy policy() {
    return policy;
  }

  List<PolicyFinding> findings() {
    return findings;
  }

  List<Denied> denied() {
    return denied;
  }

  /** Returns custom connectors whose requests go where a pattern sorts them into Blocked. */
  List<ConnectorId> leadingToBlocked() {
    return leadingToBlocked;
  }

  /** Returns the connectors that are used of a group. */
  List<ConnectorId> in(Group group) {
    return sorted.getOrDefault(group, ignored).stream().map(ConnectorId::of).toList();
  }

  /** Returns in which group each connector is, and what is denied of it, for people. */
  String reason() {
    String sorting =
        Stream.of(
                named("Business", in(Group.BUSINESS)),
                named("Non-business", in(Group.NON_BUSINESS)),
                named("Blocked", in(Group.BLOCKED)),
                named("blocked operations", blockedOperations()),
                named("not sorted", ignored),
                named("sorted by the URL of each connection", byConnection))
            .filter(one -> !one.isEmpty())
            .collect(Collectors.joining(", "));
    return ": "
        + (sorting.isEmpty() ? "concerns none of its connectors" : sorting)
        + "."
        + shutOut.stream().map(one -> " Denied: " + one + ".").collect(Collectors.joining());
  }

  private List<String> blockedOperations() {
    return findings.stream()
        .filter(ActionBlocked.class::isInstance)
        .map(ActionBlocked.class::cast)
        .map(finding -> finding.operation() + " of " + finding.connector())
        .toList();
  }

  private static String named(String what, Collection<?> names) {
    return names.isEmpty()
        ? ""
        : names.stream().map(String::valueOf).collect(Collectors.joining(", ", what + " [", "]"));
  }
}
