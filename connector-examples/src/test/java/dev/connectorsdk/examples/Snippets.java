package dev.connectorsdk.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of the sources between {@code // tag::name[]} and {@code // end::name[]}, without lines
 * that are for the test.
 */
final class Snippets {

  private Snippets() {}

  static Map<String, String> ofTheSources() throws IOException {
    Map<String, String> snippets = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        collect(Files.readAllLines(file), snippets);
      }
    }
    return snippets;
  }

  private static void collect(List<String> lines, Map<String, String> snippets) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("// tag::")) {
        String name = line.substring("// tag::".length(), line.indexOf('['));
        int end = i + 1;
        while (!lines.get(end).strip().equals("// end::" + name + "[]")) {
          end++;
        }
        // A blank last line would count as indentation.
        String code =
            lines.subList(i + 1, end).stream()
                .filter(text -> !text.endsWith("// for the test"))
                .collect(Collectors.joining("\n"))
                .stripTrailing();
        if (snippets.put(name, code.stripIndent().strip()) != null) {
          throw new IllegalStateException("Two snippets are named " + name);
        }
      }
    }
  }
}
