package dev.connectorsdk.testkit;

import java.util.List;
import java.util.Optional;

/** How one rule of the contract is checked. */
interface Check {

  /** Returns why the rule says nothing about this connector, or nothing if it does. */
  Optional<String> doesNotApply(ContractCase connector);

  /** Returns whether {@link #doesNotApply} is seen from the declaration, without a rehearsal. */
  default boolean isSeenFromDeclaration() {
    return false;
  }

  /** Returns what breaks the rule, each with what to do about it. */
  List<String> problems(ContractCase connector);
}
