package dev.connectorsdk.testkit;

import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.plugin.ConnectorLint.Severity;
import java.util.List;
import java.util.Optional;

/** {@link ContractRule#LINT}. */
final class LintCheck implements Check {

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return Optional.empty();
  }

  @Override
  public boolean isSeenFromDeclaration() {
    return true;
  }

  @Override
  public List<String> problems(ContractCase connector) {
    return ConnectorLint.check(connector.connector()).stream()
        .filter(f -> f.severity() == Severity.ERROR || !connector.subject().onlyErrors())
        .map(Object::toString)
        .toList();
  }
}
