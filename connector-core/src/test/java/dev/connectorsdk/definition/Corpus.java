package dev.connectorsdk.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Definitions that others have published, where a machine has some. */
final class Corpus {

  private Corpus() {}

  /** Returns the folder that has a folder for each definition. */
  static Path folder() {
    return Path.of(System.getProperty("corpus", "corpus"));
  }

  /** Returns the folders of all definitions. */
  static List<Path> directories() throws IOException {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  /**
   * Skips the tests of a class where there is no such folder. With the system property {@code
   * connectorsdk.test.corpus} the build does not come this far without one.
   */
  static final class Present implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return Files.isDirectory(folder())
          ? ConditionEvaluationResult.enabled("There are definitions")
          : ConditionEvaluationResult.disabled(
              "NOT TESTED against published definitions: no folder "
                  + folder()
                  + "; -Dcorpus=/path/to/definitions names one");
    }
  }
}
