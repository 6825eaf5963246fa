package dev.connectorsdk.governance;

import dev.connectorsdk.governance.DataPolicy.Mode;
import java.util.List;

/** Whether data policies allow a use of connectors, and why. Safe for use by several threads. */
public interface PolicyDecision {

  /**
   * Returns what policies have against it, ordered by the names of the policies; those that are not
   * enforced too.
   */
  List<PolicyFinding> findings();

  /**
   * Returns what each policy says of it, one line for each policy. For a flow the line also names
   * the origins that sign-ins of its connectors need and the policy denies. That does not decide
   * about the flow.
   */
  List<String> reasons();

  /**
   * Returns the policies that would have to change for it to be allowed, as they would have to be
   * then: no smaller number of connectors moved, operations allowed and endpoints allowed would do.
   * Empty if it is allowed.
   */
  List<DataPolicy> smallestChange();

  /** Returns whether it may be done: whether no policy that is enforced has anything against it. */
  default boolean isAllowed() {
    return findings().stream().noneMatch(finding -> finding.mode() == Mode.ENFORCE);
  }

  /** Returns the decision, what was found, and what each policy says, for people. */
  default String explanation() {
    var text = new StringBuilder(isAllowed() ? "Allowed.\n" : "Refused.\n");
    for (PolicyFinding finding : findings()) {
      text.append("! ")
          .append(finding.label())
          .append(finding.mode() == Mode.ENFORCE ? "" : " (not enforced)")
          .append(": ")
          .append(finding.problem())
          .append(' ')
          .append(finding.remedy())
          .append('\n');
    }
    reasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
    return text.toString();
  }
}
