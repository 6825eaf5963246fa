package dev.connectorsdk.definition;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Definitions that others have published, where a machine has some. */
final class Corpus {

  private Corpus() {}

  /** Returns the folder that has a folder for each definition, or skips the test. */
  static Path folder() {
    Path folder = Path.of(System.getProperty("corpus", "corpus"));
    assumeTrue(
        Files.isDirectory(folder),
        () -> "NOT TESTED against published definitions: no folder " + folder + "; see -Dcorpus");
    return folder;
  }

  /** Returns the folders of all definitions, or skips the test. */
  static List<Path> directories() throws IOException {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }
}
