package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.event.ConnectorEvent.CandidateAllows;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken.BrokenRule;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.governance.PolicyFinding;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.governance.PolicySet.Candidate;
import dev.connectorsdk.internal.governance.PolicySet.Judged;
import dev.connectorsdk.internal.governance.PolicySet.Told;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells where policies that are not enforced would have decided otherwise. What was told lately is
 * not told again. Safe for several threads.
 */
final class TriedPolicies {

  private final EventHub events;
  private final Clock clock;
  private final ConnectionUrls urls;

  TriedPolicies(EventHub events, Clock clock, ConnectionUrls urls) {
    this.events = events;
    this.clock = clock;
    this.urls = urls;
  }

  private boolean isSilent(PolicySet now) {
    return !now.isWatching() || events.isQuiet();
  }

  /** A call goes on. */
  void allowed(PolicySet now, Caller caller, ConnectionReference reference, String operation) {
    if (isSilent(now)) {
      return;
    }
    var call = new Judged(caller.environment(), caller.flow(), reference, operation);
    if (now.isFirst(call)) {
      List<PolicyFinding> against =
          now.watchedIn(caller.environment()).against(caller.flow(), reference, operation);
      tell(now, new Subject(caller, reference.connector(), operation, null), against);
    }
  }

  /** A request goes on. */
  void allowed(PolicySet now, Caller caller, ConnectorId connector, EffectiveUrl url) {
    if (isSilent(now)) {
      return;
    }
    EnvironmentPolicies watched = now.watchedIn(caller.environment());
    if (watched.filtersEndpoints(connector)) {
      PolicyFinding finding = watched.against(connector, url, caller, urls);
      if (finding != null) {
        tell(now, Subject.of(caller, connector, url), List.of(finding));
      }
    }
  }

  /** A call is refused. */
  void refused(PolicySet now, Caller caller, ConnectionReference reference, String operation) {
    tell(
        now,
        new Subject(caller, reference.connector(), operation, null),
        then -> then.permits(caller.flow(), reference, operation));
  }

  /** A request is refused. */
  void refused(PolicySet now, Caller caller, ConnectorId connector, EffectiveUrl url) {
    tell(
        now,
        Subject.of(caller, connector, url),
        then -> then.against(connector, url, caller, urls) == null);
  }

  /** What is decided about; see {@link PolicyBroken}. */
  private record Subject(
      Caller caller, ConnectorId connector, @Nullable String operation, @Nullable String origin) {

    static Subject of(Caller caller, ConnectorId connector, EffectiveUrl url) {
      return new Subject(caller, connector, null, url.origin().toString());
    }

    Told told(String policy, String rule) {
      Flow flow = caller.flow();
      return new Told(
          caller.environment(),
          flow == null ? null : flow.id(),
          connector,
          operation,
          origin,
          policy,
          rule);
    }
  }

  private void tell(PolicySet now, Subject subject, List<PolicyFinding> findings) {
    for (PolicyFinding finding : findings) {
      if (now.isFirst(subject.told(finding.policy(), finding.rule()))) {
        events.publish(
            new PolicyBroken(
                clock.instant(),
                subject.caller(),
                subject.connector(),
                subject.operation(),
                subject.origin(),
                new BrokenRule(
                    finding.policy(),
                    now.version(finding.policy()),
                    finding.rule(),
                    finding.problem())));
      }
    }
  }

  private void tell(PolicySet now, Subject subject, Predicate<EnvironmentPolicies> allows) {
    if (isSilent(now)) {
      return;
    }
    for (Candidate candidate : now.candidatesIn(subject.caller().environment())) {
      Saved saved = candidate.saved();
      if (allows.test(candidate.then()) && now.isFirst(subject.told(saved.policy().name(), ""))) {
        events.publish(
            new CandidateAllows(
                clock.instant(),
                subject.caller(),
                subject.connector(),
                subject.operation(),
                subject.origin(),
                saved.policy().name(),
                saved.version()));
      }
    }
  }
}
