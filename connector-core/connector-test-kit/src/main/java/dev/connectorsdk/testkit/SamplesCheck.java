package dev.connectorsdk.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@link ContractRule#SAMPLES}. */
final class SamplesCheck implements Check {

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
    List<String> problems = new ArrayList<>(connector.faults());
    for (String name : named(connector.subject())) {
      if (connector.connector().action(name).isEmpty()
          && connector.connector().trigger(name).isEmpty()) {
        problems.add(
            "A sample or answer is for '"
                + name
                + "', which is no operation of the connector. Name one of them.");
      }
    }
    if (isAllLeftOut(connector)) {
      problems.add("All operations are left out, so that nothing was looked at. Leave one in.");
    }
    return problems;
  }

  private static boolean isAllLeftOut(ContractCase connector) {
    Set<String> leftOut = connector.subject().leftOut().keySet();
    return !leftOut.isEmpty()
        && connector.connector().triggers().stream()
            .allMatch(trigger -> leftOut.contains(trigger.id()))
        && connector.connector().actions().stream()
            .allMatch(action -> leftOut.contains(action.id()));
  }

  private static Set<String> named(ContractSubject subject) {
    Set<String> names = new TreeSet<>(subject.samples().keySet());
    names.addAll(subject.answers().keySet());
    names.addAll(subject.deliveries().keySet());
    names.addAll(subject.signingKeys().keySet());
    names.addAll(subject.leftOut().keySet());
    return names;
  }
}
