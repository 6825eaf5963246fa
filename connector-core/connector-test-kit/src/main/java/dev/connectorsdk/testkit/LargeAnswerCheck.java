package dev.connectorsdk.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link ContractRule#LARGE_ANSWER}. */
final class LargeAnswerCheck implements Check {

  private static final PlayedAnswer LARGE =
      PlayedAnswer.json(200, "{\"padding\": \"" + "x".repeat(4 * Rig.LARGEST_ANSWER) + "\"}");

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.sending().isEmpty()
        ? Optional.of("no operation sends a request")
        : Optional.empty();
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (Probe probe : connector.sending()) {
      try (Rig rig = connector.rig()) {
        rig.service().answers(request -> LARGE);
        Outcome outcome = rig.run(probe);
        if (!outcome.isTypedFailure()) {
          problems.add(
              probe.place()
                  + " does not say that the answer is larger than the host allows: "
                  + outcome.inWords()
                  + ". Let ResponseException pass; send by call.http(), or save files by"
                  + " HttpCall.download.");
        }
      }
    }
    return problems;
  }
}
