package dev.connectorsdk.testkit;

import java.util.Objects;

/**
 * What {@link ConnectorContract} says about one rule.
 *
 * @param rule the rule
 * @param verdict how the connector stands to it
 * @param text what breaks it and what to do, one sentence after the other; why it does not apply;
 *     what was left out where it is held
 */
public record ContractFinding(ContractRule rule, Verdict verdict, String text) {

  /** How a connector stands to a rule. */
  public enum Verdict {
    /** The connector keeps it. */
    HELD,
    /** It does not. */
    BROKEN,
    /** The connector has nothing that the rule is about. */
    DOES_NOT_APPLY
  }

  public ContractFinding {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(text, "text");
  }

  /** Returns all of it, for people. */
  @Override
  public String toString() {
    return switch (verdict) {
      case HELD -> "held: " + rule.sentence() + "." + (text.isEmpty() ? "" : " " + text);
      case BROKEN -> "broken: " + rule.sentence() + ". " + text;
      case DOES_NOT_APPLY -> "does not apply: " + rule.sentence() + ", because " + text + ".";
    };
  }
}
