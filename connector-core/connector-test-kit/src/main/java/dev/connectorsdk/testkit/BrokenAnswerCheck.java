package dev.connectorsdk.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@link ContractRule#BROKEN_ANSWER}. */
final class BrokenAnswerCheck implements Check {

  private static final String PAGE = "<!doctype html><html><body>Please sign in</body></html>";

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
      String good = probe.goodBody();
      Map<String, PlayedAnswer> unreadable = new LinkedHashMap<>();
      unreadable.put("a body that breaks off", PlayedAnswer.brokenOff(good));
      if (!takesAnything(probe)) {
        unreadable.put("half a JSON text", PlayedAnswer.json(200, good.substring(0, half(good))));
        unreadable.put("a page of HTML", PlayedAnswer.of(200, "text/html", PAGE));
        unreadable.put("HTML that is called JSON", PlayedAnswer.json(200, PAGE));
      }
      Map<String, PlayedAnswer> odd = new LinkedHashMap<>();
      odd.put("an empty body", PlayedAnswer.json(200, ""));
      odd.put("JSON of another shape", PlayedAnswer.json(200, "42"));
      unreadable.forEach((what, answer) -> check(connector, probe, what, answer, true, problems));
      odd.forEach((what, answer) -> check(connector, probe, what, answer, false, problems));
    }
    return problems;
  }

  /**
   * A file or a text may say anything, and who returns the answer with its status hides nothing.
   */
  private static boolean takesAnything(Probe probe) {
    JsonNode output = probe.output();
    return probe.answers().isFile()
        || (output != null && (output.isString() || output.path("statusCode").isNumber()));
  }

  private static int half(String text) {
    return Math.max(1, text.length() / 2);
  }

  /** One failed check of an operation says enough. */
  private static void check(
      ContractCase connector,
      Probe probe,
      String what,
      PlayedAnswer answer,
      boolean mustFail,
      List<String> problems) {
    if (problems.stream().anyMatch(problem -> problem.startsWith(probe.place() + " "))) {
      return;
    }
    try (Rig rig = connector.rig()) {
      rig.service().answers(request -> answer);
      Outcome outcome = rig.run(probe);
      if (outcome.isTypedFailure()) {
        return;
      }
      if (outcome.output() == null) {
        problems.add(
            probe.place()
                + " does not understand its own failure at "
                + what
                + ": "
                + outcome.inWords()
                + ". Check what was read, and throw ResponseException.");
      } else if (mustFail && !outcome.output().equals(probe.output())) {
        problems.add(
            probe.place()
                + " takes "
                + what
                + " for an answer. Let exceptions pass, and read by fetch or json.");
      }
    }
  }
}
