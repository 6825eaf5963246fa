package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.EndpointRule;
import dev.connectorsdk.governance.DataPolicy.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list of policies says of one connector. Immutable.
 *
 * @param business which of the policies have it in Business
 * @param nonBusiness which of them have it in Non-business
 * @param blocked which of them have it in Blocked
 * @param actions which operations some of them allow
 * @param endpoints where some of them let requests go
 */
record SortedConnector(
    PolicyBits business,
    PolicyBits nonBusiness,
    PolicyBits blocked,
    List<Actions> actions,
    List<Endpoints> endpoints) {

  /**
   * @param policy its place in the list
   */
  record Actions(int policy, ActionRules rules) {}

  /**
   * @param policy its place in the list
   * @param patterns how it sorts custom connectors by URL; {@code null} if it does not sort this
   *     one
   * @param byConnection whether the URL of each connection decides in which group it is
   */
  record Endpoints(
      int policy, EndpointRules rules, @Nullable UrlPatterns patterns, boolean byConnection) {}

  static SortedConnector of(ConnectorFacts connector, List<DataPolicy> policies) {
    @Nullable Group[] groups = new Group[policies.size()];
    List<Actions> actions = new ArrayList<>();
    List<Endpoints> endpoints = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      DataPolicy policy = policies.get(i);
      groups[i] = Classification.of(connector, policy);
      ActionRules rules = policy.actionRules(connector.id());
      if (rules != null && connector.hasActionRules()) {
        actions.add(new Actions(i, rules));
      }
      List<EndpointRule> filter = policy.endpointRules(connector.id());
      UrlPatterns patterns = UrlPatterns.sorting(connector, policy);
      if (!filter.isEmpty() || patterns != null) {
        endpoints.add(
            new Endpoints(
                i,
                new EndpointRules(filter),
                patterns,
                UrlPatterns.sortsByConnection(connector, policy)));
      }
    }
    return new SortedConnector(
        PolicyBits.of(groups.length, i -> groups[i] == Group.BUSINESS),
        PolicyBits.of(groups.length, i -> groups[i] == Group.NON_BUSINESS),
        PolicyBits.of(groups.length, i -> groups[i] == Group.BLOCKED),
        List.copyOf(actions),
        List.copyOf(endpoints));
  }

  /** Returns the group in which a policy has the connector, or {@code null} if in none. */
  @Nullable Group group(int policy) {
    if (business.contains(policy)) {
      return Group.BUSINESS;
    }
    if (nonBusiness.contains(policy)) {
      return Group.NON_BUSINESS;
    }
    return blocked.contains(policy) ? Group.BLOCKED : null;
  }

  /** Returns how a policy sorts the connector by the URL of each connection, or {@code null}. */
  @Nullable UrlPatterns sortingByConnection(int policy) {
    for (Endpoints of : endpoints) {
      if (of.policy() == policy && of.byConnection()) {
        return of.patterns();
      }
    }
    return null;
  }

  /** Returns whether the URL of each connection decides in which group it is. */
  boolean isSortedByConnection() {
    return endpoints.stream().anyMatch(Endpoints::byConnection);
  }

  /** Returns whether one of the policies in a word blocks one of these operations. */
  boolean blocksAny(Set<String> operations, int word, long active) {
    for (Actions of : actions) {
      if (of.policy() / Long.SIZE == word
          && (active & (1L << of.policy())) != 0
          && !operations.stream().allMatch(of.rules()::allows)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether some of these policies block the connector or one of its operations. */
  boolean blocks(String operation, PolicyBits active) {
    if (blocked.intersects(active)) {
      return true;
    }
    for (Actions of : actions) {
      if (active.contains(of.policy()) && !of.rules().allows(operation)) {
        return true;
      }
    }
    return false;
  }
}
