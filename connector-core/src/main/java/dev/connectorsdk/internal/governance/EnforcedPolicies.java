package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken.BrokenRule;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.governance.PolicySet.Judged;
import dev.connectorsdk.internal.governance.PolicySet.Told;
import dev.connectorsdk.internal.http.EndpointGate;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses by the policies as they are stored. Safe for several threads. */
final class EnforcedPolicies implements PolicyGate {

  private final StoredPolicies policies;
  private final boolean needsFlow;
  private final EventHub events;
  private final Clock clock;
  private final ConnectionUrls urls;

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
    this.events = events;
    this.clock = clock;
    this.needsFlow = needsFlow;
    this.urls = urls;
  }

  @Override
  public void requireCall(Caller caller, ConnectionReference reference, String operation) {
    PolicySet now = policies.current();
    EnvironmentPolicies here = now.in(caller.environment());
    Flow flow = caller.flow();
    if (flow == null) {
      requireNoFlowNeeded();
      requireAct(now, caller, reference.connector(), operation);
    } else if (!here.isEmpty() && !here.isKnownToAllow(flow, reference, operation)) {
      requireCall(now, here, flow, reference, operation);
      here.know(flow, reference, operation);
    }
    if (now.isWatching() && !events.isQuiet()) {
      watch(now, caller, reference, operation);
    }
  }

  private void watch(
      PolicySet now, Caller caller, ConnectionReference reference, String operation) {
    var call = new Judged(caller.environment(), caller.flow(), reference, operation);
    if (now.isFirst(call)) {
      List<PolicyFinding> against =
          now.watchedIn(caller.environment()).against(caller.flow(), reference, operation);
      tell(now, caller, reference.connector(), operation, null, against);
    }
  }

  private void watch(PolicySet now, ConnectorId connector, EffectiveUrl url, Caller caller) {
    EnvironmentPolicies watched = now.watchedIn(caller.environment());
    if (watched.filtersEndpoints(connector)) {
      PolicyFinding finding = watched.against(connector, url, caller, urls);
      if (finding != null) {
        tell(now, caller, connector, null, url.origin().toString(), List.of(finding));
      }
    }
  }

  /** What was told before is not told again. */
  private void tell(
      PolicySet now,
      Caller caller,
      ConnectorId connector,
      @Nullable String operation,
      @Nullable String origin,
      List<PolicyFinding> findings) {
    for (PolicyFinding finding : findings) {
      var told =
          new Told(
              caller.environment(),
              id(caller.flow()),
              connector,
              operation,
              origin,
              finding.policy(),
              finding.rule());
      if (now.isFirst(told)) {
        events.publish(
            new PolicyBroken(
                clock.instant(),
                caller,
                connector,
                operation,
                origin,
                new BrokenRule(
                    finding.policy(),
                    now.version(finding.policy()),
                    finding.rule(),
                    finding.problem())));
      }
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
      throw refused(now, here.undeclared(flow, reference.logicalName(), operation));
    }
  }

  private static Verdict verdict(PolicySet now, EnvironmentPolicies here, Flow flow) {
    Verdict verdict = here.verdict(flow);
    if (!verdict.isAllowed()) {
      throw refused(now, here.findings(here.uses(flow)));
    }
    return verdict;
  }

  @Override
  public void requireFlow(Caller caller, ConnectorId connector) {
    Flow flow = caller.flow();
    if (flow == null) {
      requireUsable(caller.environment(), connector, null);
    } else {
      PolicySet now = policies.current();
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
    requireAct(policies.current(), caller, connector, operation);
  }

  private static void requireAct(
      PolicySet now, Caller caller, ConnectorId connector, String operation) {
    EnvironmentPolicies here = now.in(caller.environment());
    String flow = id(caller.flow());
    if (!here.isEmpty() && here.sorted(connector).blocks(operation, here.active(flow))) {
      throw refused(now, here.findings(here.use(flow, connector, Set.of(operation))));
    }
  }

  @Override
  public void requireUsable(Environment environment, ConnectorId connector, @Nullable Flow flow) {
    PolicySet now = policies.current();
    EnvironmentPolicies here = now.in(environment);
    if (!here.isEmpty() && here.sorted(connector).blocked().intersects(here.active(id(flow)))) {
      throw refused(now, here.findings(here.use(id(flow), connector, Set.of())));
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
      PolicySet now = policies.current();
      EnvironmentPolicies here = now.in(environment);
      if (!here.isEmpty() && here.filtersEndpoints(connector)) {
        refuse(now, here.against(connector, EffectiveUrl.of(url), caller, urls));
      }
      if (caller != null && now.isWatching() && !events.isQuiet()) {
        watch(now, connector, EffectiveUrl.of(url), caller);
      }
    };
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
      throw refused(policies, List.of(finding));
    }
  }

  private static @Nullable String id(@Nullable Flow flow) {
    return flow == null ? null : flow.id();
  }

  private static PolicyException refused(PolicySet now, List<PolicyFinding> findings) {
    PolicyFinding first = findings.get(0);
    int more = findings.size() - 1;
    return new PolicyException(
        first.policy(),
        first.label(),
        now.version(first.policy()),
        first.rule(),
        first instanceof PolicyFinding.EndpointDenied denied ? denied.origin() : null,
        first.problem() + (more == 0 ? "" : " (and " + more + " more)"),
        first.remedy());
  }
}
