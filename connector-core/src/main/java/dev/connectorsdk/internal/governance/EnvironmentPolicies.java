package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.governance.PolicyFinding.EndpointDenied;
import dev.connectorsdk.governance.PolicyFinding.Undeclared;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Policies that apply in one environment, made ready for deciding fast. What {@link PolicyJudge}
 * explains, this decides: a test holds that both agree. Safe for several threads.
 */
final class EnvironmentPolicies {

  private static final int MOST_FLOWS = 10_000;
  private static final int MOST_CONNECTORS = 10_000;

  private final List<DataPolicy> policies;
  private final @Nullable Environment environment;
  private final ConnectorRegister register;
  private final PolicyBits all;
  private final Map<String, PolicyBits> withoutExempting;
  private final Map<ConnectorId, SortedConnector> connectors = new ConcurrentHashMap<>();
  // By identity: flows are immutable, and hosts keep them. A lookup in a cache with weak keys would
  // make an object for each call.
  private final Map<Flow, Verdict> verdicts = new ConcurrentHashMap<>();

  /**
   * @param environment {@code null} for what is not done in a single one
   * @param policies that apply there, whatever their modes
   * @param register knows the connectors
   */
  EnvironmentPolicies(
      @Nullable Environment environment,
      Collection<DataPolicy> policies,
      ConnectorRegister register) {
    this.environment = environment;
    this.register = register;
    List<DataPolicy> sorted = new ArrayList<>(policies);
    if (sorted.size() > 1) {
      sorted.sort(Comparator.comparing(DataPolicy::name));
    }
    this.policies = List.copyOf(sorted);
    this.all = PolicyBits.of(policies.size(), i -> true);
    this.withoutExempting = withoutExempting(this.policies);
  }

  private static Map<String, PolicyBits> withoutExempting(List<DataPolicy> policies) {
    Map<String, PolicyBits> byFlow = new HashMap<>();
    for (DataPolicy policy : policies) {
      for (String flow : policy.exemptFlows()) {
        byFlow.computeIfAbsent(
            flow,
            f -> PolicyBits.of(policies.size(), i -> !policies.get(i).exemptFlows().contains(f)));
      }
    }
    return Map.copyOf(byFlow);
  }

  boolean isEmpty() {
    return policies.isEmpty();
  }

  /** Returns what the policies say of a flow; from memory where possible. */
  Verdict verdict(Flow flow) {
    Verdict known = verdicts.get(flow);
    if (known != null) {
      return known;
    }
    if (verdicts.size() >= MOST_FLOWS) {
      verdicts.clear();
    }
    Verdict decided = decide(flow);
    verdicts.put(flow, decided);
    return decided;
  }

  private Verdict decide(Flow flow) {
    PolicyBits active = active(flow.id());
    return active.isEmpty() ? Verdict.FREE : new Verdict(isAllowed(flow), true);
  }

