package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the table "Where things are" of CONTRIBUTING with the sources. */
class ContributingTest {

  /** A module with a colon, or a type, a package or a file of it in backquotes. */
  private static final Pattern PLACE = Pattern.compile("\\b(\\w+):|`([^`]+)`");

  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

  @Test
  void everyPlaceExists() throws Exception {
    assertThat(cells(2).flatMap(ContributingTest::places))
        .hasSizeGreaterThan(25)
        .allMatch(place -> Files.exists(place) || isInSources(place));
  }

  @Test
  void everyTestExists() throws Exception {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("api", "auth", "core", "examples")) {
      sources.addAll(sources(Path.of("../connector-" + module)));
    }

    assertThat(cells(3).flatMap(cell -> TEST.matcher(cell).results()).map(r -> r.group(1)))
        .hasSizeGreaterThan(25)
        .allMatch(test -> sources.stream().anyMatch(named(test + ".java")));
  }

  private static Stream<String> cells(int column) throws IOException {
    return Files.readAllLines(Path.of("../CONTRIBUTING.md")).stream()
        .filter(line -> line.startsWith("| ") && !line.matches("\\| what +\\|.*"))
        .map(line -> line.split("\\|", -1)[column]);
  }

  private static Stream<Path> places(String cell) {
    List<Path> places = new ArrayList<>();
    Path module = Path.of("..");
    Matcher matcher = PLACE.matcher(cell);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        module = Path.of("../connector-" + matcher.group(1));
      } else {
        places.add(module.resolve(matcher.group(2)));
      }
    }
    return places.stream();
  }

  private static boolean isInSources(Path place) {
    Path module = place.subpath(0, 2);
    String name = module.relativize(place).toString();
    try {
      return sources(module).stream().anyMatch(named(name).or(named(name + ".java")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Predicate<Path> named(String name) {
    return file -> file.endsWith(name);
  }

  private static List<Path> sources(Path module) throws IOException {
    try (Stream<Path> files = Files.walk(module.resolve("src"))) {
      return files.toList();
    }
  }
}
