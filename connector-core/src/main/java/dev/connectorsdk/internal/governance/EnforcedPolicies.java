package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.EndpointGate;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses by the policies as they are stored. Safe for several threads. */
final class EnforcedPolicies implements PolicyGate {

  private static final String SUSPENDED = "The flow is suspended for what it declares. ";

  private final StoredPolicies policies;
  private final boolean needsFlow;
  private final ConnectionUrls urls;
  private final TriedPolicies tried;

  /**
   * @param needsFlow whether calls without a flow are refused altogether
   */
  EnforcedPolicies(
      StoredPolicies policies,
      boolean needsFlow,
      EventHub events,
      Clock clock,
      ConnectionUrls urls) {
    this.policies = policies;
    this.needsFlow = needsFlow;
    this.urls = urls;
    this.tried = new TriedPolicies(events, clock, urls);
  }

  @Override
  public void requireCall(Caller caller, ConnectionReference reference, String operation) {
    requireCall(judging(caller, reference.connector()), caller, reference, operation);
  }

  @Override
  public void requireCall(
      Caller caller, ConnectionReference reference, String operation, Moment at) {
    PolicySet now =
        policies.judging(caller.environment(), caller.flow(), reference.connector(), at);
    requireCall(now, caller, reference, operation);
    if (now.isWatching() || !now.in(caller.environment()).isEmpty()) {
      // What is known of a connector may be asked of the store, and listeners may be told.
      at.renew();
    }
  }

  private PolicySet judging(Caller caller, ConnectorId connector) {
    return policies.judging(caller.environment(), caller.flow(), connector);
  }

  private void requireCall(
      PolicySet now, Caller caller, ConnectionReference reference, String operation) {
    if (caller.flow() == null) {
      requireNoFlowNeeded();
    }
    try {
      requireAllowed(now, caller, reference, operation);
    } catch (PolicyException e) {
      tried.refused(now, caller, reference, operation);
      throw e;
    }
    tried.allowed(now, caller, reference, operation);
  }

  private static void requireAllowed(
      PolicySet now, Caller caller, ConnectionReference reference, String operation) {
    EnvironmentPolicies here = now.in(caller.environment());
    Flow flow = caller.flow();
    if (flow == null) {
      requireAct(now, caller, reference.connector(), operation);
    } else if (!here.isEmpty()) {
      requireCall(now, here, flow, reference, operation);
    }
  }

  private static void requireCall(
      PolicySet now,
      EnvironmentPolicies here,
      Flow flow,
      ConnectionReference reference,
      String operation) {
    Verdict verdict = verdict(now, here, flow);
    if (verdict.isPoliced() && !flow.operations(reference).contains(operation)) {
      throw refused(now, "", here.againstUndeclared(flow, reference, operation));
    }
  }

  private static Verdict verdict(PolicySet now, EnvironmentPolicies here, Flow flow) {
    Verdict verdict = here.verdict(flow);
    if (!verdict.isAllowed()) {
      throw refused(now, SUSPENDED, here.findings(here.uses(flow)));
    }
    return verdict;
  }

  @Override
  public void requireFlow(Caller caller, ConnectorId connector) {
    Flow flow = caller.flow();
    if (flow == null) {
      requireUsable(caller.environment(), connector, null);
    } else {
      PolicySet now = judging(caller, connector);
      verdict(now, now.in(caller.environment()), flow);
    }
  }

  private void requireNoFlowNeeded() {
    if (needsFlow) {
      throw new PolicyException(
          "(runtime)",
          "(runtime)",
          0,
          "RuntimeBuilder.callsNeedFlow",
          null,
          "A call belongs to no flow, and this runtime refuses such calls.",
          "Call as part of a flow: caller.running(flow).");
    }
  }

  @Override
  public void requireAct(Caller caller, ConnectorId connector, String operation) {
    requireAct(judging(caller, connector), caller, connector, operation);
  }

  private static void requireAct(
      PolicySet now, Caller caller, ConnectorId connector, String operation) {
    EnvironmentPolicies here = now.in(caller.environment());
    String flow = id(caller.flow());
    if (!here.isEmpty() && here.sorted(connector).blocks(operation, here.active(flow))) {
      throw refused(now, "", here.findings(here.use(flow, connector, Set.of(operation))));
    }
  }

  @Override
  public void requireUsable(Environment environment, ConnectorId connector, @Nullable Flow flow) {
    PolicySet now = policies.judging(environment, null, connector);
    EnvironmentPolicies here = now.in(environment);
    if (!here.isEmpty() && here.sorted(connector).blocked().intersects(here.active(id(flow)))) {
      throw refused(now, "", here.findings(here.use(id(flow), connector, Set.of())));
    }
  }

  @Override
  public void requireUnwrapped(Caller caller, ConnectionReference reference, String operation) {
    requireCall(caller, reference, operation);
    PolicySet now = policies.current();
    EnvironmentPolicies here = now.in(caller.environment());
    if (!here.isEmpty()) {
      String limiting = here.limitingOperations(id(caller.flow()), reference.connector());
      if (limiting != null) {
        throw new PolicyException(
            limiting,
            now.label(limiting),
            now.version(limiting),
            "connectorActionConfigurations/" + reference.connector(),
            null,
            "Only some operations are allowed, so there is no client that sends any request.",
            "Call the operations by their ids, or remove the action rules.");
      }
    }
  }

  @Override
  public EndpointGate endpoints(@Nullable Environment environment, ConnectorId connector) {
    return (url, caller) -> {
      PolicySet now =
          policies.judging(environment, caller == null ? null : caller.flow(), connector);
      EnvironmentPolicies here = now.in(environment);
      boolean isFiltered = !here.isEmpty() && here.filtersEndpoints(connector);
      if (isFiltered || (caller != null && now.isWatching())) {
        EffectiveUrl effective = EffectiveUrl.of(url);
        PolicyFinding finding =
            isFiltered ? here.against(connector, effective, caller, urls) : null;
        tell(now, caller, connector, effective, finding);
        refuse(now, finding);
      }
    };
  }

  private void tell(
      PolicySet now,
      @Nullable Caller caller,
      ConnectorId connector,
      EffectiveUrl url,
      @Nullable PolicyFinding finding) {
    if (caller == null) {
      return;
    }
    if (finding == null) {
      tried.allowed(now, caller, connector, url);
    } else {
      tried.refused(now, caller, connector, url);
    }
  }

  @Override
  public EndpointGate endpointsToEndAccess(Environment environment, ConnectorId connector) {
    return (url, caller) -> {
      PolicySet now = policies.current();
      EnvironmentPolicies here = now.in(environment);
      if (!here.isEmpty() && here.filtersEndpoints(connector)) {
        refuse(now, here.denied(connector, EffectiveUrl.of(url), caller));
      }
    };
  }

  private static void refuse(PolicySet policies, @Nullable PolicyFinding finding) {
    if (finding != null) {
      throw refused(policies, "", List.of(finding));
    }
  }

  private static @Nullable String id(@Nullable Flow flow) {
    return flow == null ? null : flow.id();
  }

  /**
   * @param before a stretch of the message; empty for none
   */
  private static PolicyException refused(
      PolicySet now, String before, List<PolicyFinding> findings) {
    PolicyFinding first = findings.get(0);
    int more = findings.size() - 1;
    return new PolicyException(
        first.policy(),
        first.label(),
        now.version(first.policy()),
        first.rule(),
        first instanceof PolicyFinding.EndpointDenied denied ? denied.origin() : null,
        before + first.problem() + (more == 0 ? "" : " (and " + more + " more)"),
        first.remedy());
  }
}