  /** Returns whether a flow may do what it declares. */
  boolean isAllowed(Flow flow) {
    PolicyBits active = active(flow.id());
    for (int word = 0; word < active.words(); word++) {
      if (!isAllowed(flow, word, active.word(word))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAllowed(Flow flow, int word, long active) {
    long business = 0;
    long nonBusiness = 0;
    for (ConnectionReference reference : flow.references()) {
      SortedConnector connector = sorted(reference.connector());
      if ((connector.blocked().word(word) & active) != 0
          || (!connector.actions().isEmpty()
              && connector.blocksAny(flow.operations(reference), word, active))) {
        return false;
      }
      business |= connector.business().word(word);
      nonBusiness |= connector.nonBusiness().word(word);
    }
    return (business & nonBusiness & active) == 0;
  }

  /** Returns which policies concern a flow, or a call without one. */
  PolicyBits active(@Nullable String flow) {
    return flow == null ? all : withoutExempting.getOrDefault(flow, all);
  }

  /** Returns what the policies say of a connector by itself. */
  SortedConnector sorted(ConnectorId id) {
    SortedConnector known = connectors.get(id);
    if (known != null) {
      return known;
    }
    SortedConnector made = SortedConnector.of(facts(id), policies);
    if (connectors.size() < MOST_CONNECTORS) {
      connectors.put(id, made);
    }
    return made;
  }

  private ConnectorFacts facts(ConnectorId id) {
    return register.facts(environment, id);
  }

  /** Returns what a flow declares. */
  FlowUses uses(Flow flow) {
    return FlowUses.of(flow, this::facts);
  }

  /** Returns the use of one connector. */
  FlowUses use(@Nullable String flow, ConnectorId connector, Set<String> operations) {
    return new FlowUses(flow, List.of(new FlowUses.Use(facts(connector), operations, List.of())));
  }

  /** Returns what the policies have against a use; not empty if it is not allowed. */
  List<PolicyFinding> findings(FlowUses uses) {
    return new PolicyJudge(policies).decide(environment, uses).findings();
  }

  /** Returns whether the policies have nothing against a call. */
  boolean permits(@Nullable Flow flow, ConnectionReference reference, String operation) {
    if (flow == null) {
      return !sorted(reference.connector()).blocks(operation, all);
    }
    Verdict verdict = verdict(flow);
    return verdict.isAllowed()
        && (!verdict.isPoliced() || flow.operations(reference).contains(operation));
  }

  /** Returns what the policies have against a call; empty if nothing. */
  List<PolicyFinding> against(
      @Nullable Flow flow, ConnectionReference reference, String operation) {
    if (flow == null) {
      return findings(use(null, reference.connector(), Set.of(operation)));
    }
    Verdict verdict = verdict(flow);
    if (!verdict.isAllowed()) {
      return findings(uses(flow));
    }
    return verdict.isPoliced() && !flow.operations(reference).contains(operation)
        ? againstUndeclared(flow, reference, operation)
        : List.of();
  }

  /**
   * Returns what the policies have against a call that a flow does not declare. What would suspend
   * the flow if it did comes first.
   */
  List<PolicyFinding> againstUndeclared(
      Flow flow, ConnectionReference reference, String operation) {
    List<PolicyFinding> all =
        new ArrayList<>(findings(use(flow.id(), reference.connector(), Set.of(operation))));
    all.add(undeclared(flow, reference.logicalName(), operation));
    return all;
  }

  /** Returns that a flow calls what it does not declare. */
  PolicyFinding undeclared(Flow flow, String reference, String operation) {
    DataPolicy policy = policies.get(active(flow.id()).first());
    return new Undeclared(policy.name(), policy.label(), policy.mode(), reference, operation);
  }

  /** Returns a policy that allows only some operations of a connector, or {@code null}. */
  @Nullable String limitingOperations(@Nullable String flow, ConnectorId connector) {
    PolicyBits active = active(flow);
    for (SortedConnector.Actions of : sorted(connector).actions()) {
      if (active.contains(of.policy())) {
        return policies.get(of.policy()).name();
      }
    }
    return null;
  }

  /** Returns whether it matters where requests of a connector go. */
  boolean filtersEndpoints(ConnectorId connector) {
    return !sorted(connector).endpoints().isEmpty();
  }

  /** Returns what a policy has against a request, or {@code null} if none has anything. */
  @Nullable PolicyFinding against(
      ConnectorId connector, EffectiveUrl url, @Nullable Caller caller, ConnectionUrls urls) {
    PolicyFinding denied = denied(connector, url, caller);
    return denied == null ? misplaced(connector, url, caller, urls) : denied;
  }

  /** Returns what an endpoint rule has against a request, or {@code null} if none has anything. */
  @Nullable PolicyFinding denied(ConnectorId connector, EffectiveUrl url, @Nullable Caller caller) {
    PolicyBits active = active(caller);
    for (SortedConnector.Endpoints of : sorted(connector).endpoints()) {
      String rule = active.contains(of.policy()) ? of.rules().denying(url) : null;
      if (rule != null) {
        return denied(of, connector, url, "endpointConfigurations/" + connector + "/" + rule);
      }
    }
    return null;
  }

  /**
   * Returns what a policy has against a request that goes to a service which is in another group
   * than the connector is, or {@code null} if none has anything.
   *
   * @param urls knows where the other connections of a flow lead
   */
  private @Nullable PolicyFinding misplaced(
      ConnectorId connector, EffectiveUrl url, @Nullable Caller caller, ConnectionUrls urls) {
    PolicyBits active = active(caller);
    for (SortedConnector.Endpoints of : sorted(connector).endpoints()) {
      UrlPatterns patterns = of.patterns();
      UrlPattern pattern =
          patterns == null || !active.contains(of.policy()) ? null : patterns.first(url);
      Group group = pattern == null ? null : pattern.group();
      if (pattern != null
          && group != null
          && (group == Group.BLOCKED || mixes(caller, of.policy(), group, urls))) {
        return denied(of, connector, url, UrlPatterns.place(pattern));
      }
    }
    return null;
  }

  private PolicyBits active(@Nullable Caller caller) {
    Flow flow = caller == null ? null : caller.flow();
    return active(flow == null ? null : flow.id());
  }

  private EndpointDenied denied(
      SortedConnector.Endpoints of, ConnectorId connector, EffectiveUrl url, String rule) {
    DataPolicy policy = policies.get(of.policy());
    return new EndpointDenied(
        policy.name(), policy.label(), policy.mode(), connector, url.origin().toString(), rule);
  }

  /** Returns whether a policy has connectors of a flow in the other group. */
  private boolean mixes(@Nullable Caller caller, int policy, Group group, ConnectionUrls urls) {
    Flow flow = caller == null ? null : caller.flow();
    if (caller == null || flow == null) {
      return false;
    }
    Group other = group == Group.BUSINESS ? Group.NON_BUSINESS : Group.BUSINESS;
    return flow.references().stream()
        .anyMatch(reference -> group(caller, reference, policy, urls) == other);
  }

  private @Nullable Group group(
      Caller caller, ConnectionReference reference, int policy, ConnectionUrls urls) {
    SortedConnector connector = sorted(reference.connector());
    UrlPatterns patterns = connector.sortingByConnection(policy);
    if (patterns == null) {
      return connector.group(policy);
    }
    URI base = urls.baseUrl(caller, reference);
    EffectiveUrl url = base == null ? null : EffectiveUrl.parse(base.toString());
    return url == null ? null : patterns.group(url);
  }
}
