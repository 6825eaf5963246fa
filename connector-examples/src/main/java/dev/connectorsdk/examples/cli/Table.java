package dev.connectorsdk.examples.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text in aligned columns. On a terminal, columns are wrapped so that no line is too long; in a
 * pipe every row is one line.
 */
final class Table {

  private static final String GAP = "  ";
  private static final int NARROWEST = 12;

  private final String indent;
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  private Table(String indent, List<String> header) {
    this.indent = indent;
    this.header = header;
  }

  /** Returns a table with a line above that names the columns. */
  static Table of(String... header) {
    return new Table("", List.of(header));
  }

  /** Returns a table without names, moved to the right. */
  static Table plain(String indent) {
    return new Table(indent, List.of());
  }

  Table row(String... cells) {
    rows.add(Arrays.stream(cells).map(Terminal::oneLine).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(Terminal terminal) {
    if (rows.isEmpty()) {
      return;
    }
    int[] widths = widths(terminal);
    if (!header.isEmpty()) {
      terminal.out().println(terminal.bold(lines(header, widths).get(0)));
    }
    rows.forEach(row -> lines(row, widths).forEach(terminal.out()::println));
  }

  private int[] widths(Terminal terminal) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[Math.max(columns, header.size())];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    if (terminal.isOutInteractive()) {
      int room = terminal.width() - indent.length() - GAP.length() * (widths.length - 1);
      shrink(widths, room);
    }
    return widths;
  }

  private static void measure(List<String> cells, int[] widths) {
    for (int i = 0; i < cells.size(); i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  /** Takes from the widest column until all fit. */
  private static void shrink(int[] widths, int room) {
    while (Arrays.stream(widths).sum() > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        if (widths[i] >= widths[widest]) {
          widest = i;
        }
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
  }

  private List<String> lines(List<String> cells, int[] widths) {
    List<List<String>> wrapped = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < cells.size(); i++) {
      wrapped.add(wrap(cells.get(i), widths[i]));
      height = Math.max(height, wrapped.get(i).size());
    }
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder(indent);
      for (int i = 0; i < wrapped.size(); i++) {
        String part = line < wrapped.get(i).size() ? wrapped.get(i).get(line) : "";
        text.append(part).append(" ".repeat(widths[i] - part.length())).append(GAP);
      }
      lines.add(text.toString().stripTrailing());
    }
    return lines;
  }

  /** Breaks text at spaces, and words that are too long where they are. */
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
