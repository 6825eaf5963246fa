package dev.connectorsdk.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link ContractRule#RETRY_AFTER}. */
final class RetryAfterCheck implements Check {

  private static final Duration PAUSE = Duration.ofSeconds(7);
  private static final int MOST_ATTEMPTS = 10;
  private static final PlayedAnswer BUSY =
      PlayedAnswer.of(
          429,
          Map.of("Retry-After", Long.toString(PAUSE.toSeconds()), "Content-Type", "text/plain"),
          new byte[0]);

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
        rig.service().answers(request -> BUSY);
        Outcome outcome = rig.run(probe);
        List<PlayedRequest> requests = rig.service().requests();
        if (requests.size() > MOST_ATTEMPTS || isHurried(requests)) {
          problems.add(
              probe.place()
                  + " asks a service again that said to be left alone for "
                  + PAUSE.toSeconds()
                  + " s. Let 429 pass: the runtime waits, and repeats.");
        } else if (!outcome.isTypedFailure()) {
          problems.add(
              probe.place()
                  + " does not say that the service is busy: "
                  + outcome.inWords()
                  + ". Let 429 pass.");
        }
      }
    }
    return problems;
  }

  private static boolean isHurried(List<PlayedRequest> requests) {
    Map<String, Instant> last = new HashMap<>();
    for (PlayedRequest request : requests) {
      Instant before = last.put(request.key(), request.at());
      if (before != null && request.at().isBefore(before.plus(PAUSE))) {
        return true;
      }
    }
    return false;
  }
}
