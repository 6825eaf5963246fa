package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.PolicyFinding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What data policies leave of a flow: the operations that they allow by themselves. Whether these
 * may be combined is decided with each call. Each answer is by the policies that the runtime knows
 * at that moment. Safe for use by several threads.
 */
final class PermittedActions {

  private final Policies policies;
  private final Environment environment;
  private final Flow declared;
  private final Flow bare;
  private final Map<ServedAction, Flow> refused = new ConcurrentHashMap<>();
  private volatile @Nullable Remaining last;

  /** The runtime remembers its verdict about a flow, and the flow, by its identity. */
  private record Remaining(List<PolicyFinding> findings, Flow flow) {}

  PermittedActions(Policies policies, Environment environment, Flow declared) {
    this.policies = policies;
    this.environment = environment;
    this.declared = declared;
    this.bare = bare(declared);
  }

  /** Returns whether an operation is allowed by itself. */
  boolean permits(ServedAction action) {
    return policies.check(environment, alone(action)).isAllowed();
  }

  /** Returns why an operation is not allowed by itself, or {@code null} if it is. */
  @Nullable String refusal(ServedAction action) {
    return policies.check(environment, alone(action)).findings().stream()
        .filter(finding -> finding.mode() == DataPolicy.Mode.ENFORCE)
        .findFirst()
        .map(PermittedActions::words)
        .orElse(null);
  }

  private Flow alone(ServedAction action) {
    return bare.calling(action.reference(), action.operation());
  }

  private static String words(PolicyFinding finding) {
    return "Data policy '"
        + finding.label()
        + "', "
        + finding.rule()
        + ": "
        + finding.problem()
        + " "
        + finding.remedy();
  }

  /**
   * Returns the flow to call an action with: the one without what is not allowed by itself, or, for
   * an action that is not, one that declares nothing else, so that the call says why it is refused.
   * It is the same one for each call until policies change.
   */
  Flow calling(ServedAction action) {
    Flow remaining = remaining();
    return remaining.operations(action.reference()).contains(action.operation())
        ? remaining
        : refused.computeIfAbsent(action, this::alone);
  }

  private Flow remaining() {
    List<PolicyFinding> findings = policies.check(environment, declared).findings();
    Remaining known = last;
    if (known == null || !known.findings().equals(findings)) {
      known = new Remaining(findings, without(findings));
      last = known;
    }
    return known.flow();
  }

  private Flow without(List<PolicyFinding> findings) {
    Set<ConnectorId> connectors = new HashSet<>();
    Map<ConnectorId, Set<String>> operations = new HashMap<>();
    for (PolicyFinding finding : findings) {
      if (finding.mode() != DataPolicy.Mode.ENFORCE) {
        continue;
      }
      if (finding instanceof PolicyFinding.Blocked blocked) {
        connectors.add(blocked.connector());
      } else if (finding instanceof PolicyFinding.ActionBlocked blocked) {
        operations
            .computeIfAbsent(blocked.connector(), connector -> new HashSet<>())
            .add(blocked.operation());
      }
    }
    return connectors.isEmpty() && operations.isEmpty()
        ? declared
        : declaredWithout(connectors, operations);
  }

  private Flow declaredWithout(
      Set<ConnectorId> connectors, Map<ConnectorId, Set<String>> operations) {
    Flow remaining = bare;
    for (ConnectionReference reference : declared.references()) {
      Set<String> all = declared.operations(reference);
      Set<String> allowed = new HashSet<>(all);
      allowed.removeAll(operations.getOrDefault(reference.connector(), Set.of()));
      boolean isLeft = all.isEmpty() || !allowed.isEmpty();
      if (isLeft && !connectors.contains(reference.connector())) {
        remaining = remaining.calling(reference, allowed.toArray(String[]::new));
      }
    }
    return remaining;
  }

  /** Returns a flow with nothing declared. */
  private static Flow bare(Flow declared) {
    Flow bare =
        declared.kind() == Flow.Kind.APP
            ? Flow.app(declared.id(), declared.owner())
            : Flow.of(declared.id(), declared.owner());
    for (Flow.Start start : Flow.Start.values()) {
      if (bare.startsBy(other(start)) && !declared.startsBy(other(start))) {
        bare = bare.startedOnlyBy(start);
      }
    }
    return bare.coOwnedBy(declared.coOwners().toArray(Principal[]::new))
        .runnableBy(declared.runOnlyUsers().toArray(Principal[]::new));
  }

  private static Flow.Start other(Flow.Start start) {
    return start == Flow.Start.PERSON ? Flow.Start.TRIGGERS : Flow.Start.PERSON;
  }
}
