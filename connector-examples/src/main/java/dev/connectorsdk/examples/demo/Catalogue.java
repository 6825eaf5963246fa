package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.definition.DefinitionReport.Operation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells of folders of definitions what each offers, and what of it cannot be used and why. */
final class Catalogue {

  private final PrintStream out;
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();
  private int definitions;
  private int loaded;
  private int operations;
  private int supported;

  private Catalogue(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints what is in {@code folders}.
   *
   * @param folders each a definition, or a folder of definitions
   */
  static void print(List<Path> folders, PrintStream out) throws IOException {
    Catalogue catalogue = new Catalogue(out);
    for (Path folder : folders) {
      for (Path definition : definitionsIn(folder)) {
        catalogue.print(definition);
      }
    }
    catalogue.printTotal();
  }

  private static List<Path> definitionsIn(Path folder) throws IOException {
    List<Path> inside = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isRegularFile(entry) && String.valueOf(entry).endsWith(".json")) {
          return List.of(folder);
        }
        if (Files.isDirectory(entry)) {
          inside.add(entry);
        }
      }
    }
    return inside.isEmpty() ? List.of(folder) : inside;
  }

  private void print(Path folder) {
    definitions++;
    Definition definition;
    try {
      definition = Definition.load(folder);
    } catch (DefinitionException e) {
      out.printf("%s%n  broken: %s%n", folder.getFileName(), e.getMessage());
      broken.add(folder.getFileName() + ": " + e.getMessage());
      return;
    }
    loaded++;
    DefinitionReport report = definition.report();
    out.printf("%s: %s%n", report.connector(), oneLine(report.title()));
    out.printf("  sign in with: %s%n", oneLine(authOptions(definition)));
    report.operations().forEach(this::print);
  }

  private static String authOptions(Definition definition) {
    return definition.connector().authOptions().stream()
        .map(option -> authOption(option, definition.report()))
        .collect(Collectors.joining(", "));
  }

  private static String authOption(AuthOption option, DefinitionReport report) {
    String limitation =
        report.authOption(option.id()).map(DefinitionReport.Auth::limitation).orElse(null);
    return option.id() + (limitation == null ? "" : " (limited: " + limitation + ")");
  }

  private void print(Operation operation) {
    operations++;
    String kind = operation.isTrigger() ? "trigger" : "action";
    if (operation.isSupported()) {
      supported++;
      out.printf("  %-7s %s: supported%n", kind, oneLine(operation.id()));
      return;
    }
    operation.obstacles().forEach(reason -> reasons.merge(kindOf(reason), 1, Integer::sum));
    String why = String.join("; ", operation.obstacles());
    out.printf("  %-7s %s: not supported, %s%n", kind, oneLine(operation.id()), oneLine(why));
  }

  /** Reasons that differ only in the names they quote count as one. */
  private static String kindOf(String reason) {
    return reason.startsWith("policy template") ? reason : reason.replaceAll("'[^']*'", "...");
  }

  /** Keeps what a file says from doing more to a terminal than being read. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
  }

  private void printTotal() {
    if (!reasons.isEmpty()) {
      out.println("Why operations are not supported, some for several reasons:");
      reasons.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
          .forEach(reason -> out.printf("  %5d  %s%n", reason.getValue(), reason.getKey()));
    }
    if (!broken.isEmpty()) {
      out.println("Broken:");
      broken.forEach(problem -> out.println("  " + problem));
    }
    out.printf(
        "%d of %d definitions loaded, %d operations, %d supported, %d not%n",
        loaded, definitions, operations, supported, operations - supported);
  }
}
