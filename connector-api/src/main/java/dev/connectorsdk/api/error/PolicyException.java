package dev.connectorsdk.api.error;

/** A data policy forbids what was asked for. Where it forbids a request, nothing of it was sent. */
public final class PolicyException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final String policy;
  private final String rule;

  /**
   * @param policy the name of the policy
   * @param rule the rule that forbids it, by its place in the policy
   * @param problem what is forbidden, as a sentence
   * @param remedy the smallest change that would allow it, as a sentence
   */
  public PolicyException(String policy, String rule, String problem, String remedy) {
    super("Data policy '" + policy + "', " + rule + ": " + problem, remedy, null);
    this.policy = policy;
    this.rule = rule;
  }

  /** Returns the name of the policy. */
  public String policy() {
    return policy;
  }

  /** Returns the rule that forbids it, by its place in the policy. */
  public String rule() {
    return rule;
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
