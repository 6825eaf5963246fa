package dev.connectorsdk.testkit;

import dev.connectorsdk.api.error.CallCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** {@link ContractRule#CANCELLATION}. */
final class CancellationCheck implements Check {

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
      check(connector, probe).ifPresent(problem -> problems.add(probe.place() + problem));
    }
    return problems;
  }

  private static Optional<String> check(ContractCase connector, Probe probe) {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    try (Rig rig = connector.rig()) {
      rig.service().answers(probe.firstAnswered(PlayedAnswer.silence(arrived, hungUp)));
      Rig.Run run = rig.start(probe);
      if (!Rig.await(arrived)) {
        return Optional.of(" sent no request that could be cancelled.");
      }
      run.interrupt();
      Outcome outcome = run.outcome();
      if (!(outcome.failure() instanceof CallCancelledException)) {
        return Optional.of(
            " was interrupted while the service was silent, but "
                + outcome.inWords()
                + ". Let CallCancelledException and InterruptedException pass.");
      }
      return Rig.await(hungUp)
          ? Optional.empty()
          : Optional.of(" was interrupted, and left its connection open. Send by call.http().");
    }
  }
}
