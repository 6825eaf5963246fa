package dev.connectorsdk.testkit;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** {@link ContractRule#SECRETS}. */
final class SecretsCheck implements Check {

  /** The other forms of shorter ones are found by chance. */
  private static final int SHORTEST_ENCODED = 8;

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.sending().isEmpty()
        ? Optional.of("no operation sends a request")
        : Optional.empty();
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    if (LogWatch.seesNothingOf(LoggerFactory.getILoggerFactory())) {
      problems.add(
          "What is logged cannot be seen, for SLF4J has no provider here. Put"
              + " ch.qos.logback:logback-classic on the class path of the tests.");
    }
    for (Probe probe : connector.sending()) {
      check(connector, probe, probe.goodService(), problems);
      check(connector, probe, SecretsCheck::repeated, problems);
      check(connector, probe, request -> PlayedAnswer.json(200, "{"), problems);
    }
    return problems;
  }

  /** Services do say in an error what they were sent. */
  private static PlayedAnswer repeated(PlayedRequest request) {
    return PlayedAnswer.of(
        400, "text/plain", request.target() + "\n" + request.headers() + "\n" + request.text());
  }

  private static void check(
      ContractCase connector,
      Probe probe,
      Function<PlayedRequest, PlayedAnswer> service,
      List<String> problems) {
    try (LogWatch logs = new LogWatch();
        Rig rig = connector.rig()) {
      rig.service().answers(service);
      Outcome outcome = rig.run(probe);
      Map<String, String> places = new LinkedHashMap<>();
      places.put("its exception", outcome.trace());
      places.put("what listeners are told", String.join("\n", rig.told()));
      places.put("the log", logs.text());
      if (!putsSecretsIntoQueries(connector)) {
        places.put("a URL", targets(rig.service().requests()));
      }
      Set<String> secrets = forms(rig.secrets());
      places.forEach(
          (place, text) -> {
            String problem =
                probe.place()
                    + " shows a secret in "
                    + place
                    + ". Leave it out; headers and bodies of requests hold secrets too.";
            if (secrets.stream().anyMatch(text::contains) && !problems.contains(problem)) {
              problems.add(problem);
            }
          });
    }
  }

  private static Set<String> forms(List<String> secrets) {
    Set<String> forms = new HashSet<>(secrets);
    forms.add(SyntheticActions.CALLBACK_SECRET);
    for (String secret : List.copyOf(forms)) {
      if (secret.length() >= SHORTEST_ENCODED) {
        forms.addAll(Redaction.forms(secret));
      }
    }
    return forms;
  }

  private static String targets(List<PlayedRequest> requests) {
    String targets = String.join("\n", requests.stream().map(PlayedRequest::target).toList());
    return targets + "\n" + Parameters.percentDecoded(targets);
  }

  /** Some services have it so, and the declaration says it. */
  private static boolean putsSecretsIntoQueries(ContractCase connector) {
    return connector.subject().option().scheme() instanceof ApiKeyScheme scheme
        && scheme.keys().stream().anyMatch(key -> key.placement() == Placement.QUERY);
  }
}
