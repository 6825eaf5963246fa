package dev.connectorsdk.testkit;

import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** {@link ContractRule#RENEWAL}. */
final class RenewalCheck implements Check {

  private static final PlayedAnswer REFUSED =
      PlayedAnswer.json(401, "{\"error\": \"invalid_token\"}");

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    if (connector.subject().option().scheme() instanceof NoneScheme) {
      return Optional.of("connections need no credential");
    }
    return connector.sending().isEmpty()
        ? Optional.of("no operation sends a request")
        : Optional.empty();
  }

  @Override
  public List<String> problems(ContractCase connector) {
    boolean renews = connector.subject().option().scheme() instanceof OAuth2Scheme;
    List<String> problems = new ArrayList<>();
    for (Probe probe : connector.sending()) {
      if (renews) {
        refusedOnce(connector, probe, problems);
      }
      refusedForEver(connector, probe, problems);
    }
    return problems.stream().distinct().toList();
  }

  private static void refusedOnce(ContractCase connector, Probe probe, List<String> problems) {
    try (Rig rig = connector.rig()) {
      AtomicInteger before = new AtomicInteger(-1);
      Function<PlayedRequest, PlayedAnswer> good = probe.goodService();
      rig.service()
          .answers(
              request ->
                  before.compareAndSet(-1, rig.service().tokensIssued())
                      ? REFUSED
                      : good.apply(request));
      Outcome outcome = rig.run(probe);
      int renewals = rig.service().tokensIssued() - before.get();
      long times = likeTheFirst(rig.service().requests());
      long usual = likeTheFirst(probe.requests());
      if (outcome.output() == null || renewals != 1 || times != usual + 1) {
        problems.add(
            probe.place()
                + ": after one answer 401 there were "
                + renewals
                + " renewals and "
                + (times - usual)
                + " repetitions, and "
                + outcome.inWords()
                + ". Let 401 pass: the runtime renews the credential once, and repeats the request.");
      }
    }
  }

  private static long likeTheFirst(List<PlayedRequest> requests) {
    return requests.stream().filter(r -> r.key().equals(requests.get(0).key())).count();
  }

  private static void refusedForEver(ContractCase connector, Probe probe, List<String> problems) {
    try (Rig rig = connector.rig()) {
      AtomicInteger before = new AtomicInteger(-1);
      rig.service()
          .answers(
              request -> {
                before.compareAndSet(-1, rig.service().tokensIssued());
                return REFUSED;
              });
      Outcome outcome = rig.run(probe);
      int renewals = rig.service().tokensIssued() - Math.max(0, before.get());
      int requests = rig.service().requests().size();
      if (requests > 2 || renewals > 1) {
        problems.add(
            probe.place()
                + " asks "
                + requests
                + " times, with "
                + renewals
                + " renewals, where every answer is 401. Let 401 pass: the runtime renews the"
                + " credential once, and repeats the request.");
      } else if (!outcome.isTypedFailure()) {
        problems.add(
            probe.place()
                + " does not say that its credential is refused: "
                + outcome.inWords()
                + ". Let 401 pass.");
      }
    }
  }
}
