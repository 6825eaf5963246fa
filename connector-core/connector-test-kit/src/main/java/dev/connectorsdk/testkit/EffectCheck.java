package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link ContractRule#EFFECT}. */
final class EffectCheck implements Check {

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.actions().stream().anyMatch(probe -> probe.effect().isRepeatable())
        ? Optional.empty()
        : Optional.of("no action says that it only reads, or may be repeated");
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (Probe probe : connector.actions()) {
      if (probe.effect() == Effect.READ) {
        probe.requests().stream()
            .filter(request -> !request.isSafe() && !connector.subject().isReading(request, probe))
            .findFirst()
            .ifPresent(request -> problems.add(notReading(probe, request)));
      } else if (probe.effect() == Effect.IDEMPOTENT_WRITE && differs(connector, probe)) {
        problems.add(
            probe.place()
                + " is an IDEMPOTENT_WRITE, but sends something else when it is run again with the"
                + " same input: the service cannot know that it is a repetition. Send the same, or"
                + " declare it as WRITE.");
      }
    }
    return problems;
  }

  private static String notReading(Probe probe, PlayedRequest request) {
    return probe.place()
        + " is a READ, but sends a "
        + request.method()
        + " request. Declare it as what it does; or, if the service searches by "
        + request.method()
        + ", say reading(\""
        + probe.actionId()
        + "\").";
  }

  private static boolean differs(ContractCase connector, Probe probe) {
    try (Rig rig = connector.rig()) {
      rig.service().answers(probe.goodService());
      rig.run(probe);
      List<String> again = sameness(rig.service().requests());
      return !again.equals(sameness(probe.requests()));
    }
  }

  private static List<String> sameness(List<PlayedRequest> requests) {
    return requests.stream().map(PlayedRequest::sameness).toList();
  }
}
