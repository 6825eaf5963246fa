package dev.connectorsdk.examples.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The browser of the tests, as Debian has it. Where there is none the class is skipped, or fails if
 * the system property {@code connectorsdk.test.browser} is {@code required}.
 */
public final class Chromium implements ExecutionCondition {

  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  /** Returns the program. */
  static Path path() {
    return find().orElseThrow();
  }

  private static Optional<Path> find() {
    return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (find().isPresent()) {
      return ConditionEvaluationResult.enabled("Chromium is here");
    }
    if ("required".equals(System.getProperty("connectorsdk.test.browser"))) {
      throw new IllegalStateException("A browser is required: Debian's package chromium");
    }
    return ConditionEvaluationResult.disabled("NOT TESTED in a browser: Chromium is missing");
  }
}
