package dev.connectorsdk.examples.demo;

import dev.connectorsdk.examples.cli.Connectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Shows what the library is for. Without arguments it starts a service on this machine, works with
 * it the way a host does and says what happens; nothing is left behind. With arguments it shows
 * what the definitions in these folders offer.
 */
public final class Demo {

  private Demo() {}

  /**
   * Runs the demo.
   *
   * @param folders folders with a definition each, or with folders of definitions
   */
  public static void main(String... folders) throws IOException {
    if (folders.length > 0) {
      Connectors.run(
          Stream.concat(Stream.of("inspect"), Stream.of(folders)).toArray(String[]::new));
      return;
    }
    MovableClock clock = new MovableClock();
    Path folder = Files.createTempDirectory("connector-demo");
    try (DemoService service = DemoService.start(clock)) {
      new Tour(service, clock, folder, System.out).run();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
