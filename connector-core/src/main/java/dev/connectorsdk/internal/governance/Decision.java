package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.PolicyDecision;
import dev.connectorsdk.governance.PolicyFinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a judge has decided. What would have to change is found out when somebody asks for it,
 * because that copies policies. Safe for several threads.
 */
final class Decision implements PolicyDecision {

  private final List<PolicyFinding> findings;
  private final List<String> reasons;
  private final List<Judgement> refusing;
  private volatile @Nullable List<DataPolicy> smallestChange; // always the same

  /**
   * @param refusing the judgements of those policies that have it refused
   */
  Decision(List<PolicyFinding> findings, List<String> reasons, List<Judgement> refusing) {
    this.findings = List.copyOf(findings);
    this.reasons = List.copyOf(reasons);
    this.refusing = List.copyOf(refusing);
  }

  @Override
  public List<PolicyFinding> findings() {
    return findings;
  }

  @Override
  public List<String> reasons() {
    return reasons;
  }

  @Override
  public List<DataPolicy> smallestChange() {
    List<DataPolicy> known = smallestChange;
    if (known == null) {
      known = refusing.stream().map(SmallestChange::of).toList();
      smallestChange = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return explanation();
  }
}
