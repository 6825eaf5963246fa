package dev.connectorsdk.testkit;

import dev.connectorsdk.testkit.SampleJson.Fill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link ContractRule#PAGING}. */
final class PagingCheck implements Check {

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.sending(Probe::isPaging).isEmpty()
        ? Optional.of("no operation asks for a second page")
        : Optional.empty();
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (Probe probe : connector.sending(Probe::isPaging)) {
      if (isEndless(connector, probe, Fill.FULL)) {
        problems.add(
            probe.place()
                + " reads for ever where the service names the same page again and again. Read by"
                + " HttpCall.pages, which notices.");
      } else if (isEndless(connector, probe, Fill.QUIET)) {
        problems.add(
            probe.place()
                + " reads for ever where one empty page follows the other. Read by HttpCall.pages,"
                + " which ends.");
      }
    }
    return problems;
  }

  private static boolean isEndless(ContractCase connector, Probe probe, Fill pages) {
    if (pages == Fill.QUIET && probe.answers().isPagedByLibrary()) {
      return false; // It has a bound of its own, which takes 10,000 pages to reach.
    }
    try (Rig rig = connector.rig()) {
      rig.service().answers(request -> probe.answers().answer(request, pages, 0));
      Outcome outcome = rig.run(probe);
      return rig.service().isOverrun() || !outcome.hasEnded();
    }
  }
}
