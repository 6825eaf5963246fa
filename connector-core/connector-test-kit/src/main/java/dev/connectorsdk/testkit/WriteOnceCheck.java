package dev.connectorsdk.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** {@link ContractRule#WRITE_ONCE}. */
final class WriteOnceCheck implements Check {

  private static boolean concerns(Probe probe) {
    return ContractCase.writesOnce(probe)
        && probe.requests().stream().anyMatch(WriteOnceCheck::isWrite);
  }

  /** A DELETE is idempotent, RFC 9110 section 9.2.2. */
  private static boolean isWrite(PlayedRequest request) {
    return !request.isSafe() && !request.method().equals("DELETE");
  }

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.sending(WriteOnceCheck::concerns).isEmpty()
        ? Optional.of("nothing is written that must not be written twice")
        : Optional.empty();
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (Probe probe : connector.sending(WriteOnceCheck::concerns)) {
      try (Rig rig = connector.rig()) {
        Function<PlayedRequest, PlayedAnswer> good = probe.goodService();
        rig.service()
            .answers(request -> isWrite(request) ? PlayedAnswer.cut() : good.apply(request));
        Outcome outcome = rig.run(probe);
        if (isWrittenTwice(rig.service().requests())) {
          problems.add(
              probe.place()
                  + " sends its request again after the answer was lost, so that the service may do"
                  + " it twice. Do not catch and repeat: the runtime repeats what may be repeated.");
        } else if (outcome.output() != null) {
          problems.add(
              probe.place()
                  + " returns normally though the answer to its request was lost. Let the exception"
                  + " pass.");
        }
      }
    }
    return problems;
  }

  private static boolean isWrittenTwice(List<PlayedRequest> requests) {
    Set<String> seen = new HashSet<>();
    return requests.stream()
        .filter(WriteOnceCheck::isWrite)
        .anyMatch(request -> !seen.add(request.key()));
  }
}
