package dev.connectorsdk.api.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A data policy forbids what was asked for. Where it forbids a request, nothing of it was sent. */
public final class PolicyException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String policy;
  private final String label;
  private final long version;
  private final String rule;
  private final @Nullable String origin;

  /**
   * @param policy the name of the policy
   * @param label by what people know the policy
   * @param version which version of it; 0 for what the host has said in code
   * @param rule the rule that forbids it, by its place in the policy
   * @param origin scheme, host and port of the request that is forbidden, or {@code null} if it is
   *     not about one
   * @param problem what is forbidden, as a sentence
   * @param remedy the smallest change that would allow it, as a sentence
   */
  public PolicyException(
      String policy,
      String label,
      long version,
      String rule,
      @Nullable String origin,
      String problem,
      String remedy) {
    super("Data policy '" + label + "', " + rule + ": " + problem, remedy, null);
    this.policy = policy;
    this.label = label;
    this.version = version;
    this.rule = rule;
    this.origin = origin;
  }

  /** Returns the name of the policy. */
  public String policy() {
    return policy;
  }

  /** Returns by what people know the policy, as messages do. */
  public String label() {
    return label;
  }

  /** Returns which version of the policy; 0 for what the host has said in code. */
  public long version() {
    return version;
  }

  /** Returns the rule that forbids it, by its place in the policy. */
  public String rule() {
    return rule;
  }

  /**
   * Returns scheme, host and port of the request that is forbidden; empty if it is not about one,
   * or the caller may not know where it was to go.
   */
  public Optional<String> origin() {
    return Optional.ofNullable(origin);
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
