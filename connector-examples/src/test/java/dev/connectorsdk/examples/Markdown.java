package dev.connectorsdk.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Markdown file: its Java, its headings and where it links to. */
record Markdown(Path file, String text) {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  static Markdown read(Path file) throws IOException {
    return new Markdown(file, Files.readString(file));
  }

  List<String> java() {
    List<String> java = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("java")) {
        java.add(block.group(2).stripIndent().strip());
      }
    }
    return java;
  }

  /** The parts of a URL after {@code #} that lead to a heading, made as GitHub makes them. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(prose());
    while (heading.find()) {
      String kept = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "");
      anchors.add(kept.replace(' ', '-'));
    }
    return anchors;
  }

  /** The links within the project that lead nowhere. */
  List<String> brokenLinks() throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher link = LINK.matcher(prose());
    while (link.find()) {
      if (!link.group(1).contains("://") && !leadsSomewhere(link.group(1))) {
        broken.add(file + ": " + link.group(1));
      }
    }
    return broken;
  }

  private boolean leadsSomewhere(String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
    return Files.exists(target)
        && (parts.length == 1 || Markdown.read(target).anchors().contains(parts[1]));
  }

  private String prose() {
    return BLOCK.matcher(text).replaceAll("");
  }
}
