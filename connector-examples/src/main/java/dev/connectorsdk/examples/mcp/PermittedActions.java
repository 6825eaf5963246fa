package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.governance.PolicyFinding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What data policies leave of a flow: the operations that they allow by themselves. Whether these
 * may be combined is decided with each call. Safe for use by several threads.
 */
final class PermittedActions {

  /** As long as it takes until a runtime hears of a policy that another process saves. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Policies policies;
  private final Environment environment;
  private final Flow declared;
  private final Clock clock;
  private volatile @Nullable Answer last;

  private record Answer(Flow flow, Instant until) {}

  PermittedActions(Policies policies, Environment environment, Flow declared, Clock clock) {
    this.policies = policies;
    this.environment = environment;
    this.declared = declared;
    this.clock = clock;
  }

  /** Returns whether an operation is allowed by itself. */
  boolean permits(ServedAction action) {
    return flow().operations(action.reference()).contains(action.operation());
  }

  /** Returns why an operation is not allowed by itself, or {@code null} if it is. */
  @Nullable String refusal(ServedAction action) {
    if (permits(action)) {
      return null;
    }
    Flow alone = bare().calling(action.reference(), action.operation());
    return policies.check(environment, alone).findings().stream()
        .filter(finding -> finding.mode() == DataPolicy.Mode.ENFORCE)
        .findFirst()
        .map(PermittedActions::words)
        .orElse(null);
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

  /** Returns the flow without what is not allowed by itself. */
  Flow flow() {
    Answer known = last;
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.until())) {
      known = new Answer(isAllowed(declared) ? declared : remaining(), now.plus(FRESH));
      last = known;
    }
    return known.flow();
  }

  private Flow remaining() {
    Flow bare = bare();
    Flow remaining = bare;
    for (ConnectionReference reference : declared.references()) {
      String[] all = declared.operations(reference).toArray(String[]::new);
      if (isAllowed(bare.calling(reference, all))) {
        remaining = remaining.calling(reference, all);
        continue;
      }
      for (String one : all) {
        if (isAllowed(bare.calling(reference, one))) {
          remaining = remaining.calling(reference, one);
        }
      }
    }
    return remaining;
  }

  private boolean isAllowed(Flow flow) {
    return policies.check(environment, flow).isAllowed();
  }

  /** Returns the flow with nothing declared. */
  private Flow bare() {
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
